// The second way of closing a database: the writing permissions are denied to a role of this tool's own, and everybody
// who may sign in is made a member. Undone by dropping the role, so what was denied before stays denied; reads go on.
// Sources: GRANT Database Permissions and Permissions (Database Engine), which permission covers which; a DENY binds
// members of db_owner as well, but neither dbo nor the owner of an object (fence-obstacles.ts looks for those).
import type { SqlConnection } from '../ports.ts';
import { quoteName } from './identifiers.ts';

/** It, and it alone, says that the database is fenced; it travels to the copies with the data. */
export const FENCE_ROLE = 'rolling-upgrade-fence';

/** Number of the error that raising the fence ends with where it would bind the caller. Nothing is changed then. */
export const FENCE_BINDS_CALLER = 51_001;

/** Changes of permissions wait for other changes of permissions only. Milliseconds. */
const FENCE_TIMEOUT_MS = 60_000;
/** Raising it ends with error 1222 then, also where its client is gone: a fence must not come when nobody expects it any more. */
const LOCK_TIMEOUT_MS = 15_000;

const ROLE = quoteName(FENCE_ROLE);
const ROLE_TEXT = `N'${FENCE_ROLE}'`;

/**
 * On the database: DDL is covered by ALTER, and so is taking oneself out of the role (ALTER ANY ROLE). EXECUTE is not
 * among them: on the database it would stop the procedures of SQL Server itself, which drivers use to read.
 */
const DENIED = ['INSERT', 'UPDATE', 'DELETE', 'ALTER', 'TAKE OWNERSHIP'] as const;
const DENIED_TEXTS = DENIED.map((permission) => `N'${permission}'`).join(', ');

/**
 * Everybody of sys.database_principals AS p who may sign in, except SQL Server's own (dbo, guest, INFORMATION_SCHEMA,
 * sys: up to 4) and the caller: users with a login, contained ones, of Entra, and groups.
 */
export const BOUND_BY_FENCE = `p.type IN ('S', 'U', 'E', 'X', 'G') AND p.principal_id > 4
   AND p.principal_id <> ISNULL(DATABASE_PRINCIPAL_ID(), 0)`;

/** Schemas of sys.schemas AS s that hold modules of users: dbo, and what was created. */
const USER_SCHEMAS = '(s.schema_id = 1 OR (s.schema_id > 4 AND s.schema_id < 16384))';

/**
 * EXECUTE is denied for each schema, because a procedure writes with its owner's rights. Without IMPERSONATE nobody
 * becomes dbo or the caller, whom the fence does not bind.
 */
const RAISE = `SET XACT_ABORT ON;
SET NOCOUNT ON;
SET LOCK_TIMEOUT ${LOCK_TIMEOUT_MS};
DECLARE @statements nvarchar(max);
BEGIN TRANSACTION;
CREATE ROLE ${ROLE} AUTHORIZATION [dbo];
DENY ${DENIED.join(', ')} TO ${ROLE};
DENY IMPERSONATE ON USER::[dbo] TO ${ROLE};
IF USER_NAME() <> N'dbo' AND DATABASE_PRINCIPAL_ID() IS NOT NULL
BEGIN
  SET @statements = N'DENY IMPERSONATE ON USER::' + QUOTENAME(USER_NAME()) + N' TO ${ROLE};';
  EXEC sys.sp_executesql @statements;
END;
SELECT @statements = STRING_AGG(CONVERT(nvarchar(max),
         N'DENY EXECUTE ON SCHEMA::' + QUOTENAME(s.name) + N' TO ${ROLE};'), N' ')
  FROM sys.schemas AS s
 WHERE ${USER_SCHEMAS};
IF @statements IS NOT NULL EXEC sys.sp_executesql @statements;
SELECT @statements = STRING_AGG(CONVERT(nvarchar(max),
         N'ALTER ROLE ${ROLE} ADD MEMBER ' + QUOTENAME(p.name) + N';'), N' ')
  FROM sys.database_principals AS p
 WHERE ${BOUND_BY_FENCE};
IF @statements IS NOT NULL EXEC sys.sp_executesql @statements;
IF ISNULL(HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), N'DATABASE', N'INSERT'), 0) <> 1
   OR ISNULL(HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), N'DATABASE', N'ALTER'), 0) <> 1
  THROW ${FENCE_BINDS_CALLER}, N'The fence would bind the caller, who is in it through a group.', 1;
COMMIT TRANSACTION;`;

const LOWER = `SET XACT_ABORT ON;
SET NOCOUNT ON;
DECLARE @statements nvarchar(max);
BEGIN TRANSACTION;
SELECT @statements = STRING_AGG(CONVERT(nvarchar(max),
         N'ALTER ROLE ${ROLE} DROP MEMBER ' + QUOTENAME(m.name) + N';'), N' ')
  FROM sys.database_role_members AS r
  JOIN sys.database_principals AS f ON f.principal_id = r.role_principal_id
  JOIN sys.database_principals AS m ON m.principal_id = r.member_principal_id
 WHERE f.name = ${ROLE_TEXT};
IF @statements IS NOT NULL EXEC sys.sp_executesql @statements;
DROP ROLE IF EXISTS ${ROLE};
COMMIT TRANSACTION;`;

/** One transaction, on a database without the fence. Throws SqlError: FENCE_BINDS_CALLER, 15023 where it stands already. */
export async function raiseFence(connection: SqlConnection, signal: AbortSignal): Promise<void> {
  // Not as a batch: what is SET here ends with it, and the connection is as it was.
  await connection.query(RAISE, {}, FENCE_TIMEOUT_MS, signal);
}

/** One transaction; the database takes writes by tables' own permissions again. Not an error where no fence stands. */
export async function lowerFence(connection: SqlConnection): Promise<void> {
  await connection.query(LOWER, {}, FENCE_TIMEOUT_MS);
}

/** The same for a person, in one line. */
export const LOWER_FENCE = LOWER.replaceAll(/\s*\n\s*/g, ' ');

export interface Fence {
  /** How many principals it binds. */
  readonly members: number;
  /** What it lacks, as a reader would say it: somebody has changed it, or a user was created since. Empty: it is whole. */
  readonly missing: readonly string[];
}

/**
 * The fence of a database on which it stands, with what it lacks. Names of permissions have a collation of their own
 * (Latin1_General_CI_AS_KS_WS): without COLLATE the UNION is error 451.
 */
export async function readFence(connection: SqlConnection): Promise<Fence> {
  const rows = await connection.query(
    `SELECT N'member' AS kind, p.name COLLATE DATABASE_DEFAULT AS name
       FROM sys.database_principals AS p
       JOIN sys.database_role_members AS r ON r.member_principal_id = p.principal_id
      WHERE r.role_principal_id = DATABASE_PRINCIPAL_ID(@role)
     UNION ALL
     SELECT N'free', p.name COLLATE DATABASE_DEFAULT
       FROM sys.database_principals AS p
      WHERE ${BOUND_BY_FENCE}
        AND NOT EXISTS (SELECT 1 FROM sys.database_role_members AS r
                         WHERE r.member_principal_id = p.principal_id
                           AND r.role_principal_id = DATABASE_PRINCIPAL_ID(@role))
     UNION ALL
     SELECT N'denied', d.permission_name COLLATE DATABASE_DEFAULT
       FROM sys.database_permissions AS d
      WHERE d.grantee_principal_id = DATABASE_PRINCIPAL_ID(@role)
        AND d.class = 0 AND d.state = 'D' AND d.permission_name IN (${DENIED_TEXTS})
     UNION ALL
     SELECT N'open schema', s.name COLLATE DATABASE_DEFAULT
       FROM sys.schemas AS s
      WHERE ${USER_SCHEMAS}
        AND NOT EXISTS (SELECT 1 FROM sys.database_permissions AS d
                         WHERE d.grantee_principal_id = DATABASE_PRINCIPAL_ID(@role)
                           AND d.class = 3 AND d.major_id = s.schema_id
                           AND d.state = 'D' AND d.permission_name = N'EXECUTE');`,
    { role: FENCE_ROLE },
  );
  const named = (kind: string) => rows.filter((row) => row.kind === kind).map((row) => String(row.name));
  const denied = named('denied');
  return {
    members: named('member').length,
    missing: [
      ...named('free').map((name) => `${name} is not in it`),
      ...DENIED.filter((permission) => !denied.includes(permission)).map(
        (permission) => `${permission} is not denied`,
      ),
      ...named('open schema').map((name) => `EXECUTE is not denied in schema ${name}`),
    ],
  };
}
