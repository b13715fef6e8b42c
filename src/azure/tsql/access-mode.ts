// Freeze and unfreeze: ALTER DATABASE … SET READ_ONLY | READ_WRITE, and reading the mode back.
// Source: ALTER DATABASE SET options (Transact-SQL), section for Azure SQL Database.
import type { SqlConnection } from '../ports.ts';
import { quoteName } from './identifiers.ts';

export type AccessMode = 'read-only' | 'read-write';

/** ALTER DATABASE waits for exclusive access; this is what it may take beyond the grace (milliseconds). */
const ALTER_TIMEOUT_MS = 60_000;

/**
 * Sets the database read-only. Open transactions get `graceSeconds`, then they are rolled back and every
 * other session is ended. Without a termination clause the statement waits for ever on any lock. Run it in
 * auto-commit mode on the database itself; db_owner suffices. Throws SqlError: 1468 where the database's role
 * in replication forbids it, 5011 without permission. Aborting `signal` gives up the
 * wait. After any error read the mode back.
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
 * Sets the database read-write. It needs exclusive access as well; in a read-only database there is nothing to
 * roll back, so readers are ended at once and reconnect.
 */
export async function setReadWrite(connection: SqlConnection): Promise<void> {
  await connection.batch(
    `ALTER DATABASE ${quoteName(connection.database)} SET READ_WRITE WITH ROLLBACK IMMEDIATE;`,
    { timeoutMs: ALTER_TIMEOUT_MS },
  );
}

/**
 * Whether this database takes writes. On a geo-secondary it is read-only because of its role, whatever the
 * option says.
 */
export async function readAccessMode(connection: SqlConnection): Promise<AccessMode> {
  const rows = await connection.query(
    "SELECT CONVERT(nvarchar(20), DATABASEPROPERTYEX(DB_NAME(), 'Updateability')) AS mode;",
  );
  const mode = rows[0]?.mode;
  if (mode === 'READ_ONLY') return 'read-only';
  if (mode === 'READ_WRITE') return 'read-write';
  throw new Error(`DATABASEPROPERTYEX(…, 'Updateability') answered ${String(mode)} on ${connection.server}`);
}
