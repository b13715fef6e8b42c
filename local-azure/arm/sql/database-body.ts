// A database as Azure shows it. A secondary looks exactly like a primary: only its links tell them apart.
import type { JsonObject } from '../core/json.ts';
import type { Database, Server } from './model.ts';
import type { SqlRegistry } from './registry.ts';
import type { DatabaseSku } from './sku.ts';

const COLLATION = 'SQL_Latin1_General_CP1_CI_AS';
const VCORE_TIERS = ['GeneralPurpose', 'BusinessCritical', 'Hyperscale'];
const HALF_AN_HOUR = 30 * 60_000;

/** The first version whose databases carry currentBackupStorageRedundancy instead of storageAccountType. */
const REDUNDANCY_SINCE = '2020-08-01';

export function databaseBody(
  registry: SqlRegistry,
  server: Server,
  database: Database,
  apiVersion: string,
): JsonObject {
  const id = registry.databaseId(server, database.name);
  const vcore = VCORE_TIERS.includes(database.sku.tier);
  const group = registry.groupOf(server.name, database.name);
  return {
    sku: skuBody(database.sku),
    kind: `v12.0,user${vcore ? ',vcore' : ''}${database.elasticPoolId === null ? '' : ',pool'}`,
    properties: {
      collation: COLLATION,
      maxSizeBytes: database.maxSizeBytes,
      ...(database.elasticPoolId === null ? {} : { elasticPoolId: database.elasticPoolId }),
      ...(database.autoPauseDelay === null
        ? {}
        : { autoPauseDelay: database.autoPauseDelay, minCapacity: 0.5 }),
      status: statusOf(registry, server, database),
      databaseId: database.databaseId,
      creationDate: database.createdAt.toISOString(),
      currentServiceObjectiveName: database.sku.objective,
      requestedServiceObjectiveName: database.sku.objective,
      defaultSecondaryLocation: server.location === 'northeurope' ? 'westeurope' : 'northeurope',
      ...(group === null
        ? {}
        : { failoverGroupId: `${registry.serverId(server)}/failoverGroups/${group.name}` }),
      catalogCollation: COLLATION,
      zoneRedundant: database.zoneRedundant,
      ...(database.sku.family === null ? {} : { licenseType: 'LicenseIncluded' }),
      ...(vcore ? { maxLogSizeBytes: 10_307_502_080 } : {}),
      earliestRestoreDate: new Date(database.createdAt.getTime() + HALF_AN_HOUR).toISOString(),
      readScale: 'Disabled',
      ...(vcore ? { readReplicaCount: 0 } : {}),
      currentSku: skuBody(database.sku),
      ...redundancy(database, apiVersion),
    },
    location: server.location,
    ...(Object.keys(database.tags).length === 0 ? {} : { tags: database.tags }),
    id,
    name: database.name,
    type: 'Microsoft.Sql/servers/databases',
  };
}

/** Every server has one; clients filter it out by name. */
export function masterBody(registry: SqlRegistry, server: Server): JsonObject {
  return {
    sku: { name: 'System', tier: 'System', capacity: 0 },
    kind: 'v12.0,system',
    managedBy: registry.serverId(server),
    properties: { collation: COLLATION, maxSizeBytes: 32 * 2 ** 30, status: 'Online' },
    location: server.location,
    id: registry.databaseId(server, 'master'),
    name: 'master',
    type: 'Microsoft.Sql/servers/databases',
  };
}

function skuBody(sku: DatabaseSku): JsonObject {
  return {
    name: sku.name,
    tier: sku.tier,
    ...(sku.family === null ? {} : { family: sku.family }),
    capacity: sku.capacity,
  };
}

function statusOf(registry: SqlRegistry, server: Server, database: Database): string {
  if (database.creating) return 'Creating';
  const seeding = registry.context.fabric
    .links(server.name, database.name)
    .some(
      (link) =>
        link.secondary.server.toLowerCase() === server.name.toLowerCase() &&
        (link.state === 'PENDING' || link.state === 'SEEDING'),
    );
  return seeding ? 'Copying' : 'Online';
}

function redundancy(database: Database, apiVersion: string): JsonObject {
  const storage = database.backupStorage;
  if (apiVersion < REDUNDANCY_SINCE)
    return { storageAccountType: storage === 'Zone' ? 'ZRS' : storage === 'Local' ? 'LRS' : 'GRS' };
  return { currentBackupStorageRedundancy: storage, requestedBackupStorageRedundancy: storage };
}
