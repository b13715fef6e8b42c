// Who a session is, and what that allows: ownership, roles and permissions of its database.
import { type Catalog, sameName } from './catalog/catalog.ts';
import type { PermissionEntry } from './catalog/entries.ts';
import { type SqlServerError, sqlError } from './errors.ts';
import {
  covering,
  FIXED_ROLE_PERMISSIONS,
  type FixedRolePermissions,
  type Permission,
  type SecurableScope,
} from './permissions.ts';

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
  | 'CONTROL'
  | 'VIEW DEFINITION';

export interface Securable {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly owner?: string;
}

export const FIXED_ROLES = Object.keys(FIXED_ROLE_PERMISSIONS);

/** Roles that exist in master of a logical server only. */
export const SERVER_ROLES = ['dbmanager', 'loginmanager'] as const;

/** Every role the user is in, through others too; public always. In lower case. */
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

/** dbo: what is denied to anybody is not denied to it. */
export function isDbo(principal: Principal): boolean {
  return principal.isServerAdministrator || sameName(principal.user, 'dbo');
}

/** dbo, or a member of db_owner; the latter may be denied things. */
export function isOwner(catalog: Catalog, principal: Principal): boolean {
  return isDbo(principal) || rolesOf(catalog, principal.user).has('db_owner');
}

/** Whether it is the user's, or that of a role the user is in. */
export function owns(catalog: Catalog, principal: Principal, owner: string): boolean {
  if (isDbo(principal) || sameName(principal.user, owner)) return true;
  return !sameName(owner, 'public') && rolesOf(catalog, principal.user).has(owner.toLowerCase());
}

/** Whether the user may do this to the object; DENY beats everything but ownership. */
export function mayUse(
  catalog: Catalog,
  principal: Principal,
  permission: ObjectPermission,
  object: Securable,
): boolean {
  if (owns(catalog, principal, catalog.ownerOf(object))) return true;
  const targets = { object: String(object.id), schema: object.schema };
  return isAllowed(catalog, principal, { scope: 'object', name: permission }, targets);
}

/** The same of a schema. */
export function mayUseSchema(catalog: Catalog, principal: Principal, name: string, schema: string): boolean {
  if (owns(catalog, principal, catalog.schemaOwner(schema))) return true;
  return isAllowed(catalog, principal, { scope: 'schema', name }, { schema });
}

/** A permission on the database itself, such as VIEW DATABASE STATE or CREATE TABLE. */
export function mayOnDatabase(catalog: Catalog, principal: Principal, name: string): boolean {
  return isDbo(principal) || isAllowed(catalog, principal, { scope: 'database', name }, {});
}

/** A permission on a user or role, such as IMPERSONATE. */
export function mayOnPrincipal(
  catalog: Catalog,
  principal: Principal,
  name: string,
  target: string,
): boolean {
  return (
    isDbo(principal) || isAllowed(catalog, principal, { scope: 'principal', name }, { principal: target })
  );
}

/** What a permission's scope is about, by scope; the database needs no name. */
type Targets = { readonly [scope in Exclude<SecurableScope, 'database'>]?: string };

function isAllowed(catalog: Catalog, principal: Principal, wanted: Permission, targets: Targets): boolean {
  const states = statesOf(catalog, principal, wanted, targets);
  return states.has('GRANT') && !states.has('DENY');
}

/** Whether it has been denied on the database, or what implies it has: then no grant further down counts. */
export function isDeniedOnDatabase(catalog: Catalog, principal: Principal, name: string): boolean {
  return statesOf(catalog, principal, { scope: 'database', name }, {}).has('DENY');
}

/** What the user, and the roles the user is in, were granted or denied that is or implies the permission. */
function statesOf(
  catalog: Catalog,
  { user }: Principal,
  wanted: Permission,
  targets: Targets,
): ReadonlySet<PermissionEntry['state']> {
  const roles = rolesOf(catalog, user);
  const matches = covering(wanted);
  const concerns = (scope: SecurableScope, name: string, target: string) =>
    matches.some((each) => each.scope === scope && each.name === name) &&
    (scope === 'database' || sameName(target, targets[scope] ?? ''));
  const own = catalog
    .permissions()
    .filter(({ grantee }) => sameName(grantee, user) || roles.has(grantee.toLowerCase()))
    .filter(({ scope, permission, target }) => concerns(scope, permission, target));
  const fixed = [...roles]
    .flatMap((role) => fixedRole(role) ?? [])
    .filter(({ permissions }) => permissions.some((name) => concerns('database', name, '')));
  return new Set([...own, ...fixed].map(({ state }) => state));
}

function fixedRole(role: string): FixedRolePermissions | null {
  const roles: Readonly<Record<string, FixedRolePermissions>> = FIXED_ROLE_PERMISSIONS;
  return Object.hasOwn(roles, role) ? (roles[role] ?? null) : null;
}

/** Error 229, as SQL Server words it. */
export function denied(permission: string, object: Securable, database: string): SqlServerError {
  return sqlError(229, permission, object.name, database, object.schema);
}
