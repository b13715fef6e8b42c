// Who else is connected to a database.
import { SqlError } from '../errors.ts';
import type { SqlConnection } from '../ports.ts';
import { OF_PEOPLE } from './write-holders.ts';

/**
 * How many sessions but the caller's are in this database, idle ones included. 0 also where they cannot be seen: that needs
 * VIEW DATABASE STATE, and on Basic, S0, S1 and in elastic pools the administrator or ##MS_ServerStateReader##.
 */
export async function countOtherSessions(connection: SqlConnection): Promise<number> {
  try {
    const rows = await connection.query(
      `SELECT COUNT(*) AS others FROM sys.dm_exec_sessions AS s WHERE ${OF_PEOPLE} AND s.database_id = DB_ID();`,
    );
    return Number(rows[0]?.others ?? 0);
  } catch (error) {
    if (error instanceof SqlError && error.kind === 'server') return 0;
    throw error;
  }
}
