// Geo-replication as the database itself sees it. The views sys.dm_geo_replication_link_status and
// sp_wait_for_database_copy_sync live in the user database; in master they are empty.
import type { SqlConnection, SqlRow } from '../ports.ts';
import { type Look, lookAt } from './looks.ts';

export interface LinkStatus {
  /** Short server name of the other side. */
  readonly partnerServer: string;
  readonly role: 'primary' | 'secondary';
  /** PENDING | SEEDING | CATCH_UP | SUSPENDED, as replication_state_desc gives it. */
  readonly state: string;
  /** Known on the primary only. Null means "not known", never "none". */
  readonly lagSeconds: number | null;
  readonly lastCommit: Date | null;
}

/** The links of this database. Needs VIEW DATABASE STATE. */
export const LINKS: Look<readonly LinkStatus[]> = {
  select: `partner_server, role, replication_state_desc, replication_lag_sec, last_commit
             FROM sys.dm_geo_replication_link_status`,
  read: (rows) => rows.map(linkStatus),
};

export function readLinks(connection: SqlConnection): Promise<readonly LinkStatus[]> {
  return lookAt(connection, LINKS);
}

function linkStatus(row: SqlRow): LinkStatus {
  return {
    partnerServer: String(row.partner_server),
    role: Number(row.role) === 0 ? 'primary' : 'secondary',
    state: String(row.replication_state_desc),
    lagSeconds: row.replication_lag_sec === null ? null : Number(row.replication_lag_sec),
    lastCommit: row.last_commit instanceof Date ? row.last_commit : null,
  };
}

/** The link to this partner; a database may have others, which are nobody's business here. */
export function linkTo(links: readonly LinkStatus[], partnerServer: string): LinkStatus | null {
  return links.find((link) => link.partnerServer.toLowerCase() === partnerServer.toLowerCase()) ?? null;
}

/**
 * The same, seen as this end of it: null also where the other end has that role by now. After a failover the link goes on
 * between the same two, and each says CATCH_UP of it.
 */
export function linkAs(
  role: LinkStatus['role'],
  links: readonly LinkStatus[],
  partnerServer: string,
): LinkStatus | null {
  const link = linkTo(links, partnerServer);
  return link?.role === role ? link : null;
}

/**
 * Blocks until every transaction committed so far is hardened in the secondary's log. On the primary only;
 * the login must be a user in both databases. Returns the procedure's code: 0 is success, anything else is
 * an error number (link not found, partner not reachable).
 */
export async function waitForCopySync(
  connection: SqlConnection,
  partnerServer: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<number> {
  const rows = await connection.query(
    `DECLARE @code int;
     EXEC @code = sys.sp_wait_for_database_copy_sync @target_server = @server, @target_database = @database;
     SELECT @code AS code;`,
    { server: partnerServer, database: connection.database },
    timeoutMs,
    signal,
  );
  return Number(rows.at(-1)?.code ?? -1);
}
