// The commands with which a person lets a slot's standby take over, whatever had not arrived there being lost.
import { setGroupPrimary, setPrimary } from '../application/geo-replication-commands.ts';
import { sameName } from '../application/production-slot.ts';
import { databaseOn, standbyOf } from '../application/regions.ts';
import type { Role, UpgradeContext } from '../application/upgrade-context.ts';

/** A database in a failover group is failed over with its group only; one that is in none, by itself. Never throws. */
export async function failoverCommands(context: UpgradeContext, role: Role): Promise<string[]> {
  const standby = standbyOf(context, role);
  const { sqlResourceGroup: resourceGroup, sqlServer: server } = standby.config;
  const grouped = await groupsOf(context, role);
  // What was failed over already is the primary there.
  const left = context.databases.filter((pair) => !sameName(pair[role].server, server));
  const groups = new Set(left.flatMap(({ name }) => grouped.get(name) ?? []));
  const single = left.map(({ name }) => name).filter((name) => !grouped.has(name));
  return [
    ...[...groups].map((name) => setGroupPrimary({ resourceGroup, server }, name, 'forced')),
    ...single.map((name) => setPrimary(databaseOn(standby, name), 'forced')),
  ];
}

/**
 * The group of each database that is in one, as the standby's server tells: the one that the configuration names is made
 * after the switch only. Where that server does not tell, production is taken to be in its slot's.
 */
async function groupsOf(
  { azure, config, ...roles }: UpgradeContext,
  role: Role,
): Promise<Map<string, string>> {
  const { sqlResourceGroup: resourceGroup, sqlServer: server } = standbyOf(roles, role).config;
  try {
    const groups = await azure.sql.listFailoverGroups({ resourceGroup, server });
    return new Map(
      groups.flatMap(({ name, databaseIds }) =>
        config.databases
          .filter((database) => hasMember(databaseIds, database))
          .map((one) => [one, name] as const),
      ),
    );
  } catch {
    const { failoverGroup } = roles[role].config;
    const named = role === 'production' ? failoverGroup : null;
    return new Map(named === null ? [] : config.databases.map((database) => [database, named]));
  }
}

function hasMember(databaseIds: readonly string[], database: string): boolean {
  return databaseIds.some((id) => sameName(id.split('/').at(-1) ?? '', database));
}
