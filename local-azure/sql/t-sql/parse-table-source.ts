// FROM: tables, derived tables, joins and hints.
import { sqlError } from '../errors.ts';
import type { Query, TableSource } from './ast.ts';
import {
  accept,
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
import { parsePredicate } from './parse-predicate.ts';
import { parseQuery, startsQuery } from './parse-query.ts';

export function parseTableSource(cursor: Cursor): TableSource {
  let left = parseTableTerm(cursor);
  for (;;) {
    const join = parseJoinType(cursor);
    if (!join) return left;
    const right = parseTableTerm(cursor);
    if (join === 'CROSS') {
      left = { kind: 'join', join, left, right, on: null };
      continue;
    }
    const nested = isWord(cursor, 'ON') ? right : parseRest(cursor, right);
    expect(cursor, 'ON');
    left = { kind: 'join', join, left, right: nested, on: parsePredicate(cursor) };
  }
}

/** `a JOIN b JOIN c ON … ON …` nests to the right. */
function parseRest(cursor: Cursor, left: TableSource): TableSource {
  const join = parseJoinType(cursor);
  if (!join) throw unexpected(peek(cursor));
  const right = parseTableTerm(cursor);
  expect(cursor, 'ON');
  return { kind: 'join', join, left, right, on: parsePredicate(cursor) };
}

function parseJoinType(cursor: Cursor): 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS' | null {
  if (isWord(cursor, 'CROSS') || isWord(cursor, 'OUTER')) {
    if (isWord(cursor, 'APPLY', 1))
      throw Object.assign(sqlError(40517, 'APPLY'), { line: peek(cursor).line });
    if (accept(cursor, 'CROSS', 'JOIN')) return 'CROSS';
  }
  if (accept(cursor, 'JOIN') || accept(cursor, 'INNER', 'JOIN')) return 'INNER';
  for (const side of ['LEFT', 'RIGHT', 'FULL'] as const) {
    if (accept(cursor, side, 'JOIN') || accept(cursor, side, 'OUTER', 'JOIN')) return side;
  }
  return null;
}

function parseTableTerm(cursor: Cursor): TableSource {
  if (isSymbol(cursor, '(')) return parseParenthesizedSource(cursor);
  const variable = peek(cursor);
  if (variable.kind === 'variable') {
    next(cursor);
    const name = { schema: null, name: variable.text, text: variable.text, line: variable.line };
    return { kind: 'named', name, alias: parseTableAlias(cursor), locks: false };
  }
  const name = objectName(cursor);
  if (isSymbol(cursor, '(')) {
    const [argument, more] = parenthesized(cursor, parseExpression);
    if (!argument || more) throw Object.assign(sqlError(208, name.text), { line: name.line });
    return { kind: 'function', name, argument, alias: parseTableAlias(cursor) };
  }
  const alias = parseTableAlias(cursor);
  return { kind: 'named', name, alias, locks: parseTableHints(cursor) };
}

function parseParenthesizedSource(cursor: Cursor): TableSource {
  const token = next(cursor);
  if (accept(cursor, 'VALUES')) {
    const rows = commaSeparated(cursor, (inner) => parenthesized(inner, parseExpression));
    expectSymbol(cursor, ')');
    return derived(cursor, {
      with: [],
      body: { kind: 'values', rows },
      orderBy: [],
      offset: null,
      fetch: null,
    });
  }
  if (!startsQuery(cursor)) {
    const source = parseTableSource(cursor);
    expectSymbol(cursor, ')');
    if (source.kind !== 'join') throw unexpected(token);
    return source;
  }
  const query = parseQuery(cursor);
  expectSymbol(cursor, ')');
  return derived(cursor, query);
}

function derived(cursor: Cursor, query: Query): TableSource {
  const alias = parseTableAlias(cursor);
  if (alias === null) throw unexpected(peek(cursor));
  return {
    kind: 'derived',
    query,
    alias,
    columns: isSymbol(cursor, '(') ? parenthesized(cursor, identifier) : null,
  };
}

function parseTableAlias(cursor: Cursor): string | null {
  const explicit = accept(cursor, 'AS');
  return explicit || isIdentifier(cursor) ? identifier(cursor) : null;
}

const HINTS = new Set(
  'NOLOCK READUNCOMMITTED READCOMMITTED READPAST ROWLOCK PAGLOCK TABLOCK NOEXPAND FORCESEEK FORCESCAN REPEATABLEREAD SNAPSHOT READCOMMITTEDLOCK NOWAIT'.split(
    ' ',
  ),
);
const LOCKING_HINTS = new Set(['UPDLOCK', 'XLOCK', 'TABLOCKX', 'HOLDLOCK', 'SERIALIZABLE']);

/** WITH (…) of a table; true where a hint takes a lock that writers heed. */
export function parseTableHints(cursor: Cursor): boolean {
  if (!isWord(cursor, 'WITH') || !isSymbol(cursor, '(', 1)) return false;
  next(cursor);
  const hints = parenthesized(cursor, next);
  for (const hint of hints) {
    if (!HINTS.has(hint.value) && !LOCKING_HINTS.has(hint.value)) throw unexpected(hint);
  }
  return hints.some((hint) => LOCKING_HINTS.has(hint.value));
}
