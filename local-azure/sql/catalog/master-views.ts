// What master of a logical server shows, and sys.databases, which every database has.
import type { EngineSession } from '../sessions/engine-session.ts';
import { sameName } from './catalog.ts';
import type { SystemView } from './system-views.ts';
import { viewRows } from './view-rows.ts';

const DATABASE_COLUMNS = {
  name: 'name',
  database_id: 'int',
  source_database_id: 'int',
  owner_sid: 'bytes',
  create_date: 'datetime',
  compatibility_level: 'int',
  collation_name: 'name',
  user_access: 'int',
  user_access_desc: 'name',
  is_read_only: 'bit',
  state: 'int',
  state_desc: 'name',
  is_read_committed_snapshot_on: 'bit',
} as const;

/** In a user database: itself and master. is_read_only is the option, not the role. */
function databases({ server, database }: EngineSession) {
  const isMaster = sameName(database.name, 'master');
  const shown = server
    .databases()
    .filter((each) => isMaster || each === database || sameName(each.name, 'master'));
  return viewRows(
    DATABASE_COLUMNS,
    shown.map((each) => ({
      name: each.name,
      database_id: each.id,
      source_database_id: null,
      owner_sid: null,
      create_date: each.createdAt,
      compatibility_level: 160,
      collation_name: 'SQL_Latin1_General_CP1_CI_AS',
      user_access: 0,
      user_access_desc: 'MULTI_USER',
      is_read_only: each.readOnlyOption,
      state: each.availability === 'online' ? 0 : 7,
      state_desc: each.availability === 'online' ? 'ONLINE' : 'COPYING',
      is_read_committed_snapshot_on: true,
    })),
  );
}

const LINK_COLUMNS = {
  database_id: 'int',
  start_date: 'offset',
  modify_date: 'offset',
  link_guid: 'guid',
  partner_server: 'name',
  partner_database: 'name',
  replication_state: 'int',
  replication_state_desc: 'name',
  role: 'int',
  role_desc: 'name',
  secondary_allow_connections: 'int',
  secondary_allow_connections_desc: 'name',
} as const;

function geoReplicationLinks({ server }: EngineSession) {
  const rows = server.databases().flatMap((database) => {
    const incoming = server.replication.linkTo(database);
    return [...server.replication.linksFrom(database), ...(incoming ? [incoming] : [])].map((link) => {
      const isPrimary = link.primary === database;
      const partner = isPrimary ? link.secondary : link.primary;
      return {
        database_id: database.id,
        start_date: link.startedAt,
        modify_date: link.modifiedAt,
        link_guid: link.id.toUpperCase(),
        partner_server: partner.server,
        partner_database: partner.name,
        replication_state: link.state === 'PENDING' ? 0 : link.state === 'SEEDING' ? 1 : 2,
        replication_state_desc: link.state,
        role: isPrimary ? 0 : 1,
        role_desc: isPrimary ? 'PRIMARY' : 'SECONDARY',
        secondary_allow_connections: 2,
        secondary_allow_connections_desc: 'All',
      };
    });
  });
  return viewRows(LINK_COLUMNS, rows);
}

const OPERATION_COLUMNS = {
  session_activity_id: 'guid',
  resource_type: 'int',
  resource_type_desc: 'name',
  major_resource_id: 'name',
  minor_resource_id: 'name',
  operation: 'name',
  state: 'int',
  state_desc: 'name',
  percent_complete: 'int',
  error_code: 'int',
  error_desc: 'text',
  error_severity: 'int',
  error_state: 'int',
  start_time: 'datetime',
  last_modify_time: 'datetime',
} as const;

function operationStatus({ server }: EngineSession) {
  return viewRows(
    OPERATION_COLUMNS,
    server.operations.map((operation) => ({
      session_activity_id: operation.id.toUpperCase(),
      resource_type: 0,
      resource_type_desc: 'Database',
      major_resource_id: operation.database,
      minor_resource_id: '',
      operation: operation.operation,
      state: operation.endedAt ? 2 : 1,
      state_desc: operation.endedAt ? 'COMPLETED' : 'IN_PROGRESS',
      percent_complete: operation.endedAt ? 100 : 0,
      error_code: 0,
      error_desc: '',
      error_severity: 0,
      error_state: 0,
      start_time: operation.startedAt,
      last_modify_time: operation.endedAt ?? operation.startedAt,
    })),
  );
}

const LOGIN_COLUMNS = {
  name: 'name',
  principal_id: 'int',
  sid: 'bytes',
  type: 'name',
  type_desc: 'name',
  is_disabled: 'bit',
  create_date: 'datetime',
  modify_date: 'datetime',
  default_database_name: 'name',
} as const;

function logins({ server, principal }: EngineSession) {
  if (!principal.isServerAdministrator) return viewRows(LOGIN_COLUMNS, []);
  const administrator = {
    name: server.administrator.login,
    principalId: 1,
    sid: '01',
    createdAt: server.find('master')?.createdAt ?? null,
  };
  return viewRows(
    LOGIN_COLUMNS,
    [administrator, ...server.logins].map((login) => ({
      name: login.name,
      principal_id: login.principalId,
      sid: Buffer.from(login.sid, 'hex'),
      type: 'S',
      type_desc: 'SQL_LOGIN',
      is_disabled: false,
      create_date: login.createdAt,
      modify_date: login.createdAt,
      default_database_name: 'master',
    })),
  );
}

const FIREWALL_COLUMNS = {
  id: 'int',
  name: 'name',
  start_ip_address: 'name',
  end_ip_address: 'name',
} as const;

function firewallRules({ server }: EngineSession) {
  return viewRows(
    FIREWALL_COLUMNS,
    server.firewall.map((rule, at) => ({
      id: at + 1,
      name: rule.name,
      start_ip_address: rule.start,
      end_ip_address: rule.end,
    })),
  );
}

export const MASTER_VIEWS: Readonly<Record<string, SystemView>> = {
  'sys.databases': { permission: null, read: databases },
  'sys.geo_replication_links': { permission: null, masterOnly: true, read: geoReplicationLinks },
  'sys.dm_operation_status': { permission: null, masterOnly: true, read: operationStatus },
  'sys.sql_logins': { permission: null, masterOnly: true, read: logins },
  'sys.firewall_rules': { permission: null, masterOnly: true, read: firewallRules },
};
