// All logical servers of the subscription and what is on them, reconciled with the fabric: databases also come
// and go by T-SQL (ADD SECONDARY, DROP DATABASE).
import type { ArmCall } from '../core/call.ts';
import type { ArmContext } from '../core/context.ts';
import { resourceNotFound } from '../core/errors.ts';
import { NameMap, parseId, sameName } from '../core/ids.ts';
import type { Database, FailoverGroup, Server } from './model.ts';
import type { DatabaseSku } from './sku.ts';
import { skuOf } from './sku.ts';

const GIGABYTE = 2 ** 30;

export interface SqlRegistry {
  readonly context: ArmContext;
  readonly servers: NameMap<Server>;
  readonly failoverGroups: FailoverGroup[];
  /** The failover group that a database is in, on either of its servers. */
  groupOf(server: string, database: string): FailoverGroup | null;
  /** The server a call names; throws 404 ResourceNotFound. */
  server(call: ArmCall): Server;
  database(server: Server, name: string): Database | null;
  databases(server: Server): Database[];
  /** The database of a resource id; null where the id is none, or nothing is there. */
  byId(id: string): { readonly server: Server; readonly database: Database } | null;
  add(server: Server, name: string, sku: DatabaseSku): Database;
  serverId(server: Server): string;
  databaseId(server: Server, name: string): string;
}

export function createSqlRegistry(context: ArmContext): SqlRegistry {
  const servers = new NameMap<Server>();
  const serverId = (server: Server) =>
    `/subscriptions/${context.subscriptionId}/resourceGroups/${server.group}/providers/Microsoft.Sql/servers/${server.name}`;

  const add = (server: Server, name: string, sku: DatabaseSku): Database => {
    const database: Database = {
      name,
      databaseId: context.random.guid(),
      createdAt: context.clock.now(),
      sku,
      elasticPoolId: null,
      maxSizeBytes:
        sku.tier === 'Basic' ? 2 * GIGABYTE : sku.tier === 'GeneralPurpose' ? 32 * GIGABYTE : 250 * GIGABYTE,
      zoneRedundant: false,
      autoPauseDelay: sku.name.startsWith('GP_S_') ? 60 : null,
      backupStorage: 'Geo',
      tags: {},
      ledgerDigestEndpoint: null,
      creating: false,
    };
    server.databases.set(name, database);
    return database;
  };

  const databases = (server: Server): Database[] => {
    const there = context.fabric.databases(server.name).filter((name) => !sameName(name, 'master'));
    for (const name of there)
      if (!server.databases.has(name)) add(server, name, partnerSku(server.name, name) ?? skuOf('GP_Gen5_2'));
    for (const database of server.databases.values())
      if (!database.creating && !there.some((name) => sameName(name, database.name)))
        forget(server, database);
    return server.databases.values();
  };

  /** A secondary that is still seeding may be no more than a link. */
  const forget = (server: Server, database: Database) => {
    if (context.fabric.links(server.name, database.name).length === 0) server.databases.delete(database.name);
  };

  const partnerSku = (serverName: string, name: string): DatabaseSku | null => {
    for (const link of context.fabric.links(serverName, name)) {
      const partner = sameName(link.primary.server, serverName) ? link.secondary : link.primary;
      const found = servers.get(partner.server)?.databases.get(partner.database);
      if (found !== undefined) return found.sku;
    }
    return null;
  };

  const database = (server: Server, name: string) =>
    databases(server).find((each) => sameName(each.name, name)) ?? null;

  const failoverGroups: FailoverGroup[] = [];
  return {
    context,
    servers,
    failoverGroups,
    groupOf: (serverName, databaseName) =>
      failoverGroups.find(
        ({ primary, partner, databases: members }) =>
          [primary, partner].some((each) => sameName(each, serverName)) &&
          members.some((each) => sameName(each, databaseName)),
      ) ?? null,
    server: (call) => {
      const server = servers.get(call.param('server'));
      if (server !== undefined && sameName(server.group, call.param('group'))) return server;
      throw resourceNotFound(`Microsoft.Sql/servers/${call.param('server')}`, call.param('group'));
    },
    database,
    databases,
    byId: (id) => {
      const parsed = parseId(id);
      const [serverName = '', databaseName = ''] = parsed?.names ?? [];
      const server = servers.get(serverName);
      if (server === undefined || !sameName(server.group, parsed?.group ?? '')) return null;
      const found = database(server, databaseName);
      return found === null ? null : { server, database: found };
    },
    add,
    serverId,
    databaseId: (server, name) => `${serverId(server)}/databases/${name}`,
  };
}
