// Two runs never act on one application at once. The lock is a session lock in the first database; a
// session that was lost and opened again has to take it again before it writes: another run may have waited for it.
import { SqlError } from '../azure/errors.ts';
import type { SqlConnection, SqlTarget } from '../azure/ports.ts';
import { acquireRunLock, holdsRunLock, type LockHolder, readLockHolder } from '../azure/tsql/run-lock.ts';
import type { Sessions } from '../azure/tsql/sessions.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { readJournal } from './journal.ts';
import { assertKnown } from './known-entries.ts';
import { type DatabasePair, type Role, sqlTarget, type UpgradeContext } from './upgrade-context.ts';

/** How long a dead session of our own may keep the lock before SQL Server notices. Milliseconds. */
const GHOST_SESSION_MS = 30_000;
const PAUSE_MS = 500;

/**
 * How a run came to hold the lock: it had it (`held`), nobody had it (`free`), or another run gave it up (`waited-for`). What was
 * read of the application before is certain only where it was held.
 */
export type LockTaken = 'held' | 'free' | 'waited-for';

/** What a run knows of its locks, by where they are. */
interface LockBook {
  /**
   * Questions that wait for their turn on the connection, by where and how long it would be waited for. Whoever asks meanwhile
   * gets the same answer; whoever asks once it is sent asks anew.
   */
  readonly unsent: Map<string, Promise<LockTaken>>;
  /** How often the lock was taken; between two of them another run may have had it. */
  readonly takings: Map<string, number>;
  /** How often it had been when the application was looked at. */
  readonly lookedAt: Map<string, number>;
}

const books = new WeakMap<Sessions, LockBook>();

function bookOf({ sessions }: UpgradeContext): LockBook {
  const book = books.get(sessions) ?? { unsent: new Map(), takings: new Map(), lookedAt: new Map() };
  books.set(sessions, book);
  return book;
}

/**
 * Makes sure that this run holds the lock of the slot's first database. Throws 'locked-by-another-run'. Taking
 * it twice is one round trip; every write to production asks first. Those who ask at one time share one question: for a
 * hundred databases it would be asked a hundred times on one connection, one after the other.
 *
 * @param waitMs how long it is waited for; nobody else gets at the database's connection meanwhile. A killed run's
 *   session that waits to freeze holds it for the grace, and then ends every other session, ours as well.
 */
export async function ensureRunLock(
  context: UpgradeContext,
  role: Role,
  waitMs: number = GHOST_SESSION_MS + context.config.freezeGraceSeconds * 1000,
): Promise<LockTaken> {
  const until = context.clock.now() + waitMs;
  for (;;) {
    const leftMs = Math.max(0, until - context.clock.now());
    try {
      return await takeRunLock(context, role, leftMs);
    } catch (error) {
      const cutOff = error instanceof SqlError && error.kind === 'lost';
      if (!cutOff || leftMs === 0) throw error;
      context.log.warning(`The lock could not be asked for: ${error.message}; asking again`);
      await context.clock.sleep(PAUSE_MS);
    }
  }
}

async function takeRunLock(context: UpgradeContext, role: Role, waitMs: number): Promise<LockTaken> {
  const [database] = context.databases;
  if (!database) return 'held';
  const target = sqlTarget(context, role, database.name);
  const key = `${whereOf(target)} ${waitMs}`;
  const { unsent } = bookOf(context);
  const shared = unsent.get(key);
  if (shared) return shared;
  const { promise: answer, resolve } = Promise.withResolvers<LockTaken>();
  unsent.set(key, answer);
  const onSend = () => {
    if (unsent.get(key) === answer) unsent.delete(key);
  };
  resolve(askForLock(context, role, target, waitMs, onSend).finally(onSend)); // it may end before its turn
  return answer;
}

/** What was seen, and whether production's lock was held ever since, which it makes sure of. */
export interface Sight<T> {
  readonly seen: T;
  readonly isStillSo: () => Promise<boolean>;
}

/**
 * Looks before something is written, and makes sure that this run has had production's lock meanwhile: where it had to be taken anew
 * another run may have acted since, and it is looked again. Throws what `look` and `ensureRunLock` throw.
 * @param isToBeWritten whether what was seen leads to a write; where it does not, no lock is asked for
 */
export async function seenUnderLock<T>(
  context: UpgradeContext,
  look: () => Promise<T>,
  isToBeWritten: (seen: T) => boolean = () => true,
): Promise<Sight<T>> {
  for (;;) {
    const takings = lockTakings(context);
    const isStillSo = () => isHeldSince(context, takings);
    const seen = await look();
    if (!isToBeWritten(seen) || (await isStillSo())) return { seen, isStillSo };
  }
}

/**
 * Makes sure that this run has production's lock, and says whether it has had it ever since it was taken that often: where it
 * has not, another run may have acted meanwhile. Throws what `ensureRunLock` throws.
 */
async function isHeldSince(context: UpgradeContext, takings: number): Promise<boolean> {
  await ensureRunLock(context, 'production');
  return lockTakings(context) === takings;
}

/** How often production's lock was taken by now: where that is another number than before, another run may have had it. */
export function lockTakings(context: UpgradeContext): number {
  return bookOf(context).takings.get(whereOf(productionLock(context))) ?? 0;
}

/** What this run goes by was seen when production's lock had been taken that often. */
export function noteLookedAt(context: UpgradeContext, takings: number): void {
  bookOf(context).lookedAt.set(whereOf(productionLock(context)), takings);
}

/** Whether production's lock has been held ever since what this run goes by was seen. */
export function wasLookedAt(context: UpgradeContext): boolean {
  return (bookOf(context).lookedAt.get(whereOf(productionLock(context))) ?? 0) === lockTakings(context);
}

/**
 * Asked in the turn of the connection that is about to open the database for writers, with nothing in between: throws where
 * production's lock was lost since what this run goes by was seen.
 */
export async function assertStillLooked(
  context: UpgradeContext,
  pair: DatabasePair,
  connection: SqlConnection,
): Promise<void> {
  const { config, databases } = context;
  // The lock is on the first one's connection, whose turn this is then; one that was opened anew does not have it yet.
  const isItsOwn = pair.name === databases[0]?.name;
  const isHeld = isItsOwn
    ? await holdsRunLock(connection, config.application)
    : (await ensureRunLock(context, 'production')) === 'held';
  if (!isHeld || !wasLookedAt(context)) throw new Error('the lock was lost just now');
}

const productionLock = (context: UpgradeContext) =>
  sqlTarget(context, 'production', context.databases[0]?.name ?? '');
const whereOf = ({ host, database }: SqlTarget) => `${host}/${database}`;

function noteTaken(context: UpgradeContext, target: SqlTarget): void {
  const { takings } = bookOf(context);
  takings.set(whereOf(target), (takings.get(whereOf(target)) ?? 0) + 1);
}

/** @param onSend called when its turn has come, before anything is asked. */
function askForLock(
  context: UpgradeContext,
  role: Role,
  target: SqlTarget,
  waitMs: number,
  onSend: () => void,
): Promise<LockTaken> {
  const { application } = context.config;
  const where = `${target.database} on ${context[role].server.name}`;
  const got = (how: LockTaken) => {
    noteTaken(context, target);
    return how;
  };
  const take = async (connection: SqlConnection) => {
    onSend();
    if (await holdsRunLock(connection, application)) return 'held';
    if (await acquireRunLock(connection, application, 0)) return got('free');
    if (waitMs > 0) {
      const who = describeHolder(await holderOf(context, connection));
      context.log.line(`Another run holds the lock${who}; waiting up to ${Math.ceil(waitMs / 1000)} s`);
      if (await acquireRunLock(connection, application, waitMs)) return got('waited-for');
    }
    throw lockedBy(context, where, await holderOf(context, connection));
  };
  // Another run is not waited for: it may move users, and this one goes by what it read before. Its own dead session is.
  const regain = async (connection: SqlConnection) => {
    if (!(await acquireRunLock(connection, application, 0))) {
      const holder = await holderOf(context, connection);
      if (!isOwn(context, holder) || !(await acquireRunLock(connection, application, GHOST_SESSION_MS)))
        throw lockedBy(context, where, holder);
    }
    noteTaken(context, target);
    assertKnown(context.known, connection, await readJournal(context, connection));
  };
  return context.sessions.onTaking(target, take, regain);
}

/** The session that has the lock, or where that is not shown the run that wrote here last. */
type Holder =
  | { readonly kind: 'session'; readonly session: LockHolder }
  | { readonly kind: 'last-entry'; readonly runUrl: string; readonly at: string }
  | { readonly kind: 'not-known' };

function isOwn({ runUrl }: UpgradeContext, holder: Holder): boolean {
  return holder.kind === 'session' && runUrl !== null && holder.session.run === runUrl;
}

/** Never throws: that there is another run is known, and this only says which. */
async function holderOf(context: UpgradeContext, connection: SqlConnection): Promise<Holder> {
  try {
    const session = await readLockHolder(connection, context.config.application).catch(() => null);
    if (session) return { kind: 'session', session };
    const entry = await readJournal(context, connection);
    if (entry?.runUrl) return { kind: 'last-entry', runUrl: entry.runUrl, at: entry.at };
  } catch (error) {
    context.log.warning(`It cannot be read which run that is: ${messageOf(error)}`);
  }
  return { kind: 'not-known' };
}

function describeHolder(holder: Holder): string {
  switch (holder.kind) {
    case 'session': {
      const { run, host, since, session } = holder.session;
      const from = since === null ? '' : `, connected since ${since.toISOString()}`;
      return ` (${run ?? 'a run outside GitHub'} on ${host}${from}, session ${session})`;
    }
    case 'last-entry':
      return ` (which run that is is not shown to this identity; the last one to write here was ${holder.runUrl}, at ${holder.at})`;
    case 'not-known':
      return '';
  }
}

function lockedBy({ config }: UpgradeContext, where: string, holder: Holder): UpgradeError {
  const end =
    holder.kind === 'session'
      ? [`Is that run dead for certain, and its lock still there? KILL ${holder.session.session};`]
      : [];
  return new UpgradeError(
    'locked-by-another-run',
    `Another run is acting on "${config.application}" right now: it holds the lock in ${where}${describeHolder(holder)}`,
    { advice: ['Wait until that run has ended, look at its summary, then start this phase again.', ...end] },
  );
}
