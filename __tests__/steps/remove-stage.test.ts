// (9) with rollback.stage: remove. What is deleted is a copy that this upgrade made, and never a database that users
// are, or were, on.
import { describe, expect, test } from '@jest/globals';
import { removeStage } from '../../src/steps/remove-stage.ts';
import { START } from '../guards/parts.ts';
import { answering, lockAnswers } from './sessions-with.ts';
import { entry, linked, type Options, servers } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };
const later = { at: '2026-01-01T00:30:00.000Z' };
const blueToGreen = linked('blue');
const greenToBlue = linked('green');

async function remove(options: Options) {
  const world = servers(options);
  const outcome = await removeStage(world.context).apply(run);
  return { story: world.story, kind: outcome.kind, evidence: outcome.evidence.join('; ') };
}

describe('is removed', () => {
  test.each<[string, Options]>([
    [
      'a secondary of production',
      {
        production: 'blue',
        blue: { links: blueToGreen.primary },
        green: { readOnly: true, links: blueToGreen.secondary },
      },
    ],
    [
      'a secondary of a production that an earlier upgrade put there',
      {
        production: 'green',
        green: { entry: entry('green', 'serving'), links: greenToBlue.primary },
        blue: { readOnly: true, entry: entry('green', 'serving'), links: greenToBlue.secondary },
      },
    ],
    [
      'a copy of V2 that serves, whose link somebody has removed',
      {
        production: 'green',
        green: { entry: entry('green', 'serving') },
        blue: { entry: entry('green', 'serving') },
      },
    ],
    [
      'the copy of the freeze, production given back',
      {
        production: 'blue',
        blue: { entry: entry('blue', 'unfrozen', later) },
        green: { readOnly: true, entry: entry('blue', 'freezing') },
      },
    ],
    [
      'the copy of the freeze, production frozen still',
      {
        production: 'blue',
        blue: { readOnly: true, entry: entry('blue', 'freezing') },
        green: { readOnly: true, entry: entry('blue', 'freezing') },
      },
    ],
    [
      'the copy on which the script failed',
      {
        production: 'blue',
        blue: { entry: entry('blue', 'unfrozen', later) },
        green: { entry: entry('green', 'upgrading') },
      },
    ],
    [
      'the copy that was upgraded and not switched to',
      {
        production: 'blue',
        blue: { entry: entry('blue', 'unfrozen', later) },
        green: { entry: entry('green', 'upgraded') },
      },
    ],
  ])('%s', async (_, options) => {
    const { story, kind } = await remove(options);
    expect([kind, story]).toEqual([
      'undone',
      [options.production === 'blue' ? 'green deleted' : 'blue deleted'],
    ]);
  });

  test.each<[string, Options]>([
    [
      "what V2's users wrote",
      {
        production: 'blue',
        blue: { entry: entry('blue', 'returned') },
        green: { readOnly: true, entry: entry('green', 'returning') },
      },
    ],
    [
      'a stage database to which the switch was tried',
      {
        production: 'blue',
        blue: { entry: entry('blue', 'unfrozen', later) },
        green: { entry: entry('green', 'switching') },
      },
    ],
  ])('%s, once that is confirmed by its name', async (_, options) => {
    const unconfirmed = await remove(options);
    expect(unconfirmed).toMatchObject({ kind: 'kept', story: [] });
    expect(unconfirmed.evidence).toContain('"remove green"');
    expect((await remove({ ...options, context: { confirm: 'remove blue' } })).story).toEqual([]);
    expect((await remove({ ...options, context: { confirm: 'remove green' } })).story).toEqual([
      'green deleted',
    ]);
  });
});

describe('is kept', () => {
  const v1 = { readOnly: true, entry: entry('blue', 'freezing') };
  test.each<[string, Options]>([
    ['V1 after the switch', { production: 'green', green: { entry: entry('green', 'serving') }, blue: v1 }],
    [
      'V1 after a switch that nobody has seen the end of',
      { production: 'green', green: { entry: entry('green', 'switching') }, blue: v1 },
    ],
    ['V1, and V2 cannot be read', { production: 'green', green: { unreachable: true }, blue: v1 }],
    [
      'V1 while V2 is frozen on the way back to it',
      { production: 'green', green: { readOnly: true, entry: entry('green', 'returning') }, blue: v1 },
    ],
    [
      "V1 after a return that failed, and that left V2 without its 'serving'",
      { production: 'green', green: { entry: entry('green', 'unfrozen') }, blue: v1 },
    ],
    [
      'V1 whose production was frozen under the id of the upgrade before',
      { production: 'green', green: { readOnly: true, entry: entry('green', 'freezing') }, blue: v1 },
    ],
    [
      'V1 that was made writable for users who did not come',
      {
        production: 'green',
        green: { entry: entry('green', 'serving') },
        blue: { entry: entry('blue', 'giving-back') },
      },
    ],
    [
      'a stage database to which the switch was tried',
      {
        production: 'blue',
        blue: { entry: entry('blue', 'unfrozen') },
        green: { entry: entry('green', 'switching') },
      },
    ],
    [
      'a stage database that users were on',
      {
        production: 'blue',
        blue: { entry: entry('blue', 'unfrozen') },
        green: { entry: entry('green', 'serving') },
      },
    ],
    [
      'a copy of another upgrade',
      {
        production: 'blue',
        blue: { entry: entry('blue', 'unfrozen', { upgradeId: 'u2' }) },
        green: { entry: entry('green', 'upgrading') },
      },
    ],
    [
      'a database without an entry',
      { production: 'blue', blue: { entry: entry('blue', 'unfrozen') }, green: {} },
    ],
    [
      'a secondary that this tool has not created',
      {
        production: 'blue',
        blue: { links: blueToGreen.primary },
        green: { createdByTool: false, links: blueToGreen.secondary },
      },
    ],
    [
      'a database that takes writes, whatever link Azure still lists',
      {
        production: 'green',
        green: { entry: entry('green', 'serving'), links: greenToBlue.primary },
        blue: {},
      },
    ],
  ])('%s', async (_, options) => {
    expect(await remove(options)).toMatchObject({ kind: 'kept', story: [] });
  });
});

test('nothing is removed without the lock of this run', async () => {
  const world = servers({
    production: 'blue',
    blue: { entry: entry('blue', 'unfrozen', later) },
    green: { entry: entry('green', 'upgraded') },
  });
  const sessions = answering(world.context.sessions, lockAnswers(-1));
  const context = { ...world.context, sessions };
  await expect(removeStage(context).apply(run)).rejects.toMatchObject({ reason: 'locked-by-another-run' });
  expect(world.story).toEqual([]);
});

test('a copy of V2 that was failed over to, cut apart and written by its users is kept', async () => {
  const world = servers({
    production: 'green',
    green: { entry: entry('green', 'serving') },
    blue: { entry: entry('green', 'serving'), lastWrite: new Date(START + 59 * 60_000) },
  });
  const { kind, evidence } = await removeStage(world.context).apply(run);
  expect(kind).toBe('kept');
  expect(evidence.join()).toContain('users may have been there');
  expect(world.story).toEqual([]);
});

test("a copy that the script has run on goes, although V2's own site has written there", async () => {
  const world = servers({
    production: 'blue',
    blue: { entry: entry('blue', 'unfrozen') },
    green: { entry: entry('green', 'upgraded'), lastWrite: new Date(START + 59 * 60_000) },
  });
  expect(await removeStage(world.context).apply(run)).toMatchObject({ kind: 'undone' });
});
