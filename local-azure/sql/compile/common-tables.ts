// WITH: common table expressions, recursive ones included.
import { sameName } from '../catalog/catalog.ts';
import { sqlError } from '../errors.ts';
import type { CommonTable, QueryBody, TableSource } from '../t-sql/ast.ts';
import { type CompiledQuery, compileBody, compileQuery } from './query.ts';
import { type CommonSource, freshName, type Scope } from './scope.ts';

export function compileCommonTables(
  tables: readonly CommonTable[],
  outer: Scope,
): { scope: Scope; sql: string } {
  if (tables.length === 0) return { scope: outer, sql: '' };
  let scope = outer;
  const definitions: string[] = [];
  for (const table of tables) {
    const { source, sql } = compileCommonTable(table, scope);
    definitions.push(sql);
    scope = { ...scope, commonTables: [source, ...scope.commonTables] };
  }
  return { scope, sql: `WITH RECURSIVE ${definitions.join(', ')} ` };
}

function compileCommonTable(table: CommonTable, scope: Scope): { source: CommonSource; sql: string } {
  const sqlName = freshName(scope.translation, 'w');
  const { body } = table.query;
  if (body.kind === 'set' && body.operator === 'UNION ALL' && names(body.right, table.name)) {
    const anchor = compileBody(body.left, scope);
    const source = sourceOf(table, sqlName, anchor);
    const inner = { ...scope, commonTables: [source, ...scope.commonTables] };
    const step = compileBody(body.right, inner);
    if (step.columns.length !== anchor.columns.length) throw sqlError(205);
    return { source, sql: `${sqlName}(${columnList(anchor)}) AS (${anchor.sql} UNION ALL ${step.sql})` };
  }
  const query = compileQuery(table.query, scope);
  return {
    source: sourceOf(table, sqlName, query),
    sql: `${sqlName}(${columnList(query)}) AS (${query.sql})`,
  };
}

function columnList(query: CompiledQuery): string {
  return query.columns.map((_, at) => `"c${at}"`).join(', ');
}

function sourceOf(table: CommonTable, sqlName: string, query: CompiledQuery): CommonSource {
  return { name: table.name, sqlName, columns: namedColumns(query, table.name, table.columns) };
}

/** The columns under the names listed, or their own. Throws 8155, 8156, 8158, 8159. */
export function namedColumns(
  query: CompiledQuery,
  name: string,
  listed: readonly string[] | null,
): CommonSource['columns'] {
  if (listed && listed.length < query.columns.length) throw sqlError(8158, name);
  if (listed && listed.length > query.columns.length) throw sqlError(8159, name);
  const columns = query.columns.map((column, at) => ({
    name: listed?.[at] ?? column.name,
    type: column.type,
  }));
  for (const [at, column] of columns.entries()) {
    if (column.name === '') throw sqlError(8155, at + 1, name);
    if (columns.findIndex((other) => sameName(other.name, column.name)) !== at)
      throw sqlError(8156, column.name, name);
  }
  return columns;
}

function names(body: QueryBody, table: string): boolean {
  if (body.kind === 'set') return names(body.left, table) || names(body.right, table);
  return body.kind === 'select' && body.from.some((source) => sourceNames(source, table));
}

function sourceNames(source: TableSource, table: string): boolean {
  if (source.kind === 'join') return sourceNames(source.left, table) || sourceNames(source.right, table);
  return source.kind === 'named' && source.name.schema === null && sameName(source.name.name, table);
}
