// Statements: which kind comes next, and the flow of control around them.
import { sqlError } from '../errors.ts';
import type { Statement } from './ast.ts';
import {
  accept,
  acceptSymbol,
  type Cursor,
  cursorOf,
  expect,
  isIdentifier,
  isSymbol,
  isWord,
  next,
  peek,
  unexpected,
} from './cursor.ts';
import { parseAlterDatabase, parseKill } from './parse-administration.ts';
import { parseDrop, parseIndex, parseProcedure, parseSchema, parseView } from './parse-definition.ts';
import { parseDelete, parseInsert, parseTruncate, parseUpdate } from './parse-dml.ts';
import { parseCall, parseExecute } from './parse-execute.ts';
import { parseExpression } from './parse-expression.ts';
import { parsePredicate, skipSemicolons } from './parse-predicate.ts';
import { parseCommonTables, parseQuery, parseQueryWith } from './parse-query.ts';
import {
  parseAlterAuthorization,
  parseAlterPrincipal,
  parseAlterRole,
  parseCreateApplicationRole,
  parseCreateLogin,
  parseCreateRole,
  parseCreateUser,
  parsePermission,
} from './parse-security.ts';
import { parsePrint, parseRaiserror, parseThrow, parseUse, parseWaitfor } from './parse-signal.ts';
import { parseAlterTable, parseCreateTable } from './parse-table.ts';
import { parseBegin, parseCommit, parseRollback, parseSave } from './parse-transaction.ts';
import { parseDeclare, parseSet } from './parse-variable.ts';

/** A batch as statements. Throws SqlServerError with its line; nothing of a batch runs unless all of it parses. */
export function parseBatch(text: string): Statement[] {
  const cursor = cursorOf(text);
  skipSemicolons(cursor);
  const callsProcedure = isIdentifier(cursor) && !Object.hasOwn(PARSERS, peek(cursor).value);
  const first = callsProcedure ? [parseCall(cursor, peek(cursor).line)] : [];
  return [...first, ...parseStatements(cursor, () => peek(cursor).kind === 'end')];
}

/** Statements until `isEnd`. */
export function parseStatements(cursor: Cursor, isEnd: () => boolean): Statement[] {
  const statements: Statement[] = [];
  for (;;) {
    skipSemicolons(cursor);
    if (isEnd()) return statements;
    if (peek(cursor).kind === 'end') throw unexpected(peek(cursor));
    statements.push(parseStatement(cursor));
  }
}

type Parser = (cursor: Cursor) => Statement;

const PARSERS: Readonly<Record<string, Parser>> = {
  SELECT: parseSelectStatement,
  WITH: parseWithStatement,
  INSERT: (cursor) => parseInsert(cursor, []),
  UPDATE: (cursor) => parseUpdate(cursor, []),
  DELETE: (cursor) => parseDelete(cursor, []),
  TRUNCATE: parseTruncate,
  CREATE: parseCreate,
  ALTER: parseAlter,
  DROP: (cursor) => parseDrop(cursor, next(cursor).line),
  DECLARE: parseDeclare,
  SET: parseSet,
  IF: parseIf,
  WHILE: parseWhile,
  BEGIN: parseBeginStatement,
  RETURN: parseReturn,
  BREAK: (cursor) => ({ kind: 'break', line: next(cursor).line }),
  CONTINUE: (cursor) => ({ kind: 'continue', line: next(cursor).line }),
  EXEC: parseExecute,
  EXECUTE: parseExecute,
  COMMIT: parseCommit,
  ROLLBACK: parseRollback,
  SAVE: parseSave,
  PRINT: parsePrint,
  RAISERROR: parseRaiserror,
  THROW: parseThrow,
  WAITFOR: parseWaitfor,
  USE: parseUse,
  GRANT: parsePermission,
  DENY: parsePermission,
  REVOKE: parsePermission,
  KILL: parseKill,
};

/** Statements SQL Server has and this engine (or Azure) has not. */
const REFUSED = new Set(
  'MERGE BACKUP RESTORE DBCC SHUTDOWN BULK OPEN FETCH CLOSE DEALLOCATE GOTO CHECKPOINT RECONFIGURE REVERT ENABLE DISABLE'.split(
    ' ',
  ),
);

export function parseStatement(cursor: Cursor): Statement {
  skipSemicolons(cursor);
  const token = peek(cursor);
  if (isSymbol(cursor, '(')) return parseSelectStatement(cursor);
  if (token.kind !== 'word') throw unexpected(token);
  const parser = PARSERS[token.value];
  if (!parser) {
    if (REFUSED.has(token.value)) throw Object.assign(sqlError(40510, token.value), { line: token.line });
    throw unexpected(token);
  }
  const statement = parser(cursor);
  acceptSymbol(cursor, ';');
  return statement;
}

function parseSelectStatement(cursor: Cursor): Statement {
  const { line } = peek(cursor);
  return { kind: 'query', line, query: parseQuery(cursor) };
}

function parseWithStatement(cursor: Cursor): Statement {
  const { line } = peek(cursor);
  const commonTables = parseCommonTables(cursor);
  if (isWord(cursor, 'INSERT')) return parseInsert(cursor, commonTables);
  if (isWord(cursor, 'UPDATE')) return parseUpdate(cursor, commonTables);
  if (isWord(cursor, 'DELETE')) return parseDelete(cursor, commonTables);
  return { kind: 'query', line, query: parseQueryWith(cursor, commonTables) };
}

function parseCreate(cursor: Cursor): Statement {
  const start = next(cursor);
  const mode = accept(cursor, 'OR', 'ALTER') ? 'create-or-alter' : 'create';
  if (accept(cursor, 'VIEW')) return parseView(cursor, start, mode);
  if (accept(cursor, 'PROCEDURE') || accept(cursor, 'PROC')) return parseProcedure(cursor, start, mode);
  if (mode === 'create') {
    if (accept(cursor, 'TABLE')) return parseCreateTable(cursor, start.line);
    if (accept(cursor, 'SCHEMA')) return parseSchema(cursor, start);
    if (accept(cursor, 'USER')) return parseCreateUser(cursor, start.line);
    if (accept(cursor, 'LOGIN')) return parseCreateLogin(cursor, start.line);
    if (accept(cursor, 'ROLE')) return parseCreateRole(cursor, start.line);
    if (accept(cursor, 'APPLICATION', 'ROLE')) return parseCreateApplicationRole(cursor, start.line);
    if (['UNIQUE', 'CLUSTERED', 'NONCLUSTERED', 'INDEX'].includes(peek(cursor).value))
      return parseIndex(cursor, start.line);
  }
  return refuse(cursor, 'CREATE', start.line);
}

function parseAlter(cursor: Cursor): Statement {
  const start = next(cursor);
  if (accept(cursor, 'TABLE')) return parseAlterTable(cursor, start.line);
  if (accept(cursor, 'DATABASE') && !isWord(cursor, 'SCOPED')) return parseAlterDatabase(cursor, start.line);
  if (accept(cursor, 'VIEW')) return parseView(cursor, start, 'alter');
  if (accept(cursor, 'PROCEDURE') || accept(cursor, 'PROC')) return parseProcedure(cursor, start, 'alter');
  if (accept(cursor, 'ROLE')) return parseAlterRole(cursor, start.line);
  if (accept(cursor, 'AUTHORIZATION')) return parseAlterAuthorization(cursor, start.line);
  if (accept(cursor, 'USER')) return parseAlterPrincipal(cursor, start.line, 'user');
  if (accept(cursor, 'LOGIN')) return parseAlterPrincipal(cursor, start.line, 'login');
  return refuse(cursor, 'ALTER', start.line);
}

function refuse(cursor: Cursor, verb: string, line: number): never {
  const token = peek(cursor);
  if (token.kind !== 'word' || !/^[A-Z]+$/.test(token.value)) throw unexpected(token);
  throw Object.assign(sqlError(40510, `${verb} ${token.value}`), { line });
}

function parseIf(cursor: Cursor): Statement {
  const { line } = next(cursor);
  const condition = parsePredicate(cursor);
  const consequence = parseStatement(cursor);
  skipSemicolons(cursor);
  const otherwise = accept(cursor, 'ELSE') ? parseStatement(cursor) : null;
  return { kind: 'if', line, condition, consequence, otherwise };
}

function parseWhile(cursor: Cursor): Statement {
  const { line } = next(cursor);
  const condition = parsePredicate(cursor);
  return { kind: 'while', line, condition, body: parseStatement(cursor) };
}

function parseReturn(cursor: Cursor): Statement {
  const { line } = next(cursor);
  return { kind: 'return', line, value: startsValue(cursor) ? parseExpression(cursor) : null };
}

function startsValue(cursor: Cursor): boolean {
  const token = peek(cursor);
  return (
    ['variable', 'number', 'string'].includes(token.kind) || isSymbol(cursor, '(') || isSymbol(cursor, '-')
  );
}

function parseBeginStatement(cursor: Cursor): Statement {
  if (isWord(cursor, 'TRAN', 1) || isWord(cursor, 'TRANSACTION', 1)) return parseBegin(cursor);
  const { line } = next(cursor);
  if (accept(cursor, 'TRY')) {
    const body = blockUntilEnd(cursor);
    expect(cursor, 'TRY');
    skipSemicolons(cursor);
    expect(cursor, 'BEGIN', 'CATCH');
    const handler = blockUntilEnd(cursor);
    expect(cursor, 'CATCH');
    return { kind: 'try', line, body, handler };
  }
  return { kind: 'block', line, statements: blockUntilEnd(cursor) };
}

function blockUntilEnd(cursor: Cursor): Statement[] {
  const statements = parseStatements(cursor, () => isWord(cursor, 'END'));
  expect(cursor, 'END');
  return statements;
}
