// One request of a client: read, carried out under its fault if one is queued, answered.
import type { ServerMessage, SqlSession } from '../session.ts';
import { type Answer, openAnswer } from './answer.ts';
import { batchName, withFault } from './faulty.ts';
import type { TdsOptions } from './options.ts';
import { type Message, PACKET_TYPE, ProtocolError } from './packet.ts';
import { UnknownTypeError } from './parameter-values.ts';
import type { PreparedStatements } from './prepared.ts';
import { planCall } from './procedure-call.ts';
import { parseBatch, parseRpc, parseTransactionRequest, type RpcRequest } from './requests.ts';
import { nowhere, type Response } from './response.ts';
import { runTransactionRequest } from './transaction-request.ts';

/** What lasts from one request of a session to the next. */
export interface Connection {
  readonly session: SqlSession;
  readonly options: TdsOptions;
  readonly closed: AbortSignal;
  /** Closes the connection at once. */
  readonly hangUp: () => void;
  readonly prepared: PreparedStatements;
  readonly transaction: { open: boolean };
  /** Savepoints of the open transaction. */
  readonly saved: Set<string>;
}

export interface RequestContext {
  readonly connection: Connection;
  readonly response: Response;
  /** Aborted by the client's attention, or when it has gone. */
  readonly signal: AbortSignal;
}

/** One thing to do, named for the faults by its text. */
interface Task {
  readonly text: string;
  readonly statementEnd: 'done' | 'doneInProc';
  work(answer: Answer): Promise<void>;
  /** Writes what ends the answer. */
  end(answer: Answer): Promise<void>;
}

/**
 * Whether it goes on when its client is gone: between the waits of ALTER DATABASE nobody looks at the socket, so that it
 * can take effect long after the connection broke. Only an attention ends it.
 */
export function isAlterDatabase(message: Message): boolean {
  return message.type === PACKET_TYPE.batch && /^\s*ALTER\s+DATABASE\b/i.test(parseBatch(message.payload));
}

/** Resolves to whether the session is over. Throws ConnectionDropped, ProtocolError. */
export async function carryOut(message: Message, context: RequestContext): Promise<boolean> {
  for (const task of tasksOf(message, context)) {
    const isFatal = await perform(task, context);
    if (isFatal) return true;
  }
  await context.response.end();
  return false;
}

function tasksOf(message: Message, context: RequestContext): Task[] {
  switch (message.type) {
    case PACKET_TYPE.batch:
      return [batchTask(parseBatch(message.payload), context)];
    case PACKET_TYPE.rpc:
      return callTasks(message.payload, context);
    case PACKET_TYPE.transactionManager:
      return [transactionTask(message.payload, context)];
    default:
      throw new ProtocolError(`Message type ${message.type} is not spoken here.`);
  }
}

function batchTask(text: string, { connection, signal }: RequestContext): Task {
  return {
    text,
    statementEnd: 'done',
    work: (answer) => answer.run(connection.session.execute(text, [], signal)),
    end: (answer) => answer.endBatch(),
  };
}

function transactionTask(payload: Buffer, { connection, signal }: RequestContext): Task {
  const request = parseTransactionRequest(payload);
  const { session, saved } = connection;
  return {
    text: `${request.kind.toUpperCase()} TRANSACTION`,
    statementEnd: 'done',
    work: (answer) => runTransactionRequest(request, session, saved, answer, signal),
    end: (answer) => answer.endBatch(),
  };
}

/** A type that is not spoken here refuses the call; the connection lives on. */
function callTasks(payload: Buffer, context: RequestContext): Task[] {
  try {
    const calls = parseRpc(payload);
    return calls.map((call, index) => callTask(call, index < calls.length - 1, context));
  } catch (error) {
    if (!(error instanceof UnknownTypeError)) throw error;
    return [refusedCall(error)];
  }
}

function callTask(call: RpcRequest, more: boolean, { connection, signal }: RequestContext): Task {
  const plan = planCall(call, connection.prepared);
  return {
    text: plan.kind === 'execute' ? plan.text : call.procedure,
    statementEnd: 'doneInProc',
    work: async (answer) => {
      if (plan.kind === 'refused') return answer.fail(plan.error);
      if (plan.kind === 'execute') {
        await answer.run(connection.session.execute(plan.text, plan.parameters, signal, 'call'));
      }
      if (plan.handle) answer.handBack(plan.handle.name, plan.handle.value);
    },
    end: (answer) => answer.endCall(more),
  };
}

function refusedCall(why: UnknownTypeError): Task {
  const text = `The incoming tabular data stream (TDS) remote procedure call (RPC) protocol stream is incorrect. ${why.message}`;
  return {
    text: '',
    statementEnd: 'doneInProc',
    work: (answer) => answer.fail({ number: 8009, severity: 16, state: 1, line: 1, procedure: '', text }),
    end: (answer) => answer.endCall(false),
  };
}

async function perform(task: Task, { connection, response, signal }: RequestContext): Promise<boolean> {
  const { options, session, transaction, closed, hangUp } = connection;
  const { clock, faults, host, latency } = options;
  let isFatal = false;

  const answerOn = async (target: Response, work: Task['work']) => {
    const answer = openAnswer({
      response: target,
      serverName: host.serverName,
      transaction,
      statementEnd: task.statementEnd,
    });
    await guarded(work, answer, signal);
    await task.end(answer);
    isFatal = answer.isFatal;
    if (isFatal) await target.end();
  };
  const call = {
    work: async (heard: boolean) => {
      await clock.sleep(latency.of('sql-batch'));
      await answerOn(heard ? response : nowhere, task.work);
    },
    refuse: (error: ServerMessage) => answerOn(response, (answer) => answer.fail(error)),
  };
  const name = batchName(host.serverName, session.database, task.text);
  await withFault(name, call, { faults, clock, closed, hangUp });
  return isFatal;
}

/** A cancelled request ends without an error of its own; a failure of this server ends the connection. */
async function guarded(work: Task['work'], answer: Answer, signal: AbortSignal): Promise<void> {
  try {
    await work(answer);
  } catch (error) {
    if (signal.aborted) return;
    await answer.fail(assertionFailed(error));
  }
}

function assertionFailed(error: unknown): ServerMessage {
  const why = error instanceof Error ? error.message : String(error);
  const text = `A system assertion check has failed: ${why}`;
  return { number: 3624, severity: 20, state: 1, line: 1, procedure: '', text };
}
