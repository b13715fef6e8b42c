// Two runs never act on one application at once: an exclusive application lock, held by the session of
// the production database. It lives in memory, so it works while the database is read-only, and it dies with
// the process, so nothing has to be cleaned up after a kill.
import type { SqlConnection } from '../ports.ts';

/** sp_getapplock: 0 granted, 1 granted after waiting; negative: timeout, cancelled, deadlock, bad call. */
export async function acquireRunLock(
  connection: SqlConnection,
  application: string,
  waitMs: number,
): Promise<boolean> {
  const rows = await connection.query(
    `DECLARE @code int;
     EXEC @code = sys.sp_getapplock @Resource = @resource, @LockMode = N'Exclusive', @LockOwner = N'Session',
       @LockTimeout = @wait, @DbPrincipal = N'public';
     SELECT @code AS code;`,
    { resource: resource(application), wait: waitMs },
    waitMs + 30_000,
  );
  return Number(rows.at(-1)?.code ?? -999) >= 0;
}

/** Whether this session still holds it: a reconnected session does not. */
export async function holdsRunLock(connection: SqlConnection, application: string): Promise<boolean> {
  const rows = await connection.query("SELECT APPLOCK_MODE(N'public', @resource, N'Session') AS mode;", {
    resource: resource(application),
  });
  return rows[0]?.mode === 'Exclusive';
}

/** The session that holds the lock, as far as it tells about itself. */
export interface LockHolder {
  readonly session: number;
  /** The run it belongs to, where its connection names one (sql-connection.ts). */
  readonly run: string | null;
  /** The machine it runs on. */
  readonly host: string;
  /** When it connected. */
  readonly since: Date | null;
}

/**
 * Who holds the lock now. Null where nobody does by now, and where that is not shown: it takes VIEW DATABASE STATE, on Basic, S0
 * and S1 and in elastic pools the right to see the server's state. Throws SqlError where SQL Server refuses the question.
 */
export async function readLockHolder(
  connection: SqlConnection,
  application: string,
): Promise<LockHolder | null> {
  const rows = await connection.query(
    `SELECT s.session_id AS session, s.program_name AS program, s.host_name AS host, s.login_time AS since
       FROM sys.dm_tran_locks AS l JOIN sys.dm_exec_sessions AS s ON s.session_id = l.request_session_id
      WHERE l.resource_type = N'APPLICATION' AND l.resource_database_id = DB_ID() AND l.request_status = N'GRANT'
        AND l.request_mode = N'X' AND CHARINDEX(@shown, l.resource_description) > 0;`,
    { shown: `[${resource(application).slice(0, SHOWN_CHARACTERS)}]` },
  );
  const [row, other] = rows;
  // The view cuts names off: of two applications that begin alike it cannot be told which one holds it.
  if (!row || other) return null;
  return {
    session: Number(row.session),
    run: /\bhttps:\S+/.exec(String(row.program))?.[0] ?? null,
    host: String(row.host ?? ''),
    since: row.since instanceof Date ? row.since : null,
  };
}

/** Of a lock's name in sys.dm_tran_locks (its documentation: "the first 32 characters"). */
const SHOWN_CHARACTERS = 32;

/** sp_getapplock takes up to 255 characters, compared case-sensitively. */
function resource(application: string): string {
  return `rolling-upgrade:${application.toLowerCase()}`.slice(0, 255);
}
