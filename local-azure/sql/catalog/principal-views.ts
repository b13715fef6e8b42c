// Users, roles and permissions of the database.
import { createHash } from 'node:crypto';
import { FIXED_ROLES, isOwner } from '../principals.ts';
import type { EngineSession } from '../sessions/engine-session.ts';
import { sameName } from './catalog.ts';
import type { UserEntry } from './entries.ts';
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
  sid: 'bytes',
  is_fixed_role: 'bit',
  authentication_type: 'int',
  authentication_type_desc: 'name',
} as const;

const AUTHENTICATION = {
  none: [0, 'NONE'],
  login: [1, 'INSTANCE'],
  password: [2, 'DATABASE'],
  external: [4, 'EXTERNAL'],
} as const satisfies Record<UserEntry['authentication']['type'], readonly [number, string]>;

const FIRST_FIXED_ROLE = 16_384;

interface PrincipalRow {
  readonly name: string;
  readonly id: number;
  readonly type: 'S' | 'E' | 'R';
  readonly authentication: readonly [number, string];
  readonly isFixed: boolean;
  readonly createdAt: Date;
  readonly sid: Uint8Array | null;
}

function principalRows({ catalog, database }: EngineSession): PrincipalRow[] {
  const at = database.createdAt;
  const role = (name: string, id: number, isFixed: boolean, createdAt: Date): PrincipalRow => ({
    name,
    id,
    type: 'R',
    authentication: [0, 'NONE'],
    isFixed,
    createdAt,
    sid: null,
  });
  const own = (name: string, id: number): PrincipalRow => ({
    name,
    id,
    type: 'S',
    authentication: [1, 'INSTANCE'],
    isFixed: false,
    createdAt: at,
    sid: Buffer.from([id]),
  });
  const users = catalog.users().map(
    (user, index): PrincipalRow => ({
      name: user.name,
      id: 5 + index,
      type: user.authentication.type === 'external' ? 'E' : 'S',
      authentication: AUTHENTICATION[user.authentication.type],
      isFixed: false,
      createdAt: new Date(user.createdAt),
      sid: sidOf(user),
    }),
  );
  const roles = catalog.entries
    .filter((entry) => entry.kind === 'role')
    .map((entry, index) => role(entry.name, 1000 + index, false, new Date(entry.createdAt)));
  return [
    role('public', 0, false, at),
    own('dbo', 1),
    own('guest', 2),
    ...users,
    ...roles,
    ...FIXED_ROLES.map((name, index) => role(name, FIRST_FIXED_ROLE + index, true, at)),
  ];
}

/** Of an Entra principal: its object id's bytes; of a login: the login's. */
function sidOf(user: UserEntry): Uint8Array {
  const { authentication } = user;
  if (authentication.type === 'login') return Buffer.from(authentication.sid, 'hex');
  if (authentication.type === 'external') return Buffer.from(authentication.appId.replaceAll('-', ''), 'hex');
  return createHash('sha256').update(`${user.id}${user.name}`).digest();
}

function principals(session: EngineSession) {
  return viewRows(
    PRINCIPAL_COLUMNS,
    principalRows(session).map((row) => ({
      name: row.name,
      principal_id: row.id,
      type: row.type,
      type_desc: row.type === 'R' ? 'DATABASE_ROLE' : row.type === 'E' ? 'EXTERNAL_USER' : 'SQL_USER',
      default_schema_name: row.type === 'R' ? null : 'dbo',
      create_date: row.createdAt,
      modify_date: row.createdAt,
      sid: row.sid,
      is_fixed_role: row.isFixed,
      authentication_type: row.authentication[0],
      authentication_type_desc: row.authentication[1],
    })),
  );
}

const MEMBER_COLUMNS = { role_principal_id: 'int', member_principal_id: 'int' } as const;

function members(session: EngineSession) {
  const rows = principalRows(session);
  const id = (name: string) => rows.find((row) => sameName(row.name, name))?.id ?? -1;
  const explicit = session.catalog
    .memberships()
    .map((each) => ({ role_principal_id: id(each.role), member_principal_id: id(each.member) }));
  return viewRows(MEMBER_COLUMNS, [
    { role_principal_id: FIRST_FIXED_ROLE, member_principal_id: 1 },
    ...explicit,
  ]);
}

const PERMISSION_COLUMNS = {
  class: 'int',
  class_desc: 'name',
  major_id: 'int',
  minor_id: 'int',
  grantee_principal_id: 'int',
  permission_name: 'name',
  state: 'name',
  state_desc: 'name',
} as const;
const CLASSES = {
  database: [0, 'DATABASE'],
  object: [1, 'OBJECT_OR_COLUMN'],
  schema: [3, 'SCHEMA'],
} as const;

function permissions(session: EngineSession) {
  const { catalog, principal } = session;
  const rows = principalRows(session);
  const shown = isOwner(catalog, principal)
    ? catalog.permissions()
    : catalog.permissions().filter((each) => sameName(each.grantee, principal.user));
  return viewRows(
    PERMISSION_COLUMNS,
    shown.map((each) => ({
      class: CLASSES[each.scope][0],
      class_desc: CLASSES[each.scope][1],
      major_id: Number(each.target) || 0,
      minor_id: 0,
      grantee_principal_id: rows.find((row) => sameName(row.name, each.grantee))?.id ?? -1,
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
