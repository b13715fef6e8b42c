// One geo-replication link: takes the primary's commits, and brings them to the secondary after its lag, in order.
import type { Clock } from '../../clock.ts';
import type { Database, Subscriber } from '../database.ts';
import { definePureFunctions } from '../functions/registry.ts';
import { openStore, type Store } from '../storage/store.ts';
import type { CommitRecord } from './commit-record.ts';

export type LinkState = 'PENDING' | 'SEEDING' | 'CATCH_UP' | 'SUSPENDED';

interface Waiter {
  readonly lsn: number;
  readonly settle: (outcome: 'hardened' | 'lost') => void;
}

export interface LinkDetails {
  readonly id: string;
  readonly primary: Database;
  readonly secondary: Database;
  readonly clock: Clock;
  readonly seedingMs: number;
  /**
   * Null: the first copy. After a failover the copy was there before and is brought in line with its new primary;
   * this is what the link shows meanwhile.
   */
  readonly resumes: 'SEEDING' | 'SUSPENDED' | null;
  readonly lagMs: number;
  /** Whether the primary's READ_ONLY option comes along. */
  readonly readOnlyTravels: boolean;
  readonly onSeeded: () => void;
  /** False while a disaster keeps everybody from the database's server. */
  readonly isReachable: (database: Database) => boolean;
}

export class ReplicationLink implements Subscriber {
  readonly id: string;
  readonly primary: Database;
  readonly secondary: Database;
  readonly startedAt: Date;
  modifiedAt: Date;
  /** When the secondary last acknowledged something; null before the first time. */
  lastReplicationAt: Date | null = null;
  /** Commit time on the primary of what the secondary has last. */
  lastCommitAt: Date;
  private readonly details: LinkDetails;
  private readonly store: Store;
  private queue: { readonly record: CommitRecord; readonly arrivedAt: number }[] = [];
  private hardenedLsn: number;
  /** Milliseconds a commit takes; null: nothing is shipped. */
  private lagMs: number | null;
  private isSuspended = false;
  private isSeeding = true;
  private isRemoved = false;
  private wasCut: boolean;
  private cancelTimer: (() => void) | null = null;
  private waiters: Waiter[] = [];

  /** The secondary's file holds the snapshot already; it becomes readable when seeding ends. */
  constructor(details: LinkDetails) {
    this.details = details;
    this.id = details.id;
    this.primary = details.primary;
    this.secondary = details.secondary;
    this.startedAt = details.clock.now();
    this.modifiedAt = this.startedAt;
    this.lagMs = details.lagMs;
    this.hardenedLsn = details.primary.lsn;
    this.lastCommitAt = details.primary.lastCommitAt;
    this.wasCut = this.isCut;
    this.secondary.role = 'secondary';
    this.secondary.availability = 'seeding';
    this.store = openStore(details.secondary.file);
    definePureFunctions(this.store);
    details.primary.subscribers.add(this);
    if (details.seedingMs === 0) this.endSeeding();
    else this.cancelTimer = details.clock.schedule(details.seedingMs, () => this.endSeeding());
  }

  /** One of its ends is lost, for now: it ships nothing. */
  get isCut(): boolean {
    return ![this.primary, this.secondary].every(this.details.isReachable);
  }

  get state(): LinkState {
    if (this.isCut) return 'SUSPENDED';
    if (this.isSeeding) return this.details.resumes ?? (this.percentComplete === 0 ? 'PENDING' : 'SEEDING');
    return this.isSuspended ? 'SUSPENDED' : 'CATCH_UP';
  }

  /** The secondary is not whole yet. */
  get isFirstCopy(): boolean {
    return this.isSeeding && this.details.resumes === null;
  }

  get percentComplete(): number {
    if (!this.isSeeding) return 100;
    const elapsed = this.details.clock.now().getTime() - this.startedAt.getTime();
    return Math.min(99, Math.floor((elapsed / this.details.seedingMs) * 100));
  }

  /**
   * How far the secondary is behind, in whole seconds; null where the primary does not know. Commits that wait
   * for less than a second still read 0.
   */
  get lagSeconds(): number | null {
    if (this.isSeeding || this.isSuspended || this.isCut) return null;
    const [oldest] = this.queue;
    return oldest ? Math.floor((this.details.clock.now().getTime() - oldest.record.at.getTime()) / 1000) : 0;
  }

  committed(record: CommitRecord): void {
    this.queue.push({ record, arrivedAt: this.details.clock.now().getTime() });
    this.ship();
  }

  /** Milliseconds; null where nothing is shipped. */
  get lag(): number | null {
    return this.lagMs;
  }

  setLag(lagMs: number | null): void {
    this.lagMs = lagMs;
    this.ship();
  }

  setSuspended(suspended: boolean): void {
    this.isSuspended = suspended;
    this.modifiedAt = this.details.clock.now();
    this.ship();
  }

  /** A region has been lost or has returned: what was due meanwhile is done. */
  reachabilityChanged(): void {
    if (this.isCut === this.wasCut) return;
    this.wasCut = this.isCut;
    this.modifiedAt = this.details.clock.now();
    if (this.isSeeding && this.cancelTimer === null) this.endSeeding();
    else this.ship();
  }

  /** Resolves once everything up to this commit is on the secondary, or the link is gone. */
  hardened(lsn: number, signal: AbortSignal): Promise<'hardened' | 'lost'> {
    if (this.hardenedLsn >= lsn) return Promise.resolve('hardened');
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.waiters = this.waiters.filter((each) => each !== waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        lsn,
        settle: (outcome) => {
          signal.removeEventListener('abort', onAbort);
          resolve(outcome);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiters.push(waiter);
    });
  }

  /** Forced: what has not been shipped is lost to the secondary. True where its first copy was not complete. */
  remove(): boolean {
    const unfinished = this.isFirstCopy;
    this.close();
    this.secondary.role = this.secondary.subscribers.size > 0 ? 'primary' : 'standalone';
    if (!unfinished) this.secondary.availability = 'online';
    return unfinished;
  }

  /** Ships nothing more; what becomes of the two databases is the caller's business. */
  close(): void {
    this.isRemoved = true;
    this.cancelTimer?.();
    this.primary.subscribers.delete(this);
    this.queue = [];
    this.store.close();
    for (const waiter of this.waiters) waiter.settle('lost');
    this.waiters = [];
  }

  private endSeeding(): void {
    this.cancelTimer = null;
    if (this.isCut) return;
    this.isSeeding = false;
    this.modifiedAt = this.details.clock.now();
    this.lastReplicationAt = this.modifiedAt;
    this.secondary.availability = 'online';
    this.details.onSeeded();
    this.ship();
  }

  /** Applies what is due; comes back by itself when the next is. */
  private ship(): void {
    if (this.isRemoved || this.isSeeding || this.isSuspended || this.isCut || this.lagMs === null) return;
    this.cancelTimer?.();
    this.cancelTimer = null;
    const { clock } = this.details;
    for (let next = this.queue[0]; next; next = this.queue[0]) {
      // Counted from the arrival here: in a chain every link adds its own.
      const due = next.arrivedAt + this.lagMs - clock.now().getTime();
      if (due > 0) {
        this.cancelTimer = clock.schedule(due, () => this.ship());
        return;
      }
      this.queue.shift();
      this.apply(next.record);
    }
  }

  private apply(record: CommitRecord): void {
    const { change } = record;
    if (change.kind === 'writes' && change.writes.length > 0) {
      this.store.run('BEGIN IMMEDIATE');
      for (const write of change.writes) this.store.run(write.sql, write.parameters);
      this.store.run('COMMIT');
    }
    if (change.kind === 'access-mode' && this.details.readOnlyTravels) {
      this.secondary.readOnlyOption = change.readOnly;
    }
    this.hardenedLsn = record.lsn;
    this.lastCommitAt = record.at;
    this.lastReplicationAt = this.details.clock.now();
    this.secondary.append(change, record.at);
    const due = this.waiters.filter((waiter) => waiter.lsn <= record.lsn);
    this.waiters = this.waiters.filter((waiter) => waiter.lsn > record.lsn);
    for (const waiter of due) waiter.settle('hardened');
  }
}
