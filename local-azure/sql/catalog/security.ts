// Principals, memberships and permissions of a database. They are kept apart from its rows: changing them waits for
// others who change them, never for a transaction that is writing rows, as in SQL Server.
import type { CatalogEntry, SecurityEntry } from './entries.ts';

export type SecurityChange =
  | { readonly kind: 'put'; readonly entry: SecurityEntry }
  | { readonly kind: 'remove'; readonly id: number };

/** Objects are numbered from here on, what is kept here below it. */
export const FIRST_OBJECT_ID = 885_578_193;

export function isSecurityId(id: number): boolean {
  return id < FIRST_OBJECT_ID;
}

export function isSecurityEntry(entry: CatalogEntry): entry is SecurityEntry {
  return isSecurityId(entry.id);
}

/** The entries after the changes, in the order they were first put. */
export function applied(
  entries: readonly SecurityEntry[],
  changes: readonly SecurityChange[],
): readonly SecurityEntry[] {
  if (changes.length === 0) return entries;
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  for (const change of changes) {
    if (change.kind === 'put') byId.set(change.entry.id, change.entry);
    else byId.delete(change.id);
  }
  return [...byId.values()];
}
