// The catalog of one database at one moment: lookups by name, as SQL Server resolves them.
import { FIXED_ROLE_PERMISSIONS } from '../permissions.ts';
import type { ObjectName } from '../t-sql/ast.ts';
import type {
  CatalogEntry,
  Column,
  MembershipEntry,
  PermissionEntry,
  ProcedureEntry,
  PropertyEntry,
  TableEntry,
  UserEntry,
  ViewEntry,
} from './entries.ts';
import { FIRST_OBJECT_ID, isSecurityId } from './security.ts';

export type NamedObject = TableEntry | ViewEntry | ProcedureEntry;

/** Something OBJECT_ID finds: an object, or a constraint of a table. */
export interface FoundObject {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  /** sys.objects.type: U, V, P, PK, UQ, F, C, D. */
  readonly type: string;
  readonly parent: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface Catalog {
  readonly entries: readonly CatalogEntry[];
  tables(): readonly TableEntry[];
  object(name: ObjectName): NamedObject | null;
  table(name: ObjectName): TableEntry | null;
  tableById(id: number): TableEntry | null;
  /** Every object and constraint, as sys.objects lists them. */
  objects(): readonly FoundObject[];
  hasSchema(name: string): boolean;
  user(name: string): UserEntry | null;
  users(): readonly UserEntry[];
  memberships(): readonly MembershipEntry[];
  permissions(): readonly PermissionEntry[];
  properties(): readonly PropertyEntry[];
  /** Who owns an object: by itself, or through its schema. */
  ownerOf(object: { readonly schema: string; readonly owner?: string }): string;
  schemaOwner(schema: string): string;
  /** The next free object id. */
  nextId(): number;
  /** The next free id of a principal, membership or permission. */
  nextSecurityId(): number;
}

export const FIXED_SCHEMAS = ['dbo', 'guest', 'INFORMATION_SCHEMA', 'sys'] as const;
/** dbo, guest, INFORMATION_SCHEMA and sys come first. */
const LAST_BUILT_IN_PRINCIPAL = 4;

function isFixedRoleName(name: string): boolean {
  return Object.hasOwn(FIXED_ROLE_PERMISSIONS, name.toLowerCase());
}

export function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

export function createCatalog(entries: readonly CatalogEntry[]): Catalog {
  const named = new Map<string, NamedObject>();
  const key = (schema: string, name: string) => `${schema}\0${name}`.toLowerCase();
  for (const entry of entries) {
    if (entry.kind === 'table' || entry.kind === 'view' || entry.kind === 'procedure') {
      named.set(key(entry.schema, entry.name), entry);
    }
  }
  const object = (name: ObjectName) => named.get(key(name.schema ?? 'dbo', name.name)) ?? null;
  const tables = () => entries.filter((entry) => entry.kind === 'table');
  const schemaOwner = (name: string) => {
    const schema = entries.find((entry) => entry.kind === 'schema' && sameName(entry.name, name));
    if (schema?.kind === 'schema') return schema.owner;
    // SQL Server's own belong to whom they are named after.
    return FIXED_SCHEMAS.find((each) => sameName(each, name)) ?? (isFixedRoleName(name) ? name : 'dbo');
  };
  return {
    entries,
    tables,
    object,
    table: (name) => {
      const found = object(name);
      return found?.kind === 'table' ? found : null;
    },
    tableById: (id) => tables().find((table) => table.id === id) ?? null,
    objects: () => [...named.values()].flatMap(withConstraints),
    hasSchema: (name) =>
      FIXED_SCHEMAS.some((schema) => sameName(schema, name)) ||
      isFixedRoleName(name) ||
      entries.some((entry) => entry.kind === 'schema' && sameName(entry.name, name)),
    user: (name) =>
      (entries.find((entry) => entry.kind === 'user' && sameName(entry.name, name)) as
        | UserEntry
        | undefined) ?? null,
    users: () => entries.filter((entry) => entry.kind === 'user'),
    memberships: () => entries.filter((entry) => entry.kind === 'membership'),
    permissions: () => entries.filter((entry) => entry.kind === 'permission'),
    properties: () => entries.filter((entry) => entry.kind === 'property'),
    ownerOf: ({ schema, owner }) => owner ?? schemaOwner(schema),
    schemaOwner,
    nextId: () => nextId(entries),
    nextSecurityId: () =>
      Math.max(LAST_BUILT_IN_PRINCIPAL, ...entries.map(({ id }) => id).filter(isSecurityId)) + 1,
  };
}

function nextId(entries: readonly CatalogEntry[]): number {
  let highest = FIRST_OBJECT_ID;
  for (const entry of entries) {
    const parts = entry.kind === 'table' ? [...constraintsOf(entry), ...entry.indexes] : [];
    highest = Math.max(highest, entry.id, ...parts.map((part) => part.id));
  }
  return highest + 16;
}

function withConstraints(object: NamedObject): FoundObject[] {
  const { id, schema, name, createdAt, modifiedAt } = object;
  const type = object.kind === 'table' ? 'U' : object.kind === 'view' ? 'V' : 'P';
  const self: FoundObject = { id, schema, name, type, parent: 0, createdAt, modifiedAt };
  return object.kind === 'table' ? [self, ...constraintsOf(object)] : [self];
}

/** Constraints are objects of their own, with names in the same space. */
export function constraintsOf(table: TableEntry): FoundObject[] {
  const { schema, createdAt, modifiedAt } = table;
  const found = (type: string) => (part: { id: number; name: string }) => ({
    id: part.id,
    name: part.name,
    type,
    schema,
    parent: table.id,
    createdAt,
    modifiedAt,
  });
  return [
    ...table.keys.filter((key) => key.primary).map(found('PK')),
    ...table.keys.filter((key) => !key.primary).map(found('UQ')),
    ...table.foreignKeys.map(found('F')),
    ...table.checks.map(found('C')),
    ...table.columns.flatMap((column) => (column.default ? [column.default] : [])).map(found('D')),
  ];
}

export function columnNamed(table: TableEntry, name: string): Column | null {
  return table.columns.find((column) => sameName(column.name, name)) ?? null;
}

export function columnById(table: TableEntry, id: number): Column {
  const column = table.columns.find((candidate) => candidate.id === id);
  if (!column) throw new Error(`table ${table.name} has no column ${id}`);
  return column;
}

/** `dbo.Orders`, as messages name a table. */
export function qualified(object: { readonly schema: string; readonly name: string }): string {
  return `${object.schema}.${object.name}`;
}
