// From the events of the engine to the tokens of an answer. The end of a statement (DONE) is held back until
// it is known whether something follows, since it has to say so.
import type { ResultColumn, ServerMessage, SessionEvent } from '../session.ts';
import type { Response } from './response.ts';
import { ConversionError, encodeColumns, encodeRow } from './rows.ts';
import {
  DONE_STATUS,
  type DoneKind,
  done,
  environment,
  message,
  returnHandle,
  returnStatus,
} from './tokens.ts';

const SELECT = 0xc1;
/** From here on SQL Server ends the connection with the error. */
const FATAL_SEVERITY = 20;

interface StatementEnd {
  readonly kind: DoneKind;
  readonly rowCount: number | null;
  readonly command: number;
  readonly failed: boolean;
}

export interface Answer {
  /** Writes what the events say, to their end or to the end of the session. */
  run(events: AsyncIterable<SessionEvent>): Promise<void>;
  fail(error: ServerMessage): Promise<void>;
  /** The handle that a preparing procedure hands back; goes out at the end. */
  handBack(name: string, handle: number): void;
  /** Ends a procedure that a client called; @param more whether the message holds another call. */
  endCall(more: boolean): Promise<void>;
  endBatch(): Promise<void>;
  /** The session is over: the connection closes after this answer. */
  readonly isFatal: boolean;
}

export interface AnswerContext {
  readonly response: Response;
  readonly serverName: string;
  /** Shared by all answers of a connection: whether a transaction is open. */
  readonly transaction: { open: boolean };
  /** Statements inside a called procedure end in another token. */
  readonly statementEnd: 'done' | 'doneInProc';
}

export function openAnswer({ response, serverName, transaction, statementEnd }: AnswerContext): Answer {
  let columns: readonly ResultColumn[] = [];
  let command = 0;
  let statementFailed = false;
  let callFailed = false;
  let status: number | null = null;
  let handle: Buffer | null = null;
  let pending: StatementEnd | null = null;
  let fatal = false;

  async function writeEnd(end: StatementEnd, more: boolean): Promise<void> {
    const flags =
      (more ? DONE_STATUS.more : 0) |
      (end.failed ? DONE_STATUS.error : 0) |
      (fatal ? DONE_STATUS.serverError : 0) |
      (transaction.open ? DONE_STATUS.inTransaction : 0);
    await response.write(done(end.kind, flags, end.rowCount, end.command));
  }

  async function somethingFollows(): Promise<void> {
    if (pending) await writeEnd(pending, true);
    pending = null;
  }

  async function fail(error: ServerMessage): Promise<void> {
    await somethingFollows();
    if (error.severity > 10) {
      statementFailed = true;
      callFailed = true;
    }
    if (error.severity >= FATAL_SEVERITY) fatal = true;
    await response.write(message(error, serverName));
    await response.flush();
  }

  async function take(event: SessionEvent): Promise<void> {
    switch (event.kind) {
      case 'columns':
        await somethingFollows();
        columns = event.columns;
        command = SELECT;
        return response.write(encodeColumns(columns));
      case 'row':
        return response.write(encodeRow(columns, event.values));
      case 'message':
        return fail(event.message);
      case 'done':
        await somethingFollows();
        pending = { kind: statementEnd, rowCount: event.rowCount, command, failed: statementFailed };
        command = 0;
        statementFailed = false;
        return;
      case 'transaction':
        await somethingFollows();
        transaction.open = event.change === 'begin';
        return response.write(transactionChange(event.change, event.descriptor));
      case 'return-status':
        return takeReturnStatus(event.status);
      case 'killed':
        await fail(event.message);
        fatal = true;
        return;
    }
  }

  /** Within a batch a procedure's status stands where it ended; of a called one it goes out with its end. */
  async function takeReturnStatus(value: number): Promise<void> {
    status = value;
    if (statementEnd === 'doneInProc') return;
    await somethingFollows();
    await response.write(returnStatus(value));
    pending = { kind: 'doneProc', rowCount: null, command: 0, failed: statementFailed };
    statementFailed = false;
  }

  async function run(events: AsyncIterable<SessionEvent>): Promise<void> {
    try {
      for await (const event of events) {
        await take(event);
        if (fatal) return;
      }
    } catch (error) {
      if (!(error instanceof ConversionError)) throw error;
      await fail(conversionFailed(error));
    }
  }

  return {
    run,
    fail,
    get isFatal() {
      return fatal;
    },
    handBack: (name, value) => {
      handle = returnHandle(name, value);
    },
    endCall: async (more) => {
      await somethingFollows();
      // sp_executesql returns 0, or the number of the error that ended it; drivers only ask whether it is 0.
      if (!fatal) await response.write(returnStatus(status ?? (callFailed ? 1 : 0)));
      if (handle) await response.write(handle);
      await writeEnd({ kind: 'doneProc', rowCount: null, command: 0, failed: statementFailed }, more);
    },
    endBatch: async () => {
      if (!pending || statementFailed) {
        await somethingFollows();
        pending = { kind: 'done', rowCount: null, command: 0, failed: statementFailed };
      }
      await writeEnd(pending, false);
      pending = null;
    },
  };
}

function transactionChange(change: 'begin' | 'commit' | 'rollback', descriptor: bigint): Buffer {
  switch (change) {
    case 'begin':
      return environment.began(descriptor);
    case 'commit':
      return environment.committed(descriptor);
    case 'rollback':
      return environment.rolledBack(descriptor);
  }
}

function conversionFailed(error: ConversionError): ServerMessage {
  return { number: error.number, severity: 16, state: 2, line: 1, procedure: '', text: error.message };
}
