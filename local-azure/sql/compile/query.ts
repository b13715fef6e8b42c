// SELECT as SQLite runs it. Every output column is called "c0", "c1", …; names and types travel beside.

import { sameName } from '../catalog/catalog.ts';
import { sqlError } from '../errors.ts';
import type { Expression, OrderItem, Query, QueryBody, Select } from '../t-sql/ast.ts';
import { commonType, type DataType } from '../t-sql/data-types.ts';
import { aggregates } from './aggregates.ts';
import { compileCommonTables } from './common-tables.ts';
import { type Compiled, comparable, compileExpression } from './expression.ts';
import { collated, compilePredicate } from './predicate.ts';
import { located, type Scope, sourcesFor } from './scope.ts';
import { compileFrom } from './sources.ts';

export interface OutputColumn {
  /** Empty where the query gives none. */
  readonly name: string;
  readonly type: DataType | null;
}

export interface CompiledQuery {
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
}

export function compileQuery(query: Query, outer: Scope): CompiledQuery {
  const { scope, sql: withSql } = compileCommonTables(query.with, outer);
  if (query.body.kind === 'select') {
    const select = compileSelect(query.body, query, scope);
    return { ...select, sql: withSql + select.sql };
  }
  const body = compileBody(query.body, scope);
  const tail = compoundOrder(query.orderBy, body.columns) + limits(query, null, scope);
  const sql = tail === '' ? body.sql : `SELECT * FROM (${body.sql})${tail}`;
  return { sql: withSql + sql, columns: body.columns };
}

/** A body without order of its own. */
export function compileBody(body: QueryBody, scope: Scope): CompiledQuery {
  switch (body.kind) {
    case 'select':
      return compileSelect(body, { with: [], body, orderBy: [], offset: null, fetch: null }, scope);
    case 'nested':
      return compileQuery(body.query, scope);
    case 'values':
      return compileValues(body.rows, scope);
    case 'set': {
      const left = compileBody(body.left, scope);
      const right = compileBody(body.right, scope);
      return combine(body.operator, left, right);
    }
  }
}

/** Both sides in common types, under one set operator. */
export function combine(operator: string, left: CompiledQuery, right: CompiledQuery): CompiledQuery {
  if (left.columns.length !== right.columns.length) throw sqlError(205);
  const columns = left.columns.map((column, at) => ({
    name: column.name,
    type: commonType(column.type, right.columns[at]?.type ?? null),
  }));
  return { sql: `SELECT ${side(left, columns)} ${operator} SELECT ${side(right, columns)}`, columns };
}

function side(query: CompiledQuery, columns: readonly OutputColumn[]): string {
  const items = columns.map((column, at) => {
    const own: Compiled = { sql: `"c${at}"`, type: query.columns[at]?.type ?? null };
    return `${collated(comparable(own, column.type))} AS "c${at}"`;
  });
  return `${items.join(', ')} FROM (${query.sql})`;
}

function compileValues(rows: readonly (readonly Expression[])[], scope: Scope): CompiledQuery {
  const compiled = rows.map((row) => row.map((value) => compileExpression(value, scope)));
  const width = compiled[0]?.length ?? 0;
  if (compiled.some((row) => row.length !== width)) throw sqlError(10709);
  const columns = Array.from({ length: width }, (_, at) => ({
    name: '',
    type: compiled.map((row) => row[at]?.type ?? null).reduce((a, b) => commonType(a, b), null),
  }));
  const selects = compiled.map(
    (row) =>
      `SELECT ${row.map((value, at) => `${comparable(value, columns[at]?.type ?? null).sql} AS "c${at}"`).join(', ')}`,
  );
  return { sql: selects.join(' UNION ALL '), columns };
}

interface Item extends Compiled {
  readonly name: string;
}

function compileSelect(select: Select, query: Query, outer: Scope): CompiledQuery {
  const from = compileFrom(select.from, outer);
  const where = select.where ? ` WHERE ${compilePredicate(select.where, from.scope)}` : '';
  const keys = select.groupBy.map((key) => collated(compileExpression(key, from.scope)));
  const plainKeys = select.groupBy.map((key) => compileExpression(key, from.scope).sql);
  const isGrouped = select.groupBy.length > 0 || aggregates(select);
  const scope: Scope = { ...from.scope, groupedBy: isGrouped ? plainKeys : null };
  const items = select.items.flatMap((item) => compileItem(item, scope));
  const having = select.having ? ` HAVING ${compilePredicate(select.having, scope)}` : '';
  const list = items
    .map((item, at) => `${select.distinct ? collated(item) : item.sql} AS "c${at}"`)
    .join(', ');
  const sql =
    `SELECT ${select.distinct ? 'DISTINCT ' : ''}${list}${from.sql}${where}` +
    (keys.length > 0 ? ` GROUP BY ${keys.join(', ')}` : '') +
    having +
    orderBy(query.orderBy, items, scope) +
    limits(query, select.top, outer);
  return { sql, columns: items.map(({ name, type }) => ({ name, type })) };
}

function compileItem(item: Select['items'][number], scope: Scope): Item[] {
  if (item.kind === 'star') return compileStar(item.qualifier, scope);
  const compiled = compileExpression(item.expression, scope);
  const name = item.kind === 'expression' ? (item.alias ?? implicitName(item.expression)) : '';
  return [{ ...compiled, name }];
}

function compileStar(qualifier: readonly string[] | null, scope: Scope): Item[] {
  const sources = sourcesFor(scope, qualifier ?? []);
  if (sources.length === 0) throw qualifier ? sqlError(4104, `${qualifier.join('.')}.*`) : sqlError(263);
  return sources.flatMap((source) =>
    source.columns.map((column) => {
      if (scope.groupedBy && !scope.groupedBy.includes(column.sql))
        throw sqlError(8120, `${source.alias}.${column.name}`);
      return column;
    }),
  );
}

function implicitName(expression: Expression): string {
  return expression.kind === 'column' ? (expression.parts.at(-1) ?? '') : '';
}

function orderBy(order: readonly OrderItem[], items: readonly Item[], scope: Scope): string {
  if (order.length === 0) return '';
  return ` ORDER BY ${order.map((item) => orderTerm(item, items, scope) + (item.descending ? ' DESC' : '')).join(', ')}`;
}

/** A position, an output name, or an expression. */
function orderTerm({ expression }: OrderItem, items: readonly Item[], scope: Scope): string {
  const position = orderPosition(expression, items);
  const item = position === null ? undefined : items[position];
  if (position !== null) {
    if (!item) throw sqlError(108, position + 1);
    return collated({ sql: `"c${position}"`, type: item.type });
  }
  return collated(compileExpression(expression, scope));
}

function orderPosition(expression: Expression, items: readonly OutputColumn[]): number | null {
  if (expression.kind === 'literal' && typeof expression.value === 'bigint')
    return Number(expression.value) - 1;
  if (expression.kind !== 'column' || expression.parts.length !== 1) return null;
  const at = items.findIndex((item) => sameName(item.name, expression.parts[0] ?? ''));
  return at < 0 ? null : at;
}

function compoundOrder(order: readonly OrderItem[], columns: readonly OutputColumn[]): string {
  if (order.length === 0) return '';
  const terms = order.map(({ expression, descending }) => {
    const at = orderPosition(expression, columns);
    if (at === null) throw located(sqlError(104), expression.kind === 'column' ? expression.line : 0);
    return `${collated({ sql: `"c${at}"`, type: columns[at]?.type ?? null })}${descending ? ' DESC' : ''}`;
  });
  return ` ORDER BY ${terms.join(', ')}`;
}

function limits(query: Query, top: Expression | null, scope: Scope): string {
  const count = top ?? query.fetch;
  if (!count && !query.offset) return '';
  const limit = count ? `max(${compileExpression(count, scope).sql}, 0)` : '-1';
  return ` LIMIT ${limit}${query.offset ? ` OFFSET ${compileExpression(query.offset, scope).sql}` : ''}`;
}
