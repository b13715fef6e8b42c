// Freeze and unfreeze: ALTER DATABASE … SET READ_ONLY | READ_WRITE, and reading the mode back. A database that is fenced
// (write-fence.ts) is closed as well.
// Source: ALTER DATABASE SET options (Transact-SQL), section for Azure SQL Database.
import { SqlError } from '../errors.ts';
import type { SqlConnection } from '../ports.ts';
import { quoteName } from './identifiers.ts';
import { type Look, lookAt } from './looks.ts';
import { FENCE_ROLE, lowerFence } from './write-fence.ts';

export type AccessMode = 'read-only' | 'read-write';

export interface Access {
  /** What users may do: 'read-only' where the database is READ_ONLY, by option or by its role, and where it is fenced. */
  readonly mode: AccessMode;
  readonly isReadOnly: boolean;
  readonly isFenced: boolean;
  /** The server's own clock when it said so; null where it did not tell. */
  readonly at: Date | null;
}

/** ALTER DATABASE waits for exclusive access; this is what it may take beyond the grace (milliseconds). */
export const ALTER_TIMEOUT_MS = 60_000;

/**
 * Sets the database read-only. Open transactions get `graceSeconds`, then they are rolled back and every
 * other session is ended. Without a termination clause the statement waits for ever on any lock. Run it in
 * auto-commit mode on the database itself; db_owner suffices. Throws SqlError: 1468 where the database's role
 * in replication forbids it, 5011 without permission. Aborting `signal` gives up the
 * wait. After any error read the mode back; after one of kind 'lost' the statement may still be under way, because
 * SQL Server goes on with it when its client is gone.
 */
export async function setReadOnly(
  connection: SqlConnection,
  graceSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const clause =
    graceSeconds > 0 ? `ROLLBACK AFTER ${Math.round(graceSeconds)} SECONDS` : 'ROLLBACK IMMEDIATE';
  await connection.batch(`ALTER DATABASE ${quoteName(connection.database)} SET READ_ONLY WITH ${clause};`, {
    timeoutMs: graceSeconds * 1000 + ALTER_TIMEOUT_MS,
    signal,
  });
}

/**
 * Opens the database for writers: lifts whichever stands, READ_ONLY or the fence, or both. READ_WRITE needs exclusive
 * access as well; in a read-only database there is nothing to roll back, so readers are ended at once and reconnect.
 *
 * @param before what the caller has just read on this connection.
 */
export async function setReadWrite(connection: SqlConnection, before?: Access): Promise<void> {
  const { isReadOnly, isFenced } = before ?? (await readAccess(connection));
  if (isReadOnly || !isFenced) await alterToReadWrite(connection);
  if (isFenced) await lowerFence(connection);
}

async function alterToReadWrite(connection: SqlConnection): Promise<void> {
  await connection.batch(
    `ALTER DATABASE ${quoteName(connection.database)} SET READ_WRITE WITH ROLLBACK IMMEDIATE;`,
    { timeoutMs: ALTER_TIMEOUT_MS },
  );
}

/**
 * Whether this database takes users' writes. On a geo-secondary it is read-only because of its role, whatever the
 * option says.
 */
export async function readAccessMode(connection: SqlConnection): Promise<AccessMode> {
  return (await readAccess(connection)).mode;
}

/** The mode, and when that was by the server's clock: what it says of writes is held against the same clock. */
export const ACCESS: Look<Access> = {
  select: `CONVERT(nvarchar(20), DATABASEPROPERTYEX(DB_NAME(), 'Updateability')) AS mode,
           DATABASE_PRINCIPAL_ID(@fence) AS fence, SYSUTCDATETIME() AS server_time`,
  parameters: { fence: FENCE_ROLE },
  read: ([row], { server }) => {
    const mode = row?.mode;
    const at = row?.server_time instanceof Date ? row.server_time : null;
    const isFenced = (row?.fence ?? null) !== null;
    if (mode === 'READ_ONLY') return { mode: 'read-only', isReadOnly: true, isFenced, at };
    if (mode === 'READ_WRITE')
      return { mode: isFenced ? 'read-only' : 'read-write', isReadOnly: false, isFenced, at };
    throw new Error(`DATABASEPROPERTYEX(…, 'Updateability') answered ${String(mode)} on ${server}`);
  },
};

export function readAccess(connection: SqlConnection): Promise<Access> {
  return lookAt(connection, ACCESS);
}

/**
 * Whether an ALTER DATABASE of another session is seen running. False proves nothing by itself: on smaller service
 * objectives the view shows a db_owner no session but its own.
 */
export async function seesAlterDatabase(connection: SqlConnection): Promise<boolean> {
  try {
    const rows = await connection.query(
      `SELECT COUNT(*) AS running FROM sys.dm_exec_requests
        WHERE session_id <> @@SPID AND database_id = DB_ID() AND command LIKE N'ALTER DATABASE%';`,
    );
    return Number(rows[0]?.running ?? 0) > 0;
  } catch (error) {
    if (error instanceof SqlError && error.kind === 'server') return false; // not allowed to look
    throw error;
  }
}
