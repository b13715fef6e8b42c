// FROM: tables, views, system views, common tables, derived tables and joins.
import { sameName } from '../catalog/catalog.ts';
import type { TableEntry, ViewEntry } from '../catalog/entries.ts';
import { sqlError } from '../errors.ts';
import { columnSql, ROW, tableSql } from '../storage/physical.ts';
import type { ObjectName, TableSource } from '../t-sql/ast.ts';
import type { Stored } from '../t-sql/conversion.ts';
import { type DataType, familyOf } from '../t-sql/data-types.ts';
import { parseBatch } from '../t-sql/parse-statement.ts';
import { namedColumns } from './common-tables.ts';
import { compileExpression } from './expression.ts';
import { compilePredicate } from './predicate.ts';
import { type CompiledQuery, compileQuery } from './query.ts';
import {
  bind,
  type CommonSource,
  freshName,
  located,
  type RowSet,
  rootScope,
  type Scope,
  type Source,
} from './scope.ts';

interface From {
  /** With its leading keyword; empty where there is none. */
  readonly sql: string;
  readonly scope: Scope;
}

export function compileFrom(sources: readonly TableSource[], outer: Scope): From {
  const inner: Scope = { ...outer, parent: outer, sources: [], groupedBy: null };
  if (sources.length === 0) return { sql: '', scope: inner };
  const compiled: { sql: string; sources: Source[] }[] = [];
  for (const source of sources) compiled.push(compileSource(source, inner));
  const all = compiled.flatMap((each) => each.sources);
  for (const [at, source] of all.entries()) {
    if (
      all.findIndex((other) => sameName(other.alias, source.alias) && other.schema === source.schema) !== at
    ) {
      throw sqlError(1013, source.alias);
    }
  }
  return {
    sql: ` FROM ${compiled.map((each) => each.sql).join(' CROSS JOIN ')}`,
    scope: { ...inner, sources: all },
  };
}

function compileSource(source: TableSource, scope: Scope): { sql: string; sources: Source[] } {
  switch (source.kind) {
    case 'named':
      return compileNamed(source.name, source.alias, scope);
    case 'function':
      return compileFunction(source, scope);
    case 'derived': {
      const query = compileQuery(source.query, scope);
      return asSource(query, source.alias, null, namedColumns(query, source.alias, source.columns), scope);
    }
    case 'join': {
      const left = compileSource(source.left, scope);
      const right = compileSource(source.right, scope);
      const sources = [...left.sources, ...right.sources];
      const on = source.on ? ` ON ${compilePredicate(source.on, { ...scope, sources })}` : '';
      const rightSql = source.right.kind === 'join' ? `(${right.sql})` : right.sql;
      return { sql: `${left.sql} ${source.join} JOIN ${rightSql}${on}`, sources };
    }
  }
}

function compileNamed(
  name: ObjectName,
  alias: string | null,
  scope: Scope,
): { sql: string; sources: Source[] } {
  const { environment } = scope.translation;
  const common =
    name.schema === null ? scope.commonTables.find((each) => sameName(each.name, name.name)) : undefined;
  if (common) return fromCommonTable(common, alias ?? common.name, scope);
  const temporary = environment.temporary(name.name);
  if (temporary) return fromTable(temporary, alias ?? name.name, null, scope);
  const rows = environment.systemView(name);
  if (rows) return fromRows(rows, alias ?? name.name, alias ? null : name.schema, scope);
  const object = environment.catalog.object(name);
  if (object?.kind === 'table') {
    environment.requirePermission('SELECT', object);
    return fromTable(object, alias ?? object.name, alias ? null : object.schema, scope);
  }
  if (object?.kind === 'view') {
    environment.requirePermission('SELECT', object);
    return fromView(object, alias ?? object.name, alias ? null : object.schema, scope);
  }
  if (name.name.startsWith('@')) throw located(sqlError(1087, name.name), name.line);
  throw located(sqlError(208, name.text), name.line);
}

/** The rows for this argument, which may name what is further out. */
function compileFunction(
  { name, argument, alias }: Extract<TableSource, { kind: 'function' }>,
  scope: Scope,
): { sql: string; sources: Source[] } {
  const rows = scope.translation.environment.tableFunction(name);
  if (!rows) throw located(sqlError(208, name.text), name.line);
  const { sql, sources } = fromRows(rows, alias ?? name.name, null, scope);
  const [key, ...columns] = sources[0]?.columns ?? [];
  const value = compileExpression(argument, scope);
  const as = freshName(scope.translation, 's');
  const names = columns.map((_, at) => `"c${at + 1}"`);
  return {
    sql: `(SELECT ${names.join(', ')} FROM ${sql} WHERE ${key?.sql} = ${value.sql}) AS ${as}`,
    sources: [
      {
        alias: alias ?? name.name,
        schema: null,
        columns: columns.map((column, at) => ({ ...column, sql: `${as}.${names[at]}` })),
      },
    ],
  };
}

function fromCommonTable(
  common: CommonSource,
  alias: string,
  scope: Scope,
): { sql: string; sources: Source[] } {
  const as = freshName(scope.translation, 's');
  const columns = common.columns.map((column, at) => ({ ...column, sql: `${as}."c${at}"` }));
  return { sql: `${common.sqlName} AS ${as}`, sources: [{ alias, schema: null, columns }] };
}

/** A stored table under a name of its own. */
export function fromTable(
  table: TableEntry,
  alias: string,
  schema: string | null,
  scope: Scope,
): { sql: string; sources: Source[] } {
  const as = freshName(scope.translation, 's');
  const columns = table.columns.map((column) => ({
    name: column.name,
    type: column.type,
    sql: `${as}.${columnSql(column)}`,
  }));
  return {
    sql: `${tableSql(table)} AS ${as}`,
    sources: [{ alias, schema, columns, stored: { table, row: `${as}.${ROW}` } }],
  };
}

function asSource(
  query: CompiledQuery,
  alias: string,
  schema: string | null,
  columns: readonly { readonly name: string; readonly type: DataType | null }[],
  scope: Scope,
): { sql: string; sources: Source[] } {
  const as = freshName(scope.translation, 's');
  return {
    sql: `(${query.sql}) AS ${as}`,
    sources: [
      { alias, schema, columns: columns.map((column, at) => ({ ...column, sql: `${as}."c${at}"` })) },
    ],
  };
}

const DEEPEST_VIEW = 32;

/** A view is its query, read in a scope that knows nothing of the caller. */
function fromView(
  view: ViewEntry,
  alias: string,
  schema: string | null,
  scope: Scope,
): { sql: string; sources: Source[] } {
  const [definition] = parseBatch(view.text);
  if (definition?.kind !== 'define-view') throw new Error(`view ${view.name} is not kept as a view`);
  const { translation } = scope;
  if (translation.viewDepth >= DEEPEST_VIEW) throw sqlError(217);
  translation.viewDepth++;
  try {
    const query = compileQuery(definition.query, rootScope(translation));
    return asSource(query, alias, schema, namedColumns(query, view.name, definition.columns), scope);
  } finally {
    translation.viewDepth--;
  }
}

/** Rows made up by the engine, handed to SQLite as JSON. */
export function fromRows(
  rows: RowSet,
  alias: string,
  schema: string | null,
  scope: Scope,
): { sql: string; sources: Source[] } {
  const as = freshName(scope.translation, 's');
  const parameter = bind(scope.translation, JSON.stringify(rows.rows.map((row) => row.map(jsonValue))));
  const items = rows.columns.map((column, at) => `${fromJson(`value ->> ${at}`, column.type)} AS "c${at}"`);
  return {
    sql: `(SELECT ${items.join(', ')} FROM json_each(${parameter})) AS ${as}`,
    sources: [
      { alias, schema, columns: rows.columns.map((column, at) => ({ ...column, sql: `${as}."c${at}"` })) },
    ],
  };
}

function jsonValue(value: Stored): string | number | null {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return typeof value === 'bigint' ? String(value) : value;
}

function fromJson(sql: string, type: DataType): string {
  switch (familyOf(type)) {
    case 'integer':
      return `CAST(${sql} AS INTEGER)`;
    case 'decimal':
    case 'float':
      return `CAST(${sql} AS REAL)`;
    case 'binary':
      return `unhex(${sql})`;
    case 'text':
      return `(${sql}) COLLATE NOCASE`;
    default:
      return `(${sql})`;
  }
}
