// What the post step does where main was killed, or could not give the service free: it does that, and tells where the
// update stands. Going on or back is a person's decision.
import { UpgradeError } from '../../reasons.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import { completed, type PhaseOutcome, stopped } from '../phase-outcome.ts';
import { type LeaseHolder, tryToGiveBack, warnNotGivenBack } from './with-lease.ts';

/** For the instances that were being updated when main was killed: until they are, Azure takes no tags. */
const PATIENCE_MS = 4 * 60_000;
const PAUSE_MS = 10_000;

/** Never throws: what could not be given back is told. */
export async function giveBackPatiently(holder: LeaseHolder): Promise<void> {
  const { clock, log } = holder.context;
  const until = clock.now() + PATIENCE_MS;
  for (let failure = await tryToGiveBack(holder); failure !== null; failure = await tryToGiveBack(holder)) {
    const isVain = failure.isLasting || holder.signal.aborted || clock.now() >= until;
    if (isVain) return warnNotGivenBack(holder, failure);
    log.line(`The service cannot be given free yet: ${failure.why}`);
    await clock.sleep(PAUSE_MS, holder.signal).catch(() => undefined);
  }
}

export function leaveAsItIs({ state, progress }: ServiceObservation): PhaseOutcome {
  if (state !== 'in-progress' && state !== 'going-back')
    return completed(false, 'no update was left in the middle');
  return stopped(
    'held',
    new UpgradeError('interrupted', `The update was left in the middle: ${progress.words}`),
  );
}
