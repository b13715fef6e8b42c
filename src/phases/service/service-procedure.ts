// The phases of a service with update domains: topology upgrade-domains.
import type { AzureError } from '../../azure/errors.ts';
import type { Clock } from '../../clock.ts';
import type { Phase, Plan, RunReport } from '../../engine/report.ts';
import { observeService, type ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { type ServicePlan, upgradeDomains } from '../../topologies/upgrade-domains.ts';
import { asUpgradeError } from '../as-upgrade-error.ts';
import { completed, type PhaseOutcome, stopped } from '../phase-outcome.ts';
import type { PhaseRun, Procedure, RunSoFar } from '../procedure.ts';
import { guardRefusal } from '../refusals.ts';
import { actForward } from './act-forward.ts';
import { actRollback } from './act-rollback.ts';
import { giveBackPatiently, leaveAsItIs } from './after-main.ts';
import { planService } from './plan-service.ts';
import { serviceReportOfRun } from './service-report-of-run.ts';
import type { ServiceActing } from './take-back.ts';
import type { LeaseListener } from './with-lease.ts';

/**
 * Nothing but what the context holds outlives the procedure.
 * @param lease told when this run takes the service and gives it back
 */
export function serviceProcedure(context: ServiceContext, lease: LeaseListener): Procedure {
  return new ServiceProcedure(context, lease);
}

class ServiceProcedure implements Procedure {
  readonly clock: Clock;
  readonly #context: ServiceContext;
  readonly #lease: LeaseListener;
  #before: ServiceObservation | null = null;
  #updateId: string | null = null;
  #topology: ServicePlan | null = null;
  #plan: Plan | null = null;
  /** Phases that were begun. */
  #begun = 0;
  /** Why the post step could not give the service free, where a right is missing. */
  #refusal: AzureError | null = null;

  constructor(context: ServiceContext, lease: LeaseListener) {
    this.clock = context.clock;
    this.#context = context;
    this.#lease = lease;
  }

  /** What comes after the last phase has nothing left to stop. */
  async cancelledBetween({ request, recorder, signal }: PhaseRun): Promise<PhaseOutcome | null> {
    if (this.#begun === request.phases.length) return null;
    const changed = recorder.steps.some(({ state }) => state === 'done');
    return stopped(changed ? 'held' : 'refused', asUpgradeError(signal.reason));
  }

  async act(phase: Phase, run: PhaseRun): Promise<PhaseOutcome> {
    if (this.#begun++ === 0) this.#tellRetirement();
    try {
      // What cannot be read can be given free all the same.
      this.#refusal = isPost(run) ? await giveBackPatiently(this.#acting(run)) : null;
      const observed = await observeService(this.#context);
      this.#before ??= observed;
      this.#updateId = observed.look.record?.updateId ?? this.#updateId;
      return await this.#phase(phase, run, observed);
    } catch (error) {
      const changed = run.recorder.steps.some((step) => step.phase === phase && step.state === 'done');
      return stopped(changed ? 'held' : 'refused', asUpgradeError(error));
    }
  }

  async #phase(phase: Phase, run: PhaseRun, observed: ServiceObservation): Promise<PhaseOutcome> {
    const context = this.#context;
    const acting = this.#acting(run);
    switch (phase) {
      case 'status':
        return completed(false);
      case 'plan':
        this.#plan = await planService(context, observed, upgradeDomains(context, observed), run.signal);
        return planned(this.#plan);
      case 'rollback':
        return isPost(run) ? leaveAsItIs(observed, this.#refusal) : actRollback(acting, observed);
      default:
        this.#topology = upgradeDomains(context, observed);
        return actForward(acting, phase, observed);
    }
  }

  #acting({ request, recorder, signal }: PhaseRun): ServiceActing {
    return {
      context: this.#context,
      lease: this.#lease,
      recorder,
      signal,
      onFailure: request.onFailure,
    };
  }

  report(run: RunSoFar, outcome: PhaseOutcome): Promise<RunReport> {
    const seen = {
      before: this.#before,
      topology: this.#topology,
      plan: this.#plan,
      updateId: this.#updateId,
    };
    return serviceReportOfRun({ ...run, ...seen, context: this.#context }, outcome);
  }

  /** Nothing is kept open. */
  async close(): Promise<void> {}

  #tellRetirement(): void {
    if (this.#context.target.kind !== 'cloud-service') return;
    this.#context.log.warning(
      'Azure Cloud Services (extended support) are retired by Microsoft on 2027-03-31: what runs on them then stops. Plan the move to scale sets, which this action updates in the same way.',
    );
  }
}

/**
 * Refused where the update would be: whoever approves it by a green plan must not be misled. Rights are the exception:
 * they are asked of the identity that plans, which may be one that only looks, and the other asks for its own.
 */
function planned({ guards }: Plan): PhaseOutcome {
  const refusal = guardRefusal(guards.filter(({ reason }) => reason !== 'azure-permission-missing'));
  return refusal ? stopped('refused', refusal, { guards }) : completed(false);
}

/** The step after main, which takes nothing back. */
function isPost({ request }: PhaseRun): boolean {
  return request.afterSwitch === 'leave';
}
