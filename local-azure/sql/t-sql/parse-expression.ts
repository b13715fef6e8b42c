// Expressions: values. Conditions are in parse-predicate.ts; T-SQL keeps the two apart.
import { sqlError } from '../errors.ts';
import type { ArithmeticOperator, Expression, OrderItem, Over, Predicate } from './ast.ts';
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
  nameParts,
  next,
  peek,
  typeName,
  unexpected,
} from './cursor.ts';
import type { DataType } from './data-types.ts';
import type { Token } from './lexer.ts';
import { literal } from './parse-literal.ts';
import { parseOrderBy } from './parse-order.ts';
import { parsePredicate } from './parse-predicate.ts';
import { parseQuery, startsQuery } from './parse-query.ts';

const ADDITIVE: readonly ArithmeticOperator[] = ['+', '-', '&', '|', '^'];
const MULTIPLICATIVE: readonly ArithmeticOperator[] = ['*', '/', '%'];

export function parseExpression(cursor: Cursor): Expression {
  return parseBinary(cursor, ADDITIVE, (inner) => parseBinary(inner, MULTIPLICATIVE, parseUnary));
}

function parseBinary(
  cursor: Cursor,
  operators: readonly ArithmeticOperator[],
  operand: (cursor: Cursor) => Expression,
): Expression {
  let left = operand(cursor);
  for (;;) {
    const operator = operators.find((symbol) => isSymbol(cursor, symbol));
    if (!operator) return left;
    next(cursor);
    left = { kind: 'arithmetic', operator, left, right: operand(cursor) };
  }
}

function parseUnary(cursor: Cursor): Expression {
  if (acceptSymbol(cursor, '-')) return negate(parseUnary(cursor));
  if (acceptSymbol(cursor, '+')) return parseUnary(cursor);
  if (acceptSymbol(cursor, '~')) return { kind: 'complement', operand: parseUnary(cursor) };
  const primary = parsePrimary(cursor);
  // A collation changes nothing that this engine compares by; the default one is taken as read.
  if (accept(cursor, 'COLLATE')) identifier(cursor);
  return primary;
}

function negate(operand: Expression): Expression {
  if (operand.kind !== 'literal') return { kind: 'negate', operand };
  if (typeof operand.value === 'bigint' || typeof operand.value === 'number') {
    return { ...operand, value: -operand.value };
  }
  return { kind: 'negate', operand };
}

function parsePrimary(cursor: Cursor): Expression {
  const token = peek(cursor);
  if (token.kind === 'variable') {
    next(cursor);
    return { kind: 'variable', name: token.text };
  }
  if (token.kind === 'number' || token.kind === 'string' || token.kind === 'binary')
    return literal(next(cursor));
  if (isSymbol(cursor, '(')) return parseParenthesized(cursor);
  if (token.kind === 'word') {
    const special = parseSpecialForm(cursor, token);
    if (special) return special;
  }
  if (isIdentifier(cursor)) return parseName(cursor);
  throw unexpected(token);
}

function parseParenthesized(cursor: Cursor): Expression {
  expectSymbol(cursor, '(');
  if (startsQuery(cursor)) {
    const query = parseQuery(cursor);
    expectSymbol(cursor, ')');
    return { kind: 'scalar', query };
  }
  const inner = parseExpression(cursor);
  expectSymbol(cursor, ')');
  return inner;
}

function parseSpecialForm(cursor: Cursor, token: Token): Expression | null {
  switch (token.value) {
    case 'NULL':
      next(cursor);
      return { kind: 'literal', value: null, type: null };
    case 'CASE':
      return parseCase(cursor);
    case 'CAST':
    case 'TRY_CAST':
      return isSymbol(cursor, '(', 1) ? parseCast(cursor, token.value === 'TRY_CAST') : null;
    case 'CONVERT':
    case 'TRY_CONVERT':
      return parseConvert(cursor, token.value === 'TRY_CONVERT');
    case 'CURRENT_TIMESTAMP':
    case 'CURRENT_USER':
    case 'SESSION_USER':
    case 'SYSTEM_USER':
    case 'USER':
      next(cursor);
      return call(token.value, []);
    case 'COALESCE':
    case 'NULLIF':
    case 'LEFT':
    case 'RIGHT':
      if (!isSymbol(cursor, '(', 1)) return null;
      next(cursor);
      return parseCall(cursor, token.value);
    case 'IIF':
      return isSymbol(cursor, '(', 1) ? parseIif(cursor) : null;
    default:
      return null;
  }
}

function parseCase(cursor: Cursor): Expression {
  expect(cursor, 'CASE');
  const operand = isWord(cursor, 'WHEN') ? null : parseExpression(cursor);
  const branches: { when: Expression | Predicate; result: Expression }[] = [];
  while (accept(cursor, 'WHEN')) {
    const when = operand ? parseExpression(cursor) : parsePredicate(cursor);
    expect(cursor, 'THEN');
    branches.push({ when, result: parseExpression(cursor) });
  }
  if (branches.length === 0) throw unexpected(peek(cursor));
  const otherwise = accept(cursor, 'ELSE') ? parseExpression(cursor) : null;
  expect(cursor, 'END');
  return { kind: 'case', operand, branches, otherwise };
}

function parseIif(cursor: Cursor): Expression {
  next(cursor);
  expectSymbol(cursor, '(');
  const when = parsePredicate(cursor);
  expectSymbol(cursor, ',');
  const result = parseExpression(cursor);
  expectSymbol(cursor, ',');
  const otherwise = parseExpression(cursor);
  expectSymbol(cursor, ')');
  return { kind: 'case', operand: null, branches: [{ when, result }], otherwise };
}

function parseCast(cursor: Cursor, lenient: boolean): Expression {
  next(cursor);
  expectSymbol(cursor, '(');
  const operand = parseExpression(cursor);
  expect(cursor, 'AS');
  const type = defaultCastLength(cursor, typeName(cursor));
  expectSymbol(cursor, ')');
  return { kind: 'cast', operand, type, lenient, style: null };
}

function parseConvert(cursor: Cursor, lenient: boolean): Expression {
  next(cursor);
  expectSymbol(cursor, '(');
  const type = defaultCastLength(cursor, typeName(cursor));
  expectSymbol(cursor, ',');
  const operand = parseExpression(cursor);
  const style = acceptSymbol(cursor, ',') ? parseExpression(cursor) : null;
  expectSymbol(cursor, ')');
  return { kind: 'cast', operand, type, lenient, style };
}

/** Without a length CAST and CONVERT take 30, where a column would take 1. */
function defaultCastLength(cursor: Cursor, type: DataType): DataType {
  const written = peek(cursor, -1);
  return type.length === 1 && written.text !== ')' ? { ...type, length: 30 } : type;
}

function parseName(cursor: Cursor): Expression {
  const { line } = peek(cursor);
  const parts = nameParts(cursor);
  if (!isSymbol(cursor, '(')) return { kind: 'column', parts, line };
  const name = parts.at(-1) ?? '';
  if (parts.length > 1 && !/^sys$/i.test(parts[0] ?? '')) {
    throw Object.assign(sqlError(195, parts.join('.')), { line });
  }
  return parseCall(cursor, name.toUpperCase());
}

function parseCall(cursor: Cursor, name: string): Expression {
  expectSymbol(cursor, '(');
  if (acceptSymbol(cursor, '*')) {
    expectSymbol(cursor, ')');
    return withOver(cursor, { ...call(name, []), star: true });
  }
  const distinct = accept(cursor, 'DISTINCT');
  if (!distinct) accept(cursor, 'ALL');
  const args = isSymbol(cursor, ')') ? [] : commaSeparated(cursor, parseExpression);
  expectSymbol(cursor, ')');
  const withinGroup = accept(cursor, 'WITHIN', 'GROUP') ? orderInParentheses(cursor) : null;
  return withOver(cursor, { ...call(name, args), distinct, withinGroup });
}

type Call = Extract<Expression, { kind: 'call' }>;

function call(name: string, args: readonly Expression[]): Call {
  return { kind: 'call', name, arguments: args, distinct: false, star: false, over: null, withinGroup: null };
}

function withOver(cursor: Cursor, made: Call): Call {
  if (!accept(cursor, 'OVER')) return made;
  expectSymbol(cursor, '(');
  const partitionBy = accept(cursor, 'PARTITION', 'BY') ? commaSeparated(cursor, parseExpression) : [];
  const orderBy = isWord(cursor, 'ORDER') ? parseOrderBy(cursor) : [];
  const start = peek(cursor);
  while (!isSymbol(cursor, ')') && peek(cursor).kind !== 'end') next(cursor);
  const frame = cursor.text.slice(start.start, peek(cursor).start).trim();
  expectSymbol(cursor, ')');
  if (frame !== '' && !/^(ROWS|RANGE)\s+[A-Z0-9\s]+$/i.test(frame)) throw unexpected(start);
  const over: Over = { partitionBy, orderBy, frame: frame || null };
  return { ...made, over };
}

function orderInParentheses(cursor: Cursor): OrderItem[] {
  expectSymbol(cursor, '(');
  const items = parseOrderBy(cursor);
  expectSymbol(cursor, ')');
  return items;
}
