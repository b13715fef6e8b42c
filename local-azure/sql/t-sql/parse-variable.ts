// DECLARE and SET: variables and session options.
import { sqlError } from '../errors.ts';
import type { Expression, Statement } from './ast.ts';
import {
  accept,
  acceptSymbol,
  type Cursor,
  commaSeparated,
  expect,
  expectSymbol,
  isSymbol,
  isWord,
  next,
  objectName,
  peek,
  typeName,
  unexpected,
} from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import { parseTableBody } from './parse-table.ts';

export function parseDeclare(cursor: Cursor): Statement {
  const { line } = next(cursor);
  const name = peek(cursor).text;
  if (isWord(cursor, 'TABLE', 1) || (isWord(cursor, 'AS', 1) && isWord(cursor, 'TABLE', 2))) {
    next(cursor);
    accept(cursor, 'AS');
    expect(cursor, 'TABLE');
    return { kind: 'declare-table', line, name, ...parseTableBody(cursor) };
  }
  const variables = commaSeparated(cursor, (inner) => {
    const token = next(inner);
    if (isWord(inner, 'CURSOR')) throw Object.assign(sqlError(40510, 'DECLARE CURSOR'), { line });
    if (token.kind !== 'variable' || token.text.startsWith('@@')) throw unexpected(token);
    accept(inner, 'AS');
    const type = typeName(inner);
    return { name: token.text, type, value: acceptSymbol(inner, '=') ? parseExpression(inner) : null };
  });
  return { kind: 'declare', line, variables };
}

/** Options whose ON or OFF is kept, or makes no difference here; drivers set them at login. */
const SWITCHES = new Set(
  `NOCOUNT XACT_ABORT IMPLICIT_TRANSACTIONS ANSI_NULLS ANSI_PADDING ANSI_WARNINGS ANSI_DEFAULTS ANSI_NULL_DFLT_ON
   ANSI_NULL_DFLT_OFF ARITHABORT ARITHIGNORE CONCAT_NULL_YIELDS_NULL QUOTED_IDENTIFIER NUMERIC_ROUNDABORT
   CURSOR_CLOSE_ON_COMMIT FMTONLY NOEXEC PARSEONLY NO_BROWSETABLE REMOTE_PROC_TRANSACTIONS FORCEPLAN`.split(
    /\s+/,
  ),
);
const VALUED = new Set([
  'TEXTSIZE',
  'LOCK_TIMEOUT',
  'DATEFORMAT',
  'DATEFIRST',
  'LANGUAGE',
  'ROWCOUNT',
  'DEADLOCK_PRIORITY',
  'QUERY_GOVERNOR_COST_LIMIT',
]);
/** Switches that would change what is answered; only OFF can be had. */
const ONLY_OFF = new Set(['FMTONLY', 'NOEXEC', 'PARSEONLY']);

export function parseSet(cursor: Cursor): Statement {
  const { line } = next(cursor);
  if (peek(cursor).kind === 'variable') return parseSetVariable(cursor, line);
  if (accept(cursor, 'TRANSACTION', 'ISOLATION', 'LEVEL')) return parseIsolation(cursor, line);
  if (accept(cursor, 'IDENTITY_INSERT')) {
    const table = objectName(cursor);
    return { kind: 'identity-insert', line, table, on: onOrOff(cursor) };
  }
  if (isWord(cursor, 'STATISTICS')) {
    next(cursor);
    next(cursor);
    return { kind: 'set-option', line, options: ['STATISTICS'], value: onOrOff(cursor) ? 'ON' : 'OFF' };
  }
  const first = peek(cursor);
  if (VALUED.has(first.value)) {
    next(cursor);
    return { kind: 'set-option', line, options: [first.value], value: optionValue(cursor) };
  }
  const options = commaSeparated(cursor, (inner) => {
    const token = next(inner);
    if (!SWITCHES.has(token.value)) throw unexpected(token);
    return token.value;
  });
  const on = onOrOff(cursor);
  const refused = on ? options.find((option) => ONLY_OFF.has(option)) : undefined;
  if (refused) throw Object.assign(sqlError(40517, `SET ${refused} ON`), { line });
  return { kind: 'set-option', line, options, value: on ? 'ON' : 'OFF' };
}

function onOrOff(cursor: Cursor): boolean {
  if (accept(cursor, 'ON')) return true;
  expect(cursor, 'OFF');
  return false;
}

function optionValue(cursor: Cursor): string {
  const minus = acceptSymbol(cursor, '-') ? '-' : '';
  const token = next(cursor);
  if (token.kind === 'end') throw unexpected(token);
  return `${minus}${token.value}`;
}

function parseIsolation(cursor: Cursor, line: number): Statement {
  const words = [next(cursor).value];
  if (words[0] === 'READ' || words[0] === 'REPEATABLE') words.push(next(cursor).value);
  return { kind: 'set-option', line, options: ['TRANSACTION ISOLATION LEVEL'], value: words.join(' ') };
}

const COMPOUND = ['+', '-', '*', '/', '%', '&', '|', '^'] as const;

function parseSetVariable(cursor: Cursor, line: number): Statement {
  const name = next(cursor).text;
  const operator = COMPOUND.find((symbol) => isSymbol(cursor, `${symbol}=`));
  if (operator) {
    next(cursor);
    const left: Expression = { kind: 'variable', name };
    return {
      kind: 'set-variable',
      line,
      name,
      value: { kind: 'arithmetic', operator, left, right: parseExpression(cursor) },
    };
  }
  expectSymbol(cursor, '=');
  return { kind: 'set-variable', line, name, value: parseExpression(cursor) };
}
