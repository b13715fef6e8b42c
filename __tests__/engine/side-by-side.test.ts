// Sequences that are done side by side: each in its own order, together no longer than the longest, and with one end.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { planSteps } from '../../src/engine/plan.ts';
import { createRecorder, type Recorder } from '../../src/engine/recorder.ts';
import { rollBack } from '../../src/engine/rollback.ts';
import { type RunOutcome, runSteps } from '../../src/engine/run.ts';
import {
  blocked,
  done,
  type Sequence,
  type Step,
  type StepRun,
  toDo,
  type Undo,
} from '../../src/engine/step.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts';

const never = new AbortController().signal;

let clock: SimulatedClock;
let recorder: Recorder;
/** "a begins at 0", "a ends at 10", in the order in which it happened. */
let story: string[];

beforeEach(() => {
  clock = createSimulatedClock();
  const startedAt = clock.now();
  const at = () => (clock.now() - startedAt) / 1000;
  story = [];
  recorder = createRecorder(clock, {
    started: (step) => story.push(`${step.id} begins at ${at()}`),
    progress: () => {},
    ended: (step) => story.push(`${step.id} ends at ${at()}`),
  });
});

function step(id: string, apply: (run: StepRun) => Promise<void>, rest: Partial<Step> = {}): Step {
  return {
    id,
    title: `Do ${id}`,
    article: null,
    phase: 'prepare',
    changes: id,
    pivot: false,
    assess: async () => toDo(),
    apply: async (run) => {
      await apply(run);
      return [];
    },
    undo: null,
    ...rest,
  };
}

/** Waits as steps do, and is stopped where the run is. */
const lasting = (id: string, seconds: number) =>
  step(id, ({ signal }) => clock.sleep(seconds * 1000, signal));

const failing = (id: string, afterSeconds: number, error: unknown) =>
  step(id, async ({ signal }) => {
    await clock.sleep(afterSeconds * 1000, signal);
    throw error;
  });

async function ended(sequence: Sequence, signal = never): Promise<RunOutcome> {
  const outcome = runSteps(sequence, recorder, signal);
  await clock.advance(600_000);
  return outcome;
}

const stateOf = (id: string) => recorder.steps.find((record) => record.id === id);

describe('sequences side by side', () => {
  test('are begun at once, each keeps its order, and what follows waits for all of them', async () => {
    const outcome = await ended([
      lasting('first', 1),
      { sideBySide: [[lasting('a', 10), lasting('b', 10)], [lasting('c', 15)]] },
      lasting('last', 1),
    ]);
    expect(outcome).toEqual({ kind: 'completed', changed: true });
    expect(story).toEqual([
      'first begins at 0',
      'first ends at 1',
      'a begins at 1',
      'c begins at 1',
      'a ends at 11',
      'b begins at 11',
      'c ends at 16',
      'b ends at 21',
      'last begins at 21',
      'last ends at 22',
    ]);
  });

  test('have changed something where any of them has', async () => {
    const there = step('there', async () => {}, { assess: async () => done() });
    expect(await ended([{ sideBySide: [[there], [there]] }])).toEqual({ kind: 'completed', changed: false });
    const sequence = [{ sideBySide: [[there], [lasting('a', 1)]] }];
    expect(await ended(sequence)).toEqual({ kind: 'completed', changed: true });
  });

  test('may have others within', async () => {
    const inner = { sideBySide: [[lasting('a', 2)], [lasting('b', 3)]] };
    await ended([{ sideBySide: [[inner, lasting('c', 1)], [lasting('d', 1)]] }]);
    expect(story.at(-2)).toBe('c begins at 3');
  });
});

describe('the first failure', () => {
  const failure = new UpgradeError('resource-not-found', 'there is no such site');

  test("stops the others' waiting, and nothing further is begun", async () => {
    const outcome = await ended([
      { sideBySide: [[lasting('a', 100), lasting('b', 1)], [failing('c', 5, failure)]] },
      lasting('last', 1),
    ]);
    expect(outcome).toMatchObject({ kind: 'failed', error: failure, step: { id: 'c' } });
    expect(story).toEqual(['a begins at 0', 'c begins at 0', 'c ends at 5', 'a ends at 5']);
  });

  test('is handled only when nothing is under way any more', async () => {
    // A write whose answer is being waited for cannot be stopped.
    const writing = step('writing', () => clock.sleep(20_000));
    const run = runSteps(
      [{ sideBySide: [[writing, lasting('b', 1)], [failing('c', 5, failure)]] }],
      recorder,
      never,
    );
    let isOver = false;
    const over = run.then(() => {
      isOver = true;
    });
    await clock.advance(19_000);
    expect(isOver).toBe(false);
    await clock.advance(2_000);
    await over;
    expect(await run).toMatchObject({ kind: 'failed', error: failure });
    expect(stateOf('writing')?.state).toBe('done');
    expect(clock.sleepers()).toBe(0);
  });

  test('is the one that is told, whatever else fails because of it', async () => {
    const later = step('a', async ({ signal }) => {
      await clock.sleep(100_000, signal).catch(() => {});
      throw new Error('torn off');
    });
    expect(await ended([{ sideBySide: [[later], [failing('c', 5, failure)]] }])).toMatchObject({
      error: failure,
    });
  });

  test('is not told as the failure of the others: they say what they were stopped by', async () => {
    await ended([{ sideBySide: [[lasting('a', 100)], [failing('c', 5, failure)]] }]);
    expect(stateOf('c')?.evidence).toEqual(['there is no such site']);
    expect(stateOf('a')?.evidence).toEqual(['stopped, because "Do c" has failed']);
  });
});

test('a cancelled run stops all of them, and its own reason is told', async () => {
  const cancel = new AbortController();
  const reason = new UpgradeError('cancelled', 'cancelled by SIGINT');
  const run = runSteps([{ sideBySide: [[lasting('a', 100)], [lasting('b', 100)]] }], recorder, cancel.signal);
  await clock.advance(5_000);
  cancel.abort(reason);
  expect(await run).toMatchObject({ kind: 'failed', error: reason });
  expect(story.slice(2)).toEqual(['a ends at 5', 'b ends at 5']);
});

describe('every step within is seen', () => {
  const undone: string[] = [];
  const undo = (id: string, order: Undo['order']): Undo => ({
    order,
    what: `undo ${id}`,
    apply: async () => {
      undone.push(id);
      return { kind: 'undone', evidence: [] };
    },
  });
  const undoable = (id: string, order: Undo['order']) => step(id, async () => {}, { undo: undo(id, order) });
  const sequence: Sequence = [
    undoable('a', 'tidy'),
    {
      sideBySide: [
        [undoable('b', 'tidy'), undoable('c', 'restore-service')],
        [undoable('d', 'restore-service')],
      ],
    },
    undoable('e', 'tidy'),
  ];

  test('by the way back: service first, each kind in reverse', async () => {
    undone.length = 0;
    await rollBack(sequence, recorder, never);
    expect(undone).toEqual(['d', 'c', 'e', 'b', 'a']);
  });

  test('by the plan, in the order in which it stands there', async () => {
    const plan = await planSteps(sequence, never);
    expect(plan.map(({ id, undo: back }) => [id, back])).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((id) => [id, `undo ${id}`]),
    );
  });

  test('by the plan, which believes "blocked" of the next step of each sequence', async () => {
    const stopped = (id: string) =>
      step(id, async () => {}, { assess: async () => blocked('resource-not-found', `${id} is missing`) });
    const plan = await planSteps(
      [{ sideBySide: [[lasting('a', 1), stopped('b')], [stopped('site')]] }, stopped('profile')],
      never,
    );
    expect(plan.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'a to-do',
      'b later',
      'site blocked',
      'profile later',
    ]);
  });
});
