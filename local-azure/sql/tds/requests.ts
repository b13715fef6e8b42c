// What a client asks for once it is logged in: a batch, a remote procedure call, a transaction request.
import type { Parameter } from '../session.ts';
import { ByteReader } from './bytes.ts';
import { ProtocolError } from './packet.ts';
import { readTypeInfo } from './parameter-values.ts';

/** Procedures that clients call by number (MS-TDS 2.2.6.6). */
const PROCEDURES: Readonly<Record<number, string>> = {
  10: 'sp_executesql',
  11: 'sp_prepare',
  12: 'sp_execute',
  13: 'sp_prepexec',
  15: 'sp_unprepare',
};
const BY_NUMBER = 0xffff;
const BY_REFERENCE = 0x01;

export interface RpcParameter extends Parameter {
  /** The client wants the value back. */
  readonly isOutput: boolean;
}

export interface RpcRequest {
  readonly procedure: string;
  readonly parameters: readonly RpcParameter[];
}

export type TransactionRequest =
  | { readonly kind: 'begin' }
  | { readonly kind: 'commit'; readonly thenBegin: boolean }
  /** The name is a savepoint's, the transaction's own, or empty. */
  | { readonly kind: 'rollback'; readonly name: string; readonly thenBegin: boolean }
  | { readonly kind: 'save'; readonly name: string };

/** The text of a SQL batch. */
export function parseBatch(payload: Buffer): string {
  const reader = new ByteReader(payload);
  skipHeaders(reader);
  return reader.text(reader.remaining >> 1);
}

/** The calls of an RPC message: clients may send several, with a separator between. Throws ProtocolError. */
export function parseRpc(payload: Buffer): RpcRequest[] {
  const reader = new ByteReader(payload);
  skipHeaders(reader);
  const calls: RpcRequest[] = [];
  while (reader.remaining > 0) calls.push(parseCall(reader));
  return calls;
}

function parseCall(reader: ByteReader): RpcRequest {
  const procedure = readProcedure(reader);
  reader.uint16();
  const parameters: RpcParameter[] = [];
  while (reader.remaining > 0 && !takeSeparator(reader)) parameters.push(readParameter(reader));
  return { procedure, parameters };
}

/** 0xFF (or 0xFE) stands between calls, where the length of a name would be: names have 128 characters at most. */
function takeSeparator(reader: ByteReader): boolean {
  const next = reader.peek();
  if (next !== 0xfe && next !== 0xff) return false;
  reader.uint8();
  return true;
}

function readProcedure(reader: ByteReader): string {
  const length = reader.uint16();
  if (length !== BY_NUMBER) return reader.text(length);
  const number = reader.uint16();
  const name = PROCEDURES[number];
  if (!name) throw new ProtocolError(`Stored procedure number ${number} is not known here.`);
  return name;
}

function readParameter(reader: ByteReader): RpcParameter {
  const name = reader.shortText();
  const isOutput = (reader.uint8() & BY_REFERENCE) !== 0;
  const decode = readTypeInfo(reader);
  return { name, isOutput, value: decode(reader) };
}

const TRANSACTION = { begin: 5, commit: 7, rollback: 8, save: 9 } as const;

/** Transaction manager request (MS-TDS 2.2.6.9). Throws ProtocolError. */
export function parseTransactionRequest(payload: Buffer): TransactionRequest {
  const reader = new ByteReader(payload);
  skipHeaders(reader);
  const type = reader.uint16();
  switch (type) {
    case TRANSACTION.begin:
      return { kind: 'begin' };
    case TRANSACTION.commit:
      nameOf(reader);
      return { kind: 'commit', thenBegin: beginsAfterwards(reader) };
    case TRANSACTION.rollback:
      return { kind: 'rollback', name: nameOf(reader), thenBegin: beginsAfterwards(reader) };
    case TRANSACTION.save:
      return { kind: 'save', name: nameOf(reader) };
    default:
      throw new ProtocolError(`Transaction manager request ${type} is not known here.`);
  }
}

/** B_VARBYTE holding UTF-16: its length counts bytes. */
function nameOf(reader: ByteReader): string {
  return reader.remaining === 0 ? '' : reader.bytes(reader.uint8()).toString('utf16le');
}

function beginsAfterwards(reader: ByteReader): boolean {
  return reader.remaining > 0 && (reader.uint8() & 0x01) !== 0;
}

/** ALL_HEADERS: its own length first. Transaction and session are known by the connection already. */
function skipHeaders(reader: ByteReader): void {
  const total = reader.uint32();
  if (total < 4) throw new ProtocolError('ALL_HEADERS is too short.');
  reader.bytes(total - 4);
}
