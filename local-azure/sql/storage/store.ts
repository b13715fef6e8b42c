// One database's rows, in one SQLite file. Write-ahead logging gives every connection a snapshot of what is
// committed; who may write, and when, is decided above (sessions/, replication/).
import { rmSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { CatalogEntry } from '../catalog/entries.ts';
import type { Stored } from '../t-sql/conversion.ts';

/** A statement as it was run on the primary; running it again elsewhere does the same there. */
export interface LoggedWrite {
  readonly sql: string;
  readonly parameters: readonly Stored[];
}

export type SqlFunction = (...values: Stored[]) => Stored;

export interface Store {
  query(sql: string, parameters?: readonly Stored[]): Stored[][];
  /** Runs one statement that changes something. */
  run(sql: string, parameters?: readonly Stored[]): { readonly lastRow: bigint; readonly changes: number };
  /** @param kind `pure` functions may stand in indexes: they answer the same always and everywhere. */
  define(name: string, kind: 'pure' | 'session', implementation: SqlFunction): void;
  readonly inTransaction: boolean;
  /** Writes a copy of what is committed to a new file. */
  copyTo(file: string): void;
  close(): void;
}

const SCHEMA = [
  'CREATE TABLE IF NOT EXISTS "catalog" ("id" INTEGER PRIMARY KEY, "entry" TEXT NOT NULL)',
  'CREATE TABLE IF NOT EXISTS "identity" ("id" INTEGER PRIMARY KEY, "last" INTEGER NOT NULL)',
  'CREATE TEMP TABLE "temporary_identity" ("id" INTEGER PRIMARY KEY, "last" INTEGER NOT NULL)',
];

/** Opens a connection to the file, and makes the file where there is none. */
export function openStore(file: string): Store {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA busy_timeout = 2000;');
  for (const statement of SCHEMA) database.exec(statement);
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string) => {
    const known = prepared.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    if (prepared.size > 200) prepared.clear();
    prepared.set(sql, statement);
    return statement;
  };
  return {
    query: (sql, parameters = []) =>
      prepare(sql).all(...(parameters as SQLInputValue[])) as unknown as Stored[][],
    run: (sql, parameters = []) => {
      const result = prepare(sql).run(...(parameters as SQLInputValue[]));
      return { lastRow: BigInt(result.lastInsertRowid), changes: Number(result.changes) };
    },
    define: (name, kind, implementation) =>
      database.function(
        name,
        { varargs: true, useBigIntArguments: true, deterministic: kind === 'pure' },
        implementation as (...values: unknown[]) => SQLInputValue,
      ),
    get inTransaction() {
      return database.isTransaction;
    },
    copyTo: (target) => database.prepare('VACUUM INTO ?').run(target),
    close: () => {
      prepared.clear();
      if (database.isOpen) database.close();
    },
  };
}

/** Removes a database's file and what lies beside it. */
export function removeStore(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
}

/** What SQLite says; its errors may come from another realm than ours, so `instanceof` does not tell. */
export function sqliteMessage(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error;
  return hasMessage ? String(error.message) : String(error);
}

/** The catalog as this connection sees it now. */
export function readEntries(store: Store): CatalogEntry[] {
  return store
    .query('SELECT "entry" FROM "catalog" ORDER BY "id"')
    .map(([entry]) => JSON.parse(String(entry)) as CatalogEntry);
}
