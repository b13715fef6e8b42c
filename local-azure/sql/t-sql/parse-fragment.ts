// Pieces of T-SQL that the catalog keeps as text: defaults, checks, filters.
import type { Expression, Predicate } from './ast.ts';
import { type Cursor, cursorOf, peek, unexpected } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import { parsePredicate } from './parse-predicate.ts';

export function expressionOf(text: string): Expression {
  return whole(text, parseExpression);
}

export function predicateOf(text: string): Predicate {
  return whole(text, parsePredicate);
}

function whole<T>(text: string, parse: (cursor: Cursor) => T): T {
  const cursor = cursorOf(text);
  const parsed = parse(cursor);
  if (peek(cursor).kind !== 'end') throw unexpected(peek(cursor));
  return parsed;
}
