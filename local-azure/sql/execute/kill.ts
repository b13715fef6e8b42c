// KILL: ends another session of this database.
import { sqlError } from '../errors.ts';
import { mayOnDatabase } from '../principals.ts';
import type { EngineSession } from '../sessions/engine-session.ts';
import type { StatementOf } from '../t-sql/ast.ts';
import { inMaster } from './administration.ts';
import type { Frame } from './frame.ts';

/**
 * The session's transaction is rolled back and its connection ends. Throws 6102 without KILL DATABASE CONNECTION, 6115
 * in a transaction, 6104 for one's own, 6106 where there is no such session here.
 */
export function runKill(frame: Frame, { spid }: StatementOf<'kill'>): void {
  const { session } = frame;
  if (!mayOnDatabase(session.catalog, session.principal, 'KILL DATABASE CONNECTION')) throw sqlError(6102);
  if (session.transaction.count > 0) throw sqlError(6115);
  if (spid === session.spid) throw sqlError(6104);
  const victim = reachable(frame).find((each) => each.spid === spid);
  if (!victim) throw sqlError(6106, spid);
  victim.kill();
}

/** Those of one's own database; from master those of the whole server. */
function reachable(frame: Frame): EngineSession[] {
  const { database, server } = frame.session;
  const databases = inMaster(frame) ? server.databases() : [database];
  return databases.flatMap((each) => [...each.sessions]).filter((each) => each.spid > 0);
}
