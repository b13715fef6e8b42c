// After a disaster a person lets production's geo-secondary take over. From then on that database, in the backup
// region, is production's.
import { sameName } from '../application/production-slot.ts';
import { databaseOn } from '../application/regions.ts';
import type { Slot, UpgradeContext } from '../application/upgrade-context.ts';

/**
 * The application with production's two regions exchanged where its database was failed over; else as it is. Never
 * throws: where nobody tells, nothing is taken for failed over.
 */
export async function failedOver(context: UpgradeContext): Promise<UpgradeContext> {
  const { production, databases } = context;
  if (!production.standby || !(await standbyIsPrimary(context))) return context;
  context.log.warning(
    `The database was failed over: production is on ${production.standby.server.name} in ${production.standby.server.location}`,
  );
  const exchanged = exchangeRegions(production);
  return {
    ...context,
    production: exchanged,
    databases: databases.map((pair) => ({ ...pair, production: databaseOn(exchanged, pair.name) })),
  };
}

function exchangeRegions(slot: Slot): Slot {
  if (!slot.standby || !slot.config.backup) return slot;
  const { name, failoverGroup } = slot.config;
  const config = { ...slot.config.backup, name, failoverGroup, backup: slot.config };
  return { ...slot.standby, config, standby: { config: slot.config, server: slot.server, site: slot.site } };
}

/** Asked of the backup region, which knows it also while the primary region is silent. */
async function standbyIsPrimary({ azure, production, databases }: UpgradeContext): Promise<boolean> {
  const [first] = databases;
  if (!production.standby || !first) return false;
  const standby = databaseOn(production.standby, first.name);
  try {
    const [info, links] = await Promise.all([azure.sql.getDatabase(standby), azure.sql.listLinks(standby)]);
    if (!info) return false;
    const back = links.filter((link) => sameName(link.partnerServer, production.server.name));
    const secondary = links.some((link) => link.role === 'Secondary' || link.role === 'NonReadableSecondary');
    if (secondary) return false;
    return back.some((link) => link.role === 'Primary');
  } catch {
    return false;
  }
}
