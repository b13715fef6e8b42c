// Phase rollback where nothing but a removal was asked for, and what users may have written would go with it.
import { describe, expect, test } from '@jest/globals';
import type { JournalEntry } from '../../src/engine/journal.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { actRollback } from '../../src/phases/act-rollback.ts';
import { singleRegion } from '../../src/topologies/single-region.ts';
import { endpoint, profile } from '../guards/parts.ts';
import { entry, type Options, servers } from '../steps/two-servers.ts';

const RETURNED: Options = {
  production: 'blue',
  blue: { entry: entry('blue', 'returned') },
  green: { readOnly: true, entry: entry('green', 'returning') },
};

async function rollback(options: Options, stage: 'keep' | 'remove' = 'remove') {
  const world = servers(options);
  const trafficManager = { getProfile: async () => profile({ endpoints: [endpoint('blue')] }) };
  Object.assign(world.context.azure, { trafficManager });
  const context = { ...world.context, config: { ...world.context.config, rollback: { stage } } };
  const recorder = createRecorder(world.clock, { started: () => {}, progress: () => {}, ended: () => {} });
  const acting = {
    context,
    topology: singleRegion(context, null),
    recorder,
    signal: new AbortController().signal,
    onFailure: 'rollback' as const,
    next: null,
  };
  const ending = actRollback(acting, 'return-to-v1');
  await world.clock.advance(30 * 60_000);
  return { outcome: await ending, story: world.story, states: recorder.rollback.map(({ state }) => state) };
}

test('it is refused, and says the words with which it is not', async () => {
  const { outcome, story, states } = await rollback(RETURNED);
  expect(outcome).toMatchObject({
    kind: 'stopped',
    result: 'refused',
    error: { reason: 'confirmation-missing', advice: [expect.stringContaining('"remove green"')] },
  });
  expect(story).toEqual([]);
  expect(states).toEqual(['skipped', 'kept']);
});

test('confirmed by its name it is done', async () => {
  const { outcome, story } = await rollback({ ...RETURNED, context: { confirm: 'remove green' } });
  expect(outcome).toMatchObject({ kind: 'completed', changed: true });
  expect(story).toEqual(['green deleted']);
});

test('where the stage database is kept on purpose nobody has to confirm anything', async () => {
  const { outcome, states } = await rollback(RETURNED, 'keep');
  expect(outcome).toMatchObject({ kind: 'completed', changed: false });
  expect(states).toEqual(['skipped', 'kept']);
});

test('production that was given back makes it no refusal', async () => {
  const { outcome, story } = await rollback({
    production: 'blue',
    blue: { readOnly: true, entry: entry('blue', 'freezing') },
    green: { entry: entry('green', 'switching', { at: '2025-12-31T00:00:00.000Z' }) },
  });
  expect(story).toEqual(['blue READ_WRITE', 'blue journal unfrozen']);
  expect(outcome).toMatchObject({ kind: 'completed', changed: true });
});

describe('without a stage database', () => {
  const gone = (status: JournalEntry['status'] | null, confirm = ''): Options => ({
    production: 'blue',
    blue: { entry: status && entry('blue', status) },
    green: { exists: false },
    context: { confirm },
  });

  test.each([
    null,
    'unfrozen',
    'returned',
  ] as const)('and with journal %s no upgrade is in progress', async (status) => {
    const { outcome } = await rollback(gone(status, 'lose-writes blue'));
    expect(outcome).toMatchObject({ kind: 'completed', changed: false, note: 'no upgrade is in progress' });
  });

  test('after cleanup it says that V1 is no more, and what there is instead', async () => {
    const { outcome } = await rollback(gone('serving'));
    expect(outcome).toMatchObject({ kind: 'completed', changed: false });
    expect(JSON.stringify(outcome)).toMatch(
      /upgrade is finished, V2 \(blue\).*V1 was removed.*restore a backup/,
    );
  });

  test('whoever gives up the writes of V2 for a V1 that is no more is not told green', async () => {
    const { outcome, story } = await rollback(gone('serving', 'lose-writes blue'));
    expect(outcome).toMatchObject({
      kind: 'stopped',
      result: 'refused',
      error: { reason: 'point-of-no-return-passed', message: expect.stringContaining('no V1 to go back to') },
    });
    expect(story).toEqual([]);
  });
});
