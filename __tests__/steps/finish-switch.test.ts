// A switch whose run did not see it to its end is recorded by a later one, where there is nothing that V2 has not.
import { describe, expect, test } from '@jest/globals';
import { finishSwitch } from '../../src/steps/finish-switch.ts';
import { START } from '../guards/parts.ts';
import { entry, servers } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };
const V1 = { readOnly: true, entry: entry('blue', 'freezing') };

describe('finishing a switch', () => {
  test.each([
    'upgraded',
    'switching',
    'serving',
  ] as const)('is possible where V2 says "%s" and V1 is closed', async (status) => {
    const world = servers({ production: 'green', green: { entry: entry('green', status) }, blue: V1 });
    const { kind } = await finishSwitch(world.context).assess(run);
    expect(kind).toBe(status === 'serving' ? 'done' : 'to-do');
  });

  test.each([
    'upgrading',
    'scripted',
    null,
  ] as const)('is refused where users were moved by hand to %s', async (status) => {
    const green = { entry: status && entry('green', status) };
    const world = servers({ production: 'green', green, blue: V1 });
    expect(await finishSwitch(world.context).assess(run)).toMatchObject({
      kind: 'blocked',
      reason: 'stage-not-upgraded',
      message: expect.stringContaining('contoso on contoso-sql-green'),
    });
  });

  test.each([
    [-100, 'done'],
    [150, 'blocked'],
  ])('goes by the moment at which V1 was closed, where V2 tells it: written %s ms after it', async (ms, kind) => {
    const closedAt = START + 3_000;
    const green = { entry: entry('green', 'serving', { closedAt: new Date(closedAt).toISOString() }) };
    const blue = { ...V1, lastWrite: new Date(closedAt + ms) };
    const world = servers({ production: 'green', green, blue });
    expect(await finishSwitch(world.context).assess(run)).toMatchObject({ kind });
  });

  test.each([
    ['takes writes', { readOnly: false }],
    ['was written', { lastWrite: new Date(START + 60 * 60_000) }],
  ])('goes on telling that V1 %s, also where V2 serves', async (message, blue) => {
    const green = { entry: entry('green', 'serving') };
    const world = servers({ production: 'green', green, blue: { ...V1, ...blue } });
    expect(await finishSwitch(world.context).assess(run)).toMatchObject({
      kind: 'blocked',
      reason: 'production-frozen-elsewhere',
      message: expect.stringContaining(message),
    });
  });
});
