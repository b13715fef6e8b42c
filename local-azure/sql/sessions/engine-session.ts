// A session: one connection to one database, its transaction, its settings, and how it ends.
import type { Catalog } from '../catalog/catalog.ts';
import type { ProcedureEntry, TableEntry } from '../catalog/entries.ts';
import type { Database } from '../database.ts';
import { type SqlServerError, sqlError } from '../errors.ts';
import { runBatch, runTransactionRequest } from '../execute/interpreter.ts';
import { definePureFunctions, defineSessionFunctions } from '../functions/registry.ts';
import type { Principal } from '../principals.ts';
import type { Server } from '../server.ts';
import type { Parameter, ServerMessage, SessionEvent } from '../session.ts';
import { openStore, type Store } from '../storage/store.ts';
import { Attention, SessionKilled } from './interruption.ts';
import { sessionFacts } from './session-facts.ts';
import { Transaction } from './transaction.ts';

export interface Settings {
  noCount: boolean;
  /** SET XACT_ABORT ON. */
  abortOnError: boolean;
  implicitTransactions: boolean;
  /** Null waits for ever. */
  lockTimeoutMs: number | null;
}

export class EngineSession {
  readonly spid: number;
  readonly server: Server;
  readonly database: Database;
  readonly principal: Principal;
  readonly programName: string;
  readonly hostName: string;
  readonly store: Store;
  readonly transaction: Transaction;
  readonly settings: Settings = {
    noCount: false,
    abortOnError: false,
    implicitTransactions: false,
    lockTimeoutMs: null,
  };
  readonly temporaryTables = new Map<string, TableEntry>();
  readonly loginTime: Date;
  /** A table whose IDENTITY_INSERT is on. */
  identityInsert: number | null = null;
  rowCount = 0;
  lastError = 0;
  lastIdentity: bigint | null = null;
  caughtError: SqlServerError | null = null;
  /** Depth of procedures and EXEC('…'). */
  nesting = 0;
  /** How many TRY blocks are open. */
  catchers = 0;
  statements = 0;
  statementTime: Date;
  lastRequestAt: Date;
  isRunning = false;
  /** What is run, or was run last. */
  command = '';
  /** The text of the request, and the procedure that it is in. */
  batch = '';
  module: ProcedureEntry | null = null;
  private readonly ended = new AbortController();
  private readonly listeners: ((message: ServerMessage) => void)[] = [];
  private killedWith: ServerMessage | null = null;
  private isClosed = false;
  private temporaryIds = 0;

  constructor(details: {
    spid: number;
    server: Server;
    database: Database;
    principal: Principal;
    programName: string;
    hostName?: string;
  }) {
    this.spid = details.spid;
    this.server = details.server;
    this.database = details.database;
    this.principal = details.principal;
    this.programName = details.programName;
    this.hostName = details.hostName ?? '';
    this.loginTime = details.server.clock.now();
    this.statementTime = this.loginTime;
    this.lastRequestAt = this.loginTime;
    this.store = openStore(details.database.file);
    this.transaction = new Transaction(details.database, this.store);
    definePureFunctions(this.store);
    defineSessionFunctions(this.store, sessionFacts(this));
    details.database.sessions.add(this);
  }

  get catalog(): Catalog {
    return this.transaction.catalog;
  }

  /** Temporary tables have ids below zero, as in SQL Server. */
  nextTemporaryId(): number {
    this.temporaryIds--;
    return this.temporaryIds;
  }

  async *execute(
    text: string,
    parameters: readonly Parameter[],
    signal: AbortSignal,
    kind: 'batch' | 'call' = 'batch',
  ): AsyncGenerator<SessionEvent> {
    this.batch = text;
    const before = { ...this.settings };
    try {
      yield* this.request((combined) => runBatch(this, text, parameters, combined), signal);
    } finally {
      if (kind === 'call') Object.assign(this.settings, before);
    }
  }

  async *requestTransaction(request: 'begin' | 'commit' | 'rollback'): AsyncGenerator<SessionEvent> {
    yield* this.request(() => runTransactionRequest(this, request), new AbortController().signal);
  }

  /** Temporary tables that a rollback has undone. */
  forgetLostTables(): void {
    const kept = new Set(
      this.store.query('SELECT "name" FROM temp.sqlite_master').map(([name]) => String(name)),
    );
    for (const [name, table] of this.temporaryTables)
      if (!kept.has(`t${table.id}`)) this.temporaryTables.delete(name);
  }

  /** The signal, and SET LOCK_TIMEOUT's patience with other writers (error 1222). */
  lockSignal(signal: AbortSignal, what: 'rows' | 'security' = 'rows'): AbortSignal {
    const { lockTimeoutMs } = this.settings;
    const isFree = this.transaction.holds(what) || !this.database.lockOf(what).isHeld;
    if (lockTimeoutMs === null || isFree) return signal;
    const patience = new AbortController();
    this.server.clock.schedule(lockTimeoutMs, () => patience.abort(sqlError(1222)));
    return AbortSignal.any([signal, patience.signal]);
  }

  onKilled(listener: (message: ServerMessage) => void): void {
    this.listeners.push(listener);
  }

  /** Ends the session from the server's side: at once, its transaction rolled back. */
  kill(): void {
    if (this.isClosed) return;
    this.killedWith = sqlError(596).toMessage();
    this.end();
    this.ended.abort(new SessionKilled(this.killedWith));
    if (!this.isRunning) this.tellKilled(this.killedWith);
  }

  close(): void {
    if (this.isClosed) return;
    this.end();
    this.ended.abort(new Attention());
  }

  /** Throws where the session has been ended or the client wants no more. */
  check(signal: AbortSignal): void {
    if (this.killedWith) throw new SessionKilled(this.killedWith);
    if (this.isClosed || signal.aborted) throw new Attention();
  }

  private async *request(
    run: (signal: AbortSignal) => AsyncGenerator<SessionEvent>,
    signal: AbortSignal,
  ): AsyncGenerator<SessionEvent> {
    this.isRunning = true;
    this.lastRequestAt = this.server.clock.now();
    const combined = AbortSignal.any([signal, this.ended.signal]);
    try {
      this.check(combined);
      yield* run(combined);
    } catch (error) {
      if (!this.killedWith && !this.isClosed && !signal.aborted) throw error;
    } finally {
      this.isRunning = false;
    }
    if (this.killedWith) yield { kind: 'killed', message: this.killedWith };
  }

  private end(): void {
    this.isClosed = true;
    this.transaction.abandon();
    this.database.locks.releaseAll(this, null);
    this.store.close();
    this.database.leave(this);
  }

  private tellKilled(message: ServerMessage): void {
    for (const listener of this.listeners) listener(message);
  }
}
