import type { SqlConnection } from '../ports.ts';

export interface DatabaseRights {
  /** Who we are here, e.g. the service principal's name. */
  readonly user: string;
  readonly isOwner: boolean;
  readonly canAlter: boolean;
}

/** What the caller may do in this database. db_owner covers freeze, views, journal and script. */
export async function readRights(connection: SqlConnection): Promise<DatabaseRights> {
  const rows = await connection.query(
    `SELECT USER_NAME() AS name, IS_ROLEMEMBER(N'db_owner') AS owner,
            HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), N'DATABASE', N'ALTER') AS alter_database;`,
  );
  const row = rows[0] ?? {};
  const user = String(row.name ?? '?');
  return {
    user,
    isOwner: user === 'dbo' || Number(row.owner ?? 0) === 1,
    canAlter: Number(row.alter_database ?? 0) === 1,
  };
}
