// Users, roles and permissions of the database.
import { type Permission, permissionType } from '../permissions.ts';
import { isOwner } from '../principals.ts';
import type { EngineSession } from '../sessions/engine-session.ts';
import { sameName } from './catalog.ts';
import { type DatabasePrincipal, databasePrincipals, principalId } from './database-principals.ts';
import type { PermissionEntry } from './entries.ts';
import { schemaId } from './schema-ids.ts';
import type { SystemView } from './system-views.ts';
import { viewRows } from './view-rows.ts';

const PRINCIPAL_COLUMNS = {
  name: 'name',
  principal_id: 'int',
  type: 'name',
  type_desc: 'name',
  default_schema_name: 'name',
  create_date: 'datetime',
  modify_date: 'datetime',
  owning_principal_id: 'int',
  sid: 'bytes',
  is_fixed_role: 'bit',
  authentication_type: 'int',
  authentication_type_desc: 'name',
} as const;

const TYPES = { S: 'SQL_USER', E: 'EXTERNAL_USER', R: 'DATABASE_ROLE', A: 'APPLICATION_ROLE' } as const;

const AUTHENTICATION = {
  none: [0, 'NONE'],
  login: [1, 'INSTANCE'],
  password: [2, 'DATABASE'],
  external: [4, 'EXTERNAL'],
} as const satisfies Record<DatabasePrincipal['authentication'], readonly [number, string]>;

function principals({ catalog, database }: EngineSession) {
  return viewRows(
    PRINCIPAL_COLUMNS,
    databasePrincipals(catalog).map((each) => ({
      name: each.name,
      principal_id: each.id,
      type: each.type,
      type_desc: TYPES[each.type],
      default_schema_name: each.type === 'R' ? null : 'dbo',
      create_date: each.createdAt ?? database.createdAt,
      modify_date: each.createdAt ?? database.createdAt,
      owning_principal_id: each.owner,
      sid: each.sid,
      is_fixed_role: each.isFixed,
      authentication_type: AUTHENTICATION[each.authentication][0],
      authentication_type_desc: AUTHENTICATION[each.authentication][1],
    })),
  );
}

const MEMBER_COLUMNS = { role_principal_id: 'int', member_principal_id: 'int' } as const;

function members({ catalog }: EngineSession) {
  const pairs = [{ role: 'db_owner', member: 'dbo' }, ...catalog.memberships()];
  return viewRows(
    MEMBER_COLUMNS,
    pairs.map(({ role, member }) => ({
      role_principal_id: principalId(catalog, role),
      member_principal_id: principalId(catalog, member),
    })),
  );
}

const PERMISSION_COLUMNS = {
  class: 'int',
  class_desc: 'name',
  major_id: 'int',
  minor_id: 'int',
  grantee_principal_id: 'int',
  grantor_principal_id: 'int',
  type: 'name',
  permission_name: 'name',
  state: 'name',
  state_desc: 'name',
} as const;

const CLASSES = {
  database: [0, 'DATABASE'],
  object: [1, 'OBJECT_OR_COLUMN'],
  schema: [3, 'SCHEMA'],
  principal: [4, 'DATABASE_PRINCIPAL'],
} as const satisfies Record<Permission['scope'], readonly [number, string]>;

const DBO_CONNECTS: PermissionEntry = {
  kind: 'permission',
  id: 0,
  state: 'GRANT',
  permission: 'CONNECT',
  scope: 'database',
  target: '',
  grantee: 'dbo',
};

function permissions({ catalog, principal }: EngineSession) {
  const all = [DBO_CONNECTS, ...catalog.permissions()];
  const shown = isOwner(catalog, principal)
    ? all
    : all.filter((each) => sameName(each.grantee, principal.user));
  const majorId = ({ scope, target }: PermissionEntry) => {
    if (scope === 'schema') return schemaId(catalog, target);
    return scope === 'principal' ? principalId(catalog, target) : Number(target) || 0;
  };
  return viewRows(
    PERMISSION_COLUMNS,
    shown.map((each) => ({
      class: CLASSES[each.scope][0],
      class_desc: CLASSES[each.scope][1],
      major_id: majorId(each),
      minor_id: 0,
      grantee_principal_id: principalId(catalog, each.grantee),
      // Whoever gives a right as a member of db_owner gives it in dbo's name.
      grantor_principal_id: 1,
      type: permissionType({ scope: each.scope, name: each.permission }),
      permission_name: each.permission,
      state: each.state.charAt(0),
      state_desc: each.state,
    })),
  );
}

export const PRINCIPAL_VIEWS: Readonly<Record<string, SystemView>> = {
  'sys.database_principals': { permission: null, read: principals },
  'sys.database_role_members': { permission: null, read: members },
  'sys.database_permissions': { permission: null, read: permissions },
};
