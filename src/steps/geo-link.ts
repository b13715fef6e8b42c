// A geo-replication link from one server to another, for one database: what Resource Manager tells of it.
import { linkToSecondary } from '../application/observe.ts';
import { databaseOn, type GeoLink } from '../application/regions.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { DatabaseInfo, DatabaseRef, ReplicationLink } from '../azure/ports.ts';
import { shell } from '../engine/command-line.ts';
import { blocked } from '../engine/step.ts';

/** Both ends of the link of one database, and the link as the primary's end has it. Null: there is none. */
export interface LinkedDatabase {
  readonly name: string;
  readonly from: DatabaseRef;
  readonly to: DatabaseRef;
  readonly source: DatabaseInfo | null;
  readonly copy: DatabaseInfo | null;
  readonly link: ReplicationLink | null;
}

/** Asks Resource Manager alone: a database that is being seeded refuses every login. */
export async function readGeoLink(
  context: UpgradeContext,
  geoLink: GeoLink,
  name: string,
): Promise<LinkedDatabase> {
  const { sql } = context.azure;
  const [from, to] = [databaseOn(geoLink.from, name), databaseOn(geoLink.to, name)];
  const [source, copy] = await Promise.all([sql.getDatabase(from), sql.getDatabase(to)]);
  const link = source ? await linkOf(context, { from, to }) : null;
  return { name, from, to, source, copy, link };
}

/** The link between these two, whatever other links either has; null where there is none. */
export async function linkOf(
  { azure }: UpgradeContext,
  { from, to }: Pick<LinkedDatabase, 'from' | 'to'>,
): Promise<ReplicationLink | null> {
  return linkToSecondary(await azure.sql.listLinks(from), to);
}

/**
 * A database of that name that is no copy of the other one is not deleted on a guess.
 * @param primary what it would have to be linked to, in words.
 */
export function inTheWay({ name, to }: LinkedDatabase, primary: string) {
  const { server, resourceGroup } = to;
  return blocked(
    'database-in-the-way',
    `${name} exists on ${server} and is not linked to ${primary}: it may be what an earlier upgrade left, and it is not deleted on a guess`,
    'If an earlier upgrade was rolled back: run phase rollback with rollback.stage: remove.',
    'If an earlier upgrade was switched: run phase cleanup.',
    `If you know that nobody needs it: ${shell`az sql db delete -g ${resourceGroup} -s ${server} -n ${name}`}`,
  );
}
