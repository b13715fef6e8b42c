// GRANT, DENY, REVOKE, and ALTER AUTHORIZATION.
import { type Catalog, sameName } from '../catalog/catalog.ts';
import { type SqlServerError, sqlError } from '../errors.ts';
import { permissionType } from '../permissions.ts';
import { isDbo, mayOnDatabase, mayOnPrincipal, mayUse, mayUseSchema, owns, rolesOf } from '../principals.ts';
import type { StatementOf } from '../t-sql/ast.ts';
import type { Frame } from './frame.ts';
import { changeSecurity, isBuiltIn, isFixedRole, isKnown, isSpecialUser } from './security-changes.ts';

type On = StatementOf<'permission'>['on'];

/**
 * What was granted is no longer denied, and the other way round; REVOKE takes back either. Throws 15151, 4613 without
 * the right, 4617 and 4624 for grantees that nothing can be given to, 102 or 4606 for what is no permission there.
 */
export async function changePermission(frame: Frame, statement: StatementOf<'permission'>): Promise<void> {
  const { catalog, principal } = frame.session;
  const { action, on, permissions, grantees } = statement;
  for (const name of permissions)
    if (permissionType({ scope: on.scope, name }) === null) throw notAPermission(on, name);
  const target = securable(frame, on);
  for (const grantee of grantees) {
    if (isFixedRole(grantee)) throw sqlError(4617);
    if (isSpecialUser(grantee) || sameName(grantee, principal.user)) throw sqlError(4624);
    if (!isKnown(catalog, grantee)) throw sqlError(15151, 'find', 'user', grantee);
  }
  await changeSecurity(frame, (writer) => {
    for (const grantee of grantees)
      for (const permission of permissions) {
        for (const entry of writer.catalog.permissions()) {
          const isSame =
            sameName(entry.grantee, grantee) && entry.permission === permission && entry.scope === on.scope;
          if (isSame && sameName(entry.target, target)) writer.removeEntry(entry.id);
        }
        if (action === 'REVOKE') continue;
        const id = writer.catalog.nextSecurityId();
        const { scope } = on;
        writer.saveEntry({ kind: 'permission', id, state: action, permission, scope, target, grantee });
      }
  });
}

function notAPermission(on: On, name: string): SqlServerError {
  if (on.scope === 'object' && permissionType({ scope: 'database', name }) !== null)
    return sqlError(4606, name);
  return sqlError(102, name.split(' ')[0] ?? name);
}

/** As a permission's entry names it. Throws where it is not there, or is not the user's to give rights on. */
function securable(frame: Frame, { scope, name }: On): string {
  const { catalog, principal, database } = frame.session;
  const grantsAnything = mayGrantAnything(frame);
  if (scope === 'database' || !name) {
    if (name && !sameName(name.name, database.name)) throw sqlError(15151, 'find', 'database', name.name);
    if (!grantsAnything && !mayOnDatabase(catalog, principal, 'CONTROL')) throw sqlError(4613);
    return '';
  }
  if (scope === 'schema') {
    const mayGrant = grantsAnything || mayUseSchema(catalog, principal, 'CONTROL', name.name);
    if (!catalog.hasSchema(name.name) || !mayGrant) throw sqlError(15151, 'find', 'schema', name.name);
    return name.name;
  }
  if (scope === 'principal') {
    const mayGrant = grantsAnything || mayOnPrincipal(catalog, principal, 'CONTROL', name.name);
    if (!isKnown(catalog, name.name) || !mayGrant) throw sqlError(15151, 'find', 'user', name.name);
    return name.name;
  }
  const object = catalog.object(name);
  if (!object || !(grantsAnything || mayUse(catalog, principal, 'CONTROL', object)))
    throw sqlError(15151, 'find', 'object', name.text);
  return String(object.id);
}

/** Members of db_owner and db_securityadmin, even where they have been denied what they give. */
function mayGrantAnything({ session: { catalog, principal } }: Frame): boolean {
  const roles = rolesOf(catalog, principal.user);
  return isDbo(principal) || roles.has('db_owner') || roles.has('db_securityadmin');
}

/** Whose a schema, an object or a role is. Throws 15151 where either is not there or not the user's to give. */
export async function alterAuthorization(
  frame: Frame,
  { on, owner }: StatementOf<'alter-authorization'>,
): Promise<void> {
  const { session } = frame;
  const { name } = on.name;
  const refuse = (kind: string, mayTake: boolean) => {
    if (!mayTake) throw sqlError(15151, 'find', kind, on.name.text);
  };
  const requireOwner = (catalog: Catalog) => {
    if (isFixedRole(owner) || !isKnown(catalog, owner)) throw sqlError(15151, 'find', 'principal', owner);
  };
  if (on.scope === 'principal') {
    await changeSecurity(frame, ({ catalog, saveEntry }) => {
      requireOwner(catalog);
      const role = catalog.entries.find((entry) => entry.kind === 'role' && sameName(entry.name, name));
      const mayTake =
        role?.kind === 'role' &&
        !isBuiltIn(name) &&
        (owns(catalog, session.principal, role.owner) ||
          mayOnDatabase(catalog, session.principal, 'CONTROL'));
      refuse('role', mayTake);
      if (role?.kind === 'role') saveEntry({ ...role, owner });
    });
    return;
  }
  await session.transaction.write(session.lockSignal(frame.signal), ({ catalog, saveEntry }) => {
    requireOwner(catalog);
    if (on.scope === 'schema') {
      const schema = catalog.entries.find((entry) => entry.kind === 'schema' && sameName(entry.name, name));
      refuse('schema', schema !== undefined && mayUseSchema(catalog, session.principal, 'CONTROL', name));
      if (schema?.kind === 'schema') saveEntry({ ...schema, owner });
      return;
    }
    const object = catalog.object(on.name);
    refuse('object', object !== null && mayUse(catalog, session.principal, 'CONTROL', object));
    if (object) saveEntry({ ...object, owner });
  });
}
