// A session's transaction. To SQLite it begins with its first write, so that what it reads before that is
// always what is committed (read committed snapshot, Azure SQL's default); to the user it begins with BEGIN TRAN.
import { type Catalog, createCatalog } from '../catalog/catalog.ts';
import type { CatalogEntry } from '../catalog/entries.ts';
import { applied, isSecurityEntry, isSecurityId, type SecurityChange } from '../catalog/security.ts';
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

/** How much there was of each kind of change. */
interface Logged {
  readonly writes: number;
  readonly security: number;
}

interface Savepoint {
  readonly name: string;
  readonly logged: Logged;
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
  private security: SecurityChange[] = [];
  private firstWriteAt: Date | null = null;
  private schemaChanged = false;
  private touched = new Set<number>();
  private savepoints: Savepoint[] = [];
  private release: (() => void) | null = null;
  private releaseSecurity: (() => void) | null = null;
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
      const security = applied(this.database.security, this.security);
      this.cached = { catalog: createCatalog([...readEntries(this.store), ...security]), version };
    }
    return this.cached.catalog;
  }

  holds(what: 'rows' | 'security'): boolean {
    return (what === 'rows' ? this.release : this.releaseSecurity) !== null;
  }

  get logRecords(): number {
    return this.log.length + this.security.length;
  }

  /** When it first changed something here; null where it has changed nothing. */
  get writingSince(): Date | null {
    return this.logRecords > 0 ? this.firstWriteAt : null;
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
    this.savepoints.push({ name, logged: this.logged, physical: this.store.inTransaction });
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
    this.cutLog(savepoint.logged);
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
    const { logged } = this;
    this.store.run('SAVEPOINT "statement"');
    let result: T;
    try {
      result = work(this.writer);
    } catch (error) {
      this.store.run('ROLLBACK TO "statement"');
      this.store.run('RELEASE "statement"');
      this.cutLog(logged);
      if (this.count === 0) this.abandon();
      throw error;
    }
    this.store.run('RELEASE "statement"');
    if (this.count === 0) this.commitWrites();
    return result;
  }

  /** The same for principals and permissions, which wait for each other only: nobody's rows are in their way. */
  async writeSecurity<T>(signal: AbortSignal, work: (writer: Writer) => T): Promise<T> {
    if (this.doomed) throw sqlError(3930);
    this.database.requireWritable();
    this.releaseSecurity ??= await this.acquire('security', signal);
    const { logged } = this;
    let result: T;
    try {
      result = work(this.writer);
    } catch (error) {
      this.cutLog(logged);
      if (this.count === 0) this.abandon();
      throw error;
    }
    if (this.count === 0) this.commitWrites();
    return result;
  }

  private async enter(signal: AbortSignal): Promise<void> {
    if (this.doomed) throw sqlError(3930);
    this.database.requireWritable();
    this.release ??= await this.acquire('rows', signal);
    if (!this.store.inTransaction) this.store.run('BEGIN IMMEDIATE');
  }

  private async acquire(what: 'rows' | 'security', signal: AbortSignal): Promise<() => void> {
    const release = await this.database.lockOf(what).acquire(signal);
    if (!signal.aborted && !this.database.isReadOnly) return release;
    release();
    if (signal.aborted) throw signal.reason;
    throw sqlError(3906, this.database.name);
  }

  private get logged(): Logged {
    return { writes: this.log.length, security: this.security.length };
  }

  private cutLog({ writes, security }: Logged): void {
    this.log.length = writes;
    this.security.length = security;
    this.cached = null;
  }

  private commitWrites(): void {
    if (this.store.inTransaction) this.store.run('COMMIT');
    if (this.logRecords > 0) {
      const { log: writes, security } = this;
      const change = { kind: 'writes', writes, security, schemaChanged: this.schemaChanged } as const;
      this.database.publish(change, this.touched);
    }
    this.forget();
  }

  private forget(): void {
    this.log = [];
    this.security = [];
    this.firstWriteAt = null;
    this.touched = new Set();
    this.schemaChanged = false;
    this.savepoints = [];
    this.giveLockBack();
    this.releaseSecurity?.();
    this.releaseSecurity = null;
  }

  private giveLockBack(): void {
    this.release?.();
    this.release = null;
  }

  private createWriter(): Writer {
    const run: Writer['run'] = (sql, parameters = []) => {
      const result = this.store.run(sql, parameters);
      this.firstWriteAt ??= this.database.now();
      this.log.push({ sql, parameters: [...parameters] });
      return result;
    };
    const changeSchema = () => {
      this.schemaChanged = true;
      this.cached = null;
    };
    const changeSecurity = (change: SecurityChange) => {
      this.firstWriteAt ??= this.database.now();
      this.security.push(change);
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
        if (isSecurityEntry(entry)) return changeSecurity({ kind: 'put', entry });
        run(
          'INSERT INTO "catalog" ("id", "entry") VALUES (?, ?) ON CONFLICT ("id") DO UPDATE SET "entry" = excluded."entry"',
          [BigInt(entry.id), JSON.stringify(entry)],
        );
        changeSchema();
      },
      removeEntry: (id) => {
        if (isSecurityId(id)) return changeSecurity({ kind: 'remove', id });
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
