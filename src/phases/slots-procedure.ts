// The phases of an application in two slots, with its database: topologies single-region and geo-redundant.
import type { Clock } from '../clock.ts';
import type { Phase, Plan, RunReport } from '../engine/report.ts';
import { UpgradeError } from '../reasons.ts';
import { topologyPlan } from '../topologies/topologies.ts';
import { actForward, switchAtOnce } from './act.ts';
import { actRollback } from './act-rollback.ts';
import { asUpgradeError } from './as-upgrade-error.ts';
import { RolesExchanged } from './begin-alone.ts';
import { afterSwitch, connectApplication, connectWhatAnswers, type RunParts } from './connect-application.ts';
import { type Acting, goBack } from './go-back.ts';
import { look, lookBriefly, type Seen } from './look-around.ts';
import { completed, type PhaseOutcome, stopped } from './phase-outcome.ts';
import { planUpgrade } from './plan-upgrade.ts';
import type { PhaseRun, Procedure, RunSoFar } from './procedure.ts';
import { reportOfRun } from './report-of-run.ts';
import type { UpgradeRequest } from './upgrade-request.ts';

/** @param parts their sessions and their window end with the procedure. */
export function slotsProcedure(parts: RunParts): Procedure {
  return new SlotsProcedure(parts);
}

class SlotsProcedure implements Procedure {
  readonly clock: Clock;
  readonly #parts: RunParts;
  #before: Seen | null = null;
  #acting: Acting | null = null;
  /** The upgrade that this run has just completed, with production frozen for it; null once anything else was done. */
  #upgraded: Acting | null = null;
  #plan: Plan | null = null;

  constructor(parts: RunParts) {
    this.clock = parts.clock;
    this.#parts = parts;
  }

  async cancelledBetween({ signal }: PhaseRun): Promise<PhaseOutcome | null> {
    if (!this.#acting || !this.#frozenByThisRun()) return null;
    return goBack(this.#acting, asUpgradeError(signal.reason), 'not-tried', []);
  }

  #frozenByThisRun(): boolean {
    const window = this.#parts.window.report();
    return window !== null && window.to === null;
  }

  async act(phase: Phase, run: PhaseRun): Promise<PhaseOutcome> {
    const { request } = run;
    const earlier = this.#acting;
    const upgraded = this.#upgraded;
    this.#upgraded = null;
    try {
      const atOnce = phase === 'switch' && upgraded ? await switchAtOnce(upgraded) : 'lock-lost';
      if (atOnce !== 'lock-lost') return atOnce;
      this.#acting = await this.#connect(phase, run);
      return await this.#phase(phase, this.#acting, request);
    } catch (error) {
      if (error instanceof RolesExchanged) {
        this.#parts.log.warning(`${error.message}: looking again`);
        this.#acting = null; // by its roles V1 would be given back, and users are on V2
        return this.act(phase, run);
      }
      // Between two phases of a run production is frozen, and a failure there is a failure of the upgrade.
      if (earlier && this.#frozenByThisRun()) return goBack(earlier, asUpgradeError(error), 'not-tried', []);
      return stopped('refused', asUpgradeError(error));
    }
  }

  /** Read anew for every phase: a switch exchanges the roles. */
  async #connect(phase: Phase, { request, recorder, signal }: PhaseRun): Promise<Acting> {
    const partial = phase === 'rollback' || phase === 'status';
    const context = await (partial ? connectWhatAnswers : connectApplication)(this.#parts);
    this.#before ??= phase === 'rollback' ? await lookBriefly(this.#parts) : await look(context, partial);
    const topology = topologyPlan(context, null);
    const next = request.phases[request.phases.indexOf(phase) + 1] ?? null;
    return { context, topology, recorder, signal, onFailure: request.onFailure, next };
  }

  async #phase(phase: Phase, acting: Acting, request: UpgradeRequest): Promise<PhaseOutcome> {
    const { context, topology, signal } = acting;
    switch (phase) {
      case 'status':
        return completed(false);
      case 'plan': {
        const afterwards = topologyPlan(afterSwitch(context), null);
        const { observed, backup } = await look(context, false);
        this.#plan = await planUpgrade(context, observed, backup, topology, afterwards, signal);
        return completed(false);
      }
      case 'rollback':
        return recovered(request, await actRollback(acting, request.afterSwitch));
      default: {
        const outcome = await actForward(acting, phase);
        const isUpgraded = phase === 'upgrade' && outcome.kind === 'completed' && outcome.changed;
        if (isUpgraded && this.#frozenByThisRun()) this.#upgraded = acting;
        return outcome;
      }
    }
  }

  report(run: RunSoFar, outcome: PhaseOutcome): Promise<RunReport> {
    const seen = { before: this.#before, topology: this.#acting?.topology ?? null, plan: this.#plan };
    return reportOfRun({ ...run, ...seen, parts: this.#parts }, outcome);
  }

  async close(): Promise<void> {
    this.#parts.window.disarm();
    await this.#parts.sessions.closeAll();
  }
}

/** Post: that it went well does not make the run that was killed a success. */
function recovered({ afterSwitch }: UpgradeRequest, outcome: PhaseOutcome): PhaseOutcome {
  if (afterSwitch !== 'leave' || outcome.kind === 'stopped' || !outcome.changed) return outcome;
  const killed = 'The main step was killed in the middle, and production was given back afterwards';
  return stopped('rolled-back', new UpgradeError('interrupted', killed));
}
