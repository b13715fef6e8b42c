// Roles and who is in them.
import { type Catalog, sameName } from '../catalog/catalog.ts';
import { sqlError } from '../errors.ts';
import { isOwner, mayOnDatabase, owns, type Principal, SERVER_ROLES } from '../principals.ts';
import type { StatementOf } from '../t-sql/ast.ts';
import { inMaster } from './administration.ts';
import type { Frame } from './frame.ts';
import {
  changeSecurity,
  dropPrincipal,
  isBuiltIn,
  isFixedRole,
  isKnown,
  isSpecialUser,
  ownPrincipal,
} from './security-changes.ts';

/** Throws 15247, 15023, and 15151 for an owner that is not there. */
export function createRole(frame: Frame, statement: StatementOf<'create-role'>): Promise<void> {
  const { session } = frame;
  const { name, owner = null } = statement;
  if (!mayOnDatabase(session.catalog, session.principal, 'CREATE ROLE')) throw sqlError(15247);
  return changeSecurity(frame, (writer) => {
    if (isKnown(writer.catalog, name)) throw sqlError(15023, name);
    if (owner !== null && !isKnown(writer.catalog, owner)) throw sqlError(15151, 'find', 'user', owner);
    writer.saveEntry({
      kind: 'role',
      id: writer.catalog.nextSecurityId(),
      name,
      owner: owner ?? session.principal.user,
      createdAt: session.server.clock.now().getTime(),
    });
  });
}

export function createApplicationRole(
  frame: Frame,
  { name }: StatementOf<'create-application-role'>,
): Promise<void> {
  const { session } = frame;
  if (!mayOnDatabase(session.catalog, session.principal, 'ALTER ANY APPLICATION ROLE')) throw sqlError(15247);
  return changeSecurity(frame, (writer) => {
    if (isKnown(writer.catalog, name)) throw sqlError(15023, name);
    const createdAt = session.server.clock.now().getTime();
    writer.saveEntry({ kind: 'application-role', id: writer.catalog.nextSecurityId(), name, createdAt });
  });
}

/** A fixed role is for members of db_owner to fill, another for its owner and whoever may alter any. */
function mayAlterRole(catalog: Catalog, principal: Principal, role: string): boolean {
  const own = ownPrincipal(catalog, role);
  if (own?.kind !== 'role') return isOwner(catalog, principal);
  return mayOnDatabase(catalog, principal, 'ALTER ANY ROLE') || owns(catalog, principal, own.owner);
}

/**
 * Twice into a role, or out of one that one is not in, is no error. Throws 15151, 15081 for public, 15405 for SQL
 * Server's own, 15413 for a role in itself.
 */
export function changeRoleMember(frame: Frame, statement: StatementOf<'role-member'>): Promise<void> {
  const { catalog, principal } = frame.session;
  const { role, member } = statement;
  if (sameName(role, 'public')) throw sqlError(15081);
  const isServerRole = inMaster(frame) && SERVER_ROLES.some((each) => sameName(each, role));
  const exists = isServerRole || isFixedRole(role) || ownPrincipal(catalog, role)?.kind === 'role';
  if (!exists || !mayAlterRole(catalog, principal, role)) throw sqlError(15151, 'alter', 'role', role);
  if (isSpecialUser(member) || isFixedRole(member)) throw sqlError(15405, member);
  const known = ownPrincipal(catalog, member);
  const mayBeMember = sameName(member, 'guest') || known?.kind === 'user' || known?.kind === 'role';
  if (!mayBeMember) throw sqlError(15151, statement.action, 'principal', member);
  if (sameName(role, member)) throw sqlError(15413);
  return changeSecurity(frame, (writer) => {
    const existing = writer.catalog
      .memberships()
      .find((each) => sameName(each.role, role) && sameName(each.member, member));
    if (statement.action === 'drop') {
      if (existing) writer.removeEntry(existing.id);
    } else if (!existing) {
      writer.saveEntry({ kind: 'membership', id: writer.catalog.nextSecurityId(), role, member });
    }
  });
}

/** Throws 15151, 15150 for a fixed role, 15144 while it has members, 15138 where it owns something. */
export async function dropRole(
  frame: Frame,
  kind: 'role' | 'application-role',
  name: string,
  ifExists: boolean,
): Promise<void> {
  const { catalog, principal } = frame.session;
  const role = ownPrincipal(catalog, name);
  const words = kind.replace('-', ' ');
  if (!role && isBuiltIn(name)) throw sqlError(15150, 'drop', words, name);
  if (!role && ifExists) return;
  if (role?.kind !== kind || !mayAlterRole(catalog, principal, name))
    throw sqlError(15151, 'drop', words, name);
  await changeSecurity(frame, (writer) => {
    if (writer.catalog.memberships().some((each) => sameName(each.role, name))) throw sqlError(15144);
    dropPrincipal(writer, role);
  });
}
