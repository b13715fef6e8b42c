// Runs steps in order. It knows neither Azure nor GitHub: a step is looked at, applied if that is needed,
// and the first failure ends the run. What is done about the failure is rollback.ts.
import { UpgradeError } from '../reasons.ts';
import type { Recorder } from './recorder.ts';
import type { Step } from './step.ts';

export type RunOutcome =
  | { readonly kind: 'completed'; readonly changed: boolean }
  | { readonly kind: 'failed'; readonly step: Step; readonly error: unknown; readonly pivotTried: boolean };

/** Applies the steps that are not done yet. Never throws: a failure is an outcome. */
export async function runSteps(
  steps: readonly Step[],
  recorder: Recorder,
  signal: AbortSignal,
): Promise<RunOutcome> {
  let changed = false;
  for (const step of steps) {
    const record = recorder.begin(step, 'apply');
    // Whether a pivot was tried decides over the rollback, so it is known before the step can fail.
    let tried = false;
    try {
      signal.throwIfAborted();
      const run = { signal, progress: record.progress };
      const assessment = await step.assess(run);
      if (assessment.kind === 'done') {
        record.end('already-done', assessment.evidence);
        continue;
      }
      if (assessment.kind !== 'to-do') throw refusal(step, assessment);
      signal.throwIfAborted();
      tried = true;
      const evidence = await step.apply(run);
      changed = true;
      record.end('done', evidence);
    } catch (error) {
      record.end('failed', [describe(error)]);
      return { kind: 'failed', step, error, pivotTried: tried && step.pivot };
    }
  }
  return { kind: 'completed', changed };
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

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
