// PUT, PATCH and DELETE of a database: all of them accepted with 202 and carried on afterwards.
import type { ArmAnswer, ArmCall } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import { sameName } from '../core/ids.ts';
import { asBoolean, asNumber, asObject, asText, asTexts } from '../core/json.ts';
import { requireLocation } from '../core/location.ts';
import type { Work } from '../core/operations.ts';
import { inFailoverGroup } from './failover-group-members.ts';
import { checkSecondary, poolOf, seeding, sourceOf } from './geo-secondary.ts';
import type { Database, Server } from './model.ts';
import { accepted } from './operation-answers.ts';
import type { SqlRegistry } from './registry.ts';
import { poolSku, requestedSku, skuOf } from './sku.ts';

/** What a PUT that names no sku gets. */
const DEFAULT_OBJECTIVE = 'GP_Gen5_2';

export interface DatabaseWrites {
  put(call: ArmCall): ArmAnswer;
  patch(call: ArmCall): ArmAnswer;
  remove(call: ArmCall): ArmAnswer;
}

export function createDatabaseWrites(registry: SqlRegistry): DatabaseWrites {
  const { context } = registry;
  const start = (
    call: ArmCall,
    server: Server,
    name: string,
    operation: string,
    work: Work,
    undo?: () => void,
  ): ArmAnswer => {
    const id = registry.databaseId(server, name);
    const started = context.operations.start(call, operation, id, work, undo);
    return accepted(context, call, started, 'database', server.location);
  };
  const checked = (call: ArmCall): { server: Server; name: string; existing: Database | null } => {
    const server = registry.server(call);
    const name = call.param('database');
    requireFreeName(name);
    if (context.operations.running(registry.databaseId(server, name)) !== null)
      throw conflicting(server, name);
    return { server, name, existing: registry.database(server, name) };
  };

  const update = (call: ArmCall, server: Server, database: Database): ArmAnswer => {
    const pool = poolOf(call, server);
    const sku = pool === null ? requestedSku(call.body) : poolSku(pool.tier);
    return start(call, server, database.name, 'UpdateLogicalDatabase', async (signal) => {
      await context.clock.sleep(context.latency.of('drop-database'), signal);
      if (sku !== null) database.sku = sku;
      if (pool !== null) database.elasticPoolId = pool.id;
      applyProperties(database, call);
    });
  };

  const create = (call: ArmCall, server: Server, name: string): ArmAnswer => {
    const pool = poolOf(call, server);
    const sku = pool === null ? (requestedSku(call.body) ?? skuOf(DEFAULT_OBJECTIVE)) : poolSku(pool.tier);
    const database = registry.add(server, name, sku);
    database.creating = true;
    applyProperties(database, call);
    const work: Work = async (signal) => {
      await context.clock.sleep(context.latency.of('create-database'), signal);
      context.fabric.createDatabase(server.name, name);
      database.creating = false;
    };
    return start(call, server, name, 'CreateLogicalDatabase', work, () => withdraw(registry, server, name));
  };

  const createFrom = (call: ArmCall, server: Server, name: string, mode: 'secondary' | 'copy'): ArmAnswer => {
    const source = sourceOf(registry, call);
    const pool = poolOf(call, server);
    const sku =
      mode === 'secondary'
        ? checkSecondary(registry, call, source, { server, name })
        : (requestedSku(call.body) ?? source.database.sku);
    const database = registry.add(server, name, sku);
    database.creating = true;
    database.maxSizeBytes = source.database.maxSizeBytes;
    database.backupStorage = source.database.backupStorage;
    database.elasticPoolId = pool?.id ?? null;
    applyProperties(database, call);
    const seed = seeding(registry, source, { server, database });
    const work: Work = async (signal) => {
      await seed(signal);
      if (mode === 'copy')
        for (const link of context.fabric.links(server.name, name)) context.fabric.removeLink(link.id);
    };
    return start(call, server, name, 'CreateDatabaseAsCopy', work, () => withdraw(registry, server, name));
  };

  return {
    put: (call) => {
      const { server, name, existing } = checked(call);
      requireLocation(call.body, { name, group: server.group, location: server.location });
      const mode = asText(asObject(call.body.properties).createMode)?.toLowerCase() ?? 'default';
      if (mode === 'secondary' || mode === 'onlinesecondary') {
        if (existing === null) return createFrom(call, server, name, 'secondary');
        return whereLinked(registry, call, server, existing, () => update(call, server, existing));
      }
      if (mode === 'copy') {
        if (existing !== null) throw remoteExists(server, name);
        return createFrom(call, server, name, 'copy');
      }
      if (mode !== 'default')
        throw new ArmError(400, 'InvalidDatabaseCreateMode', 'Invalid request to create a database.');
      return existing === null ? create(call, server, name) : update(call, server, existing);
    },
    patch: (call) => {
      const { server, name, existing } = checked(call);
      if (existing === null) throw databaseNotFound(registry, call, name);
      return update(call, server, existing);
    },
    remove: (call) => {
      const { server, name, existing } = checked(call);
      if (existing === null) return { status: 204 };
      const group = registry.groupOf(server.name, name);
      if (group !== null) throw inFailoverGroup(group, name);
      return start(call, server, name, 'DropLogicalDatabase', async (signal) => {
        await context.clock.sleep(context.latency.of('drop-database'), signal);
        context.fabric.dropDatabase(server.name, name);
        server.databases.delete(name);
      });
    },
  };
}

function applyProperties(database: Database, call: ArmCall): void {
  const properties = asObject(call.body.properties);
  database.maxSizeBytes = asNumber(properties.maxSizeBytes) ?? database.maxSizeBytes;
  database.zoneRedundant = asBoolean(properties.zoneRedundant) ?? database.zoneRedundant;
  database.autoPauseDelay = asNumber(properties.autoPauseDelay) ?? database.autoPauseDelay;
  database.backupStorage = requestedBackupStorage(properties) ?? database.backupStorage;
  if (call.body.tags !== undefined) database.tags = asTexts(call.body.tags);
}

function requestedBackupStorage(properties: ReturnType<typeof asObject>): string | null {
  const old = asText(properties.storageAccountType);
  if (old !== null) return { ZRS: 'Zone', LRS: 'Local', GRS: 'Geo' }[old] ?? null;
  return asText(properties.requestedBackupStorageRedundancy);
}

/** A PUT on what already is this source's secondary updates it, as recorded; on anything else it is refused. */
function whereLinked(
  registry: SqlRegistry,
  call: ArmCall,
  server: Server,
  existing: Database,
  update: () => ArmAnswer,
): ArmAnswer {
  const source = sourceOf(registry, call);
  const linkedTo = registry.context.fabric
    .links(server.name, existing.name)
    .find((link) => sameName(link.secondary.server, server.name));
  if (linkedTo === undefined) throw remoteExists(server, existing.name);
  if (sameName(linkedTo.primary.server, source.server.name)) return update();
  throw new ArmError(
    409,
    'DuplicateGeoDrRelation',
    'The databases are already in a replication relation. This is a duplicate request.',
  );
}

export function remoteExists(server: Server, name: string): ArmError {
  return new ArmError(
    409,
    'RemoteDatabaseExists',
    `The destination database name '${name}' already exists on the server '${server.name}'.`,
  );
}

export function databaseNotFound(registry: SqlRegistry, call: ArmCall, name: string): ArmError {
  const server = registry.server(call);
  if (call.apiVersion.startsWith('2014-04-01'))
    return new ArmError(
      404,
      'NotFound',
      `Database with name '${name}' does not exist. To continue, specify a valid database name.`,
      { envelope: 'bare' },
    );
  return new ArmError(
    404,
    'ResourceNotFound',
    `The requested resource of type 'Microsoft.Sql/servers/databases' with name '${name}' was not found on server '${server.name}'.`,
  );
}

/** A database whose creation does not end well is not there afterwards. */
export function withdraw({ context }: SqlRegistry, server: Server, name: string): void {
  if (context.fabric.hasDatabase(server.name, name)) context.fabric.dropDatabase(server.name, name);
  server.databases.delete(name);
}

export function conflicting(server: Server, name: string): ArmError {
  return new ArmError(
    409,
    'ConflictingDatabaseOperation',
    `The operation on the resource could not be completed because it was interrupted by another operation on the same resource: database '${name}' on server '${server.name}'.`,
  );
}

function requireFreeName(name: string): void {
  if (!['master', 'tempdb', 'model', 'msdb'].includes(name.toLowerCase())) return;
  throw new ArmError(400, '40636', `Cannot use reserved database name '${name}' in this operation.`, {
    envelope: 'bare',
  });
}
