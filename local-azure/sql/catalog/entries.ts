// What a database knows about itself: kept as rows in the database, so that it commits, rolls back and
// replicates with the data.
import type { SecurableScope } from '../permissions.ts';
import type { ReferentialAction } from '../t-sql/ast.ts';
import type { DataType } from '../t-sql/data-types.ts';

export interface Column {
  /** sys.columns.column_id; never used again once dropped. The physical column is named after it. */
  readonly id: number;
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  readonly identity: { readonly seed: string; readonly increment: string } | null;
  readonly default: { readonly id: number; readonly name: string; readonly text: string } | null;
}

export interface Key {
  readonly id: number;
  readonly name: string;
  readonly primary: boolean;
  /** Column ids. */
  readonly columns: readonly number[];
}

export interface Index {
  readonly id: number;
  readonly name: string;
  readonly unique: boolean;
  readonly clustered: boolean;
  readonly columns: readonly number[];
  readonly filter: string | null;
}

export interface ForeignKey {
  readonly id: number;
  readonly name: string;
  readonly columns: readonly number[];
  readonly table: number;
  readonly referenced: readonly number[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
}

export interface Check {
  readonly id: number;
  readonly name: string;
  readonly text: string;
}

interface SchemaObject {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  /** By ALTER AUTHORIZATION; else it is its schema's. */
  readonly owner?: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface TableEntry extends SchemaObject {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  readonly nextColumn: number;
  readonly keys: readonly Key[];
  readonly indexes: readonly Index[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly Check[];
}

export interface ViewEntry extends SchemaObject {
  readonly kind: 'view';
  readonly text: string;
}

export interface ProcedureEntry extends SchemaObject {
  readonly kind: 'procedure';
  readonly text: string;
}

export interface SchemaEntry {
  readonly kind: 'schema';
  readonly id: number;
  readonly name: string;
  readonly owner: string;
}

export type Authentication =
  | { readonly type: 'password'; readonly salt: string; readonly hash: string }
  | { readonly type: 'login'; readonly sid: string }
  | { readonly type: 'external'; readonly objectId: string; readonly appId: string }
  | { readonly type: 'none' };

export interface UserEntry {
  readonly kind: 'user';
  /** sys.database_principals.principal_id, as of roles. */
  readonly id: number;
  readonly name: string;
  readonly authentication: Authentication;
  readonly createdAt: number;
}

export interface RoleEntry {
  readonly kind: 'role';
  readonly id: number;
  readonly name: string;
  readonly owner: string;
  readonly createdAt: number;
}

export interface ApplicationRoleEntry {
  readonly kind: 'application-role';
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
}

export interface MembershipEntry {
  readonly kind: 'membership';
  readonly id: number;
  readonly role: string;
  readonly member: string;
}

export interface PermissionEntry {
  readonly kind: 'permission';
  readonly id: number;
  readonly state: 'GRANT' | 'DENY';
  readonly permission: string;
  readonly scope: SecurableScope;
  /** Name of a schema or principal, or object id; empty for the database. */
  readonly target: string;
  readonly grantee: string;
}

export interface PropertyEntry {
  readonly kind: 'property';
  readonly id: number;
  readonly name: string;
  readonly value: string | null;
  /** 0 the database, 1 an object or a column, 3 a schema. */
  readonly class: 0 | 1 | 3;
  readonly major: number;
  readonly minor: number;
}

export type CatalogEntry =
  | TableEntry
  | ViewEntry
  | ProcedureEntry
  | SchemaEntry
  | PropertyEntry
  | SecurityEntry;

/** Who there is and what they may; see security.ts. */
export type SecurityEntry = UserEntry | RoleEntry | ApplicationRoleEntry | MembershipEntry | PermissionEntry;
