// Where the parser stands among the tokens, and what it says when it cannot go on.
import { type SqlServerError, sqlError } from '../errors.ts';
import type { ObjectName } from './ast.ts';
import { type DataType, dataType } from './data-types.ts';
import { isReserved } from './keywords.ts';
import { type Token, tokenize } from './lexer.ts';

export interface Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  position: number;
}

/** Throws SqlServerError where the text cannot be read as tokens. */
export function cursorOf(text: string): Cursor {
  return { text, tokens: tokenize(text), position: 0 };
}

export function peek(cursor: Cursor, ahead = 0): Token {
  const token = cursor.tokens[Math.min(cursor.position + ahead, cursor.tokens.length - 1)];
  if (!token) throw new Error('a batch has an end token');
  return token;
}

export function next(cursor: Cursor): Token {
  const token = peek(cursor);
  if (token.kind !== 'end') cursor.position++;
  return token;
}

/** Error 102 or 156 at the token. */
export function unexpected(token: Token): SqlServerError {
  const error =
    token.kind === 'word' && isReserved(token.value)
      ? sqlError(156, token.text)
      : sqlError(102, token.kind === 'string' ? token.value : token.kind === 'end' ? '' : token.text);
  error.line = token.line;
  return error;
}

export function isWord(cursor: Cursor, word: string, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  return token.kind === 'word' && token.value === word;
}

export function isSymbol(cursor: Cursor, symbol: string, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  return token.kind === 'symbol' && token.text === symbol;
}

/** True, and past them, where these words come next. */
export function accept(cursor: Cursor, ...words: readonly string[]): boolean {
  if (!words.every((word, ahead) => isWord(cursor, word, ahead))) return false;
  cursor.position += words.length;
  return true;
}

export function acceptSymbol(cursor: Cursor, symbol: string): boolean {
  if (!isSymbol(cursor, symbol)) return false;
  cursor.position++;
  return true;
}

export function expect(cursor: Cursor, ...words: readonly string[]): void {
  for (const word of words) if (!accept(cursor, word)) throw unexpected(peek(cursor));
}

export function expectSymbol(cursor: Cursor, symbol: string): void {
  if (!acceptSymbol(cursor, symbol)) throw unexpected(peek(cursor));
}

/** The first of these words, if it comes next. */
export function acceptOne<const W extends string>(cursor: Cursor, words: readonly W[]): W | null {
  return words.find((word) => accept(cursor, word)) ?? null;
}

export function isIdentifier(cursor: Cursor, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  return token.kind === 'quoted' || (token.kind === 'word' && !isReserved(token.value));
}

export function identifier(cursor: Cursor): string {
  if (!isIdentifier(cursor)) throw unexpected(peek(cursor));
  const token = next(cursor);
  return token.kind === 'quoted' ? token.value : token.text;
}

/** One, two or three parts; the third (a database) must be absent in Azure SQL: 40515. */
export function objectName(cursor: Cursor): ObjectName {
  const { line } = peek(cursor);
  const parts = nameParts(cursor);
  const text = parts.join('.');
  const [name, schema, database] = [...parts].reverse();
  if (name === undefined || database) throw Object.assign(sqlError(40515, text), { line });
  return { schema: schema || null, name, text, line };
}

/** Parts of a dotted name; `db..object` has an empty one. */
export function nameParts(cursor: Cursor): string[] {
  const parts = [identifier(cursor)];
  while (acceptSymbol(cursor, '.')) {
    if (isSymbol(cursor, '.')) parts.push('');
    else parts.push(partAfterDot(cursor));
  }
  return parts;
}

/** After a dot even a reserved word is a name. */
function partAfterDot(cursor: Cursor): string {
  const token = next(cursor);
  if (token.kind === 'quoted') return token.value;
  if (token.kind === 'word') return token.text;
  throw unexpected(token);
}

/** `(a, b, c)`, each read by `item`. */
export function parenthesized<T>(cursor: Cursor, item: (cursor: Cursor) => T): T[] {
  expectSymbol(cursor, '(');
  const items = commaSeparated(cursor, item);
  expectSymbol(cursor, ')');
  return items;
}

export function commaSeparated<T>(cursor: Cursor, item: (cursor: Cursor) => T): T[] {
  const items = [item(cursor)];
  while (acceptSymbol(cursor, ',')) items.push(item(cursor));
  return items;
}

export function stringLiteral(cursor: Cursor): string {
  const token = next(cursor);
  if (token.kind !== 'string') throw unexpected(token);
  return token.value;
}

export function integerLiteral(cursor: Cursor): bigint {
  const negative = acceptSymbol(cursor, '-');
  const token = next(cursor);
  if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw unexpected(token);
  return negative ? -BigInt(token.text) : BigInt(token.text);
}

/** A data type with its length or precision. Throws 2715 for one SQL Server does not have (or not here). */
export function typeName(cursor: Cursor): DataType {
  const token = peek(cursor);
  let written = identifierOrSys(cursor);
  if (/^(char|character|nchar)$/i.test(written) && accept(cursor, 'VARYING'))
    written = written.toLowerCase() === 'nchar' ? 'nvarchar' : 'varchar';
  if (/^double$/i.test(written) && accept(cursor, 'PRECISION')) written = 'float';
  let first: number | null | undefined;
  let second: number | undefined;
  if (acceptSymbol(cursor, '(')) {
    first = accept(cursor, 'MAX') ? null : Number(integerLiteral(cursor));
    if (acceptSymbol(cursor, ',')) second = Number(integerLiteral(cursor));
    expectSymbol(cursor, ')');
  }
  const type = dataType(written, first, second);
  if (!type) throw Object.assign(sqlError(2715, 1, written), { line: token.line });
  return type;
}

function identifierOrSys(cursor: Cursor): string {
  const token = next(cursor);
  if (token.kind !== 'word' && token.kind !== 'quoted') throw unexpected(token);
  const name = token.kind === 'quoted' ? token.value : token.text;
  if (!/^(sys|dbo)$/i.test(name) || !acceptSymbol(cursor, '.')) return name;
  return partAfterDot(cursor);
}

/** The text between a start token and where the cursor stands now. */
export function textSince(cursor: Cursor, start: Token): string {
  return cursor.text.slice(start.start, peek(cursor, -1).end);
}
