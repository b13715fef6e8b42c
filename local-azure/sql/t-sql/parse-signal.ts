// PRINT, RAISERROR, THROW, WAITFOR, USE.
import { sqlError } from '../errors.ts';
import type { Expression, Statement } from './ast.ts';
import {
  accept,
  acceptSymbol,
  type Cursor,
  commaSeparated,
  expectSymbol,
  identifier,
  isSymbol,
  next,
  peek,
  unexpected,
} from './cursor.ts';
import { parseExpression } from './parse-expression.ts';

export function parsePrint(cursor: Cursor): Statement {
  const { line } = next(cursor);
  return { kind: 'print', line, value: parseExpression(cursor) };
}

/** RAISERROR (message | number, severity, state [, argument …]) [WITH NOWAIT, SETERROR]. */
export function parseRaiserror(cursor: Cursor): Statement {
  const { line } = next(cursor);
  expectSymbol(cursor, '(');
  const [message, severity, state, ...args] = commaSeparated(cursor, parseExpression);
  if (!message || !severity || !state) throw unexpected(peek(cursor));
  expectSymbol(cursor, ')');
  const options = accept(cursor, 'WITH') ? commaSeparated(cursor, next) : [];
  for (const option of options) {
    if (option.value === 'LOG') throw Object.assign(sqlError(2754), { line });
    if (option.value !== 'NOWAIT' && option.value !== 'SETERROR') throw unexpected(option);
  }
  const setError = options.some((option) => option.value === 'SETERROR');
  return { kind: 'raiserror', line, message, severity, state, arguments: args, setError };
}

export function parseThrow(cursor: Cursor): Statement {
  const { line } = next(cursor);
  const token = peek(cursor);
  if (token.kind !== 'number' && token.kind !== 'variable') return { kind: 'throw', line, error: null };
  const number = parseExpression(cursor);
  expectSymbol(cursor, ',');
  const message = parseExpression(cursor);
  expectSymbol(cursor, ',');
  return { kind: 'throw', line, error: { number, message, state: parseExpression(cursor) } };
}

export function parseWaitfor(cursor: Cursor): Statement {
  const { line } = next(cursor);
  const mode = accept(cursor, 'DELAY') ? 'delay' : accept(cursor, 'TIME') ? 'time' : null;
  if (!mode) throw unexpected(peek(cursor));
  const duration: Expression = parseExpression(cursor);
  return { kind: 'wait', line, mode, duration };
}

export function parseUse(cursor: Cursor): Statement {
  const { line } = next(cursor);
  const database = identifier(cursor);
  if (isSymbol(cursor, '.')) throw unexpected(peek(cursor));
  acceptSymbol(cursor, ';');
  return { kind: 'use', line, database };
}
