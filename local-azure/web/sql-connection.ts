// One connection of a site to its database: the real driver over the real wire.
import { connect, type Socket } from 'node:net';
import { Connection, type ConnectionConfiguration, Request, TYPES } from 'tedious';
import type { SqlEndpoint } from './connection-string.ts';
import type { Routes } from './routes.ts';

/**
 * `unavailable`: no connection, nothing was sent. `lost`: it broke under a request, whose outcome is unknown.
 * `server`: SQL Server answered with an error number.
 */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly kind: 'unavailable' | 'lost' | 'server';
  readonly number: number | null;

  constructor(message: string, kind: 'unavailable' | 'lost' | 'server', number: number | null) {
    super(message);
    this.kind = kind;
    this.number = number;
  }
}

export type Row = Readonly<Record<string, unknown>>;

export interface DatabaseConnection {
  readonly isOpen: boolean;
  /** Throws DatabaseError. */
  query(text: string, parameters: Readonly<Record<string, string | number>>): Promise<Row[]>;
  close(): void;
}

export interface DatabaseAccess {
  readonly routes: Routes;
  /** PEM. */
  readonly ca: string;
  readonly requestTimeoutMs: number;
}

/** Opens a connection. Throws DatabaseError of kind `unavailable`. */
export async function openConnection(
  endpoint: SqlEndpoint,
  access: DatabaseAccess,
  appName: string,
): Promise<DatabaseConnection> {
  const connection = new Connection(configuration(endpoint, access, appName));
  let open = false;
  connection.on('end', () => {
    open = false;
  });
  // A killed idle session is no one's request: it is noticed by `isOpen`.
  connection.on('error', () => {
    open = false;
  });
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => {
      if (error) reject(new DatabaseError(error.message, 'unavailable', numberOf(error)));
      else resolve();
    });
  });
  open = true;
  return {
    get isOpen() {
      return open;
    },
    query: async (text, parameters) => {
      try {
        return await execute(connection, text, parameters);
      } catch (error) {
        const failure = classify(error, open);
        if (failure.kind === 'lost') open = false;
        throw failure;
      }
    },
    close: () => {
      open = false;
      connection.close();
    },
  };
}

function configuration(
  endpoint: SqlEndpoint,
  access: DatabaseAccess,
  appName: string,
): ConnectionConfiguration {
  return {
    server: endpoint.host,
    authentication: {
      type: 'default',
      options: { userName: endpoint.user, password: endpoint.password },
    },
    options: {
      database: endpoint.database,
      encrypt: true,
      trustServerCertificate: false,
      cryptoCredentialsDetails: { ca: access.ca },
      connector: () => dial(endpoint, access.routes),
      connectTimeout: access.requestTimeoutMs,
      requestTimeout: access.requestTimeoutMs,
      rowCollectionOnRequestCompletion: true,
      useColumnNames: false,
      maxRetriesOnTransientErrors: 0,
      appName,
    },
  };
}

function dial(endpoint: SqlEndpoint, routes: Routes): Promise<Socket> {
  const address = routes.find(endpoint.host, endpoint.port);
  if (!address) return Promise.reject(new Error(`getaddrinfo ENOTFOUND ${endpoint.host}`));
  return new Promise((resolve, reject) => {
    const socket = connect({ ...address, noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

function execute(
  connection: Connection,
  text: string,
  parameters: Readonly<Record<string, string | number>>,
): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const request = new Request(text, (error, _count, rows: unknown) => {
      if (error) reject(error);
      else resolve(readRows(rows));
    });
    for (const [name, value] of Object.entries(parameters)) {
      if (typeof value === 'number')
        request.addParameter(name, TYPES.Decimal, value, { precision: 12, scale: 2 });
      else request.addParameter(name, TYPES.NVarChar, value);
    }
    connection.execSql(request);
  });
}

interface Cell {
  readonly value: unknown;
  readonly metadata: { readonly colName: string };
}

function readRows(rows: unknown): Row[] {
  if (!Array.isArray(rows)) return [];
  return rows.map((cells: readonly Cell[]) =>
    Object.fromEntries(cells.map((cell) => [cell.metadata.colName, cell.value])),
  );
}

/** Severity 20 and above ends the session, whatever the number. */
function classify(error: unknown, open: boolean): DatabaseError {
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const message = first instanceof Error ? first.message : String(first);
  const number = numberOf(first);
  const severity = first instanceof Error && 'class' in first ? Number(first.class) : 0;
  const answered = number !== null && severity < 20 && open;
  return new DatabaseError(message, answered ? 'server' : 'lost', number);
}

function numberOf(error: unknown): number | null {
  return error instanceof Error && 'number' in error && typeof error.number === 'number'
    ? error.number
    : null;
}
