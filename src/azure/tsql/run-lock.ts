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

/** sp_getapplock takes up to 255 characters, compared case-sensitively. */
function resource(application: string): string {
  return `rolling-upgrade:${application.toLowerCase()}`.slice(0, 255);
}
