// Microsoft.Sql as a whole: its routes, and the seeds with which a topology is set up.
import type { Route } from '../core/call.ts';
import type { ArmContext } from '../core/context.ts';
import { parseId, sameName } from '../core/ids.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import type { Locate } from '../core/outage.ts';
import { databaseRoutes } from './databases.ts';
import { publishListeners } from './failover-group-work.ts';
import { failoverGroupRoutes } from './failover-groups.ts';
import { ledgerRoutes } from './ledger.ts';
import { linkFailoverRoutes } from './link-failover.ts';
import type { Database, EntraAdministrator, FailoverGroup, FirewallRule, Server } from './model.ts';
import { operationRoutes } from './operation-answers.ts';
import { createSqlRegistry } from './registry.ts';
import { replicationLinkRoutes } from './replication-links.ts';
import {
  administratorRoutes,
  firewallRoutes,
  setEntraAdministrator,
  setFirewallRule,
} from './server-access.ts';
import type { NewServer } from './servers.ts';
import { addServer, removeServer, serverRoutes } from './servers.ts';
import { skuOf } from './sku.ts';

export interface NewDatabase {
  readonly server: string;
  readonly name: string;
  /** Service objective, e.g. S1 or GP_Gen5_2. */
  readonly sku: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface SqlProvider {
  readonly routes: readonly Route[];
  readonly locate: Locate;
  createServer(server: NewServer): void;
  /** Creates it in the fabric too, at once. */
  createDatabase(database: NewDatabase): void;
  /** What only resource manager knows of a database (sku, tags, auto-pause …), for a test to set. */
  changeDatabase(server: string, database: string, change: Partial<Database>): void;
  setFirewallRule(server: string, rule: FirewallRule): void;
  setEntraAdministrator(server: string, administrator: EntraAdministrator | null): void;
  /** A customer-managed key as encryption protector; null: service-managed. */
  setEncryptionKey(server: string, uri: string | null): void;
  /** Whether the digests of a database's ledger go to a storage account. */
  setLedgerDigestUploads(server: string, database: string, enabled: boolean): void;
  addElasticPool(server: string, pool: { readonly name: string; readonly tier: string }): void;
  /** A group over databases that are linked already. */
  addFailoverGroup(group: FailoverGroup): void;
  removeGroup(group: string): void;
  state(): JsonValue;
}

const DIGEST_STORAGE = 'https://contosodigests.blob.core.windows.net';

export function createSqlProvider(context: ArmContext): SqlProvider {
  const registry = createSqlRegistry(context);
  const server = (name: string): Server => {
    const found = registry.servers.get(name);
    if (found === undefined) throw new Error(`There is no SQL server ${name}.`);
    return found;
  };
  const database = (on: string, name: string): Database => {
    const found = registry.database(server(on), name);
    if (found === null) throw new Error(`There is no database ${on}/${name}.`);
    return found;
  };
  return {
    routes: [
      ...operationRoutes(context),
      ...serverRoutes(registry),
      ...firewallRoutes(registry),
      ...administratorRoutes(registry),
      ...failoverGroupRoutes(registry),
      ...databaseRoutes(registry),
      ...replicationLinkRoutes(registry),
      ...linkFailoverRoutes(registry),
      ...ledgerRoutes(registry),
    ],
    locate: (id) => {
      const parsed = parseId(id);
      if (parsed === null || !sameName(parsed.types[0] ?? '', 'servers')) return null;
      return registry.servers.get(parsed.names[0] ?? '')?.location ?? null;
    },
    createServer: (added) => {
      addServer(registry, added);
    },
    createDatabase: ({ server: on, name, sku, tags }) => {
      context.fabric.createDatabase(on, name);
      registry.add(server(on), name, skuOf(sku)).tags = tags ?? {};
    },
    changeDatabase: (on, name, change) => {
      Object.assign(database(on, name), change);
    },
    setFirewallRule: (on, rule) => setFirewallRule(registry, server(on), rule),
    setEntraAdministrator: (on, administrator) => setEntraAdministrator(registry, server(on), administrator),
    setEncryptionKey: (on, uri) => {
      server(on).keyUri = uri;
    },
    setLedgerDigestUploads: (on, name, enabled) => {
      database(on, name).ledgerDigestEndpoint = enabled ? DIGEST_STORAGE : null;
    },
    addElasticPool: (on, pool) => server(on).elasticPools.set(pool.name, pool),
    addFailoverGroup: (group) => {
      registry.failoverGroups.push(group);
      publishListeners(registry, group);
    },
    removeGroup: (group) => {
      for (const each of registry.servers.values())
        if (sameName(each.group, group)) removeServer(registry, each);
    },
    state: () =>
      registry.servers.values().map((each) => ({
        ...serverState(registry.databases(each), each, context),
        failoverGroups: registry.failoverGroups
          .filter((group) => sameName(group.primary, each.name))
          .map(({ name, partner, databases }) => ({ name, partner, databases: [...databases] })),
      })),
  };
}

function serverState(databases: readonly Database[], server: Server, context: ArmContext): JsonObject {
  return {
    name: server.name,
    resourceGroup: server.group,
    location: server.location,
    entraAdministrator: server.entraAdministrator?.login ?? null,
    firewallRules: server.firewallRules.values().map(({ name, startIpAddress, endIpAddress }) => ({
      name,
      startIpAddress,
      endIpAddress,
    })),
    databases: databases.map((database) => ({
      name: database.name,
      objective: database.sku.objective,
      creating: database.creating,
      tags: database.tags,
      links: context.fabric.links(server.name, database.name).map((link) => ({
        id: link.id,
        primary: link.primary.server,
        secondary: link.secondary.server,
        state: link.state,
        percentComplete: link.percentComplete,
      })),
    })),
  };
}
