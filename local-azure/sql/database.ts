// One database of a logical server: its rows, who is connected, whether it takes writes, and where its commits go.
import type { Clock } from '../clock.ts';
import { AppLocks } from './app-locks.ts';
import type { SecurityEntry } from './catalog/entries.ts';
import { applied } from './catalog/security.ts';
import { sqlError } from './errors.ts';
import type { CommitRecord, CommittedWrites } from './replication/commit-record.ts';
import type { EngineSession } from './sessions/engine-session.ts';
import { createWriteLock, type WriteLock } from './sessions/write-lock.ts';

/** Takes the commits of a database as they happen. */
export interface Subscriber {
  committed(record: CommitRecord): void;
}

export class Database {
  readonly name: string;
  readonly server: string;
  readonly id: number;
  /** Another one after a failover that did not go this database's way. */
  file: string;
  readonly createdAt: Date;
  private readonly writeLocks: Readonly<Record<'rows' | 'security', WriteLock>> = {
    rows: createWriteLock(),
    security: createWriteLock(),
  };
  /** Who there is and what they may, as committed. */
  security: readonly SecurityEntry[] = [];
  readonly locks: AppLocks;
  readonly sessions = new Set<EngineSession>();
  readonly subscribers = new Set<Subscriber>();
  /** What ALTER DATABASE … SET READ_ONLY set. */
  readOnlyOption = false;
  /** A geo-secondary takes no writes, whatever the option says. */
  role: 'standalone' | 'primary' | 'secondary' = 'standalone';
  /** Only an online database takes logins. */
  availability: 'online' | 'seeding' | 'switching' = 'online';
  catalogVersion = 0;
  lsn = 0;
  lastCommitAt: Date;
  /** Object id of a table to the time users last wrote into it; lost with a reconfiguration. */
  readonly usage = new Map<number, Date>();
  private readonly clock: Clock;
  private descriptors = 0n;
  private leaving: (() => void)[] = [];

  constructor(details: { name: string; server: string; id: number; file: string; clock: Clock }) {
    this.name = details.name;
    this.server = details.server;
    this.id = details.id;
    this.file = details.file;
    this.clock = details.clock;
    this.createdAt = details.clock.now();
    this.lastCommitAt = this.createdAt;
    this.locks = new AppLocks(details.clock);
  }

  get isReadOnly(): boolean {
    return this.readOnlyOption || this.role === 'secondary';
  }

  /** Throws 3906. */
  requireWritable(): void {
    if (this.isReadOnly) throw sqlError(3906, this.name);
  }

  /** Of who changes rows and objects, or principals and permissions. */
  lockOf(what: 'rows' | 'security'): WriteLock {
    return this.writeLocks[what];
  }

  nextDescriptor(): bigint {
    this.descriptors++;
    return this.descriptors;
  }

  now(): Date {
    return this.clock.now();
  }

  /** A transaction of a session here has committed. */
  publish(change: CommittedWrites, touched: ReadonlySet<number>): void {
    const at = this.clock.now();
    for (const table of touched) this.usage.set(table, at);
    this.append(change, at);
  }

  setReadOnlyOption(readOnly: boolean): void {
    this.readOnlyOption = readOnly;
    this.append({ kind: 'access-mode', readOnly }, this.clock.now());
  }

  /** Also for commits that came from this database's own primary. */
  append(change: CommitRecord['change'], at: Date): void {
    this.lsn++;
    this.lastCommitAt = at;
    if (change.kind === 'writes') {
      this.security = applied(this.security, change.security);
      if (change.schemaChanged || change.security.length > 0) this.catalogVersion++;
    }
    const record: CommitRecord = { lsn: this.lsn, at, change };
    for (const subscriber of this.subscribers) subscriber.committed(record);
  }

  leave(session: EngineSession): void {
    this.sessions.delete(session);
    const waiting = this.leaving;
    this.leaving = [];
    for (const wake of waiting) wake();
  }

  /** Resolves when the next session leaves. */
  nextDeparture(): Promise<void> {
    return new Promise((resolve) => this.leaving.push(resolve));
  }

  /** A reconfiguration: no sessions, and nobody knows any more who used what. */
  endSessions(): void {
    for (const session of [...this.sessions]) session.kill();
    this.usage.clear();
  }

  othersThan(session: EngineSession | null): EngineSession[] {
    return [...this.sessions].filter((other) => other !== session);
  }
}
