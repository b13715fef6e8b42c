// INSERT, UPDATE, DELETE, TRUNCATE.
import { sqlError } from '../errors.ts';
import type {
  Assignment,
  CommonTable,
  Expression,
  ObjectName,
  OutputClause,
  Statement,
  StatementOf,
} from './ast.ts';
import {
  accept,
  acceptSymbol,
  type Cursor,
  commaSeparated,
  expect,
  expectSymbol,
  identifier,
  isSymbol,
  isWord,
  nameParts,
  next,
  objectName,
  parenthesized,
  peek,
} from './cursor.ts';
import { parseExecute } from './parse-execute.ts';
import { parseExpression } from './parse-expression.ts';
import { acceptWhere } from './parse-predicate.ts';
import { parseQueryWith, parseSelectItem, parseTop } from './parse-query.ts';
import { parseTableHints, parseTableSource } from './parse-table-source.ts';

/** A table, or a table variable. */
export function parseTarget(cursor: Cursor): ObjectName {
  const token = peek(cursor);
  if (token.kind !== 'variable') return objectName(cursor);
  next(cursor);
  return { schema: null, name: token.text, text: token.text, line: token.line };
}

export function parseInsert(cursor: Cursor, commonTables: readonly CommonTable[]): StatementOf<'insert'> {
  const { line } = next(cursor);
  if (isWord(cursor, 'TOP')) throw Object.assign(sqlError(40517, 'INSERT TOP'), { line });
  accept(cursor, 'INTO');
  const table = parseTarget(cursor);
  parseTableHints(cursor);
  const columns = isSymbol(cursor, '(') ? parenthesized(cursor, identifier) : null;
  const output = parseOutput(cursor);
  const source = parseInsertSource(cursor, commonTables);
  return { kind: 'insert', line, table, with: commonTables, columns, output, source };
}

function parseInsertSource(
  cursor: Cursor,
  commonTables: readonly CommonTable[],
): StatementOf<'insert'>['source'] {
  if (accept(cursor, 'DEFAULT', 'VALUES')) return { kind: 'default-values' };
  if (accept(cursor, 'VALUES')) {
    return { kind: 'rows', rows: commaSeparated(cursor, (inner) => parenthesized(inner, valueOrDefault)) };
  }
  if (isWord(cursor, 'EXEC') || isWord(cursor, 'EXECUTE'))
    return { kind: 'execute', call: parseExecute(cursor) };
  return { kind: 'query', query: parseQueryWith(cursor, commonTables) };
}

function valueOrDefault(cursor: Cursor): Expression | null {
  return accept(cursor, 'DEFAULT') ? null : parseExpression(cursor);
}

function parseOutput(cursor: Cursor): OutputClause | null {
  if (!accept(cursor, 'OUTPUT')) return null;
  const items = commaSeparated(cursor, parseSelectItem);
  const into = accept(cursor, 'INTO') ? parseTarget(cursor) : null;
  const columns = into && isSymbol(cursor, '(') ? parenthesized(cursor, identifier) : null;
  return { items, into, columns };
}

export function parseUpdate(cursor: Cursor, commonTables: readonly CommonTable[]): Statement {
  const { line } = next(cursor);
  const top = parseTop(cursor);
  const table = parseTarget(cursor);
  parseTableHints(cursor);
  expect(cursor, 'SET');
  const assignments = commaSeparated(cursor, parseAssignment);
  const output = parseOutput(cursor);
  const from = accept(cursor, 'FROM') ? commaSeparated(cursor, parseTableSource) : [];
  const where = acceptWhere(cursor);
  return { kind: 'update', line, table, with: commonTables, top, assignments, output, from, where };
}

const COMPOUND = ['+=', '-=', '*=', '/=', '%=', '&=', '|=', '^='] as const;

function parseAssignment(cursor: Cursor): Assignment {
  const { line, kind } = peek(cursor);
  if (kind === 'variable') throw Object.assign(sqlError(40517, 'UPDATE … SET @variable'), { line });
  const parts = nameParts(cursor);
  const column = parts.at(-1) ?? '';
  for (const symbol of COMPOUND) {
    if (!acceptSymbol(cursor, symbol)) continue;
    const left: Expression = { kind: 'column', parts, line };
    const operator = symbol.charAt(0) as '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^';
    return { column, line, value: { kind: 'arithmetic', operator, left, right: parseExpression(cursor) } };
  }
  expectSymbol(cursor, '=');
  return { column, line, value: valueOrDefault(cursor) };
}

export function parseDelete(cursor: Cursor, commonTables: readonly CommonTable[]): Statement {
  const { line } = next(cursor);
  const top = parseTop(cursor);
  accept(cursor, 'FROM');
  const table = parseTarget(cursor);
  parseTableHints(cursor);
  const output = parseOutput(cursor);
  const from = accept(cursor, 'FROM') ? commaSeparated(cursor, parseTableSource) : [];
  const where = acceptWhere(cursor);
  return { kind: 'delete', line, table, with: commonTables, top, output, from, where };
}

export function parseTruncate(cursor: Cursor): Statement {
  const { line } = next(cursor);
  expect(cursor, 'TABLE');
  return { kind: 'truncate', line, table: objectName(cursor) };
}
