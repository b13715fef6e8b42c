// Conditions: what WHERE, ON, HAVING, IF, WHILE, CHECK and CASE WHEN take.
import { sqlError } from '../errors.ts';
import type { ComparisonOperator, Predicate } from './ast.ts';
import {
  accept,
  acceptSymbol,
  type Cursor,
  commaSeparated,
  expect,
  expectSymbol,
  isSymbol,
  next,
  peek,
  unexpected,
} from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import { parseQuery, startsQuery } from './parse-query.ts';

const OPERATORS: Readonly<Record<string, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
  '!<': '>=',
  '!>': '<=',
};

export function parsePredicate(cursor: Cursor): Predicate {
  let left = parseAnd(cursor);
  while (accept(cursor, 'OR')) left = { kind: 'logical', operator: 'OR', left, right: parseAnd(cursor) };
  return left;
}

function parseAnd(cursor: Cursor): Predicate {
  let left = parseNot(cursor);
  while (accept(cursor, 'AND')) left = { kind: 'logical', operator: 'AND', left, right: parseNot(cursor) };
  return left;
}

function parseNot(cursor: Cursor): Predicate {
  if (accept(cursor, 'NOT')) return { kind: 'not', operand: parseNot(cursor) };
  if (accept(cursor, 'EXISTS')) {
    expectSymbol(cursor, '(');
    const query = parseQuery(cursor);
    expectSymbol(cursor, ')');
    return { kind: 'exists', query };
  }
  return (isSymbol(cursor, '(') ? parseGrouped(cursor) : null) ?? parseComparison(cursor);
}

/** `(` opens a condition or a value; only reading on tells. Null, and back, where it was a value. */
function parseGrouped(cursor: Cursor): Predicate | null {
  const start = cursor.position;
  next(cursor);
  if (startsQuery(cursor)) {
    cursor.position = start;
    return null;
  }
  try {
    const inner = parsePredicate(cursor);
    expectSymbol(cursor, ')');
    return inner;
  } catch (error) {
    const furthest = cursor.position;
    cursor.position = start;
    try {
      parseExpression(cursor);
    } catch {
      cursor.position = furthest;
      throw error;
    }
    if (!continuesComparison(cursor)) throw error;
    cursor.position = start;
    return null;
  }
}

function continuesComparison(cursor: Cursor): boolean {
  const token = peek(cursor);
  if (token.kind === 'symbol') return token.text in OPERATORS;
  return token.kind === 'word' && ['IS', 'IN', 'LIKE', 'BETWEEN', 'NOT'].includes(token.value);
}

function parseComparison(cursor: Cursor): Predicate {
  const operand = parseExpression(cursor);
  const token = peek(cursor);
  const operator = token.kind === 'symbol' ? OPERATORS[token.text] : undefined;
  if (operator) {
    next(cursor);
    return { kind: 'comparison', operator, left: operand, right: parseExpression(cursor) };
  }
  if (accept(cursor, 'IS')) {
    const negated = accept(cursor, 'NOT');
    expect(cursor, 'NULL');
    return { kind: 'is-null', operand, negated };
  }
  const negated = accept(cursor, 'NOT');
  if (accept(cursor, 'BETWEEN')) {
    const low = parseExpression(cursor);
    expect(cursor, 'AND');
    return { kind: 'between', operand, low, high: parseExpression(cursor), negated };
  }
  if (accept(cursor, 'LIKE')) {
    const pattern = parseExpression(cursor);
    return {
      kind: 'like',
      operand,
      pattern,
      escape: accept(cursor, 'ESCAPE') ? parseExpression(cursor) : null,
      negated,
    };
  }
  if (accept(cursor, 'IN')) {
    expectSymbol(cursor, '(');
    const list = startsQuery(cursor) ? parseQuery(cursor) : commaSeparated(cursor, parseExpression);
    expectSymbol(cursor, ')');
    return { kind: 'in', operand, list, negated };
  }
  if (negated) throw unexpected(token);
  throw Object.assign(sqlError(4145, token.text), { line: token.line });
}

export function acceptWhere(cursor: Cursor): Predicate | null {
  return accept(cursor, 'WHERE') ? parsePredicate(cursor) : null;
}

export function skipSemicolons(cursor: Cursor): void {
  while (acceptSymbol(cursor, ';'));
}
