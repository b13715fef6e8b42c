// A return to V1 that was cut off after it had opened V1, which is silent by now. Phase rollback gives V2 back to its users.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { createReadOnlyWindow } from '../../src/engine/read-only-window.ts';
import { actRollback } from '../../src/phases/act-rollback.ts';
import { endpoint, site } from '../guards/parts.ts';
import { byProfile } from '../steps/switching.ts';
import { entry } from '../steps/two-servers.ts';
import { acting } from './acting.ts';

test('V1 that was made writable, and is silent: that is told', async () => {
  const world = byProfile({
    production: 'green',
    endpoints: [
      endpoint('blue', { status: 'Disabled', priority: 2 }),
      endpoint('green', { status: 'Enabled', priority: 1 }),
    ],
    green: {
      readOnly: true,
      entry: entry('green', 'returning', { was: { status: 'serving', at: entry('green', 'serving').at } }),
    },
    blue: {
      readOnly: false,
      entry: entry('blue', 'giving-back', { was: { status: 'freezing', at: entry('blue', 'freezing').at } }),
      unreachable: true,
    },
  });
  const context = {
    ...world.context,
    known: createKnownEntries(),
    window: createReadOnlyWindow(world.clock, 30 * 60_000),
    azure: { ...world.context.azure, appService: { getSite: async () => site('green') } },
  } as unknown as UpgradeContext;
  const one = acting(world, context);
  const ended = actRollback(one, 'return-to-v1');
  await world.clock.advance(60 * 60_000);
  await ended;
  expect([world.green.readOnly, world.green.entry?.status]).toEqual([false, 'serving']);
  expect(one.recorder.rollback.flatMap(({ evidence }) => evidence)).toContainEqual(
    expect.stringMatching(
      /^it cannot be told whether V1's database contoso .* was made writable: .* Run rollback again/,
    ),
  );
  expect(world.blue.readOnly).toBe(false);
});
