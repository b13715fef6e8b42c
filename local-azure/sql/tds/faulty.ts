// What a queued fault (faults.ts) does to a login or a request.
import type { Clock } from '../../clock.ts';
import type { Faults } from '../../faults.ts';
import type { ServerMessage } from '../session.ts';

/** The connection is to be closed here and now, with nothing more said. */
export class ConnectionDropped extends Error {
  override readonly name = 'ConnectionDropped';
}

export interface Call {
  /** Does the work; where `heard` is false its answer is not sent. */
  work(heard: boolean): Promise<void>;
  refuse(error: ServerMessage): Promise<void>;
}

export interface FaultContext {
  readonly faults: Faults;
  readonly clock: Clock;
  /** Aborted when the client has gone: the end of a silence. */
  readonly closed: AbortSignal;
  /** Closes the connection at once. */
  readonly hangUp: () => void;
}

/** Throws ConnectionDropped where the fault, or the client's patience, ends the connection. */
export async function withFault(name: string, call: Call, context: FaultContext): Promise<void> {
  const fault = context.faults.take(name);
  switch (fault?.kind) {
    case 'hang':
      return silence(context.closed);
    case 'drop':
      throw new ConnectionDropped();
    case 'late-success':
      await call.work(false);
      fault.done?.();
      return silence(context.closed);
    case 'drop-after':
      await call.work(false);
      throw new ConnectionDropped();
    case 'drop-midway':
      context.hangUp();
      await call.work(false);
      throw new ConnectionDropped();
    case 'error':
    case 'operation-fails':
      return call.refuse(asMessage(fault));
    case 'delay':
      await context.clock.sleep(fault.ms);
      break;
  }
  await call.work(true);
  context.faults.answered(name);
}

async function silence(closed: AbortSignal): Promise<never> {
  if (!closed.aborted) {
    await new Promise((resolve) => closed.addEventListener('abort', resolve, { once: true }));
  }
  throw new ConnectionDropped();
}

function asMessage({ code, message }: { code: string; message: string }): ServerMessage {
  const number = Number(code) || 50_000;
  return { number, severity: 16, state: 1, line: 1, procedure: '', text: message };
}

/** Line breaks would keep `.` of a rule's expression from matching. */
export function batchName(server: string, database: string, text: string): string {
  return `sql batch ${server}/${database} ${text.slice(0, 200).replaceAll(/\s+/g, ' ').trim()}`;
}
