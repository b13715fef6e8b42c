// BEGIN, COMMIT, ROLLBACK and SAVE TRANSACTION.
import { sqlError } from '../errors.ts';
import type { Statement } from './ast.ts';
import { accept, type Cursor, expect, identifier, isIdentifier, isWord, next, peek } from './cursor.ts';

export function parseBegin(cursor: Cursor): Statement {
  const { line } = next(cursor);
  next(cursor);
  const name = transactionName(cursor);
  if (isWord(cursor, 'WITH')) throw Object.assign(sqlError(40517, 'WITH MARK'), { line });
  return { kind: 'begin-transaction', line, name };
}

export function parseCommit(cursor: Cursor): Statement {
  const { line } = next(cursor);
  if (!acceptTransaction(cursor)) accept(cursor, 'WORK');
  else transactionName(cursor);
  return { kind: 'commit', line };
}

export function parseRollback(cursor: Cursor): Statement {
  const { line } = next(cursor);
  if (!acceptTransaction(cursor)) {
    accept(cursor, 'WORK');
    return { kind: 'rollback', line, name: null };
  }
  return { kind: 'rollback', line, name: transactionName(cursor) };
}

export function parseSave(cursor: Cursor): Statement {
  const { line } = next(cursor);
  if (!acceptTransaction(cursor)) expect(cursor, 'TRANSACTION');
  return { kind: 'save-transaction', line, name: identifier(cursor) };
}

function acceptTransaction(cursor: Cursor): boolean {
  return accept(cursor, 'TRAN') || accept(cursor, 'TRANSACTION');
}

/** A name follows on the same line, or none does: the next statement may start with a word of its own. */
function transactionName(cursor: Cursor): string | null {
  if (peek(cursor).line !== peek(cursor, -1).line || !isIdentifier(cursor) || isWord(cursor, 'THROW'))
    return null;
  return identifier(cursor);
}
