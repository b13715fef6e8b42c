// What names mean while a statement is translated to SQLite.
import type { Catalog } from '../catalog/catalog.ts';
import { sameName } from '../catalog/catalog.ts';
import type { TableEntry } from '../catalog/entries.ts';
import { type SqlServerError, sqlError } from '../errors.ts';
import type { ObjectName } from '../t-sql/ast.ts';
import type { Stored } from '../t-sql/conversion.ts';
import type { DataType } from '../t-sql/data-types.ts';

export interface TypedValue {
  readonly value: Stored;
  readonly type: DataType | null;
}

/** Rows the engine makes up itself: a system view, or the pseudo tables of OUTPUT. */
export interface RowSet {
  readonly columns: readonly { readonly name: string; readonly type: DataType }[];
  readonly rows: readonly (readonly Stored[])[];
}

/** What translation asks of the session that runs the statement. */
export interface Environment {
  readonly catalog: Catalog;
  /** A variable, parameter or @@function; null where it is not declared. */
  variable(name: string): TypedValue | null;
  /** #temporary tables and @table variables. */
  temporary(name: string): TableEntry | null;
  systemView(name: ObjectName): RowSet | null;
  /** A function in FROM; the rows' first column is the argument they are for. */
  tableFunction(name: ObjectName): RowSet | null;
  /** Throws 229 where the session's user may not do this. */
  requirePermission(
    permission: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'EXECUTE',
    object: { readonly id: number; readonly schema: string; readonly name: string },
  ): void;
}

export interface SourceColumn {
  readonly name: string;
  readonly type: DataType | null;
  readonly sql: string;
}

export interface Source {
  readonly alias: string;
  readonly schema: string | null;
  readonly columns: readonly SourceColumn[];
  /** Where the rows lie, for a stored table: what UPDATE and DELETE can change. */
  readonly stored?: { readonly table: TableEntry; readonly row: string };
}

/** A common table that queries further in may name. */
export interface CommonSource {
  readonly name: string;
  readonly sqlName: string;
  readonly columns: readonly { readonly name: string; readonly type: DataType | null }[];
}

/** One statement's translation: its parameters and the names given so far. */
export interface Translation {
  readonly environment: Environment;
  readonly parameters: Stored[];
  names: number;
  viewDepth: number;
}

export interface Scope {
  readonly translation: Translation;
  readonly sources: readonly Source[];
  readonly parent: Scope | null;
  readonly commonTables: readonly CommonSource[];
  /** The GROUP BY keys as SQL; null where columns stand for themselves. */
  readonly groupedBy: readonly string[] | null;
}

export function createTranslation(environment: Environment): Translation {
  return { environment, parameters: [], names: 0, viewDepth: 0 };
}

export function rootScope(translation: Translation): Scope {
  return { translation, sources: [], parent: null, commonTables: [], groupedBy: null };
}

/** A numbered parameter; equal values share one. */
export function bind(translation: Translation, value: Stored): string {
  const known = translation.parameters.indexOf(value);
  if (known >= 0 && typeof value !== 'object') return `?${known + 1}`;
  translation.parameters.push(value);
  return `?${translation.parameters.length}`;
}

export function freshName(translation: Translation, prefix: string): string {
  translation.names++;
  return `"${prefix}${translation.names}"`;
}

export interface ResolvedColumn extends SourceColumn {
  readonly scope: Scope;
}

/** The column these parts name, from the inside out. Throws 207, 209 or 4104. */
export function resolveColumn(scope: Scope, parts: readonly string[], line: number): ResolvedColumn {
  for (let at: Scope | null = scope; at; at = at.parent) {
    const matches = candidates(at, parts);
    if (matches.length > 1) throw located(sqlError(209, parts.at(-1) ?? ''), line);
    const [match] = matches;
    if (match) return { ...match, scope: at };
    if (parts.length > 1 && qualifies(at, parts)) throw located(sqlError(207, parts.at(-1) ?? ''), line);
  }
  throw located(parts.length > 1 ? sqlError(4104, parts.join('.')) : sqlError(207, parts[0] ?? ''), line);
}

function candidates(scope: Scope, parts: readonly string[]): SourceColumn[] {
  const name = parts.at(-1) ?? '';
  return sourcesFor(scope, parts.slice(0, -1)).flatMap((source) =>
    source.columns.filter((column) => sameName(column.name, name)),
  );
}

function qualifies(scope: Scope, parts: readonly string[]): boolean {
  return sourcesFor(scope, parts.slice(0, -1)).length > 0;
}

/** The sources that a qualifier (alias, or schema and table) means; all of them without one. */
export function sourcesFor(scope: Scope, qualifier: readonly string[]): readonly Source[] {
  const [alias, schema] = [...qualifier].reverse();
  if (alias === undefined) return scope.sources;
  return scope.sources.filter(
    (source) =>
      sameName(source.alias, alias) && (schema === undefined || sameName(source.schema ?? '', schema)),
  );
}

export function located(error: SqlServerError, line: number): SqlServerError {
  error.line = line;
  return error;
}
