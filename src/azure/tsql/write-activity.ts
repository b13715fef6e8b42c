import type { SqlConnection } from '../ports.ts';
import { type Look, lookAt } from './looks.ts';

export interface WriteActivity {
  /**
   * When users last wrote, as far as SQL Server remembers (the view is emptied by a failover); null where it
   * remembers no write.
   */
  readonly lastWrite: Date | null;
  /** The server's own clock, to hold the former against. */
  readonly now: Date;
}

/** When users last wrote into this database. Needs VIEW DATABASE STATE. */
export const WRITE_ACTIVITY: Look<WriteActivity> = {
  select: `MAX(last_user_update) AS last_write, SYSUTCDATETIME() AS server_time
             FROM sys.dm_db_index_usage_stats WHERE database_id = DB_ID()`,
  read: ([row]) => ({
    lastWrite: row?.last_write instanceof Date ? row.last_write : null,
    now: row?.server_time instanceof Date ? row.server_time : new Date(Number.NaN),
  }),
};

export function readWriteActivity(connection: SqlConnection): Promise<WriteActivity> {
  return lookAt(connection, WRITE_ACTIVITY);
}
