// ALTER DATABASE and KILL.
import { sqlError } from '../errors.ts';
import type { Statement, Termination } from './ast.ts';
import {
  accept,
  acceptOne,
  type Cursor,
  expect,
  expectSymbol,
  identifier,
  integerLiteral,
  isWord,
  next,
  peek,
  unexpected,
} from './cursor.ts';

/** After ALTER DATABASE. */
export function parseAlterDatabase(cursor: Cursor, line: number): Statement {
  const database = accept(cursor, 'CURRENT') ? null : identifier(cursor);
  if (accept(cursor, 'SET')) {
    const mode = acceptOne(cursor, ['READ_ONLY', 'READ_WRITE']);
    if (!mode) throw Object.assign(sqlError(40517, `ALTER DATABASE … SET ${peek(cursor).text}`), { line });
    return { kind: 'set-access-mode', line, database, mode, termination: parseTermination(cursor) };
  }
  const verb = acceptOne(cursor, ['ADD', 'REMOVE', 'FAILOVER', 'FORCE_FAILOVER_ALLOW_DATA_LOSS']);
  if (!verb || database === null) {
    const token = peek(cursor);
    if (token.kind === 'end') throw unexpected(token);
    throw Object.assign(sqlError(40517, `ALTER DATABASE … ${token.text}`), { line });
  }
  if (verb === 'FAILOVER' || verb === 'FORCE_FAILOVER_ALLOW_DATA_LOSS')
    return {
      kind: 'geo-secondary',
      line,
      database,
      change: { action: 'failover', forced: verb !== 'FAILOVER' },
    };
  expect(cursor, 'SECONDARY', 'ON', 'SERVER');
  const server = identifier(cursor);
  const action = verb === 'ADD' ? 'add' : 'remove';
  if (action === 'add' && accept(cursor, 'WITH')) parseSecondaryOptions(cursor, line);
  return { kind: 'geo-secondary', line, database, change: { action, server } };
}

/** ALLOW_CONNECTIONS = ALL is what every secondary here is; anything else is refused. */
function parseSecondaryOptions(cursor: Cursor, line: number): void {
  expectSymbol(cursor, '(');
  const option = next(cursor);
  expectSymbol(cursor, '=');
  const value = next(cursor);
  expectSymbol(cursor, ')');
  if (option.value !== 'ALLOW_CONNECTIONS' || value.value !== 'ALL') {
    throw Object.assign(sqlError(40517, option.text), { line });
  }
}

function parseTermination(cursor: Cursor): Termination {
  if (!accept(cursor, 'WITH')) return { kind: 'none' };
  if (accept(cursor, 'NO_WAIT')) return { kind: 'no-wait' };
  expect(cursor, 'ROLLBACK');
  if (accept(cursor, 'IMMEDIATE')) return { kind: 'rollback', afterSeconds: 0 };
  expect(cursor, 'AFTER');
  const afterSeconds = Number(integerLiteral(cursor));
  accept(cursor, 'SECONDS');
  return { kind: 'rollback', afterSeconds };
}

/** KILL n: only a number as it stands, no variable. A unit of work, or STATUSONLY, is not to be had here. */
export function parseKill(cursor: Cursor): Statement {
  const { line } = next(cursor);
  if (peek(cursor).kind === 'string') throw Object.assign(sqlError(40510, 'KILL UOW'), { line });
  const spid = Number(integerLiteral(cursor));
  if (isWord(cursor, 'WITH')) throw Object.assign(sqlError(40510, 'KILL … WITH STATUSONLY'), { line });
  return { kind: 'kill', line, spid };
}
