// BEGIN, COMMIT, ROLLBACK, and transactions that begin by themselves.
import { sqlError } from '../errors.ts';
import type { SessionEvent } from '../session.ts';
import type { Statement } from '../t-sql/ast.ts';
import type { Frame } from './frame.ts';
import { rollbackAll } from './interpreter.ts';

type Events = AsyncGenerator<SessionEvent, void>;

const BEGINS_IMPLICITLY = new Set<Statement['kind']>([
  'insert',
  'update',
  'delete',
  'truncate',
  'create-table',
  'alter-table',
  'drop',
  'create-index',
  'drop-index',
  'permission',
]);

/** SET IMPLICIT_TRANSACTIONS ON: a statement that reads or writes a table opens a transaction. */
export async function* beginImplicitly(frame: Frame, statement: Statement): Events {
  const { session } = frame;
  if (!session.settings.implicitTransactions || session.transaction.count > 0) return;
  const reads =
    statement.kind === 'query' &&
    statement.query.body.kind === 'select' &&
    statement.query.body.from.length > 0;
  if (reads || BEGINS_IMPLICITLY.has(statement.kind)) yield* runBegin(frame);
}

export async function* runBegin({ session }: Frame): Events {
  session.transaction.begin();
  if (session.transaction.count === 1) {
    yield { kind: 'transaction', change: 'begin', descriptor: session.transaction.descriptor };
  }
  yield { kind: 'done', rowCount: null };
}

export async function* runCommit({ session }: Frame): Events {
  const { descriptor } = session.transaction;
  if (session.transaction.commit()) {
    session.database.locks.releaseAll(session, 'Transaction');
    yield { kind: 'transaction', change: 'commit', descriptor };
  }
  yield { kind: 'done', rowCount: null };
}

/** To a savepoint of that name, else all of it. */
export async function* runRollback(frame: Frame, name: string | null): Events {
  const { transaction } = frame.session;
  if (transaction.count === 0) throw sqlError(3903);
  const partly = name !== null && transaction.rollbackTo(name);
  if (!partly) yield* rollbackAll(frame);
  frame.session.forgetLostTables();
  yield { kind: 'done', rowCount: null };
}
