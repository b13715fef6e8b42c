// CREATE, ALTER and DROP of views, procedures, schemas and indexes.
import { sqlError } from '../errors.ts';
import type { ProcedureParameter, Statement } from './ast.ts';
import {
  accept,
  acceptOne,
  acceptSymbol,
  type Cursor,
  commaSeparated,
  expect,
  expectSymbol,
  identifier,
  isSymbol,
  isWord,
  next,
  objectName,
  parenthesized,
  peek,
  textSince,
  typeName,
  unexpected,
} from './cursor.ts';
import type { Token } from './lexer.ts';
import { parseExpression } from './parse-expression.ts';
import { parsePredicate } from './parse-predicate.ts';
import { parseQuery } from './parse-query.ts';
import { parseStatements } from './parse-statement.ts';
import { indexColumn } from './parse-table.ts';

type Mode = 'create' | 'alter' | 'create-or-alter';

/** Views, procedures and schemas must be first in their batch. */
export function requireFirst(cursor: Cursor, start: Token, what: string): void {
  if (cursor.tokens[0] !== start) throw Object.assign(sqlError(111, what), { line: start.line });
}

export function parseView(cursor: Cursor, start: Token, mode: Mode): Statement {
  requireFirst(cursor, start, 'CREATE VIEW');
  const name = objectName(cursor);
  const columns = isSymbol(cursor, '(') ? parenthesized(cursor, identifier) : null;
  if (accept(cursor, 'WITH')) commaSeparated(cursor, identifier);
  expect(cursor, 'AS');
  const query = parseQuery(cursor);
  if (accept(cursor, 'WITH', 'CHECK', 'OPTION'))
    throw Object.assign(sqlError(40517, 'WITH CHECK OPTION'), { line: start.line });
  return {
    kind: 'define-view',
    line: start.line,
    mode,
    name,
    columns,
    query,
    text: textSince(cursor, start),
  };
}

/** The whole rest of the batch is the procedure's body. */
export function parseProcedure(cursor: Cursor, start: Token, mode: Mode): Statement {
  requireFirst(cursor, start, 'CREATE/ALTER PROCEDURE');
  const name = objectName(cursor);
  const grouped = acceptSymbol(cursor, '(');
  const parameters = peek(cursor).kind === 'variable' ? commaSeparated(cursor, parseParameter) : [];
  if (grouped) expectSymbol(cursor, ')');
  if (accept(cursor, 'WITH')) {
    if (isWord(cursor, 'EXECUTE'))
      throw Object.assign(sqlError(40517, 'EXECUTE AS'), { line: peek(cursor).line });
    commaSeparated(cursor, identifier);
  }
  expect(cursor, 'AS');
  const body = parseStatements(cursor, () => peek(cursor).kind === 'end');
  const text = cursor.text.slice(start.start);
  return { kind: 'define-procedure', line: start.line, mode, name, parameters, body, text };
}

export function parseParameter(cursor: Cursor): ProcedureParameter {
  const token = next(cursor);
  if (token.kind !== 'variable') throw unexpected(token);
  accept(cursor, 'AS');
  const type = typeName(cursor);
  const value = acceptSymbol(cursor, '=') ? parseExpression(cursor) : null;
  const output = accept(cursor, 'OUTPUT') || accept(cursor, 'OUT');
  accept(cursor, 'READONLY');
  return { name: token.text, type, default: value, output };
}

export function parseSchema(cursor: Cursor, start: Token): Statement {
  requireFirst(cursor, start, 'CREATE SCHEMA');
  const name = identifier(cursor);
  const owner = accept(cursor, 'AUTHORIZATION') ? identifier(cursor) : null;
  return { kind: 'create-schema', line: start.line, name, owner };
}

/** After CREATE, where an index comes. */
export function parseIndex(cursor: Cursor, line: number): Statement {
  const unique = accept(cursor, 'UNIQUE');
  const clustered = acceptOne(cursor, ['CLUSTERED', 'NONCLUSTERED']) === 'CLUSTERED';
  expect(cursor, 'INDEX');
  const name = identifier(cursor);
  expect(cursor, 'ON');
  const table = objectName(cursor);
  const columns = parenthesized(cursor, indexColumn);
  const included = accept(cursor, 'INCLUDE') ? parenthesized(cursor, identifier) : [];
  const filter = accept(cursor, 'WHERE') ? parseFilter(cursor) : null;
  // ONLINE, FILLFACTOR, DATA_COMPRESSION: how the index is built and kept, never what it means.
  if (accept(cursor, 'WITH')) skipParentheses(cursor);
  if (accept(cursor, 'ON') && !accept(cursor, 'PRIMARY')) identifier(cursor);
  return {
    kind: 'create-index',
    line,
    name,
    table,
    unique,
    clustered,
    included,
    filter,
    columns: columns.map((column) => column.name),
    descending: columns.map((column) => column.descending),
  };
}

function parseFilter(cursor: Cursor): string {
  const start = peek(cursor);
  parsePredicate(cursor);
  return textSince(cursor, start);
}

function skipParentheses(cursor: Cursor): void {
  expectSymbol(cursor, '(');
  let depth = 1;
  while (depth > 0) {
    const token = next(cursor);
    if (token.kind === 'end') throw unexpected(token);
    depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0;
  }
}

const DROPPABLE = ['TABLE', 'VIEW', 'PROCEDURE', 'SCHEMA', 'USER', 'ROLE', 'LOGIN', 'DATABASE'] as const;

/** After DROP. */
export function parseDrop(cursor: Cursor, line: number): Statement {
  if (accept(cursor, 'INDEX')) return parseDropIndex(cursor, line);
  const object = accept(cursor, 'PROC')
    ? 'PROCEDURE'
    : accept(cursor, 'APPLICATION', 'ROLE')
      ? 'APPLICATION ROLE'
      : acceptOne(cursor, DROPPABLE);
  if (!object) {
    const token = peek(cursor);
    if (['TRIGGER', 'FUNCTION', 'TYPE', 'SEQUENCE', 'SYNONYM'].includes(token.value)) {
      throw Object.assign(sqlError(40510, `DROP ${token.value}`), { line });
    }
    throw unexpected(token);
  }
  const ifExists = accept(cursor, 'IF', 'EXISTS');
  return { kind: 'drop', line, object, ifExists, names: commaSeparated(cursor, objectName) };
}

function parseDropIndex(cursor: Cursor, line: number): Statement {
  const ifExists = accept(cursor, 'IF', 'EXISTS');
  const first = objectName(cursor);
  if (accept(cursor, 'ON'))
    return { kind: 'drop-index', line, name: first.name, table: objectName(cursor), ifExists };
  if (first.schema === null) throw Object.assign(sqlError(102, first.name), { line });
  const table = { ...first, schema: null, name: first.schema, text: first.schema };
  return { kind: 'drop-index', line, name: first.name, table, ifExists };
}
