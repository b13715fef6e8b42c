// Users back on V1 after the switch: what the databases say at every moment of it, so that whatever run comes next
// knows which of them is what, and how everything is put back where users stay on V2.

import { describe, expect, test } from '@jest/globals';
import { observeDatabase } from '../../src/application/observe.ts';
import { databaseState } from '../../src/application/upgrade-state.ts';
import { isReturning, mayHaveMovedUsers } from '../../src/application/way-back.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { rollBack } from '../../src/engine/rollback.ts';
import type { Step } from '../../src/engine/step.ts';
import { freezeProduction } from '../../src/steps/freeze.ts';
import { markStage, RETURN_MARKS } from '../../src/steps/mark-stage.ts';
import { removeStage } from '../../src/steps/remove-stage.ts';
import { freezeV2, giveBackV1 } from '../../src/steps/return-to-v1.ts';
import { runUpgradeScript } from '../../src/steps/run-upgrade-script.ts';
import { verifyV1 } from '../../src/steps/verify-v1.ts';
import { entry, type Options, type Servers, servers } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };
const V1_FROZEN = entry('blue', 'freezing');
/** Whoever has put it back has written it. */
const said = (found: JournalEntry | null) => found && { ...found, writer: undefined };

const V2_SERVES = entry('green', 'serving', { at: '2026-01-01T00:05:00.000Z', scriptDigest: 'abc' });

/** After a switch: users on green, which is V2; blue is V1, frozen. */
function switched(changes: Partial<Options> = {}): Servers {
  return servers({
    production: 'green',
    green: { entry: V2_SERVES },
    blue: { readOnly: true, entry: V1_FROZEN },
    ...changes,
  });
}

async function observed({ context }: Servers) {
  const [pair] = context.databases;
  if (!pair) throw new Error('no database');
  return observeDatabase(context, pair);
}

/** The same two databases, as a run finds them that comes after the pivot. */
function afterPivot({ blue, green }: Servers): Servers {
  return servers({ production: 'blue', blue, green });
}

/** @param last what the return has done besides. */
async function takeBack(world: Servers, ...last: Step[]) {
  const recorder = createRecorder(world.clock, { started: () => {}, progress: () => {}, ended: () => {} });
  const steps = [freezeV2(world.context), giveBackV1(world.context), ...last];
  const outcome = rollBack(steps, recorder, run.signal);
  await world.clock.advance(10 * 60_000); // a freeze that may be under way is waited for
  return outcome;
}

async function returnUntilPivot({ context }: Servers): Promise<void> {
  await freezeV2(context).apply(run);
  await giveBackV1(context).apply(run);
}

const ORDER = ['green journal returning', 'green READ_ONLY', 'blue READ_WRITE', 'blue journal giving-back'];

test('V2 is frozen in words of its own, then V1 is given back', async () => {
  const world = switched();
  await returnUntilPivot(world);
  expect(world.story).toEqual(ORDER);
});

describe.each(ORDER)('killed before "%s"', (moment) => {
  const killed = async () => {
    let alive = true;
    let revived = false;
    const world = switched({
      before: (what) => {
        alive &&= what !== moment;
        if (!alive && !revived) throw new Error('killed');
      },
    });
    await expect(returnUntilPivot(world)).rejects.toThrow();
    revived = true;
    expect(world.story).toEqual(ORDER.slice(0, ORDER.indexOf(moment)));
    return world;
  };

  test('no run takes V2 for a V1 that waits for its upgrade, nor V1 for a copy', async () => {
    const world = await killed();
    expect(['switched', 'frozen']).toContain(databaseState(await observed(world)));
    if (world.green.readOnly) {
      expect(await freezeProduction(world.context).assess(run)).toMatchObject({ kind: 'blocked' });
      const script = await runUpgradeScript(world.context).assess(run);
      expect(script.kind).toBe('blocked');
    }
    await removeStage(world.context).apply(run);
    expect(world.blue.exists).toBe(true);
  });

  test('taking it back leaves everything as it was after the switch', async () => {
    const world = await killed();
    expect(await takeBack(world)).toMatchObject({ kind: 'rolled-back', tidyErrors: [] });
    expect([world.green.readOnly, world.blue.readOnly]).toEqual([false, true]);
    expect(said(world.green.entry)).toEqual(V2_SERVES);
    expect(world.blue.entry).toEqual(V1_FROZEN);
    expect(databaseState(await observed(world))).toBe('switched');
  });
});

test('V2 is given back before V1 is frozen again', async () => {
  const world = switched();
  await returnUntilPivot(world);
  expect(isReturning(await observed(world))).toBe(true);
  expect(mayHaveMovedUsers(await observed(world))).toBe(true);
  world.story.length = 0;
  await takeBack(world);
  expect(world.story).toEqual([
    'green READ_WRITE',
    'green journal serving',
    'blue journal freezing',
    'blue READ_ONLY',
  ]);
  expect(isReturning(await observed(world))).toBe(false);
});

test('V1 is frozen again also where the slots of the backup region could not be swapped back', async () => {
  const world = switched();
  await returnUntilPivot(world);
  const swap: Step = {
    ...giveBackV1(world.context),
    undo: { order: 'tidy', what: 'swap back', apply: () => Promise.reject(new Error('refused')) },
  };
  expect(await takeBack(world, swap)).toMatchObject({ tidyErrors: [{ message: 'refused' }] });
  expect(world.blue).toMatchObject({ readOnly: true, entry: V1_FROZEN });
});

test('a V2 that was never seen to serve is not said to serve afterwards', async () => {
  const world = switched({ green: { entry: { ...V2_SERVES, status: 'switching' } } });
  await freezeV2(world.context).apply(run);
  await takeBack(world);
  expect(said(world.green.entry)).toEqual({ ...V2_SERVES, status: 'switching' });
});

test('a V1 whose journal cannot be written is frozen again all the same', async () => {
  const world = switched({
    before: (what) => {
      if (what.startsWith('blue journal')) throw new Error('no');
    },
  });
  await freezeV2(world.context).apply(run);
  await expect(giveBackV1(world.context).apply(run)).rejects.toThrow('no');
  expect(world.blue.readOnly).toBe(false);
  expect(await takeBack(world)).toMatchObject({ kind: 'rolled-back', tidyErrors: [] });
  expect(world.blue).toMatchObject({ readOnly: true, entry: V1_FROZEN });
});

test('a V1 that could not be frozen again is told, and found by the next one', async () => {
  let refuse = true;
  const world = switched({
    before: (what) => {
      if (refuse && what === 'blue READ_ONLY') throw new Error('no');
    },
  });
  await returnUntilPivot(world);
  const first = await takeBack(world);
  expect(first).toMatchObject({ kind: 'rolled-back', tidyErrors: [expect.any(Error)] });
  expect(world.green.readOnly).toBe(false);
  refuse = false;
  await takeBack(world);
  expect(world.blue).toMatchObject({ readOnly: true, entry: V1_FROZEN });
});

test('after the pivot nothing is taken for a switch, and nothing is undone', async () => {
  const world = switched();
  await returnUntilPivot(world);
  const pivoted = afterPivot(world);
  expect(databaseState(await observed(pivoted))).toBe('compromised');
  expect(isReturning(await observed(pivoted))).toBe(false);
  const [pair] = world.context.databases;
  if (pair) await markStage(world.context, pair, RETURN_MARKS.after);
  expect(world.blue.entry).toMatchObject({ status: 'returned', server: 'contoso-sql-blue' });
  const later = afterPivot(world);
  expect(databaseState(await observed(later))).toBe('compromised');
  await removeStage(later.context).apply(run);
  expect(later.green.exists).toBe(true);
});

describe("V1's site is asked before anything is touched", () => {
  const answering = (version: string) => ({
    sql: {},
    appService: { getSite: async () => ({ defaultHostName: 'contoso-blue.azurewebsites.net' }) },
    web: {
      get: async () => ({
        kind: 'answered',
        status: 200,
        headers: {},
        body: `{"version":"${version}"}`,
        chain: [],
      }),
    },
  });
  const step = (version: string, v1Version: string | null) => {
    const world = switched({
      context: { azure: answering(version) as unknown as Servers['context']['azure'] },
    });
    return { world, step: verifyV1(world.context, v1Version) };
  };

  test('it answers', async () => {
    const { world, step: asked } = step('1.0.0', '1.0.0');
    const evidence = asked.apply(run);
    await world.clock.advance(60_000);
    expect((await evidence).join()).toMatch(/contoso-blue.* version 1\.0\.0, 3 times in a row/);
  });

  test('it answers something else', async () => {
    const { world, step: asked } = step('0.9.0', '1.0.0');
    const refused = expect(asked.apply(run)).rejects.toMatchObject({ reason: 'stage-unhealthy' });
    await world.clock.advance(10 * 60_000);
    await refused;
  });

  test('nobody knows its version', async () => {
    const { step: asked } = step('1.0.0', null);
    expect(await asked.assess(run)).toMatchObject({ kind: 'blocked', reason: 'stage-unhealthy' });
  });
});
