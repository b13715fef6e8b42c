// What a DENY does not bind: owners, dbo, guest, application roles, and a GRANT on a column, which a DENY on more than the
// column does not beat. Source: Permissions (Database Engine), permission check algorithm; DENY Object Permissions.
// And whose writing cannot be seen: a transaction on a memory-optimized table has no log record before it commits, and the
// view of index usage leaves these tables out. Source: In-Memory OLTP, How Durability is Achieved.
import { SqlError } from '../errors.ts';
import type { SqlConnection } from '../ports.ts';
import { BOUND_BY_FENCE } from './write-fence.ts';
import { OF_PEOPLE, readWriteHolders, type SessionSeen, sessionSeen } from './write-holders.ts';

export type FenceObstacle =
  | { readonly kind: 'owner'; readonly name: string; readonly objects: number }
  | { readonly kind: 'application-role'; readonly name: string }
  | { readonly kind: 'guest' }
  | { readonly kind: 'column-grant'; readonly name: string }
  | { readonly kind: 'memory-optimized'; readonly name: string }
  /** Writers cannot be seen, or cannot be ended. `why`: SQL Server's words, or the missing right. */
  | { readonly kind: 'right'; readonly why: string };

/** What stands in the fence's way in this database, whoever is signed in. Throws SqlError. */
export async function readFenceObstacles(connection: SqlConnection): Promise<FenceObstacle[]> {
  const rows = await connection.query(
    `SELECT N'owner' AS kind, w.name AS name, COUNT(*) AS objects
       FROM sys.objects AS o
       JOIN sys.schemas AS s ON s.schema_id = o.schema_id
       JOIN sys.database_principals AS w ON w.principal_id = COALESCE(o.principal_id, s.principal_id)
      WHERE o.is_ms_shipped = 0 AND w.principal_id NOT IN (1, 3, 4)
        AND w.principal_id <> ISNULL(DATABASE_PRINCIPAL_ID(), 0)
      GROUP BY w.name
     UNION ALL
     SELECT N'application-role', p.name, 0
       FROM sys.database_principals AS p WHERE p.type = 'A'
     UNION ALL
     SELECT N'guest', N'guest', 0
       FROM sys.database_permissions AS d
      WHERE d.class = 0 AND d.grantee_principal_id = 2 AND d.permission_name = N'CONNECT' AND d.state IN ('G', 'W')
     UNION ALL
     SELECT DISTINCT N'column-grant', p.name, 0
       FROM sys.database_permissions AS d
       JOIN sys.database_principals AS p ON p.principal_id = d.grantee_principal_id
      WHERE d.class = 1 AND d.minor_id <> 0 AND d.permission_name = N'UPDATE' AND d.state IN ('G', 'W')
     UNION ALL
     SELECT N'memory-optimized', t.name, 0
       FROM sys.tables AS t WHERE t.is_memory_optimized = 1 AND t.durability = 0
     UNION ALL
     SELECT N'right', N'KILL DATABASE CONNECTION', 0
      WHERE ISNULL(HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), N'DATABASE', N'KILL DATABASE CONNECTION'), 0) <> 1;`,
  );
  return [
    ...rows.map((row) => obstacle(String(row.kind), String(row.name), Number(row.objects))),
    ...(await writersHidden(connection)),
  ];
}

function obstacle(kind: string, name: string, objects: number): FenceObstacle {
  switch (kind) {
    case 'owner':
      return { kind, name, objects };
    case 'application-role':
    case 'column-grant':
    case 'memory-optimized':
      return { kind, name };
    case 'guest':
      return { kind };
    default:
      return { kind: 'right', why: `${name} is not granted` };
  }
}

async function writersHidden(connection: SqlConnection): Promise<FenceObstacle[]> {
  try {
    await readWriteHolders(connection, new Date(0));
    return [];
  } catch (error) {
    if (!(error instanceof SqlError) || error.kind !== 'server') throw error;
    return [{ kind: 'right', why: error.message }];
  }
}

/**
 * Sessions in this database that the fence would not bind, as far as can be told: administrators (dbo), others who use the
 * caller's identity, and users who come through a group. The caller's own runs are not among them.
 */
export async function readUnboundSessions(connection: SqlConnection): Promise<SessionSeen[]> {
  const rows = await connection.query(
    `SELECT s.session_id, s.login_name, s.program_name, s.host_name
       FROM sys.dm_exec_sessions AS s
      WHERE ${OF_PEOPLE} AND s.database_id = DB_ID()
        AND NOT EXISTS (SELECT 1 FROM sys.database_principals AS p
                         WHERE ${BOUND_BY_FENCE}
                           AND (p.sid = s.security_id
                                OR (p.name = s.login_name COLLATE DATABASE_DEFAULT AND s.authenticating_database_id = DB_ID())))
        AND NOT (s.program_name LIKE N'rolling-upgrade %'
                 AND s.security_id = (SELECT o.security_id FROM sys.dm_exec_sessions AS o WHERE o.session_id = @@SPID));`,
  );
  return rows.map(sessionSeen);
}
