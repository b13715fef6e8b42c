// What the shared run (run-phases.ts) leaves to the kind of thing that is upgraded: an application in two slots, or a
// service with update domains. The order of phases, what a cancellation between them means, and that nothing is thrown
// are the same for both.
import type { Clock } from '../clock.ts';
import type { Recorder } from '../engine/recorder.ts';
import type { Phase, RunReport } from '../engine/report.ts';
import type { PhaseOutcome } from './phase-outcome.ts';
import type { UpgradeRequest } from './upgrade-request.ts';

/** What a run gives to each of its phases. */
export interface PhaseRun {
  readonly request: UpgradeRequest;
  readonly recorder: Recorder;
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal;
}

/** What a run has left behind when it ends. */
export interface RunSoFar extends PhaseRun {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly notes: readonly string[];
  /** Whether a phase that was completed has changed anything. */
  readonly changed: boolean;
}

export interface Procedure {
  readonly clock: Clock;
  /** One phase. Throws nothing: whatever goes wrong is an outcome. */
  act(phase: Phase, run: PhaseRun): Promise<PhaseOutcome>;
  /** A cancellation that no step saw, because it came between two phases: what follows from it; null: nothing. */
  cancelledBetween(run: PhaseRun): Promise<PhaseOutcome | null>;
  /** Looks once more and composes the report. Never throws. */
  report(run: RunSoFar, outcome: PhaseOutcome): Promise<RunReport>;
  /** Connections and timers of the run. */
  close(): Promise<void>;
}
