// Dynamic management views of a user database: links, locks, use of tables.

import type { ReplicationLink } from '../replication/link.ts';
import type { EngineSession } from '../sessions/engine-session.ts';
import { sameName } from './catalog.ts';
import type { SystemView } from './system-views.ts';
import { viewRows } from './view-rows.ts';

const LINK_COLUMNS = {
  link_guid: 'guid',
  partner_server: 'name',
  partner_database: 'name',
  last_replication: 'offset',
  replication_lag_sec: 'int',
  replication_state: 'int',
  replication_state_desc: 'name',
  role: 'int',
  role_desc: 'name',
  secondary_allow_connections: 'int',
  secondary_allow_connections_desc: 'name',
  last_commit: 'offset',
} as const;

const STATE_NUMBERS = { PENDING: 0, SEEDING: 1, CATCH_UP: 2, SUSPENDED: 4 } as const;

/** Empty in master; lag and last replication are known on the primary only. */
function linkStatus(session: EngineSession) {
  const { database, server } = session;
  if (sameName(database.name, 'master')) return viewRows(LINK_COLUMNS, []);
  const incoming = server.replication.linkTo(database);
  const links = [...server.replication.linksFrom(database), ...(incoming ? [incoming] : [])];
  return viewRows(
    LINK_COLUMNS,
    links.map((link) => linkRow(link, link.primary === database)),
  );
}

function linkRow(link: ReplicationLink, isPrimary: boolean) {
  const partner = isPrimary ? link.secondary : link.primary;
  const { state } = link;
  return {
    link_guid: link.id.toUpperCase(),
    partner_server: partner.server,
    partner_database: partner.name,
    last_replication: isPrimary ? link.lastReplicationAt : null,
    replication_lag_sec: isPrimary ? link.lagSeconds : null,
    replication_state: STATE_NUMBERS[state],
    replication_state_desc: state,
    role: isPrimary ? 0 : 1,
    role_desc: isPrimary ? 'PRIMARY' : 'SECONDARY',
    secondary_allow_connections: 2,
    secondary_allow_connections_desc: 'ALL',
    last_commit: isPrimary ? link.primary.lastCommitAt : link.lastCommitAt,
  };
}

const USAGE_COLUMNS = {
  database_id: 'int',
  object_id: 'int',
  index_id: 'int',
  user_updates: 'bigint',
  last_user_seek: 'datetime',
  last_user_scan: 'datetime',
  last_user_update: 'datetime',
} as const;

/** Empty after a reconfiguration, and on a geo-secondary. */
function indexUsage({ database }: EngineSession) {
  return viewRows(
    USAGE_COLUMNS,
    [...database.usage].map(([table, at]) => ({
      database_id: database.id,
      object_id: table,
      index_id: 1,
      user_updates: 1,
      last_user_seek: null,
      last_user_scan: null,
      last_user_update: at,
    })),
  );
}

const LOCK_COLUMNS = {
  resource_type: 'name',
  resource_database_id: 'int',
  resource_description: 'name',
  request_mode: 'name',
  request_status: 'name',
  request_session_id: 'int',
  request_owner_type: 'name',
} as const;

const MODE_LETTERS = {
  Shared: 'S',
  Update: 'U',
  IntentShared: 'IS',
  IntentExclusive: 'IX',
  Exclusive: 'X',
} as const;

/** Application locks that are granted; the view has 32 characters of their names. */
function locks({ database }: EngineSession) {
  const held = database.locks.held().flatMap((lock) => {
    const holder = [...database.sessions].find((each) => each === lock.holder);
    return holder === undefined ? [] : [{ ...lock, holder }];
  });
  return viewRows(
    LOCK_COLUMNS,
    held.map(({ name, mode, owner, holder }) => ({
      resource_type: 'APPLICATION',
      resource_database_id: database.id,
      resource_description: `0:[${name.slice(0, 32)}]:(00000000)`,
      request_mode: MODE_LETTERS[mode],
      request_status: 'GRANT',
      request_session_id: holder.spid,
      request_owner_type: owner === 'Session' ? 'SESSION' : 'TRANSACTION',
    })),
  );
}

export const MANAGEMENT_VIEWS: Readonly<Record<string, SystemView>> = {
  'sys.dm_geo_replication_link_status': { permission: 'VIEW DATABASE STATE', read: linkStatus },
  'sys.dm_tran_locks': { permission: 'VIEW DATABASE STATE', read: locks },
  'sys.dm_db_index_usage_stats': { permission: 'VIEW DATABASE STATE', read: indexUsage },
};
