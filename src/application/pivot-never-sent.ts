// After a disaster the site that says where users are may be lost with its region. With slot swaps the backup region
// still tells that no swap of users was sent.
import { messageOf } from '../message-of.ts';
import { pivotOnRecord } from './pivot-on-record.ts';
import { readSlotRoles, sameName } from './production-slot.ts';
import { inBackupRegion, isFailedOver } from './regions.ts';
import type { UpgradeContext } from './upgrade-context.ts';

/**
 * Whether users are on production for sure, although the primary region's site does not say so: production's database
 * was failed over, and the pivot was never sent. Two things have to say that, because neither is enough:
 *
 * - No database says more than `upgraded`. Where the stage database is lost its geo-secondary is asked; one that is not
 *   there was never sent users to. By itself this proves little: `switching` is written on the stage database right before
 *   the pivot, and may not have arrived in the backup region when the other one was lost.
 * - The backup region's site is still production's, and Azure swaps nothing there. It is swapped before the pivot is
 *   announced, and swapped back only once users were seen to stay where they were.
 *
 * Whatever cannot be read makes it false. Never throws.
 */
export async function pivotNeverSent(context: UpgradeContext): Promise<boolean> {
  if (context.config.switchMethod !== 'slot-swap' || !isFailedOver(context)) return false;
  try {
    return (await backupSiteIsProductions(context)) && (await pivotOnRecord(context)) === 'not-tried';
  } catch (error) {
    context.log.warning(`It cannot be read whether a swap was sent: ${messageOf(error)}`);
    return false;
  }
}

async function backupSiteIsProductions(context: UpgradeContext): Promise<boolean> {
  const { azure, config, production } = context;
  const { resourceGroup, site } = production.site;
  const slots = [null, config.deploymentSlot];
  const sites = await Promise.all(
    slots.map((deploymentSlot) => azure.appService.getSite({ resourceGroup, site, deploymentSlot })),
  );
  if (sites.some((one) => one?.operationInProgress === true)) return false;
  const there = await readSlotRoles(inBackupRegion(context).config, azure);
  return sameName(there.production.name, production.config.name);
}
