// What is done for a failover group: geo-secondaries for its new members, failover of all of them, its listeners.
import { ArmError } from '../core/errors.ts';
import { sameName } from '../core/ids.ts';
import type { Work } from '../core/operations.ts';
import { remoteExists, withdraw } from './database-writes.ts';
import { isLinkOf } from './failover-group-members.ts';
import { checkSource, seeding } from './geo-secondary.ts';
import { carryOut, checkFailover } from './link-failover.ts';
import type { Database, FailoverGroup, Server } from './model.ts';
import type { SqlRegistry } from './registry.ts';

export interface MemberSeeding {
  readonly work: Work;
  readonly undo: () => void;
}

/** Leads the group's two DNS names to its servers. */
export function publishListeners({ context }: SqlRegistry, group: FailoverGroup): void {
  context.fabric.setListeners(group.name, { primary: group.primary, secondary: group.partner });
}

/**
 * Geo-secondaries on the partner for those databases that are not linked to it; links to it are taken in. Throws
 * where Azure refuses a database.
 */
export function seedMembers(registry: SqlRegistry, group: FailoverGroup): MemberSeeding {
  const server = serverNamed(registry, group.primary);
  const partner = serverNamed(registry, group.partner);
  const missing = group.databases
    .map((name) => registry.database(server, name))
    .filter((database) => database !== null)
    .filter((database) => needsSecondary(registry, group, { server, database }, partner));
  const begun = missing.map((source) => {
    const database = registry.add(partner, source.name, source.sku);
    database.creating = true;
    return seeding(registry, { server, database: source }, { server: partner, database });
  });
  return {
    work: async (signal) => {
      await Promise.all(begun.map((seed) => seed(signal)));
    },
    undo: () => {
      for (const { name } of missing) withdraw(registry, partner, name);
    },
  };
}

function needsSecondary(
  registry: SqlRegistry,
  group: FailoverGroup,
  source: { readonly server: Server; readonly database: Database },
  partner: Server,
): boolean {
  const { fabric } = registry.context;
  const link = fabric.links(source.server.name, source.database.name).find((each) => isLinkOf(group, each));
  if (link !== undefined) {
    if (sameName(link.primary.server, source.server.name)) return false;
    throw new ArmError(
      400,
      'DatabaseInFailoverGroupNotPrimary',
      "GeoDR link for the database already exists, but its role is not 'Primary' or it is not continuous copy link.",
    );
  }
  if (registry.database(partner, source.database.name) !== null) {
    if (fabric.links(partner.name, source.database.name).length === 0)
      throw remoteExists(partner, source.database.name);
    throw new ArmError(
      409,
      'FailoverGroupUnableToPerformGroupOperationOnDatabases',
      'The list of databases to add/remove to/from Failover Group contains errors that are preventing operation to complete: the databases are already in a replication relation.',
    );
  }
  checkSource(registry, source, partner);
  return true;
}

/** All members at once; the group's roles change when the last of them has. Throws where one is not in the state. */
export function failoverOf(registry: SqlRegistry, group: FailoverGroup, forced: boolean): Work {
  const partner = serverNamed(registry, group.partner);
  const links = group.databases.flatMap((name) =>
    registry.context.fabric.links(partner.name, name).filter((link) => isLinkOf(group, link)),
  );
  for (const link of links) checkFailover(registry, partner, link, forced);
  return async (signal) => {
    await Promise.all(links.map((link) => carryOut(registry, link.id, forced, signal)));
    [group.primary, group.partner] = [group.partner, group.primary];
    publishListeners(registry, group);
  };
}

function serverNamed(registry: SqlRegistry, name: string): Server {
  const server = registry.servers.get(name);
  if (server === undefined) throw new ArmError(400, 'ServerNotFound', 'The requested server was not found.');
  return server;
}
