// Microsoft.Sql/servers/databases: reads, writes, and the operations under way on a database.
import type { ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import { sameName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import type { Operation } from '../core/operations.ts';
import { databaseBody, masterBody } from './database-body.ts';
import { createDatabaseWrites, databaseNotFound } from './database-writes.ts';
import type { Database, Server } from './model.ts';
import { DATABASE, SERVER } from './model.ts';
import type { SqlRegistry } from './registry.ts';

/** What the service calls an operation in a database's list of operations. */
const FRIENDLY: Readonly<Record<string, string>> = {
  CreateLogicalDatabase: 'CREATE DATABASE',
  CreateDatabaseAsCopy: 'CREATE DATABASE AS COPY',
  UpdateLogicalDatabase: 'ALTER DATABASE',
  DropLogicalDatabase: 'DROP DATABASE',
};

const STATES: Readonly<Record<Operation['status'], string>> = {
  InProgress: 'InProgress',
  Succeeded: 'Succeeded',
  Failed: 'Failed',
  Cancelled: 'Cancelled',
};

/** The server and database a call names; throws 404. */
export function requireDatabase(
  registry: SqlRegistry,
  call: ArmCall,
): { server: Server; database: Database } {
  const server = registry.server(call);
  const database = registry.database(server, call.param('database'));
  if (database === null) throw databaseNotFound(registry, call, call.param('database'));
  return { server, database };
}

export function databaseRoutes(registry: SqlRegistry): Route[] {
  const { operations } = registry.context;
  const writes = createDatabaseWrites(registry);
  const action = (verb: string) => `Microsoft.Sql/servers/databases/${verb}`;

  const get = (call: ArmCall) => {
    if (sameName(call.param('database'), 'master')) return ok(masterBody(registry, registry.server(call)));
    const { server, database } = requireDatabase(registry, call);
    return ok(databaseBody(registry, server, database, call.apiVersion));
  };

  const list = (call: ArmCall) => {
    const server = registry.server(call);
    const bodies = registry
      .databases(server)
      .map((each) => databaseBody(registry, server, each, call.apiVersion));
    return ok({ value: [...bodies, masterBody(registry, server)] });
  };

  const listOperations = (call: ArmCall) => {
    const server = registry.server(call);
    const id = registry.databaseId(server, call.param('database'));
    return ok({
      value: operations.of(id).map((each) => operationBody(each, id, server, call.param('database'))),
    });
  };

  const cancel = (call: ArmCall) => {
    const operation = operations.get(call.param('operation'));
    if (operation === null)
      throw new ArmError(
        404,
        'OperationIdNotFound',
        `The operation with Id ${call.param('operation')} does not exist.`,
      );
    if (!operations.cancel(operation.id))
      throw new ArmError(
        409,
        'CannotCancelOperation',
        'The management operation is in a state that cannot be cancelled.',
      );
    return { status: 200 };
  };

  return [
    { method: 'GET', template: `${SERVER}/databases`, action: action('read'), handle: list },
    { method: 'GET', template: DATABASE, action: action('read'), handle: get },
    { method: 'PUT', template: DATABASE, action: action('write'), handle: writes.put },
    { method: 'PATCH', template: DATABASE, action: action('write'), handle: writes.patch },
    { method: 'DELETE', template: DATABASE, action: action('delete'), handle: writes.remove },
    {
      method: 'GET',
      template: `${DATABASE}/operations`,
      action: action('operations/read'),
      handle: listOperations,
    },
    {
      method: 'POST',
      template: `${DATABASE}/operations/{operation}/cancel`,
      action: action('operations/cancel/action'),
      handle: cancel,
    },
  ];
}

function operationBody(
  operation: Operation,
  databaseId: string,
  server: Server,
  database: string,
): JsonObject {
  return {
    properties: {
      databaseName: database,
      operation: operation.name,
      operationFriendlyName: FRIENDLY[operation.name] ?? operation.name,
      percentComplete: operation.status === 'InProgress' ? 0 : 100,
      serverName: server.name,
      startTime: operation.startTime.toISOString(),
      state: STATES[operation.status],
      ...(operation.error === null ? {} : { errorDescription: operation.error.message, isUserError: true }),
      isCancellable: operation.status === 'InProgress',
    },
    id: `${databaseId}/operations/${operation.id}`,
    name: operation.id,
    type: 'Microsoft.Sql/servers/databases/operations',
  };
}
