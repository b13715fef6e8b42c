// EXECUTE: procedures by name or variable, and text.
import type { Argument, Expression, Statement } from './ast.ts';
import {
  accept,
  acceptSymbol,
  type Cursor,
  commaSeparated,
  expectSymbol,
  isIdentifier,
  isSymbol,
  next,
  objectName,
  peek,
  unexpected,
} from './cursor.ts';
import { parseExpression } from './parse-expression.ts';

export function parseExecute(cursor: Cursor): Statement {
  const { line } = next(cursor);
  if (acceptSymbol(cursor, '(')) {
    const text = parseExpression(cursor);
    expectSymbol(cursor, ')');
    return { kind: 'execute-text', line, text };
  }
  return parseCall(cursor, line);
}

/** A procedure call; EXECUTE is left out where it comes first in a batch. */
export function parseCall(cursor: Cursor, line: number): Statement {
  let returnTo: string | null = null;
  if (peek(cursor).kind === 'variable' && isSymbol(cursor, '=', 1)) {
    returnTo = next(cursor).text;
    next(cursor);
  }
  const variable = peek(cursor);
  const procedure = variable.kind === 'variable' ? { variable: next(cursor).text } : objectName(cursor);
  const args = startsArgument(cursor) ? commaSeparated(cursor, parseArgument) : [];
  return { kind: 'execute', line, procedure, arguments: args, returnTo };
}

function startsArgument(cursor: Cursor): boolean {
  const token = peek(cursor);
  if (['variable', 'string', 'number', 'binary'].includes(token.kind) || isSymbol(cursor, '-')) return true;
  return isIdentifier(cursor) || token.value === 'NULL' || token.value === 'DEFAULT';
}

function parseArgument(cursor: Cursor): Argument {
  const name = peek(cursor).kind === 'variable' && isSymbol(cursor, '=', 1) ? next(cursor).text : null;
  if (name) next(cursor);
  if (accept(cursor, 'DEFAULT')) return { name, value: null, output: false };
  const value = parseArgumentValue(cursor);
  const output = accept(cursor, 'OUTPUT') || accept(cursor, 'OUT');
  return { name, value, output };
}

/** A constant, a variable, or a bare word, which is a string. Expressions are not allowed here. */
function parseArgumentValue(cursor: Cursor): Expression {
  if (isIdentifier(cursor)) {
    const token = next(cursor);
    const text = token.kind === 'quoted' ? token.value : token.text;
    return {
      kind: 'literal',
      value: text,
      type: { name: 'nvarchar', length: Math.max(text.length, 1), precision: 0, scale: 0 },
    };
  }
  const token = peek(cursor);
  const value = parseExpression({
    ...cursor,
    tokens: cursor.tokens
      .slice(0, cursor.position + valueLength(cursor))
      .concat({ ...token, kind: 'end', text: '', value: '' }),
  });
  cursor.position += valueLength(cursor);
  return value;
}

function valueLength(cursor: Cursor): number {
  if (!isSymbol(cursor, '-') && !isSymbol(cursor, '+')) return 1;
  if (peek(cursor, 1).kind !== 'number') throw unexpected(peek(cursor, 1));
  return 2;
}
