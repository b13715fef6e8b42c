import type { SqlConnection } from '../ports.ts';

/**
 * When users last wrote into this database, as far as SQL Server remembers (the view is emptied by a
 * failover); null where it remembers no write. Needs VIEW DATABASE STATE.
 */
export async function lastUserWrite(connection: SqlConnection): Promise<Date | null> {
  const rows = await connection.query(
    'SELECT MAX(last_user_update) AS at FROM sys.dm_db_index_usage_stats WHERE database_id = DB_ID();',
  );
  return rows[0]?.at instanceof Date ? rows[0].at : null;
}
