// Runs steps in order. It knows neither Azure nor GitHub: a step is looked at, applied if that is needed,
// and the first failure ends the run. What is done about the failure is rollback.ts.
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import type { Recorder } from './recorder.ts';
import type { Sequence, Step } from './step.ts';

export type RunOutcome =
  | { readonly kind: 'completed'; readonly changed: boolean }
  | {
      readonly kind: 'failed';
      readonly step: Step;
      readonly error: unknown;
      /** Whether it was being applied; else it was only looked at. */
      readonly applied: boolean;
    };

/** Applies the steps that are not done yet. Never throws: a failure is an outcome. */
export async function runSteps(
  sequence: Sequence,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<RunOutcome> {
  let changed = false;
  for (const one of sequence) {
    const outcome =
      'sideBySide' in one
        ? await runSideBySide(one.sideBySide, recorder, signal)
        : await runStep(one, recorder, signal);
    if (outcome.kind === 'failed') return outcome;
    changed ||= outcome.changed;
  }
  return { kind: 'completed', changed };
}

/**
 * All are begun at once. The first failure stops the others' waiting, and all are waited for, so that nothing is under
 * way when the failure is handled.
 */
async function runSideBySide(
  sequences: readonly Sequence[],
  recorder: Recorder,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const stop = new AbortController();
  const together = AbortSignal.any([signal, stop.signal]);
  const failures: Extract<RunOutcome, { kind: 'failed' }>[] = [];
  const outcomes = await Promise.all(
    sequences.map(async (sequence) => {
      const outcome = await runSteps(sequence, recorder, together);
      if (outcome.kind === 'failed') {
        failures.push(outcome);
        stop.abort(stoppedBy(outcome.step));
      }
      return outcome;
    }),
  );
  const [first] = failures;
  const changed = outcomes.some((outcome) => outcome.kind === 'completed' && outcome.changed);
  return first ?? { kind: 'completed', changed };
}

/** Why the others have stopped: their records must not read as if each had failed by itself. */
function stoppedBy({ title }: Step): UpgradeError {
  return new UpgradeError('interrupted', `stopped, because "${title}" has failed`);
}

async function runStep(step: Step, recorder: Recorder, signal: AbortSignal): Promise<RunOutcome> {
  const record = recorder.begin(step, 'apply');
  let applied = false;
  try {
    signal.throwIfAborted();
    const run = { signal, progress: record.progress };
    const assessment = await step.assess(run);
    if (assessment.kind === 'done') {
      record.end('already-done', assessment.evidence);
      return { kind: 'completed', changed: false };
    }
    if (assessment.kind !== 'to-do') throw refusal(step, assessment);
    signal.throwIfAborted();
    applied = true;
    record.end('done', await step.apply(run));
    return { kind: 'completed', changed: true };
  } catch (error) {
    record.end(!applied && isAskedWrongly(error) ? 'refused' : 'failed', [messageOf(error)]);
    return { kind: 'failed', step, error, applied };
  }
}

/** What is asked for does not fit what is there: nothing has failed. */
function isAskedWrongly(error: unknown): boolean {
  const reasons: readonly string[] = ['input-invalid', 'phase-not-applicable', 'update-in-progress'];
  return error instanceof UpgradeError && reasons.includes(error.reason);
}

function refusal(
  step: Step,
  assessment: Exclude<Awaited<ReturnType<Step['assess']>>, { kind: 'done' | 'to-do' }>,
) {
  if (assessment.kind === 'blocked') {
    return new UpgradeError(assessment.reason, assessment.message, { advice: assessment.advice });
  }
  return new UpgradeError(
    'phase-not-applicable',
    `"${step.title}" cannot be done as things stand: ${assessment.evidence.join('; ')}`,
  );
}
