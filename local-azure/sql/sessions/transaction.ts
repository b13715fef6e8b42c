// A session's transaction. To SQLite it begins with its first write, so that what it reads before that is
// always what is committed (read committed snapshot, Azure SQL's default); to the user it begins with BEGIN TRAN.
import { type Catalog, createCatalog } from '../catalog/catalog.ts';
import type { CatalogEntry } from '../catalog/entries.ts';
import type { Database } from '../database.ts';
import { sqlError } from '../errors.ts';
import { type LoggedWrite, readEntries, type Store } from '../storage/store.ts';
import type { Stored } from '../t-sql/conversion.ts';

/** Through here everything goes that changes a database: it is run, and kept for the replicas. */
export interface Writer {
  run(sql: string, parameters?: readonly Stored[]): { readonly lastRow: bigint; readonly changes: number };
  query(sql: string, parameters?: readonly Stored[]): Stored[][];
  readonly catalog: Catalog;
  saveEntry(entry: CatalogEntry): void;
  removeEntry(id: number): void;
  /** Users wrote into this table: sys.dm_db_index_usage_stats tells. */
  touch(table: number): void;
}

interface Savepoint {
  readonly name: string;
  readonly logged: number;
  /** Whether SQLite's transaction had begun. */
  readonly physical: boolean;
}

export class Transaction {
  count = 0;
  doomed = false;
  descriptor = 0n;
  readonly database: Database;
  readonly store: Store;
  private log: LoggedWrite[] = [];
  private schemaChanged = false;
  private touched = new Set<number>();
  private savepoints: Savepoint[] = [];
  private release: (() => void) | null = null;
  private cached: { readonly catalog: Catalog; readonly version: number } | null = null;
  private readonly writer: Writer;

  constructor(database: Database, store: Store) {
    this.database = database;
    this.store = store;
    this.writer = this.createWriter();
  }

  /** The catalog as this transaction sees it. */
  get catalog(): Catalog {
    const version = this.database.catalogVersion;
    if (!this.cached || this.cached.version !== version) {
      this.cached = { catalog: createCatalog(readEntries(this.store)), version };
    }
    return this.cached.catalog;
  }

  get holdsWriteLock(): boolean {
    return this.release !== null;
  }

  begin(): void {
    this.count++;
    if (this.count === 1) this.descriptor = this.database.nextDescriptor();
  }

  /** Throws 3902 without a transaction, 3930 in a doomed one. True where this was the outermost. */
  commit(): boolean {
    if (this.count === 0) throw sqlError(3902);
    if (this.doomed) throw sqlError(3930);
    this.count--;
    if (this.count > 0) return false;
    this.commitWrites();
    return true;
  }

  /** Rolls back all of it, whatever the depth. Throws 3903 without a transaction. */
  rollback(): void {
    if (this.count === 0) throw sqlError(3903);
    this.abandon();
  }

  /** As rollback, but also fine where there is nothing to roll back. */
  abandon(): void {
    this.count = 0;
    this.doomed = false;
    if (this.store.inTransaction) this.store.run('ROLLBACK');
    this.cached = null;
    this.forget();
  }

  save(name: string): void {
    if (this.count === 0) throw sqlError(628);
    this.savepoints.push({ name, logged: this.log.length, physical: this.store.inTransaction });
    if (this.store.inTransaction) this.store.run(`SAVEPOINT ${savepointSql(name)}`);
  }

  /** False where there is no such savepoint. Throws 3931 in a doomed transaction. */
  rollbackTo(name: string): boolean {
    const at = this.savepoints.findLastIndex(
      (savepoint) => savepoint.name.toLowerCase() === name.toLowerCase(),
    );
    const savepoint = this.savepoints[at];
    if (!savepoint) return false;
    if (this.doomed) throw sqlError(3931);
    this.savepoints.length = at + 1;
    this.log.length = savepoint.logged;
    this.cached = null;
    if (savepoint.physical) {
      this.store.run(`ROLLBACK TO ${savepointSql(name)}`);
    } else if (this.store.inTransaction) {
      this.store.run('ROLLBACK');
      this.giveLockBack();
    }
    return true;
  }

  /** Takes the writer's place without writing yet (UPDLOCK and its like). */
  async lock(signal: AbortSignal): Promise<void> {
    await this.enter(signal);
  }

  /**
   * Runs one statement's writes, all of them or none; commits where no transaction is open. Throws 3906 in a
   * read-only database, 3930 in a doomed transaction; rejects with the signal's reason while waiting.
   */
  async write<T>(signal: AbortSignal, work: (writer: Writer) => T): Promise<T> {
    await this.enter(signal);
    const logged = this.log.length;
    this.store.run('SAVEPOINT "statement"');
    let result: T;
    try {
      result = work(this.writer);
    } catch (error) {
      this.store.run('ROLLBACK TO "statement"');
      this.store.run('RELEASE "statement"');
      this.log.length = logged;
      this.cached = null;
      if (this.count === 0) this.abandon();
      throw error;
    }
    this.store.run('RELEASE "statement"');
    if (this.count === 0) this.commitWrites();
    return result;
  }

  private async enter(signal: AbortSignal): Promise<void> {
    if (this.doomed) throw sqlError(3930);
    this.database.requireWritable();
    if (!this.release) {
      const release = await this.database.writeLock.acquire(signal);
      if (signal.aborted || this.database.isReadOnly) {
        release();
        if (signal.aborted) throw signal.reason;
        this.database.requireWritable();
      }
      this.release = release;
    }
    if (!this.store.inTransaction) this.store.run('BEGIN IMMEDIATE');
  }

  private commitWrites(): void {
    if (this.store.inTransaction) this.store.run('COMMIT');
    if (this.log.length > 0) this.database.publish(this.log, this.schemaChanged, this.touched);
    this.forget();
  }

  private forget(): void {
    this.log = [];
    this.touched = new Set();
    this.schemaChanged = false;
    this.savepoints = [];
    this.giveLockBack();
  }

  private giveLockBack(): void {
    this.release?.();
    this.release = null;
  }

  private createWriter(): Writer {
    const run: Writer['run'] = (sql, parameters = []) => {
      const result = this.store.run(sql, parameters);
      this.log.push({ sql, parameters: [...parameters] });
      return result;
    };
    const changeSchema = () => {
      this.schemaChanged = true;
      this.cached = null;
    };
    const transaction = this;
    return {
      run,
      query: (sql, parameters) => this.store.query(sql, parameters),
      get catalog() {
        return transaction.catalog;
      },
      saveEntry: (entry) => {
        run(
          'INSERT INTO "catalog" ("id", "entry") VALUES (?, ?) ON CONFLICT ("id") DO UPDATE SET "entry" = excluded."entry"',
          [BigInt(entry.id), JSON.stringify(entry)],
        );
        changeSchema();
      },
      removeEntry: (id) => {
        run('DELETE FROM "catalog" WHERE "id" = ?', [BigInt(id)]);
        changeSchema();
      },
      touch: (table) => this.touched.add(table),
    };
  }
}

function savepointSql(name: string): string {
  return `"u ${name.toLowerCase().replaceAll('"', '""')}"`;
}
