// The way back of a service, for whoever finds that it has to be taken: a failed step, a phase rollback, a run that
// finds one left half done.
import type { Recorder } from '../../engine/recorder.ts';
import type { GuardRecord } from '../../engine/report.ts';
import { rollBack } from '../../engine/rollback.ts';
import { UpgradeError } from '../../reasons.ts';
import { observeService, rollbackAllowedNow } from '../../service/observe-service.ts';
import { inTheWay } from '../../service/rollback-allowed.ts';
import { isOfUpdateInProgress } from '../../steps/domains/both-versions.ts';
import { LOOK_AT_WHAT_IS_DOWN } from '../../steps/domains/domain-gate.ts';
import { AZURE_SAYS_WHY } from '../../steps/domains/walk-error.ts';
import type { ServicePlan } from '../../topologies/upgrade-domains.ts';
import { asUpgradeError } from '../as-upgrade-error.ts';
import { type PhaseOutcome, stopped } from '../phase-outcome.ts';
import { rollbackNotAllowed } from './refusals.ts';
import type { LeaseHolder } from './with-lease.ts';

export interface ServiceActing extends LeaseHolder {
  readonly recorder: Recorder;
  readonly onFailure: 'rollback' | 'hold';
}

/**
 * The way back after a failure: the model first, then the domains in reverse order. Where Azure does not allow it the
 * service is left as it is. A cancelled job ends it too: it takes longer than a runner waits.
 */
export async function takeBack(
  acting: ServiceActing,
  plan: ServicePlan,
  error: UpgradeError,
  guards: readonly GuardRecord[] = [],
): Promise<PhaseOutcome> {
  const refusal = await notAllowed(acting);
  if (refusal) return stopped('held', error, { guards, also: [refusal] });
  const back = await rollBack(plan.whole, acting.recorder, acting.signal);
  if (back.kind === 'rolled-back') {
    return stopped('rolled-back', overAndDone(error), { guards, also: back.tidyErrors.map(asUpgradeError) });
  }
  const also = back.errors.map(asUpgradeError);
  return stopped(acting.signal.aborted ? 'held' : 'rollback-failed', error, { guards, also });
}

/** The same without what a person could have done while the update was in progress: the instances are others now. */
function overAndDone(error: UpgradeError): UpgradeError {
  const advice = isOfNewVersion(error)
    ? AFTER_A_WALK
    : error.advice.filter((line) => !isOfUpdateInProgress(line));
  return new UpgradeError(error.reason, error.message, { advice, cause: error.cause });
}

/** Whether its cause is to be looked for in the new version. */
function isOfNewVersion({ reason, advice }: UpgradeError): boolean {
  if (advice.some((line) => OTHER_CAUSES.some((cause) => line.startsWith(cause)))) return false;
  return reason === 'instance-start-timeout' || reason === 'update-stuck' || reason === 'update-failed';
}

const OTHER_CAUSES = [AZURE_SAYS_WHY, LOOK_AT_WHAT_IS_DOWN];

const AFTER_A_WALK = [
  'Find the cause in what the new version has logged outside of its instances, which run the version before again. Then run phase: prepare, upgrade.',
];

/**
 * What stands in the way of an automatic rollback. That every instance was updated does not: the failure came before
 * the update was finished, and its version before is known. What cannot be found out does not either.
 */
async function notAllowed({ context }: ServiceActing): Promise<UpgradeError | null> {
  try {
    const observed = await observeService(context);
    const allowed = await rollbackAllowedNow(context, observed);
    const refusals = inTheWay(allowed);
    return refusals.length > 0 ? rollbackNotAllowed(context, { allowed: false, refusals }, observed) : null;
  } catch (error) {
    context.log.warning(
      `It could not be found out whether the way back is open, so it is tried: ${asUpgradeError(error).message}`,
    );
    return null;
  }
}
