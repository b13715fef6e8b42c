// Runs a batch: statement after statement, with SQL Server's rules for what an error ends.
import { SqlServerError, sqlError } from '../errors.ts';
import type { Parameter, SessionEvent } from '../session.ts';
import type { EngineSession } from '../sessions/engine-session.ts';
import { Attention, SessionKilled } from '../sessions/interruption.ts';
import { sqliteMessage } from '../storage/store.ts';
import type { Statement, StatementOf } from '../t-sql/ast.ts';
import { fromEngineValue } from '../t-sql/engine-values.ts';
import { parseBatch } from '../t-sql/parse-statement.ts';
import { createFrame, evaluateInteger, type Frame, holds } from './frame.ts';
import { checkColumns } from './precompile.ts';
import { runPlainStatement } from './statements.ts';
import { requireSystemProcedure } from './system-procedures.ts';

/** How a statement ends: the next follows, or the flow of control turns. */
export type Flow =
  | { readonly kind: 'next' | 'break' | 'continue' }
  | { readonly kind: 'return'; readonly status: number };

export type Run = AsyncGenerator<SessionEvent, Flow>;

const NEXT: Flow = { kind: 'next' };
/** A loop without waits lets others run after this many statements. */
const STATEMENTS_AT_A_STRETCH = 200;

/** The batch was ended by an error that has been told already. */
class BatchAborted extends Error {
  override readonly name = 'BatchAborted';
}

/** One batch of a client. Throws Attention or SessionKilled; SQL errors become messages. */
export async function* runBatch(
  session: EngineSession,
  text: string,
  parameters: readonly Parameter[],
  signal: AbortSignal,
): AsyncGenerator<SessionEvent> {
  const frame = createFrame(session, signal, { name: '', depth: 0, owner: null });
  for (const { name, value } of parameters) {
    frame.variables.set(`@${name.replace(/^@/, '')}`.toLowerCase(), fromEngineValue(value));
  }
  session.nesting = 0;
  session.caughtError = null;
  session.catchers = 0;
  try {
    // Values come with a text by way of sp_executesql only.
    if (parameters.length > 0) requireSystemProcedure(session, 'sp_executesql');
    yield* runText(frame, text);
  } catch (error) {
    if (error instanceof Attention || error instanceof SessionKilled) throw error;
    if (!(error instanceof BatchAborted)) yield* tell(frame, toSqlError(error));
  }
  if (session.transaction.doomed) {
    yield* rollbackAll(frame);
    yield* tell(frame, sqlError(3998));
  }
}

/** Text as statements, in this frame: a batch, or EXEC('…'). */
export async function* runText(frame: Frame, text: string): Run {
  const statements = parseBatch(text);
  checkColumns(frame, statements);
  return yield* runStatements(frame, statements);
}

export async function* runStatements(frame: Frame, statements: readonly Statement[]): Run {
  for (const statement of statements) {
    const flow = yield* runGuarded(frame, statement);
    if (flow.kind !== 'next') return flow;
  }
  return NEXT;
}

/** A statement, and what its failure means: for the CATCH around it, or for the rest of the batch. */
async function* runGuarded(frame: Frame, statement: Statement): Run {
  const { session } = frame;
  try {
    return yield* runStatement(frame, statement);
  } catch (thrown) {
    if (thrown instanceof Attention || thrown instanceof SessionKilled || thrown instanceof BatchAborted)
      throw thrown;
    session.check(frame.signal);
    const error = toSqlError(thrown);
    if (error.line === 0) error.line = statement.line;
    if (error.procedure === '') error.procedure = frame.procedure;
    if (error.nesting < 0) error.nesting = session.nesting;
    session.lastError = error.number;
    session.rowCount = 0;
    if (session.catchers > 0 && error.severity < 20) throw error;
    yield* tell(frame, error);
    if (rollsBack(error, session)) yield* rollbackAll(frame);
    if (endsBatch(error, session)) throw new BatchAborted();
    yield { kind: 'done', rowCount: null };
    return NEXT;
  }
}

/** With XACT_ABORT ON any error of the engine, and THROW, rolls back; RAISERROR never does. */
function rollsBack(error: SqlServerError, session: EngineSession): boolean {
  if (session.transaction.count === 0) return false;
  if (error.effect === 'transaction') return true;
  return (
    session.settings.abortOnError &&
    error.origin !== 'raiserror' &&
    error.number !== 3902 &&
    error.number !== 3903
  );
}

function endsBatch(error: SqlServerError, session: EngineSession): boolean {
  return error.effect !== 'statement' || (session.settings.abortOnError && error.origin !== 'raiserror');
}

async function* runStatement(frame: Frame, statement: Statement): Run {
  await breathe(frame);
  frame.session.check(frame.signal);
  switch (statement.kind) {
    case 'block':
      return yield* runStatements(frame, statement.statements);
    case 'if':
      frame.session.statementTime = frame.session.server.clock.now();
      if (holds(frame, statement.condition)) return yield* runGuarded(frame, statement.consequence);
      return statement.otherwise ? yield* runGuarded(frame, statement.otherwise) : NEXT;
    case 'while':
      return yield* runWhile(frame, statement);
    case 'break':
    case 'continue':
      return { kind: statement.kind };
    case 'return':
      return { kind: 'return', status: statement.value ? evaluateInteger(frame, statement.value) : 0 };
    case 'try':
      return yield* runTry(frame, statement);
    default:
      frame.session.statementTime = frame.session.server.clock.now();
      yield* runPlainStatement(frame, statement);
      frame.session.lastError = 0;
      return NEXT;
  }
}

async function breathe({ session }: Frame): Promise<void> {
  session.statements++;
  if (session.statements % STATEMENTS_AT_A_STRETCH === 0)
    await new Promise((resolve) => setImmediate(resolve));
}

async function* runWhile(frame: Frame, statement: StatementOf<'while'>): Run {
  while (holds(frame, statement.condition)) {
    const flow = yield* runGuarded(frame, statement.body);
    if (flow.kind === 'break') return NEXT;
    if (flow.kind === 'return') return flow;
    await breathe(frame);
    frame.session.check(frame.signal);
  }
  return NEXT;
}

async function* runTry(frame: Frame, statement: StatementOf<'try'>): Run {
  const { session } = frame;
  const depth = session.catchers;
  let caught: SqlServerError;
  try {
    session.catchers++;
    return yield* runStatements(frame, statement.body);
  } catch (error) {
    // A compile error of this very batch passes its TRY by; one of a procedure or of EXEC('…') does not.
    if (
      !(error instanceof SqlServerError) ||
      (error.origin === 'compile' && error.nesting <= session.nesting)
    )
      throw error;
    caught = error;
  } finally {
    session.catchers = depth;
  }
  if (session.transaction.count > 0 && dooms(caught, session)) session.transaction.doomed = true;
  const outer = session.caughtError;
  session.caughtError = caught;
  try {
    return yield* runStatements(frame, statement.handler);
  } finally {
    session.caughtError = outer;
  }
}

/** Inside TRY nothing is rolled back at once: the transaction is doomed instead. */
function dooms(error: SqlServerError, session: EngineSession): boolean {
  return error.effect === 'transaction' || (session.settings.abortOnError && error.origin !== 'raiserror');
}

export async function* tell(_frame: Frame, error: SqlServerError): AsyncGenerator<SessionEvent> {
  yield { kind: 'message', message: error.toMessage() };
  for (const next of error.followedBy) {
    next.line = error.line;
    next.procedure = error.procedure;
    yield { kind: 'message', message: next.toMessage() };
  }
}

export async function* rollbackAll({ session }: Frame): AsyncGenerator<SessionEvent> {
  const { transaction } = session;
  if (transaction.count === 0) return;
  const { descriptor } = transaction;
  transaction.rollback();
  session.database.locks.releaseAll(session, 'Transaction');
  yield { kind: 'transaction', change: 'rollback', descriptor };
}

/** What SQLite refuses without our having foreseen it is told as loudly as SQL Server tells such things. */
function toSqlError(error: unknown): SqlServerError {
  if (error instanceof SqlServerError) return error;
  const text = sqliteMessage(error);
  return new SqlServerError({
    number: 8630,
    severity: 16,
    state: 1,
    effect: 'batch',
    text: `Internal Query Processor Error: The query processor encountered an unexpected error during execution (${text}).`,
  });
}

/** Transaction requests of the wire's transaction manager. */
export async function* runTransactionRequest(
  session: EngineSession,
  request: 'begin' | 'commit' | 'rollback',
): AsyncGenerator<SessionEvent> {
  const frame = createFrame(session, new AbortController().signal, { name: '', depth: 0, owner: null });
  const line = 1;
  const statement: Statement =
    request === 'begin'
      ? { kind: 'begin-transaction', line, name: null }
      : request === 'commit'
        ? { kind: 'commit', line }
        : { kind: 'rollback', line, name: null };
  try {
    yield* runStatements(frame, [statement]);
  } catch (error) {
    if (!(error instanceof BatchAborted)) throw error;
  }
}
