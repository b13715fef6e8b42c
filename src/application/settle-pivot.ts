// Where users are, once the write that moves them may have been sent. One look is not enough: a write whose answer
// was lost can still take effect, and then it would move users away from what V1 has written since.
import { AzureError } from '../azure/errors.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { observeDatabase } from './observe.ts';
import { pivotNeverSent } from './pivot-never-sent.ts';
import { readSlotRoles, sameName } from './production-slot.ts';
import type { DatabasePair, UpgradeContext } from './upgrade-context.ts';
import { mayHaveMovedUsers } from './way-back.ts';

/** In the words of the run's roles: 'production' is where users were when it began. */
export type UsersAre = 'production' | 'stage' | 'unknown';

/**
 * What is known about the write. `none`: it was not carried out, and nobody else can have sent one: it is looked where
 * users are, but that this cannot be seen holds nothing up. `refused`: it was not carried out, another one may be.
 * `unknown`: it may have been carried out, or be still under way. `answered`: it was carried out, and whoever does not see it
 * may look at what is not up to date. `under-way`: Azure has begun it and not ended it, so that it may come at any time.
 * `over`: it is so long ago that nothing of it can come any more.
 */
export type PivotWrite = 'none' | 'refused' | 'unknown' | 'answered' | 'under-way' | 'over';

/** How long it is asked before a person has to look. Milliseconds. */
const BUDGET_MS = 240_000;
const PAUSE_MS = 1_000;
/** So long users have to be seen where they were, once the fence is up. Milliseconds. */
const QUIET_MS = 20_000;
/** The same where Azure refuses the fence: Resource Manager gives every request up after a minute. Milliseconds. */
const QUIET_WITHOUT_FENCE_MS = 90_000;
/** Retries included no write is under way so long after it was announced; swaps are asked for besides. Milliseconds. */
const LONG_AGO_MS = 15 * 60_000;

/**
 * Asked before production is given back: where users are, and whether they stay there. Where the databases say that
 * the pivot was tried, or cannot be read, it resolves only when that is settled; 'unknown' after some minutes. Never
 * throws. The caller holds the run's lock.
 */
export async function settlePivot(context: UpgradeContext): Promise<UsersAre> {
  const write = await writeOnRecord(context);
  // The site that is looked at may be lost, and what it cannot say is known.
  if (write === 'unknown' && (await pivotNeverSent(context))) return 'production';
  return usersAfter(context, write);
}

/** What may take effect later than it is looked. */
const MAY_COME: readonly PivotWrite[] = ['unknown', 'answered', 'under-way'];

/** Asks until it is settled where users are, after a write of which this much is known. Never throws. */
export async function usersAfter(context: UpgradeContext, write: PivotWrite): Promise<UsersAre> {
  const until = context.clock.now() + BUDGET_MS;
  let quietUntil: number | null = null;
  let isSeen = write !== 'under-way';
  for (;;) {
    const users = await look(context);
    // Seen under way, it is seen to end as well.
    isSeen ||= users === 'under-way';
    if (users === 'stage') return users;
    if (users === 'unknown' && write === 'none') return 'production';
    if (users === 'production' && isSeen) {
      if (!MAY_COME.includes(write)) return users;
      if (quietUntil !== null && context.clock.now() >= quietUntil) return users;
      // Written as it is seen, a profile that is not up to date would take users back.
      quietUntil ??= write === 'answered' ? context.clock.now() + QUIET_MS : await quietAfterFence(context);
    } else {
      quietUntil = null;
    }
    if (context.clock.now() >= until) return 'unknown';
    await context.clock.sleep(PAUSE_MS);
  }
}

/** What the run throws that does not know where users are; it holds. */
export function switchOutcomeUnknown(context: UpgradeContext, cause: unknown): UpgradeError {
  const { production, stage } = context;
  return new UpgradeError(
    'switch-outcome-unknown',
    `It is not known whether users were switched to ${stage.config.name}: the switch was sent, and it cannot be told whether it will still take effect. Production ${production.config.name} is kept read-only, so that no write is lost`,
    {
      cause,
      advice: [
        'As soon as Azure answers again run phase status: it says where users are.',
        'Then run switch (it finishes), or rollback (it gives production back).',
      ],
    },
  );
}

/** The same on the way back to V1. */
export function returnOutcomeUnknown({ production, stage }: UpgradeContext, cause: unknown): UpgradeError {
  return new UpgradeError(
    'switch-outcome-unknown',
    `It is not known whether users were taken back to V1 (${stage.config.name}). V2's database on ${production.server.name} is kept read-only, so that no write is lost`,
    {
      cause,
      advice: [
        'As soon as Azure answers again run phase status: it says where users are.',
        'If they are still on V2 run phase rollback: it gives V2 back to them, and freezes V1 again.',
      ],
    },
  );
}

async function writeOnRecord(context: UpgradeContext): Promise<PivotWrite> {
  const writes = await Promise.all(context.databases.map((pair) => writeOnRecordOf(context, pair)));
  return writes.includes('unknown') ? 'unknown' : 'over';
}

async function writeOnRecordOf(context: UpgradeContext, pair: DatabasePair): Promise<PivotWrite> {
  try {
    const seen = await observeDatabase(context, pair);
    if (!mayHaveMovedUsers(seen)) return 'over';
    const { journal } = seen.stage;
    if (journal?.status !== 'switching') return 'unknown';
    return context.clock.now() - Date.parse(journal.at) > LONG_AGO_MS ? 'over' : 'unknown';
  } catch (error) {
    context.log.warning(
      `It cannot be read whether the switch of ${pair.name} was tried: ${messageOf(error)}`,
    );
    return 'unknown';
  }
}

/** Where users are at this moment; 'under-way' while Azure swaps; 'unknown' where it cannot be read. */
async function look(context: UpgradeContext): Promise<UsersAre | 'under-way'> {
  try {
    if (await swapUnderWay(context)) return 'under-way';
    const { production } = await readSlotRoles(context.config, context.azure);
    return sameName(production.name, context.production.config.name) ? 'production' : 'stage';
  } catch (error) {
    context.log.warning(`It cannot be read where users are: ${messageOf(error)}`);
    return 'unknown';
  }
}

async function swapUnderWay({ config, azure, production }: UpgradeContext): Promise<boolean> {
  if (config.switchMethod !== 'slot-swap') return false;
  const { resourceGroup, site } = production.site;
  const slots = [null, config.deploymentSlot];
  const sites = await Promise.all(
    slots.map((deploymentSlot) => azure.appService.getSite({ resourceGroup, site, deploymentSlot })),
  );
  return sites.some((one) => one?.operationInProgress === true);
}

/**
 * Makes sure that the write, if it comes still, comes before what is seen from now on, and says from when on that is
 * settled; null where it has to be tried again. A profile is written as it is: whatever was sent earlier is behind
 * that. A swap needs none: it is visible while it is under way.
 */
async function quietAfterFence({ config, azure, clock, log }: UpgradeContext): Promise<number | null> {
  const { trafficManager, switchMethod } = config;
  if (switchMethod === 'slot-swap' || !trafficManager) return clock.now() + QUIET_MS;
  try {
    await (await azure.trafficManager.openProfile(trafficManager)).write({});
    return clock.now() + QUIET_MS;
  } catch (error) {
    log.warning(`Profile ${trafficManager.profile} could not be written as it is: ${messageOf(error)}`);
    const refused = error instanceof AzureError && !error.outcomeUnknown;
    return refused ? clock.now() + QUIET_WITHOUT_FENCE_MS : null;
  }
}
