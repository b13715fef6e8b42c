// One run: the phases that were asked for, in order, and the report. It never throws: whatever goes wrong is in the
// report. What a phase does is the procedure's.
import { createRecorder, type StepListener } from '../engine/recorder.ts';
import type { Phase, RunReport } from '../engine/report.ts';
import { completed, type PhaseOutcome } from './phase-outcome.ts';
import type { PhaseRun, Procedure } from './procedure.ts';
import type { UpgradeRequest } from './upgrade-request.ts';

export interface PhaseListener extends StepListener {
  phaseStarted(phase: Phase): void;
}

/** Runs the phases and tells about it. */
export async function runPhases(
  request: UpgradeRequest,
  procedure: Procedure,
  listener: PhaseListener,
  signal: AbortSignal,
): Promise<RunReport> {
  const { clock } = procedure;
  const startedAt = clock.now();
  const run: PhaseRun = { request, recorder: createRecorder(clock, listener), signal };
  const notes: string[] = [];
  let changed = false;
  const inOrder = async (): Promise<PhaseOutcome> => {
    for (const phase of request.phases) {
      const cancelled = await cancelledBetween(procedure, run);
      if (cancelled) return cancelled;
      listener.phaseStarted(phase);
      const outcome = await procedure.act(phase, run);
      if (outcome.kind === 'stopped') return outcome;
      changed ||= outcome.changed;
      if (outcome.note) notes.push(outcome.note);
    }
    return (await cancelledBetween(procedure, run)) ?? completed(changed);
  };
  const outcome = await inOrder();
  return procedure.report({ ...run, startedAt, notes, changed }, outcome);
}

/** A cancellation that no step saw, because it came between two of them. */
async function cancelledBetween(procedure: Procedure, run: PhaseRun): Promise<PhaseOutcome | null> {
  return run.signal.aborted ? procedure.cancelledBetween(run) : null;
}
