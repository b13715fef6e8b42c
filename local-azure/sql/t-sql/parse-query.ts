// SELECT, with its common tables, joins and set operators.
import { sqlError } from '../errors.ts';
import type { CommonTable, Expression, Query, QueryBody, Select, SelectItem } from './ast.ts';
import {
  accept,
  acceptSymbol,
  type Cursor,
  commaSeparated,
  expect,
  expectSymbol,
  identifier,
  isIdentifier,
  isSymbol,
  isWord,
  next,
  objectName,
  parenthesized,
  peek,
  unexpected,
} from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import { literal } from './parse-literal.ts';
import { parseOrderBy } from './parse-order.ts';
import { acceptWhere, parsePredicate } from './parse-predicate.ts';
import { parseTableSource } from './parse-table-source.ts';

/** Whether a query starts here, be it in parentheses of its own. */
export function startsQuery(cursor: Cursor): boolean {
  let ahead = 0;
  while (isSymbol(cursor, '(', ahead)) ahead++;
  return isWord(cursor, 'SELECT', ahead) || (ahead === 0 && isWord(cursor, 'WITH'));
}

export function parseQuery(cursor: Cursor): Query {
  return parseQueryWith(cursor, isWord(cursor, 'WITH') ? parseCommonTables(cursor) : []);
}

/** The query after its common tables. */
export function parseQueryWith(cursor: Cursor, commonTables: readonly CommonTable[]): Query {
  const body = parseBody(cursor);
  const orderBy = isWord(cursor, 'ORDER') ? parseOrderBy(cursor) : [];
  let offset: Expression | null = null;
  let fetch: Expression | null = null;
  if (orderBy.length > 0 && accept(cursor, 'OFFSET')) {
    offset = parseExpression(cursor);
    if (!accept(cursor, 'ROWS')) expect(cursor, 'ROW');
    if (accept(cursor, 'FETCH')) {
      if (!accept(cursor, 'NEXT')) expect(cursor, 'FIRST');
      fetch = parseExpression(cursor);
      if (!accept(cursor, 'ROWS')) expect(cursor, 'ROW');
      expect(cursor, 'ONLY');
    }
  }
  if (isWord(cursor, 'FOR')) throw Object.assign(sqlError(40517, 'FOR'), { line: peek(cursor).line });
  if (accept(cursor, 'OPTION')) parseHints(cursor);
  return { with: commonTables, body, orderBy, offset, fetch };
}

/** Hints change how SQL Server runs a query, never what it answers. */
function parseHints(cursor: Cursor): void {
  expectSymbol(cursor, '(');
  let depth = 1;
  while (depth > 0) {
    const token = next(cursor);
    if (token.kind === 'end') throw unexpected(token);
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
  }
}

export function parseCommonTables(cursor: Cursor): CommonTable[] {
  expect(cursor, 'WITH');
  return commaSeparated(cursor, (inner) => {
    const name = identifier(inner);
    const columns = isSymbol(inner, '(') ? parenthesized(inner, identifier) : null;
    expect(inner, 'AS');
    expectSymbol(inner, '(');
    const query = parseQuery(inner);
    expectSymbol(inner, ')');
    return { name, columns, query };
  });
}

function parseBody(cursor: Cursor): QueryBody {
  let left = parseIntersection(cursor);
  for (;;) {
    if (accept(cursor, 'UNION')) {
      const operator = accept(cursor, 'ALL') ? 'UNION ALL' : 'UNION';
      left = { kind: 'set', operator, left, right: parseIntersection(cursor) };
    } else if (accept(cursor, 'EXCEPT')) {
      left = { kind: 'set', operator: 'EXCEPT', left, right: parseIntersection(cursor) };
    } else {
      return left;
    }
  }
}

function parseIntersection(cursor: Cursor): QueryBody {
  let left = parseTerm(cursor);
  while (accept(cursor, 'INTERSECT')) {
    left = { kind: 'set', operator: 'INTERSECT', left, right: parseTerm(cursor) };
  }
  return left;
}

function parseTerm(cursor: Cursor): QueryBody {
  if (!acceptSymbol(cursor, '(')) return parseSelect(cursor);
  const query = parseQuery(cursor);
  expectSymbol(cursor, ')');
  return query.orderBy.length === 0 && query.with.length === 0 ? query.body : { kind: 'nested', query };
}

function parseSelect(cursor: Cursor): Select {
  expect(cursor, 'SELECT');
  const distinct = accept(cursor, 'DISTINCT');
  if (!distinct) accept(cursor, 'ALL');
  const top = parseTop(cursor);
  const items = commaSeparated(cursor, parseSelectItem);
  const into = accept(cursor, 'INTO') ? objectName(cursor) : null;
  const from = accept(cursor, 'FROM') ? commaSeparated(cursor, parseTableSource) : [];
  const where = acceptWhere(cursor);
  const groupBy = accept(cursor, 'GROUP', 'BY') ? commaSeparated(cursor, parseExpression) : [];
  const having = accept(cursor, 'HAVING') ? parsePredicate(cursor) : null;
  return { kind: 'select', distinct, top, items, into, from, where, groupBy, having };
}

/** TOP (n) | TOP n; PERCENT and WITH TIES are refused. */
export function parseTop(cursor: Cursor): Expression | null {
  if (!accept(cursor, 'TOP')) return null;
  let top: Expression;
  if (acceptSymbol(cursor, '(')) {
    top = parseExpression(cursor);
    expectSymbol(cursor, ')');
  } else {
    const token = peek(cursor);
    if (token.kind !== 'number') throw unexpected(token);
    top = literal(next(cursor));
  }
  for (const option of ['PERCENT', 'WITH']) {
    if (isWord(cursor, option))
      throw Object.assign(sqlError(40517, `TOP … ${option}`), { line: peek(cursor).line });
  }
  return top;
}

const COMPOUND = ['+', '-', '*', '/', '%', '&', '|', '^'] as const;

/** One item of a select list or of an OUTPUT clause. */
export function parseSelectItem(cursor: Cursor): SelectItem {
  if (acceptSymbol(cursor, '*')) return { kind: 'star', qualifier: null };
  const token = peek(cursor);
  if (token.kind === 'variable' && isSymbol(cursor, '=', 1)) {
    cursor.position += 2;
    return { kind: 'assignment', variable: token.text, expression: parseExpression(cursor) };
  }
  const operator = COMPOUND.find((each) => token.kind === 'variable' && isSymbol(cursor, `${each}=`, 1));
  if (operator) {
    cursor.position += 2;
    const left: Expression = { kind: 'variable', name: token.text };
    const expression: Expression = { kind: 'arithmetic', operator, left, right: parseExpression(cursor) };
    return { kind: 'assignment', variable: token.text, expression };
  }
  const qualifier = qualifiedStar(cursor);
  if (qualifier) return { kind: 'star', qualifier };
  if (isIdentifier(cursor) && isSymbol(cursor, '=', 1)) {
    const alias = identifier(cursor);
    next(cursor);
    return { kind: 'expression', expression: parseExpression(cursor), alias };
  }
  const expression = parseExpression(cursor);
  return { kind: 'expression', expression, alias: parseColumnAlias(cursor) };
}

function qualifiedStar(cursor: Cursor): string[] | null {
  const start = cursor.position;
  const parts: string[] = [];
  while (isIdentifier(cursor) && isSymbol(cursor, '.', 1)) {
    parts.push(identifier(cursor));
    next(cursor);
    if (acceptSymbol(cursor, '*')) return parts;
  }
  cursor.position = start;
  return null;
}

function parseColumnAlias(cursor: Cursor): string | null {
  const explicit = accept(cursor, 'AS');
  if (peek(cursor).kind === 'string') return next(cursor).value;
  return explicit || isIdentifier(cursor) ? identifier(cursor) : null;
}
