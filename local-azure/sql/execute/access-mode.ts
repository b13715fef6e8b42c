// ALTER DATABASE … SET READ_ONLY | READ_WRITE: needs the database for itself alone.
import { sameName } from '../catalog/catalog.ts';
import type { Database } from '../database.ts';
import { alterDatabaseFailed, sqlError } from '../errors.ts';
import { mayOnDatabase, rolesOf } from '../principals.ts';
import type { SessionEvent } from '../session.ts';
import type { EngineSession } from '../sessions/engine-session.ts';
import type { StatementOf, Termination } from '../t-sql/ast.ts';
import type { Frame } from './frame.ts';

/**
 * Waits until no other session is in the database, idle ones included; the clause says what becomes of those
 * that stay. Throws 226 in a transaction, 5011 without the right, 1468 on a geo-secondary, 5070 under NO_WAIT.
 */
export async function* setAccessMode(
  frame: Frame,
  statement: StatementOf<'set-access-mode'>,
): AsyncGenerator<SessionEvent, void> {
  const { session, signal } = frame;
  if (session.transaction.count > 0 || session.settings.implicitTransactions)
    throw sqlError(226, 'ALTER DATABASE');
  const database = targetDatabase(session, statement.database ?? session.database.name);
  if (database.role === 'secondary') throw alterDatabaseFailed(sqlError(1468, database.name));
  const killed = await exclusively(database, session, statement.termination, signal);
  database.setReadOnlyOption(statement.mode === 'READ_ONLY');
  if (killed > 0) yield { kind: 'message', message: sqlError(5060, 100).toMessage() };
  yield { kind: 'done', rowCount: null };
}

/** One's own database, or any of the server from master. */
function targetDatabase(session: EngineSession, name: string): Database {
  const { server, database, principal, catalog } = session;
  const target = server.find(name);
  const inMaster = sameName(database.name, 'master');
  const isManager =
    inMaster && (principal.isServerAdministrator || rolesOf(catalog, principal.user).has('dbmanager'));
  const mayAlter =
    target !== null &&
    !sameName(name, 'master') &&
    (target === database ? mayOnDatabase(catalog, principal, 'ALTER') : isManager);
  if (!mayAlter || !target) throw alterDatabaseFailed(sqlError(5011, name));
  return target;
}

/** Resolves, with how many sessions were ended, at a moment when nobody else is in the database. */
async function exclusively(
  database: Database,
  session: EngineSession,
  termination: Termination,
  signal: AbortSignal,
): Promise<number> {
  const { clock, latency } = session.server;
  const refuseCompany = () => {
    if (termination.kind === 'no-wait' && database.othersThan(session).length > 0) {
      throw alterDatabaseFailed(sqlError(5070, database.name));
    }
  };
  refuseCompany();
  if (termination.kind === 'rollback' && termination.afterSeconds > 0) {
    await until(database, session, signal, termination.afterSeconds * 1000);
  }
  const duration = latency.of('set-read-only');
  if (duration > 0) await clock.sleep(duration, signal);
  refuseCompany();
  let killed = 0;
  while (database.othersThan(session).length > 0) {
    if (termination.kind === 'rollback') {
      for (const other of database.othersThan(session)) {
        other.kill();
        killed++;
      }
    } else {
      await until(database, session, signal, null);
    }
  }
  session.check(signal);
  return killed;
}

/** Until nobody else is there, or the patience is over. */
async function until(
  database: Database,
  session: EngineSession,
  signal: AbortSignal,
  patienceMs: number | null,
): Promise<void> {
  const over = new AbortController();
  const cancel = patienceMs === null ? null : session.server.clock.schedule(patienceMs, () => over.abort());
  const onAbort = () => over.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  const ended = new Promise<void>((resolve) =>
    over.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  while (database.othersThan(session).length > 0 && !over.signal.aborted && !signal.aborted) {
    await Promise.race([database.nextDeparture(), ended]);
  }
  cancel?.();
  signal.removeEventListener('abort', onAbort);
  session.check(signal);
}
