// Phase rollback of a service, on request: only while an update is in progress, and where nothing stands in its way.
// After a swap the addresses are swapped back.
import { rollBack } from '../../engine/rollback.ts';
import { runSteps } from '../../engine/run.ts';
import type { UpgradeError } from '../../reasons.ts';
import { rollbackAllowedNow, type ServiceObservation } from '../../service/observe-service.ts';
import { inTheWay } from '../../service/rollback-allowed.ts';
import { upgradeDomains } from '../../topologies/upgrade-domains.ts';
import { asUpgradeError } from '../as-upgrade-error.ts';
import { completed, type PhaseOutcome, stopped } from '../phase-outcome.ts';
import { refused } from '../refusals.ts';
import { rollbackNotAllowed } from './refusals.ts';
import { serviceApplicability, standingOf } from './service-applicability.ts';
import type { ServiceActing } from './take-back.ts';
import { withLease } from './with-lease.ts';

/** Throws what reading and taking the service throw. */
export async function actRollback(
  acting: ServiceActing,
  observed: ServiceObservation,
): Promise<PhaseOutcome> {
  const { state, look } = observed;
  const { switchMethod } = acting.context.config;
  const allowed = serviceApplicability('rollback', standingOf(state, look.record !== null), switchMethod);
  if (allowed.kind === 'nothing-to-do') return completed(false, allowed.why);
  if (allowed.kind === 'refuse') return stopped('refused', refused(allowed));
  // Asked before anything is written, and again when nobody else can change it.
  const refusal = await notAllowed(acting, observed);
  if (refusal) return stopped('refused', refusal);
  return withLease(acting, (now) => underLease(acting, now));
}

async function underLease(acting: ServiceActing, now: ServiceObservation): Promise<PhaseOutcome> {
  const { context, recorder, signal } = acting;
  const plan = upgradeDomains(context, now);
  if (now.state === 'switched') {
    const outcome = await runSteps(plan.swapBack, recorder, signal);
    return outcome.kind === 'completed'
      ? completed(outcome.changed)
      : stopped('held', asUpgradeError(outcome.error));
  }
  const refusal = await notAllowed(acting, now);
  if (refusal) return stopped('refused', refusal);
  const back = await rollBack(plan.whole, recorder, signal);
  if (back.kind === 'failed') {
    const [first, ...also] = back.errors.map(asUpgradeError);
    const error = first ?? asUpgradeError(new Error('rollback failed'));
    return stopped(signal.aborted ? 'held' : 'rollback-failed', error, { also });
  }
  const [untidy, ...also] = back.tidyErrors.map(asUpgradeError);
  if (untidy) return stopped('held', untidy, { also });
  return completed(back.changed, back.changed ? null : 'no instance runs the new version');
}

/**
 * The article's RollbackAllowed, of an update that instances have. What is only prepared is taken away without them, and
 * what users are not on, or were swapped to, is put back without touching what they use.
 */
async function notAllowed(
  { context }: ServiceActing,
  observed: ServiceObservation,
): Promise<UpgradeError | null> {
  const { state } = observed;
  if (state === 'prepared' || state === 'upgraded' || state === 'switched') return null;
  const allowed = await rollbackAllowedNow(context, observed);
  // One that was begun is gone to its end, also where no instance is left to be taken back.
  const refusals = state === 'going-back' ? inTheWay(allowed) : allowed.refusals;
  return refusals.length === 0 ? null : rollbackNotAllowed(context, { allowed: false, refusals }, observed);
}
