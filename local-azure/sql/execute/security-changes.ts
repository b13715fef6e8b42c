// What changes of principals, memberships and permissions have in common.
import { type Catalog, sameName } from '../catalog/catalog.ts';
import type { ApplicationRoleEntry, RoleEntry, UserEntry } from '../catalog/entries.ts';
import { sqlError } from '../errors.ts';
import { FIXED_ROLES } from '../principals.ts';
import type { Writer } from '../sessions/transaction.ts';
import type { Frame } from './frame.ts';

/** Waits for others who change such things, not for who writes rows. */
export function changeSecurity(frame: Frame, work: (writer: Writer) => void): Promise<void> {
  const { session } = frame;
  return session.transaction.writeSecurity(session.lockSignal(frame.signal, 'security'), work);
}

const BUILT_IN_USERS = ['dbo', 'guest', 'sys', 'INFORMATION_SCHEMA'] as const;
/** Users that nothing can be given to or taken from. */
const SPECIAL_USERS = ['dbo', 'sys', 'INFORMATION_SCHEMA'] as const;

export function isFixedRole(name: string): boolean {
  return FIXED_ROLES.some((each) => sameName(each, name));
}

export function isSpecialUser(name: string): boolean {
  return SPECIAL_USERS.some((each) => sameName(each, name));
}

export function isBuiltIn(name: string): boolean {
  return BUILT_IN_USERS.some((each) => sameName(each, name)) || sameName(name, 'public') || isFixedRole(name);
}

type OwnPrincipal = UserEntry | RoleEntry | ApplicationRoleEntry;

/** A user or role that was created; null for SQL Server's own. */
export function ownPrincipal(catalog: Catalog, name: string): OwnPrincipal | null {
  const found = catalog.entries.find(
    (entry) =>
      (entry.kind === 'user' || entry.kind === 'role' || entry.kind === 'application-role') &&
      sameName(entry.name, name),
  );
  return (found as OwnPrincipal | undefined) ?? null;
}

export function isKnown(catalog: Catalog, name: string): boolean {
  return isBuiltIn(name) || ownPrincipal(catalog, name) !== null;
}

/** With its memberships and permissions. Throws 15138 where it owns something. */
export function dropPrincipal(writer: Writer, { id, name }: OwnPrincipal): void {
  const { entries } = writer.catalog;
  for (const entry of entries) {
    if (entry.kind === 'schema' && sameName(entry.owner, name)) throw sqlError(15138, 'schema');
    if (entry.kind === 'role' && sameName(entry.owner, name)) throw sqlError(15138, 'database role');
    if ('owner' in entry && entry.owner && sameName(entry.owner, name)) throw sqlError(15138, 'object');
  }
  writer.removeEntry(id);
  for (const entry of entries) {
    const isMembership =
      entry.kind === 'membership' && (sameName(entry.member, name) || sameName(entry.role, name));
    const isPermission =
      entry.kind === 'permission' &&
      (sameName(entry.grantee, name) || (entry.scope === 'principal' && sameName(entry.target, name)));
    if (isMembership || isPermission) writer.removeEntry(entry.id);
  }
}
