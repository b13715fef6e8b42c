// The lock of the run, before a phase does anything. Whoever waits for it waits for another run to end: by then the state may
// be another one, and users may be on the other slot.
import { readSlotRoles, type SlotRoles, sameName } from '../application/production-slot.ts';
import { ensureRunLock, type LockTaken } from '../application/run-lock.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { within } from './connect-application.ts';

/** Another run has moved users since this one read who is production: everything has to be read again. */
export class RolesExchanged extends Error {
  constructor(now: string) {
    super(`Another run has moved users to ${now} meanwhile`);
  }
}

/** Takes the lock. Throws 'locked-by-another-run', and RolesExchanged. Where it was not `held` the state has to be read again. */
export async function beginAlone(context: UpgradeContext): Promise<LockTaken> {
  const taken = await ensureRunLock(context, 'production');
  if (taken !== 'held') await assertSameRoles(context, readSlotRoles(context.config, context.azure));
  return taken;
}

/**
 * The same for giving production back, which needs production alone and may be what does not answer: unfreezing tries again and
 * again, and takes the lock itself. Nor does it wait long for Azure to tell the roles, nor ask where nobody was at work.
 */
export async function beginGivingBack(context: UpgradeContext): Promise<LockTaken | 'not-taken'> {
  try {
    const taken = await ensureRunLock(context, 'production');
    if (taken === 'waited-for') await assertNotMoved(context);
    return taken;
  } catch (error) {
    const isSure = error instanceof UpgradeError && error.reason === 'locked-by-another-run';
    if (isSure || error instanceof RolesExchanged) throw error;
    context.log.warning(`The lock could not be taken yet: ${messageOf(error)}`);
    return 'not-taken';
  }
}

/** Throws RolesExchanged where users are on the other slot by now. That Azure does not tell it holds nothing up for long. */
export async function assertNotMoved(context: UpgradeContext): Promise<void> {
  const roles = readSlotRoles(context.config, context.azure).catch(() => null);
  await assertSameRoles(context, within(context.clock, roles, null));
}

async function assertSameRoles(
  { production }: UpgradeContext,
  reading: Promise<SlotRoles | null>,
): Promise<void> {
  const now = (await reading)?.production.name ?? production.config.name;
  if (!sameName(now, production.config.name)) throw new RolesExchanged(now);
}
