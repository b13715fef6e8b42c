// Server logins and the database users that belong to them. They are joined by SID, not by name.
import type { SqlConnection, SqlRow } from '../ports.ts';

export interface SqlPrincipal {
  readonly name: string;
  /** As T-SQL writes it: 0x and upper case hexadecimal digits. */
  readonly sid: string;
}

/** Users of this database that sign in with a SQL login of the server; contained users are not among them. */
export async function readLoginUsers(connection: SqlConnection): Promise<SqlPrincipal[]> {
  // Up to principal 4 they are SQL Server's own: dbo, guest, INFORMATION_SCHEMA, sys.
  const rows = await connection.query(
    `SELECT name, sid FROM sys.database_principals
      WHERE type = 'S' AND authentication_type = 1 AND principal_id > 4;`,
  );
  return rows.map(principal);
}

/** SQL logins of the server. The connection is to master. */
export async function readServerLogins(connection: SqlConnection): Promise<SqlPrincipal[]> {
  return (await connection.query('SELECT name, sid FROM sys.sql_logins;')).map(principal);
}

function principal(row: SqlRow): SqlPrincipal {
  const { name, sid } = row;
  const digits = Buffer.isBuffer(sid) ? sid.toString('hex').toUpperCase() : '';
  return { name: String(name), sid: `0x${digits}` };
}
