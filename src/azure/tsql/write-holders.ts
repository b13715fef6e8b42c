// Who may still write into a database that is fenced: transactions that have written, and statements that had begun
// before. Needs VIEW DATABASE STATE (on Basic, S0, S1 and in elastic pools the administrator or ##MS_ServerStateReader##).
import { SqlError } from '../errors.ts';
import type { SqlConnection, SqlRow } from '../ports.ts';

export interface SessionSeen {
  readonly id: number;
  readonly login: string;
  readonly program: string;
  readonly host: string;
}

/** Azure's own processes on the server (backup, metrics); nobody signs in to Azure SQL Database with such a name. */
export const OF_PEOPLE = `s.is_user_process = 1 AND s.session_id <> @@SPID
   AND s.login_name NOT LIKE N'NT AUTHORITY\\%' AND s.login_name NOT LIKE N'NT SERVICE\\%'`;

/** "Process ID n is not an active process ID", and the same of one that is being ended. */
const GONE = [6106, 6107];

/**
 * Sessions that may still write: whose transaction has written into this database, and whose statement had begun before
 * `since` and is no plain SELECT (a permission is asked for when a statement begins, and once for all that a procedure
 * does). Sessions that only read are not among them.
 *
 * @param since by the server's clock, once the fence stands.
 */
export async function readWriteHolders(connection: SqlConnection, since: Date): Promise<SessionSeen[]> {
  const rows = await connection.query(
    `SELECT DISTINCT s.session_id, s.login_name, s.program_name, s.host_name
       FROM sys.dm_exec_sessions AS s
       JOIN sys.dm_tran_session_transactions AS t ON t.session_id = s.session_id
       JOIN sys.dm_tran_database_transactions AS d ON d.transaction_id = t.transaction_id
      WHERE ${OF_PEOPLE}
        AND d.database_id = DB_ID() AND d.database_transaction_begin_time IS NOT NULL
     UNION
     SELECT s.session_id, s.login_name, s.program_name, s.host_name
       FROM sys.dm_exec_sessions AS s
       JOIN sys.dm_exec_requests AS r ON r.session_id = s.session_id
      WHERE ${OF_PEOPLE}
        AND r.database_id = DB_ID() AND r.start_time < @since
        AND (r.command NOT IN (N'SELECT', N'WAITFOR')
             OR EXISTS (SELECT 1 FROM sys.dm_exec_sql_text(r.sql_handle) AS x WHERE x.objectid IS NOT NULL));`,
    { since },
  );
  return rows.map(sessionSeen);
}

export function sessionSeen(row: SqlRow): SessionSeen {
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    id: Number(row.session_id),
    login: text(row.login_name),
    program: text(row.program_name),
    host: text(row.host_name),
  };
}

/**
 * Ends a session; what it has not committed is rolled back, which may go on after this returns. Needs KILL DATABASE
 * CONNECTION. One that has ended by itself is no error.
 */
export async function endSession(connection: SqlConnection, id: number): Promise<void> {
  try {
    await connection.batch(`KILL ${Math.trunc(id)};`, { timeoutMs: 30_000 });
  } catch (error) {
    if (error instanceof SqlError && error.has(...GONE)) return;
    throw error;
  }
}
