// One run: the phases that were asked for, in order. It never throws: whatever goes wrong is in the report.
import { createRecorder, type Recorder, type StepListener } from '../engine/recorder.ts';
import type { Phase, Plan, RunReport } from '../engine/report.ts';
import { UpgradeError } from '../reasons.ts';
import { topologyPlan } from '../topologies/topologies.ts';
import { actForward } from './act.ts';
import { actRollback } from './act-rollback.ts';
import { asUpgradeError } from './as-upgrade-error.ts';
import { afterSwitch, connectApplication, connectWhatAnswers, type RunParts } from './connect-application.ts';
import { type Acting, goBack } from './go-back.ts';
import { look, lookBriefly, type Seen } from './look-around.ts';
import { completed, type PhaseOutcome, stopped } from './phase-outcome.ts';
import { planUpgrade } from './plan-upgrade.ts';
import { reportOfRun, type UpgradeRequest } from './report-of-run.ts';

export interface PhaseListener extends StepListener {
  phaseStarted(phase: Phase): void;
}

export type { UpgradeRequest };

/** Runs the phases and tells about it. */
export async function runPhases(
  request: UpgradeRequest,
  parts: RunParts,
  listener: PhaseListener,
  signal: AbortSignal,
): Promise<RunReport> {
  const run = new Run(request, parts, listener, signal);
  const outcome = await run.phases();
  return run.report(outcome);
}

class Run {
  readonly #request: UpgradeRequest;
  readonly #parts: RunParts;
  readonly #listener: PhaseListener;
  readonly #signal: AbortSignal;
  readonly #recorder: Recorder;
  readonly #startedAt: number;
  readonly #notes: string[] = [];
  #before: Seen | null = null;
  #acting: Acting | null = null;
  #plan: Plan | null = null;
  #changed = false;

  constructor(request: UpgradeRequest, parts: RunParts, listener: PhaseListener, signal: AbortSignal) {
    this.#request = request;
    this.#parts = parts;
    this.#listener = listener;
    this.#signal = signal;
    this.#recorder = createRecorder(parts.clock, listener);
    this.#startedAt = parts.clock.now();
  }

  async phases(): Promise<PhaseOutcome> {
    for (const phase of this.#request.phases) {
      const cancelled = await this.#cancelledWhileFrozen();
      if (cancelled) return cancelled;
      this.#listener.phaseStarted(phase);
      const outcome = await this.#phase(phase);
      if (outcome.kind === 'stopped') return outcome;
      this.#changed ||= outcome.changed;
      if (outcome.note) this.#notes.push(outcome.note);
    }
    return (await this.#cancelledWhileFrozen()) ?? completed(this.#changed);
  }

  /** A cancellation that no step saw, because it came between two of them. */
  async #cancelledWhileFrozen(): Promise<PhaseOutcome | null> {
    if (!this.#signal.aborted || !this.#acting || !this.#frozenByThisRun()) return null;
    return goBack(this.#acting, asUpgradeError(this.#signal.reason), 'not-tried', []);
  }

  #frozenByThisRun(): boolean {
    const window = this.#parts.window.report();
    return window !== null && window.to === null;
  }

  async #phase(phase: Phase): Promise<PhaseOutcome> {
    const earlier = this.#acting;
    try {
      // Read anew for every phase: a switch exchanges the roles.
      const partial = phase === 'rollback' || phase === 'status';
      const context = await (partial ? connectWhatAnswers : connectApplication)(this.#parts);
      this.#before ??= phase === 'rollback' ? await lookBriefly(this.#parts) : await look(context, partial);
      this.#acting = {
        context,
        topology: topologyPlan(context, null),
        recorder: this.#recorder,
        signal: this.#signal,
        onFailure: this.#request.onFailure,
      };
      return await this.#act(phase, this.#acting);
    } catch (error) {
      // Between two phases of a run production is frozen, and a failure there is a failure of the upgrade.
      if (earlier && this.#frozenByThisRun()) return goBack(earlier, asUpgradeError(error), 'not-tried', []);
      return stopped('refused', asUpgradeError(error));
    }
  }

  async #act(phase: Phase, acting: Acting): Promise<PhaseOutcome> {
    const { context, topology } = acting;
    switch (phase) {
      case 'status':
        return completed(false);
      case 'plan': {
        const afterwards = topologyPlan(afterSwitch(context), null);
        const { observed, backup } = await look(context, false);
        this.#plan = await planUpgrade(context, observed, backup, topology, afterwards, this.#signal);
        return completed(false);
      }
      case 'rollback':
        return this.#recovered(await actRollback(acting, this.#request.afterSwitch));
      default:
        return actForward(acting, phase);
    }
  }

  /** Post: that it went well does not make the run that was killed a success. */
  #recovered(outcome: PhaseOutcome): PhaseOutcome {
    if (this.#request.afterSwitch !== 'leave' || outcome.kind === 'stopped' || !outcome.changed)
      return outcome;
    const killed = 'The main step was killed in the middle, and production was given back afterwards';
    return stopped('rolled-back', new UpgradeError('interrupted', killed));
  }

  report(outcome: PhaseOutcome): Promise<RunReport> {
    return reportOfRun(
      {
        request: this.#request,
        parts: this.#parts,
        recorder: this.#recorder,
        startedAt: this.#startedAt,
        notes: this.#notes,
        before: this.#before,
        topology: this.#acting?.topology ?? null,
        plan: this.#plan,
        changed: this.#changed,
      },
      outcome,
    );
  }
}
