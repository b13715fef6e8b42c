// After a disaster a person lets production's geo-secondaries take over, all or one by one. From then on such a database,
// in the backup region, is production's.
import { sameName } from '../application/production-slot.ts';
import { databaseOn } from '../application/regions.ts';
import type { DatabasePair, Slot, UpgradeContext } from '../application/upgrade-context.ts';

/**
 * The application with production's databases where they are now: its two regions exchanged where all of them were failed
 * over, single databases on the standby's server where only those were; else as it is. Never throws: where nobody tells
 * of a database, it is not taken for failed over.
 */
export async function failedOver(context: UpgradeContext): Promise<UpgradeContext> {
  const { production, databases } = context;
  const { standby } = production;
  if (!standby) return context;
  const moved = await Promise.all(databases.map(({ name }) => standbyIsPrimary(context, name)));
  const on = moved.every(Boolean) ? exchangeRegions(production) : production;
  const found = databases.map((pair, index) => ({
    ...pair,
    production: databaseOn(moved[index] ? standby : production, pair.name),
  }));
  if (isAsBefore(found, databases)) return context;
  context.log.warning(`The database was failed over: ${told({ databases: found })}`);
  return { ...context, production: on, databases: found };
}

/** "contoso is on contoso-sql-dr, billing is on contoso-sql-1". */
export function told({ databases }: Pick<UpgradeContext, 'databases'>): string {
  return databases.map(({ name, production }) => `${name} is on ${production.server}`).join(', ');
}

function isAsBefore(found: readonly DatabasePair[], before: readonly DatabasePair[]): boolean {
  return found.every(({ production }, index) =>
    sameName(production.server, before[index]?.production.server ?? ''),
  );
}

function exchangeRegions(slot: Slot): Slot {
  if (!slot.standby || !slot.config.backup) return slot;
  const { name, failoverGroup } = slot.config;
  const config = { ...slot.config.backup, name, failoverGroup, backup: slot.config };
  return { ...slot.standby, config, standby: { config: slot.config, server: slot.server, site: slot.site } };
}

/** Asked of the backup region, which knows it also while the primary region is silent. */
async function standbyIsPrimary({ azure, production }: UpgradeContext, name: string): Promise<boolean> {
  if (!production.standby) return false;
  const standby = databaseOn(production.standby, name);
  try {
    const [info, links] = await Promise.all([azure.sql.getDatabase(standby), azure.sql.listLinks(standby)]);
    if (!info) return false;
    const secondary = links.some((link) => link.role === 'Secondary' || link.role === 'NonReadableSecondary');
    if (secondary) return false;
    return links.some(
      (link) => link.role === 'Primary' && sameName(link.partnerServer, production.config.sqlServer),
    );
  } catch {
    return false;
  }
}
