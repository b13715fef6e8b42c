import { describe, expect, test } from '@jest/globals';
import { planSteps } from '../../src/engine/plan.ts';
import { createRecorder, type StepListener } from '../../src/engine/recorder.ts';
import { rollBack } from '../../src/engine/rollback.ts';
import { runSteps } from '../../src/engine/run.ts';
import { blocked, done, later, type Step, toDo, type Undo } from '../../src/engine/step.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { createSimulatedClock } from './simulated-clock.ts';

const quiet: StepListener = { started: () => {}, progress: () => {}, ended: () => {} };
const never = new AbortController().signal;

/** A step over a set of things done: what it does is seen there, and its undo takes it out again. */
function step(
  id: string,
  world: Set<string>,
  rest: Partial<Step> & { undoOrder?: Undo['order'] } = {},
): Step {
  const { undoOrder, ...overrides } = rest;
  return {
    id,
    title: id,
    article: null,
    phase: 'upgrade',
    changes: id,
    pivot: false,
    assess: async () => (world.has(id) ? done(`${id} is done`) : toDo()),
    apply: async () => {
      world.add(id);
      return [`did ${id}`];
    },
    undo: undoOrder
      ? {
          order: undoOrder,
          what: `undo ${id}`,
          apply: async () => {
            history.push(`undo ${id}`);
            return world.delete(id)
              ? { kind: 'undone', evidence: [] }
              : { kind: 'nothing-to-undo', evidence: [] };
          },
        }
      : null,
    ...overrides,
  };
}

let history: string[] = [];
const recorder = () => createRecorder(createSimulatedClock(), quiet);

describe('running steps', () => {
  test('applies what is to do, in order, and leaves alone what is done', async () => {
    const world = new Set(['b']);
    const records = recorder();
    const outcome = await runSteps(
      ['a', 'b', 'c'].map((id) => step(id, world)),
      records,
      never,
    );
    expect(outcome).toEqual({ kind: 'completed', changed: true });
    expect([...world]).toEqual(['b', 'a', 'c']);
    expect(records.steps.map((record) => record.state)).toEqual(['done', 'already-done', 'done']);
  });

  test('the second run of the same steps changes nothing', async () => {
    const world = new Set<string>();
    const steps = ['a', 'b'].map((id) => step(id, world));
    await runSteps(steps, recorder(), never);
    expect(await runSteps(steps, recorder(), never)).toEqual({ kind: 'completed', changed: false });
  });

  test('stops at the first failure and keeps its cause', async () => {
    const world = new Set<string>();
    const failure = new UpgradeError('drain-failed', 'not drained');
    const failing = step('b', world, { apply: () => Promise.reject(failure) });
    const outcome = await runSteps([step('a', world), failing, step('c', world)], recorder(), never);
    expect(outcome).toMatchObject({ kind: 'failed', error: failure });
    expect([...world]).toEqual(['a']);
  });

  test('a blocked step is refused with its own reason, and is not applied', async () => {
    const world = new Set<string>();
    const stopped = step('a', world, {
      assess: async () => blocked('database-in-the-way', 'in the way', 'drop it'),
    });
    const outcome = await runSteps([stopped], recorder(), never);
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { reason: 'database-in-the-way', advice: ['drop it'] },
    });
    expect(world.size).toBe(0);
  });

  test('a cancelled run begins no further step', async () => {
    const world = new Set<string>();
    const cancel = new AbortController();
    const reason = new UpgradeError('cancelled', 'cancelled');
    const first = step('a', world, {
      apply: async () => {
        cancel.abort(reason);
        return [];
      },
    });
    const outcome = await runSteps([first, step('b', world)], recorder(), cancel.signal);
    expect(outcome).toMatchObject({ kind: 'failed', error: reason });
    expect(world.has('b')).toBe(false);
  });
});

describe('rolling back', () => {
  test('restores service before it tidies, each in reverse', async () => {
    history = [];
    const world = new Set(['tidy-1', 'serve-1', 'serve-2', 'tidy-2']);
    const steps = [
      step('tidy-1', world, { undoOrder: 'tidy' }),
      step('serve-1', world, { undoOrder: 'restore-service' }),
      step('serve-2', world, { undoOrder: 'restore-service' }),
      step('tidy-2', world, { undoOrder: 'tidy' }),
    ];
    const outcome = await rollBack(steps, recorder(), never);
    expect(outcome).toMatchObject({ kind: 'rolled-back', changed: true });
    expect(history).toEqual(['undo serve-2', 'undo serve-1', 'undo tidy-2', 'undo tidy-1']);
  });

  test("is told by what each undo does, the article's number apart", async () => {
    const world = new Set<string>();
    const undo = (what: string): Undo => ({
      order: 'tidy',
      what,
      apply: async () => ({ kind: 'undone', evidence: [] }),
    });
    const records = recorder();
    const steps = ['(9) Remove it (all of it)', "Set V2's database read-write"].map((what) =>
      step('a', world, { article: '(3)', undo: undo(what) }),
    );
    await rollBack(steps, records, never);
    expect(records.rollback).toMatchObject([
      { article: null, title: "Set V2's database read-write" },
      { article: '(9)', title: 'Remove it (all of it)' },
    ]);
  });

  test('where service cannot be restored nothing is tidied, and every failure is kept', async () => {
    history = [];
    const world = new Set(['tidy', 'serve']);
    const undo: Undo = {
      order: 'restore-service',
      what: 'x',
      apply: () => Promise.reject(new Error('still frozen')),
    };
    const steps = [
      step('tidy', world, { undoOrder: 'tidy' }),
      step('a', world, { undo }),
      step('b', world, { undo }),
    ];
    const outcome = await rollBack(steps, recorder(), never);
    expect(outcome.kind).toBe('failed');
    expect(outcome.kind === 'failed' ? outcome.errors.length : 0).toBe(2);
    expect(history).toEqual([]);
  });

  test('after a failed tidy nothing more is tidied: what would be deleted next may be what it needs', async () => {
    const world = new Set(['swap back', 'remove']);
    const history: string[] = [];
    const undo = (what: string, apply: Undo['apply']): Undo => ({ order: 'tidy', what, apply });
    const remove = undo('remove', async () => {
      history.push('removed');
      return { kind: 'undone', evidence: [] };
    });
    const swapBack = undo('swap back', () => Promise.reject(new Error('refused')));
    const steps = [step('remove', world, { undo: remove }), step('swap back', world, { undo: swapBack })];
    const outcome = await rollBack(steps, recorder(), never);
    expect(outcome).toMatchObject({ kind: 'rolled-back', tidyErrors: [{ message: 'refused' }] });
    expect(history).toEqual([]);
  });

  test('what secures a database comes last, also after a failed tidy', async () => {
    const history: string[] = [];
    const undo = (order: Undo['order'], what: string, fails: boolean): Undo => ({
      order,
      what,
      apply: async () => {
        history.push(what);
        if (fails) throw new Error('refused');
        return { kind: 'undone', evidence: [] };
      },
    });
    const world = new Set<string>();
    const steps = [
      step('a', world, { undo: undo('restore-service', 'serve', false) }),
      step('b', world, { undo: undo('secure', 'freeze', false) }),
      step('c', world, { undo: undo('tidy', 'swap back', true) }),
    ];
    const outcome = await rollBack(steps, recorder(), never);
    expect(history).toEqual(['serve', 'swap back', 'freeze']);
    expect(outcome).toMatchObject({
      kind: 'rolled-back',
      changed: true,
      tidyErrors: [{ message: 'refused' }],
    });
  });

  test('a failed tidy is told but does not make it a failure', async () => {
    const world = new Set<string>();
    const undo: Undo = { order: 'tidy', what: 'x', apply: () => Promise.reject(new Error('in use')) };
    const outcome = await rollBack([step('a', world, { undo })], recorder(), never);
    expect(outcome).toMatchObject({ kind: 'rolled-back', changed: false });
    expect(outcome.kind === 'rolled-back' ? outcome.tidyErrors : []).toHaveLength(1);
  });

  test('rolling back twice finds nothing left', async () => {
    const steps = [step('a', new Set(['a']), { undoOrder: 'restore-service' })];
    await rollBack(steps, recorder(), never);
    expect(await rollBack(steps, recorder(), never)).toMatchObject({ kind: 'rolled-back', changed: false });
  });
});

describe('planning', () => {
  test('changes nothing, and believes "blocked" only of the next step', async () => {
    const world = new Set(['a']);
    const stopped = { assess: async () => blocked('database-in-the-way', 'in the way') };
    const steps = [step('a', world), step('b', world, stopped), step('c', world, stopped)];
    const plan = await planSteps(steps, never);
    expect(plan.map((one) => one.state)).toEqual(['done', 'blocked', 'later']);
    expect([...world]).toEqual(['a']);
  });

  test('marks the point of no return and how each step is undone', async () => {
    const world = new Set<string>();
    const steps = [
      step('a', world, { undoOrder: 'tidy' }),
      step('p', world, { pivot: true, assess: async () => later() }),
    ];
    expect(await planSteps(steps, never)).toMatchObject([
      { undo: 'undo a', pointOfNoReturn: false },
      { undo: null, pointOfNoReturn: true, state: 'later' },
    ]);
  });
});
