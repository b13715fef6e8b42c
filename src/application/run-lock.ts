// Two runs never act on one application at once. The lock is a session lock in the first database; a
// session that was lost and opened again has to take it again before it writes.
import { SqlError } from '../azure/errors.ts';
import { acquireRunLock, holdsRunLock } from '../azure/tsql/run-lock.ts';
import { UpgradeError } from '../reasons.ts';
import { type Role, sqlTarget, type UpgradeContext } from './upgrade-context.ts';

/** How long a dead session of our own may keep the lock before SQL Server notices. Milliseconds. */
const GHOST_SESSION_MS = 30_000;
const PAUSE_MS = 500;

/**
 * Makes sure that this run holds the lock of the slot's first database. Throws 'locked-by-another-run'. Taking
 * it twice is one round trip; every write to production asks first.
 *
 * @param waitMs how long it is waited for; nobody else gets at the database's connection meanwhile. A killed run's
 *   session that waits to freeze holds it for the grace, and then ends every other session, ours as well.
 */
export async function ensureRunLock(
  context: UpgradeContext,
  role: Role,
  waitMs: number = GHOST_SESSION_MS + context.config.freezeGraceSeconds * 1000,
): Promise<void> {
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

async function takeRunLock(context: UpgradeContext, role: Role, waitMs: number): Promise<void> {
  const database = context.databases[0];
  if (!database) return;
  const { application } = context.config;
  await context.sessions.on(sqlTarget(context, role, database.name), async (connection) => {
    if (await holdsRunLock(connection, application)) return;
    if (await acquireRunLock(connection, application, 0)) return;
    if (waitMs > 0) {
      context.log.line(`Another run holds the lock; waiting up to ${Math.ceil(waitMs / 1000)} s`);
      if (await acquireRunLock(connection, application, waitMs)) return;
    }
    throw new UpgradeError(
      'locked-by-another-run',
      `Another run is acting on "${application}" right now: it holds the lock in ${database.name} on ${context[role].server.name}`,
      { advice: ['Wait until that run has ended, look at its summary, then start this phase again.'] },
    );
  });
}
