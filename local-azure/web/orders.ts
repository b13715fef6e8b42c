// Data access of "contoso orders".
import { LATER_COLUMNS, type Release } from './packages.ts';
import { DatabaseError, type Row } from './sql-connection.ts';
import type { SqlPool } from './sql-pool.ts';

export interface NewOrder {
  readonly id: string;
  readonly customer: string;
  readonly amount: number;
}

export interface DatabaseHealth {
  /** 1 for version 1's; each later column adds one. */
  readonly schema: number;
  readonly writable: boolean;
}

export interface Orders {
  /** Throws DatabaseError, as all of these. */
  health(): Promise<DatabaseHealth>;
  latest(): Promise<Row[]>;
  find(id: string): Promise<Row | null>;
  /** Idempotent on the id. */
  add(order: NewOrder): Promise<'created' | 'existed'>;
}

/** The database is read-only; and this user may not write now, which is what a fence of permissions answers. */
const CLOSED_FOR_WRITERS: readonly number[] = [3906, 229];
const DUPLICATE_KEY = 2627;

export function isReadOnly(error: unknown): boolean {
  return error instanceof DatabaseError && CLOSED_FOR_WRITERS.includes(error.number ?? 0);
}

export function createOrders(pool: SqlPool, release: Release): Orders {
  const columns = ['Id', 'Customer', 'Amount', 'CreatedAt', ...release.columns.map((c) => c.name)];
  const select = columns.map((name) => `[${name}]`).join(', ');
  const insert = insertStatement(release);
  const read = (text: string, parameters: Readonly<Record<string, string>> = {}) =>
    pool.use(true, (connection) => connection.query(text, parameters));
  return {
    health: async () => readHealth(await read(HEALTH)),
    latest: () => read(`SELECT TOP (20) ${select} FROM [dbo].[Orders] ORDER BY [CreatedAt] DESC, [Id]`),
    find: async (id) =>
      (await read(`SELECT ${select} FROM [dbo].[Orders] WHERE [Id] = @id`, { id }))[0] ?? null,
    add: async (order) => {
      try {
        await pool.use(false, (connection) => connection.query(insert, { ...order }));
        return 'created';
      } catch (error) {
        if (error instanceof DatabaseError && error.number === DUPLICATE_KEY) return 'existed';
        throw error;
      }
    },
  };
}

const HEALTH = `SELECT DATABASEPROPERTYEX(DB_NAME(), N'Updateability') AS [updateability], ${LATER_COLUMNS.map(
  (name) => `COL_LENGTH(N'dbo.Orders', N'${name}') AS [${name}]`,
).join(', ')}, OBJECT_ID(N'dbo.SchemaVersion') AS [ledger]`;

function readHealth(rows: readonly Row[]): DatabaseHealth {
  const row = rows[0] ?? {};
  const missing = LATER_COLUMNS.findIndex((name) => row[name] === null || row[name] === undefined);
  const columns = missing < 0 ? LATER_COLUMNS.length : missing;
  const hasLedger = row.ledger !== null && row.ledger !== undefined;
  return { schema: hasLedger ? columns + 1 : 1, writable: row.updateability === 'READ_WRITE' };
}

function insertStatement(release: Release): string {
  const names = ['Id', 'Customer', 'Amount', ...release.columns.map((column) => column.name)];
  const values = ['@id', '@customer', '@amount', ...release.columns.map((column) => `N'${column.value}'`)];
  return `INSERT INTO [dbo].[Orders] (${names.map((name) => `[${name}]`).join(', ')}) VALUES (${values.join(', ')})`;
}
