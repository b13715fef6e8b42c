// One run: the phases that were asked for, in order, and the report about them. It never throws: whatever goes
// wrong is in the report.
import { type Observation, observe, observeWhatAnswers } from '../application/observe.ts';
import { inBackupRegion } from '../application/regions.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { createRecorder, notReached, type Recorder, type StepListener } from '../engine/recorder.ts';
import type {
  EndpointView,
  GuardRecord,
  Phase,
  Plan,
  ReadOnlyWindow,
  Result,
  RunReport,
} from '../engine/report.ts';
import { stepsOf } from '../engine/step.ts';
import { UpgradeError } from '../reasons.ts';
import { unfreezeCommand } from '../steps/unfreeze.ts';
import { topologyPlan } from '../topologies/topologies.ts';
import { actForward } from './act.ts';
import { actRollback } from './act-rollback.ts';
import { asUpgradeError, causesOf } from './as-upgrade-error.ts';
import { afterSwitch, connectApplication, connectWhatAnswers, type RunParts } from './connect-application.ts';
import { endpointViews } from './endpoint-views.ts';
import { type Acting, frozenSince, goBack } from './go-back.ts';
import { completed, type PhaseOutcome, stopped } from './phase-outcome.ts';
import { planUpgrade } from './plan-upgrade.ts';
import { usersElsewhere } from './users-elsewhere.ts';
import { verdictOf } from './verdict.ts';
import { whatCanServe } from './what-can-serve.ts';

export interface PhaseListener extends StepListener {
  phaseStarted(phase: Phase): void;
}

export interface UpgradeRequest {
  readonly phases: readonly Phase[];
  readonly topology: string;
  readonly onFailure: 'rollback' | 'hold';
  readonly product: RunReport['product'];
  /** The post step only mends what a killed run left frozen. */
  readonly afterSwitch: 'return-to-v1' | 'leave';
}

/** How long a rollback looks around before it gives production back. Milliseconds. */
const BRIEFLY_MS = 5_000;

/** What is known about the application at one moment. */
interface Seen {
  readonly context: UpgradeContext;
  readonly observed: Observation;
  /** What the backup region shows; null in a topology that has none. */
  readonly backup: Observation | null;
  readonly endpoints: readonly EndpointView[];
}

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
      this.#before ??= phase === 'rollback' ? await this.#lookBriefly() : await this.#look(context, partial);
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
        const { observed, backup } = await this.#look(context, false);
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

  async #look(context: UpgradeContext, partial: boolean): Promise<Seen> {
    const observed = await (partial ? observeWhatAnswers : observe)(context);
    const { production, stage } = context;
    const backup =
      production.standby && stage.standby ? await observeWhatAnswers(inBackupRegion(context)) : null;
    return { context, observed, backup, endpoints: await endpointViews(context, observed, backup) };
  }

  /** Giving production back does not wait for what does not answer. */
  #lookBriefly(): Promise<Seen | null> {
    const patience = this.#parts.clock.sleep(BRIEFLY_MS).then(() => null);
    return Promise.race([this.#lookAgain(), patience]);
  }

  /** The world as far as it can be read; null where it cannot. */
  async #lookAgain(): Promise<Seen | null> {
    try {
      return await this.#look(await connectWhatAnswers(this.#parts), true);
    } catch (error) {
      this.#parts.log.warning(`Not everything could be read: ${String(error)}`);
      return null;
    }
  }

  async report(outcome: PhaseOutcome): Promise<RunReport> {
    // A run that only looks has just looked.
    const after = (this.#onlyLooks() && this.#before) || (await this.#lookAgain());
    const error = outcome.kind === 'stopped' ? outcome.error : null;
    const also = outcome.kind === 'stopped' ? outcome.also : [];
    const guards = outcome.kind === 'stopped' ? outcome.guards : [];
    const result = this.#result(outcome);
    const readOnly = this.#parts.window.report() ?? this.#stillReadOnly(after);
    const state = after?.observed.state ?? 'unknown';
    const productionSlot = (after ?? this.#before)?.context.production.config.name ?? null;
    return {
      schemaVersion: 1,
      product: this.#request.product,
      application: this.#parts.config.application,
      topology: this.#request.topology,
      phases: this.#request.phases,
      upgradeId: upgradeIdOf(after ?? this.#before),
      runUrl: this.#parts.runUrl,
      startedAt: new Date(this.#startedAt).toISOString(),
      endedAt: new Date(this.#parts.clock.now()).toISOString(),
      result,
      reasonCode: error?.reason ?? null,
      verdict: verdictOf({
        result,
        phases: this.#request.phases,
        state,
        productionSlot: after ? productionSlot : null,
        after: after?.endpoints ?? [],
        error,
        also,
        changed: this.#recorder.steps.some((step) => step.state === 'done'),
        notes: this.#notes,
        readOnlySeconds: readOnly?.seconds ?? null,
        unfreezeCommands: this.#unfreezeCommands(after),
        canServe: after ? await whatUsersNeed(after) : [],
      }),
      state,
      productionSlot,
      publicName: this.#publicName(after ?? this.#before),
      before: this.#before?.endpoints ?? [],
      after: after?.endpoints ?? [],
      steps: [...this.#recorder.steps, ...this.#notReached(outcome)],
      rollback: this.#recorder.rollback,
      readOnly,
      plan: this.#planWith(guards),
      error: error && {
        reason: error.reason,
        message: error.message,
        advice: error.advice,
        causes: [...causesOf(error), ...also.flatMap((one) => [one.message, ...causesOf(one)])],
      },
    };
  }

  /** A window that this run neither opened nor closed: it only saw it. */
  #stillReadOnly(after: Seen | null): ReadOnlyWindow | null {
    const from = after && frozenSince(after.observed);
    if (!from) return null;
    const seconds = (this.#parts.clock.now() - Date.parse(from)) / 1000;
    return { from, to: null, seconds, spentOn: [{ what: 'between runs', seconds }] };
  }

  #result(outcome: PhaseOutcome): Result {
    if (outcome.kind === 'stopped') return outcome.result;
    return this.#onlyLooks() || this.#changed ? 'succeeded' : 'nothing-to-do';
  }

  #onlyLooks(): boolean {
    return this.#request.phases.every((phase) => phase === 'status' || phase === 'plan');
  }

  /** Guards that stopped a phase are told also where no plan was asked for. */
  #planWith(guards: readonly GuardRecord[]): Plan | null {
    if (guards.length === 0) return this.#plan;
    return { steps: [], factors: [], twice: [], ...this.#plan, guards };
  }

  #notReached(outcome: PhaseOutcome) {
    if (outcome.kind === 'completed' || this.#recorder.steps.length === 0) return [];
    const reached = new Set(this.#recorder.steps.map((step) => `${step.phase}/${step.id}`));
    const asked = this.#request.phases.flatMap((phase) => this.#stepsOf(phase));
    return asked.filter((step) => !reached.has(`${step.phase}/${step.id}`)).map(notReached);
  }

  #stepsOf(phase: Phase) {
    if (phase !== 'prepare' && phase !== 'upgrade' && phase !== 'switch' && phase !== 'cleanup') return [];
    return stepsOf(this.#acting?.topology[phase] ?? []);
  }

  #unfreezeCommands(after: Seen | null): string[] {
    const seen = after ?? this.#before;
    if (!seen) return [];
    return seen.context.databases.map((pair) => unfreezeCommand(seen.context, pair.name));
  }

  #publicName(seen: Seen | null): string | null {
    return (
      this.#parts.config.trafficManager?.publicName ??
      seen?.observed.profile?.fqdn ??
      seen?.observed.sites.production?.defaultHostName ??
      null
    );
  }
}

async function whatUsersNeed({ context, observed, backup }: Seen): Promise<readonly string[]> {
  const canServe = await whatCanServe(context, observed, backup);
  return [...canServe, ...usersElsewhere(context, observed, backup)];
}

function upgradeIdOf(seen: Seen | null): string | null {
  return seen?.observed.databases[0]?.production.journal?.upgradeId ?? null;
}
