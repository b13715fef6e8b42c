// Long-running operations: accepted, carried on by the clock, asked for by polls.
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import type { ArmCall } from './call.ts';
import { ArmError } from './errors.ts';

export type OperationStatus = 'InProgress' | 'Succeeded' | 'Failed' | 'Cancelled';

export interface Operation {
  readonly id: string;
  /** e.g. CreateLogicalDatabase. */
  readonly name: string;
  readonly resourceId: string;
  readonly startTime: Date;
  /** null while it is under way. */
  readonly endTime: Date | null;
  readonly status: OperationStatus;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Settles when the operation has ended, however it did. */
  readonly ended: Promise<void>;
}

/** Does the operation's work; rejects with an ArmError to end it as Failed. */
export type Work = (signal: AbortSignal) => Promise<void>;

export interface Operations {
  /** `undo` takes back what was begun, where the operation does not end well. */
  start(call: ArmCall, name: string, resourceId: string, work: Work, undo?: () => void): Operation;
  get(id: string): Operation | null;
  /** Operations on one resource, newest first. */
  of(resourceId: string): Operation[];
  /** The operation that is under way on a resource. */
  running(resourceId: string): Operation | null;
  /** False where it has already ended. */
  cancel(id: string): boolean;
  /** Ends as Failed what is under way on behalf of these calls. */
  fail(isHit: (call: ArmCall) => boolean, error: ArmError): void;
}

type Entry = { -readonly [Member in keyof Operation]: Operation[Member] } & {
  readonly call: ArmCall;
  readonly stop: AbortController;
};

export function createOperations(clock: Clock, random: Random): Operations {
  const entries: Entry[] = [];
  const of = (resourceId: string) =>
    entries.filter((entry) => entry.resourceId.toLowerCase() === resourceId.toLowerCase()).reverse();
  const get = (id: string) => entries.find((entry) => entry.id === id.toLowerCase()) ?? null;
  return {
    start: (call, name, resourceId, work, undo = () => {}) => {
      const entry: Entry = {
        id: random.guid(),
        name,
        resourceId,
        startTime: clock.now(),
        endTime: null,
        status: 'InProgress',
        error: null,
        ended: Promise.resolve(),
        call,
        stop: new AbortController(),
      };
      entries.push(entry);
      const does = call.operationFault === null ? work : failing(call.operationFault);
      entry.ended = carryOn(entry, does, undo).finally(() => {
        entry.endTime = clock.now();
      });
      return entry;
    },
    get,
    of,
    running: (resourceId) => of(resourceId).find((entry) => entry.status === 'InProgress') ?? null,
    cancel: (id) => {
      const entry = get(id);
      if (entry === null || entry.status !== 'InProgress') return false;
      entry.status = 'Cancelled';
      entry.stop.abort(new ArmError(409, 'OperationCancelled', 'The operation has been cancelled by user.'));
      return true;
    },
    fail: (isHit, error) => {
      for (const entry of entries) {
        if (entry.status !== 'InProgress' || !isHit(entry.call)) continue;
        entry.status = 'Failed';
        entry.stop.abort(error);
      }
    },
  };
}

async function carryOn(entry: Entry, work: Work, undo: () => void): Promise<void> {
  try {
    await work(entry.stop.signal);
    if (entry.status === 'InProgress') entry.status = 'Succeeded';
  } catch (error) {
    entry.error = {
      code: error instanceof ArmError ? error.code : 'InternalServerError',
      message:
        error instanceof Error ? error.message : 'An unexpected error occurred while processing the request.',
    };
    undo();
    if (entry.status === 'InProgress') entry.status = 'Failed';
  }
}

const failing =
  (fault: { code: string; message: string }): Work =>
  () =>
    Promise.reject(new ArmError(500, fault.code, fault.message));
