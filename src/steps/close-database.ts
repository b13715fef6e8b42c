// Closing a database for writers, by whichever method the configuration has: READ_ONLY, or the fence of permissions.

import { fenceObstacleWords, sessionWords } from '../application/fence-words.ts';
import { readJournal } from '../application/journal.ts';
import { assertKnown } from '../application/known-entries.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { SqlError } from '../azure/errors.ts';
import type { SqlConnection, SqlTarget } from '../azure/ports.ts';
import { readAccess, setReadOnly } from '../azure/tsql/access-mode.ts';
import { readFenceObstacles, readUnboundSessions } from '../azure/tsql/fence-obstacles.ts';
import { FENCE_BINDS_CALLER, FENCE_ROLE, raiseFence, readFence } from '../azure/tsql/write-fence.ts';
import { endSession, readWriteHolders } from '../azure/tsql/write-holders.ts';
import { UpgradeError } from '../reasons.ts';

/** Not allowed on a database that is mirrored or in an availability group. */
const REFUSED_BY_REPLICATION = 1468;
const POLL_MS = 250;
/** What rolling back the sessions that were ended may take beyond the grace. Milliseconds. */
const ROLLBACK_MS = 60_000;

/**
 * Sends what closes the database, once. Throws SqlError; 'fence-not-possible' and 'overtaken-by-another-run' where nothing was
 * changed.
 */
export async function closeDatabase(
  context: UpgradeContext,
  target: SqlTarget,
  signal: AbortSignal,
): Promise<void> {
  const { freezeMethod } = context.config;
  if (freezeMethod === 'deny-writes') return fence(context, target, signal);
  try {
    await context.sessions.on(target, async (connection) => {
      await assertNobodyElse(context, connection);
      await setReadOnly(connection, context.config.freezeGraceSeconds, signal);
    });
  } catch (error) {
    const refused = error instanceof SqlError && error.has(REFUSED_BY_REPLICATION);
    if (!refused || freezeMethod !== 'auto') throw error;
    context.log.line(`${error.message}; the writing permissions are denied instead (freeze.method: auto)`);
    await fence(context, target, signal);
  }
}

/** The session that is to close it may be a new one: the announcement was written on another. */
async function assertNobodyElse(context: UpgradeContext, connection: SqlConnection): Promise<void> {
  assertKnown(context.known, connection, await readJournal(context, connection));
}

async function fence(context: UpgradeContext, target: SqlTarget, signal: AbortSignal): Promise<void> {
  await context.sessions.on(target, async (connection) => {
    if ((await readAccess(connection)).isFenced) return; // by a run that was killed then
    await assertNobodyElse(context, connection);
    const obstacles = await readFenceObstacles(connection);
    const sessions = obstacles.length > 0 ? [] : await readUnboundSessions(connection);
    const words = [...obstacles.map(fenceObstacleWords), ...sessions.map(sessionWords)];
    if (words.length > 0) throw notPossible(target, words.join('; '));
    try {
      await raiseFence(connection, signal);
    } catch (error) {
      if (!(error instanceof SqlError) || !error.has(FENCE_BINDS_CALLER)) throw error;
      throw notPossible(target, 'the identity of this run comes through a group that it would bind', error);
    }
  });
}

function notPossible({ host, database }: SqlTarget, why: string, cause?: unknown): UpgradeError {
  return new UpgradeError(
    'fence-not-possible',
    `Writing cannot be denied to everybody in ${database} on ${host.split('.')[0]}: ${why}`,
    {
      cause,
      advice: ['Take away what stands in the way (see the page of this reason), then run the phase again.'],
    },
  );
}

export interface Closed {
  /** From when on nobody can have written, by the server's clock; null where it did not tell. */
  readonly at: Date | null;
  /** "READ_ONLY", or what was done instead. */
  readonly evidence: string;
}

/**
 * Waits until nobody can write into the closed database any more. READ_ONLY has seen to that itself. A fence lets
 * transactions that have written go on: they get the grace, then their sessions are ended. Throws UpgradeError
 * 'freeze-failed' where one holds on, or where the fence is not whole.
 */
export async function settleWriters(
  context: UpgradeContext,
  target: SqlTarget,
  signal: AbortSignal,
): Promise<Closed> {
  const access = await context.sessions.on(target, readAccess);
  if (access.isReadOnly) return { at: access.at, evidence: 'READ_ONLY' };
  const ended = await endWriters(context, target, access.at ?? new Date(context.clock.now()), signal);
  return context.sessions.on(target, async (connection) => {
    const { members, missing } = await readFence(connection);
    const { at, isFenced } = await readAccess(connection);
    if (!isFenced || missing.length > 0) throw notWhole(target, missing);
    const sessions =
      ended === 0 ? '' : `; ${ended} that held writes after the grace ${ended === 1 ? 'was' : 'were'} ended`;
    return {
      at,
      evidence: `closed: writes are denied (role ${FENCE_ROLE}, ${members} principal${members === 1 ? '' : 's'}), no session holds any${sessions}`,
    };
  });
}

/** @returns how many sessions were ended. */
async function endWriters(
  context: UpgradeContext,
  target: SqlTarget,
  since: Date,
  signal: AbortSignal,
): Promise<number> {
  const graceUntil = context.clock.now() + context.config.freezeGraceSeconds * 1000;
  const ended = new Set<number>();
  for (;;) {
    signal.throwIfAborted();
    const holders = await context.sessions.on(target, (connection) => readWriteHolders(connection, since));
    if (holders.length === 0) return ended.size;
    const now = context.clock.now();
    if (now > graceUntil + ROLLBACK_MS) {
      throw new UpgradeError(
        'freeze-failed',
        `Sessions go on holding writes in ${target.database} although they were ended: ${holders.map(sessionWords).join('; ')}`,
        { advice: ['A long transaction is being rolled back: run the upgrade again when that is over.'] },
      );
    }
    if (now >= graceUntil) {
      for (const { id } of holders.filter((one) => !ended.has(one.id))) {
        await context.sessions.on(target, (connection) => endSession(connection, id));
        ended.add(id);
      }
    }
    await context.clock.sleep(POLL_MS, signal);
  }
}

function notWhole(target: SqlTarget, missing: readonly string[]): UpgradeError {
  return new UpgradeError(
    'freeze-failed',
    `The fence of ${target.database} (role ${FENCE_ROLE}) is not whole: ${missing.join('; ') || 'it is gone'}`,
    {
      advice: ['Find out who changes roles and users of the database meanwhile, then run the upgrade again.'],
    },
  );
}
