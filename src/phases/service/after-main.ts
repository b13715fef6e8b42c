// What the post step does where main was killed, or could not give the service free: it does that, and tells where the
// update stands. Going on or back is a person's decision.
import { rightMissing } from '../../application/missing-right.ts';
import type { AzureError } from '../../azure/errors.ts';
import { UpgradeError } from '../../reasons.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import { completed, type PhaseOutcome, stopped } from '../phase-outcome.ts';
import { type LeaseHolder, tryToGiveBack, warnNotGivenBack } from './with-lease.ts';

/** For the instances that were being updated when main was killed: until they are, Azure takes no tags. */
const PATIENCE_MS = 4 * 60_000;
const PAUSE_MS = 10_000;

/** Never throws: what could not be given back is told. Returns Azure's refusal where a right is missing for it; else null. */
export async function giveBackPatiently(holder: LeaseHolder): Promise<AzureError | null> {
  const { clock, log } = holder.context;
  const until = clock.now() + PATIENCE_MS;
  for (let failure = await tryToGiveBack(holder); failure !== null; failure = await tryToGiveBack(holder)) {
    const { refusal } = failure;
    if (refusal !== null || holder.signal.aborted || clock.now() >= until) {
      warnNotGivenBack(holder, failure);
      return refusal;
    }
    log.line(`The service cannot be given free yet: ${failure.why}`);
    await clock.sleep(PAUSE_MS, holder.signal).catch(() => undefined);
  }
  return null;
}

/** @param refusal why the service could not be given free, where a right is missing. */
export function leaveAsItIs(
  { state, progress }: ServiceObservation,
  refusal: AzureError | null,
): PhaseOutcome {
  const isMidway = state === 'in-progress' || state === 'going-back';
  const left = `The update was left in the middle: ${progress.words}`;
  if (refusal !== null) {
    const what = 'The service could not be given free for other runs';
    return stopped('held', rightMissing(refusal, isMidway ? `${left}. ${what}. ` : `${what}. `));
  }
  return isMidway
    ? stopped('held', new UpgradeError('interrupted', left))
    : completed(false, 'no update was left in the middle');
}
