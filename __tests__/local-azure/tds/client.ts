// tedious, as promises.
import { once } from 'node:events';
import { Connection, type ConnectionConfiguration, Request, type TYPES } from 'tedious';
import type { ScriptedServer } from './scripted-host.ts';

type Authentication = NonNullable<ConnectionConfiguration['authentication']>;

export const byPassword = (userName = 'contoso-admin', password = 'Pä$$wörd-{}"1'): Authentication => ({
  type: 'default',
  options: { userName, password },
});

export const byToken = (token: string): Authentication => ({
  type: 'azure-active-directory-access-token',
  options: { token },
});

export function configuration(
  server: Pick<ScriptedServer, 'port' | 'ca'>,
  authentication: Authentication = byPassword(),
  options: ConnectionConfiguration['options'] = {},
): ConnectionConfiguration {
  return {
    server: 'localhost',
    authentication,
    options: {
      port: server.port,
      database: 'contoso',
      encrypt: true,
      cryptoCredentialsDetails: { ca: server.ca },
      rowCollectionOnRequestCompletion: true,
      maxRetriesOnTransientErrors: 0,
      connectTimeout: 60_000,
      requestTimeout: 60_000,
      ...options,
    },
  };
}

export async function open(config: ConnectionConfiguration): Promise<Connection> {
  const connection = new Connection(config);
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  return connection;
}

export async function close(connection: Connection): Promise<void> {
  const ended = once(connection, 'end');
  connection.close();
  await ended;
}

export interface Value {
  readonly name: string;
  readonly type: (typeof TYPES)[keyof typeof TYPES];
  readonly value: unknown;
  readonly options?: { precision?: number; scale?: number; length?: number };
}

interface Cell {
  readonly value: unknown;
}

export type SendAs = 'batch' | 'rpc' | 'procedure';

/** Rows of all result sets; an AggregateError where the server sent several errors. */
export function query(
  connection: Connection,
  text: string,
  values: readonly Value[] = [],
  sendAs: SendAs = 'rpc',
  onRequest: (request: Request) => void = () => undefined,
): Promise<unknown[][]> {
  return new Promise((resolve, reject) => {
    const request = new Request(text, (error, _count, found: unknown) => {
      if (error) reject(error);
      else resolve((found as readonly (readonly Cell[])[]).map((cells) => cells.map(({ value }) => value)));
    });
    for (const { name, type, value, options } of values) request.addParameter(name, type, value, options);
    onRequest(request);
    if (sendAs === 'batch') connection.execSqlBatch(request);
    else if (sendAs === 'procedure') connection.callProcedure(request);
    else connection.execSql(request);
  });
}
