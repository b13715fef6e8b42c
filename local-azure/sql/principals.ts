// Who a session is, and what that allows: roles and permissions of its database.
import { type Catalog, sameName } from './catalog/catalog.ts';
import { type SqlServerError, sqlError } from './errors.ts';

export interface Principal {
  /** As SUSER_SNAME() gives it. */
  readonly login: string;
  /** As USER_NAME() gives it. */
  readonly user: string;
  /** Server administrator, or the server's Entra administrator: dbo in every database. */
  readonly isServerAdministrator: boolean;
}

export type ObjectPermission =
  | 'SELECT'
  | 'INSERT'
  | 'UPDATE'
  | 'DELETE'
  | 'EXECUTE'
  | 'ALTER'
  | 'VIEW DEFINITION';

interface Securable {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
}

export const FIXED_ROLES = [
  'db_owner',
  'db_accessadmin',
  'db_securityadmin',
  'db_ddladmin',
  'db_backupoperator',
  'db_datareader',
  'db_datawriter',
  'db_denydatareader',
  'db_denydatawriter',
] as const;

/** Roles that exist in master of a logical server only. */
export const SERVER_ROLES = ['dbmanager', 'loginmanager'] as const;

/** Every role the user is in, through others too; public always. */
export function rolesOf(catalog: Catalog, user: string): ReadonlySet<string> {
  const roles = new Set<string>(['public']);
  const visit = (member: string) => {
    for (const { role, member: name } of catalog.memberships()) {
      if (!sameName(name, member) || roles.has(role.toLowerCase())) continue;
      roles.add(role.toLowerCase());
      visit(role);
    }
  };
  visit(user);
  return roles;
}

export function isOwner(catalog: Catalog, principal: Principal): boolean {
  return (
    principal.isServerAdministrator ||
    sameName(principal.user, 'dbo') ||
    rolesOf(catalog, principal.user).has('db_owner')
  );
}

/** Whether the user may do this to the object; DENY beats everything but ownership. */
export function mayUse(
  catalog: Catalog,
  principal: Principal,
  permission: ObjectPermission,
  object: Securable,
): boolean {
  if (isOwner(catalog, principal)) return true;
  const roles = rolesOf(catalog, principal.user);
  const states = statesOf(catalog, principal, permission, object);
  if (states.includes('DENY')) return false;
  if (states.includes('GRANT')) return true;
  switch (permission) {
    case 'SELECT':
      return roles.has('db_datareader') && !roles.has('db_denydatareader');
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
      return roles.has('db_datawriter') && !roles.has('db_denydatawriter');
    case 'ALTER':
    case 'VIEW DEFINITION':
      return roles.has('db_ddladmin');
    default:
      return false;
  }
}

function statesOf(
  catalog: Catalog,
  principal: Principal,
  permission: string,
  object: Securable | null,
): ('GRANT' | 'DENY')[] {
  const names = [principal.user.toLowerCase(), ...rolesOf(catalog, principal.user)];
  return catalog
    .permissions()
    .filter((entry) => names.includes(entry.grantee.toLowerCase()))
    .filter((entry) => entry.permission === permission || entry.permission === 'CONTROL')
    .filter(
      (entry) =>
        entry.scope === 'database' ||
        (object !== null && entry.scope === 'schema' && sameName(entry.target, object.schema)) ||
        (object !== null && entry.scope === 'object' && entry.target === String(object.id)),
    )
    .map((entry) => entry.state);
}

/** A permission on the database itself, such as VIEW DATABASE STATE or CREATE TABLE. */
export function mayOnDatabase(catalog: Catalog, principal: Principal, permission: string): boolean {
  if (isOwner(catalog, principal)) return true;
  const roles = rolesOf(catalog, principal.user);
  const states = statesOf(catalog, principal, permission, null);
  if (states.includes('DENY')) return false;
  if (states.includes('GRANT')) return true;
  if (permission === 'CONNECT') return true;
  if (permission.startsWith('CREATE ') || permission === 'ALTER ANY SCHEMA') return roles.has('db_ddladmin');
  if (permission === 'SELECT') return roles.has('db_datareader');
  if (['INSERT', 'UPDATE', 'DELETE'].includes(permission)) return roles.has('db_datawriter');
  if (permission === 'ALTER ANY USER') return roles.has('db_accessadmin');
  return permission === 'ALTER ANY ROLE' && roles.has('db_securityadmin');
}

/** Error 229, as SQL Server words it. */
export function denied(permission: string, object: Securable, database: string): SqlServerError {
  return sqlError(229, permission, object.name, database, object.schema);
}
