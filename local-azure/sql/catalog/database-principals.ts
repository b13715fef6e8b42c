// Everybody a database knows, with the numbers they go by.
import { createHash } from 'node:crypto';
import { FIXED_ROLE_PERMISSIONS } from '../permissions.ts';
import { type Catalog, sameName } from './catalog.ts';
import type { UserEntry } from './entries.ts';

export interface DatabasePrincipal {
  readonly name: string;
  readonly id: number;
  readonly type: 'S' | 'E' | 'R' | 'A';
  readonly authentication: UserEntry['authentication']['type'];
  readonly isFixed: boolean;
  /** Of a role: principal_id of whose it is. */
  readonly owner: number | null;
  /** Null: as the database. */
  readonly createdAt: Date | null;
  readonly sid: Uint8Array | null;
}

const FIRST_FIXED_ROLE = 16_384;

/** The fixed roles have a schema each, of the same number. */
export function fixedRoles(): readonly { readonly name: string; readonly id: number }[] {
  return Object.keys(FIXED_ROLE_PERMISSIONS).map((name, at) => ({ name, id: FIRST_FIXED_ROLE + at }));
}

const BUILT_IN = { createdAt: null, isFixed: false, owner: null } as const;
const ROLE = { type: 'R', authentication: 'none', sid: null } as const;

const BUILT_IN_PRINCIPALS: readonly DatabasePrincipal[] = [
  { ...BUILT_IN, ...ROLE, name: 'public', id: 0, owner: 1 },
  { ...BUILT_IN, name: 'dbo', id: 1, type: 'S', authentication: 'login', sid: Buffer.from([1]) },
  { ...BUILT_IN, name: 'guest', id: 2, type: 'S', authentication: 'none', sid: Buffer.from([0]) },
  { ...BUILT_IN, name: 'INFORMATION_SCHEMA', id: 3, type: 'S', authentication: 'none', sid: null },
  { ...BUILT_IN, name: 'sys', id: 4, type: 'S', authentication: 'none', sid: null },
  ...fixedRoles().map((role) => ({ ...BUILT_IN, ...ROLE, ...role, isFixed: true, owner: 1 })),
];

export function databasePrincipals(catalog: Catalog): readonly DatabasePrincipal[] {
  const own = catalog.entries.flatMap((entry): DatabasePrincipal[] => {
    if (entry.kind !== 'user' && entry.kind !== 'role' && entry.kind !== 'application-role') return [];
    const { id, name } = entry;
    const common = { id, name, isFixed: false, createdAt: new Date(entry.createdAt) } as const;
    if (entry.kind === 'role') return [{ ...common, ...ROLE, owner: principalId(catalog, entry.owner) }];
    if (entry.kind === 'application-role') return [{ ...common, ...ROLE, type: 'A', owner: null }];
    const { type: authentication } = entry.authentication;
    const type = authentication === 'external' ? 'E' : 'S';
    return [{ ...common, type, authentication, owner: null, sid: userSid(entry) }];
  });
  return [...BUILT_IN_PRINCIPALS, ...own].sort((one, other) => one.id - other.id);
}

/** principal_id; null where nobody is called so. */
export function principalId(catalog: Catalog, name: string): number | null {
  const builtIn = BUILT_IN_PRINCIPALS.find((each) => sameName(each.name, name));
  if (builtIn) return builtIn.id;
  const isPrincipal = ({ kind }: { kind: string }) =>
    kind === 'user' || kind === 'role' || kind === 'application-role';
  const own = catalog.entries.find(
    (entry) => isPrincipal(entry) && 'name' in entry && sameName(entry.name, name),
  );
  return own?.id ?? null;
}

export function principalName(catalog: Catalog, id: number): string | null {
  return databasePrincipals(catalog).find((each) => each.id === id)?.name ?? null;
}

/** Of an Entra principal its application id's bytes; of a login the login's. */
export function userSid(user: UserEntry): Uint8Array {
  const { authentication } = user;
  if (authentication.type === 'login') return Buffer.from(authentication.sid, 'hex');
  if (authentication.type === 'external') return Buffer.from(authentication.appId.replaceAll('-', ''), 'hex');
  return createHash('sha256').update(`${user.id}${user.name}`).digest();
}
