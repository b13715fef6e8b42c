// What the TDS driver reports, as SqlError. The driver throws an AggregateError with an empty message for several
// errors of one batch, so messages are collected as they arrive and the driver's error only says what happened.

import { messageOf } from '../message-of.ts';
import { SqlError, type SqlErrorKind } from './errors.ts';
import type { SqlMessage } from './ports.ts';

export interface MessageToken {
  readonly number: number;
  readonly class: number;
  readonly state: number;
  readonly lineNumber: number;
  readonly procName: string;
  readonly message: string;
}

/** From this severity on SQL Server ends the connection. */
const FATAL_SEVERITY = 20;
/** The driver's codes for "SQL Server answered with errors". */
const ANSWERED = new Set(['EREQUEST', 'UNKNOWN']);

export function sqlMessage(token: MessageToken): SqlMessage {
  return {
    number: token.number,
    severity: token.class,
    state: token.state,
    line: token.lineNumber,
    procedure: token.procName,
    text: token.message,
  };
}

/** `stopped`: why we sent an attention, where we did. */
export function errorOfRequest(
  error: unknown,
  messages: readonly SqlMessage[],
  where: string,
  stopped: 'cancelled' | 'timed-out' | null,
): SqlError {
  const kind = kindOf(error, messages, stopped);
  return new SqlError(`${where}: ${textOf(kind, error, messages, stopped)}`, kind, messages, error);
}

export function errorOfConnect(error: unknown, messages: readonly SqlMessage[], where: string): SqlError {
  const text = messages.length > 0 ? linesOf(messages) : describe(error);
  return new SqlError(`Could not connect to ${where}: ${text}`, 'login', messages, error);
}

/** Every error code in a chain of causes, Node's and OpenSSL's included. */
export function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { code } = error as { code?: unknown };
  const inner = error instanceof AggregateError ? error.errors : [error.cause];
  return [...(typeof code === 'string' ? [code] : []), ...inner.flatMap(codesOf)];
}

function kindOf(
  error: unknown,
  messages: readonly SqlMessage[],
  stopped: 'cancelled' | 'timed-out' | null,
): SqlErrorKind {
  if (codesOf(error).includes('ECANCEL')) return stopped === 'timed-out' ? 'lost' : 'cancelled';
  if (messages.some(({ severity }) => severity >= FATAL_SEVERITY)) return 'lost';
  return codesOf(error).some((code) => ANSWERED.has(code)) ? 'server' : 'lost';
}

function textOf(
  kind: SqlErrorKind,
  error: unknown,
  messages: readonly SqlMessage[],
  stopped: 'cancelled' | 'timed-out' | null,
): string {
  if (stopped === 'timed-out') return 'no end within the time limit; whether it was carried out is not known';
  if (kind === 'cancelled') return 'cancelled, and SQL Server confirmed it';
  if (kind === 'server') return linesOf(messages) || describe(error);
  const said = messages.length > 0 ? ` SQL Server said: ${linesOf(messages)}` : '';
  return `the connection was lost; whether it was carried out is not known (${describe(error)}).${said}`;
}

function linesOf(messages: readonly SqlMessage[]): string {
  return messages.map(({ number, text }) => `${number}: ${text}`).join(' ');
}

function describe(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(describe).join('; ');
  return messageOf(error);
}
