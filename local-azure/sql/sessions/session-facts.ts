// The session as built-in functions see it.
import { sameName } from '../catalog/catalog.ts';
import { parseObjectName } from '../functions/object-names.ts';
import type { SessionFacts } from '../functions/scalar-function.ts';
import { permissionType, type SecurableScope } from '../permissions.ts';
import {
  FIXED_ROLES,
  isOwner,
  mayOnDatabase,
  mayOnPrincipal,
  mayUse,
  mayUseSchema,
  type ObjectPermission,
  rolesOf,
  SERVER_ROLES,
} from '../principals.ts';
import type { Stored } from '../t-sql/conversion.ts';
import type { EngineSession } from './engine-session.ts';

export function sessionFacts(session: EngineSession): SessionFacts {
  const { server, database, principal } = session;
  return {
    get statementTime() {
      return session.statementTime;
    },
    random: server.random,
    serverName: server.name,
    databaseName: database.name,
    databaseId: database.id,
    spid: session.spid,
    login: principal.login,
    user: principal.user,
    programName: session.programName,
    get catalog() {
      return session.catalog;
    },
    get transactionCount() {
      return session.transaction.count;
    },
    get transactionState() {
      if (session.transaction.count === 0) return 0;
      return session.transaction.doomed ? -1 : 1;
    },
    get scopeIdentity() {
      return session.lastIdentity;
    },
    get caughtError() {
      return session.caughtError;
    },
    databaseIdOf: (name) => server.find(name)?.id ?? null,
    databaseNameOf: (id) => server.databases().find((each) => each.id === id)?.name ?? null,
    databaseProperty: (name, property) => databaseProperty(session, name, property),
    isRoleMember: (role, user) => isRoleMember(session, role, user),
    isServerRoleMember: (role) => isServerRoleMember(role),
    hasPermission: (securable, kind, permission) => hasPermission(session, securable, kind, permission),
    lockMode: (resource, owner) =>
      database.locks.modeOf(resource, session, sameName(owner, 'Session') ? 'Session' : 'Transaction'),
    temporaryId: (name) => session.temporaryTables.get(name.toLowerCase())?.id ?? null,
    lastIdentity: (table) => {
      const last = session.store.query('SELECT "last" FROM "identity" WHERE "id" = ?', [
        BigInt(table),
      ])[0]?.[0];
      return typeof last === 'bigint' ? last : null;
    },
  };
}

function databaseProperty(session: EngineSession, name: string, property: string): Stored {
  const database = session.server.find(name);
  if (!database) return null;
  const answers: Readonly<Record<string, () => Stored>> = {
    // By role as well: a geo-secondary answers READ_ONLY whatever its option is.
    updateability: () => (database.isReadOnly ? 'READ_ONLY' : 'READ_WRITE'),
    status: () => 'ONLINE',
    useraccess: () => 'MULTI_USER',
    recovery: () => 'FULL',
    collation: () => 'SQL_Latin1_General_CP1_CI_AS',
    edition: () => 'Standard',
    serviceobjective: () => 'S1',
    isreadcommittedsnapshoton: () => '1',
    version: () => '904',
  };
  return answers[property.toLowerCase()]?.() ?? null;
}

function isRoleMember(session: EngineSession, role: string, user: string | null): boolean | null {
  const { catalog, principal } = session;
  const isFixed = FIXED_ROLES.some((name) => sameName(name, role));
  const known =
    isFixed ||
    SERVER_ROLES.some((name) => sameName(name, role)) ||
    sameName(role, 'public') ||
    catalog.entries.some((entry) => entry.kind === 'role' && sameName(entry.name, role));
  if (!known) return null;
  if (user === null || sameName(user, principal.user)) {
    if (sameName(role, 'db_owner')) return isOwner(catalog, principal);
    if (sameName(principal.user, 'dbo') && isFixed) return true;
    return rolesOf(catalog, principal.user).has(role.toLowerCase());
  }
  return catalog.user(user) ? rolesOf(catalog, user).has(role.toLowerCase()) : null;
}

function isServerRoleMember(role: string): boolean | null {
  const known = [
    'public',
    'sysadmin',
    'serveradmin',
    'dbcreator',
    '##ms_databasemanager##',
    '##ms_loginmanager##',
    '##ms_serverstatereader##',
    '##ms_definitionreader##',
  ];
  if (!known.includes(role.toLowerCase())) return null;
  // Nobody is sysadmin in Azure SQL Database.
  return sameName(role, 'public');
}

function hasPermission(
  session: EngineSession,
  securable: string | null,
  kind: string | null,
  permission: string,
): boolean | null {
  const { catalog, principal } = session;
  const wanted = permission.toUpperCase();
  const isKnown = (scope: SecurableScope) => permissionType({ scope, name: wanted }) !== null;
  switch (kind?.toUpperCase() ?? 'SERVER') {
    case 'DATABASE':
      if (securable !== null && !sameName(parseObjectName(securable).name, session.database.name))
        return null;
      if (wanted === 'ANY') return true;
      return isKnown('database') ? mayOnDatabase(catalog, principal, wanted) : null;
    case 'OBJECT': {
      const object = securable === null ? null : catalog.object(parseObjectName(securable));
      return object && isKnown('object')
        ? mayUse(catalog, principal, wanted as ObjectPermission, object)
        : null;
    }
    case 'SCHEMA':
      if (securable === null || !isKnown('schema')) return null;
      return schemaPermission(session, parseObjectName(securable).name, wanted);
    case 'USER':
    case 'ROLE':
      if (securable === null || !isKnown('principal')) return null;
      return mayOnPrincipal(catalog, principal, wanted, parseObjectName(securable).name);
    case 'SERVER':
      return principal.isServerAdministrator;
    default:
      return null;
  }
}

function schemaPermission(
  { catalog, principal }: EngineSession,
  schema: string,
  wanted: string,
): boolean | null {
  return catalog.hasSchema(schema) ? mayUseSchema(catalog, principal, wanted, schema) : null;
}
