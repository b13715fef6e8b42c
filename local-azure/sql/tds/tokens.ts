// The tokens a server answers with (MS-TDS 2.2.7), each as its bytes.
import type { ServerMessage } from '../session.ts';
import { ByteWriter } from './bytes.ts';
import { SERVER_VERSION } from './prelogin.ts';

const TOKEN = {
  returnStatus: 0x79,
  error: 0xaa,
  info: 0xab,
  returnValue: 0xac,
  loginAck: 0xad,
  featureExtAck: 0xae,
  envChange: 0xe3,
  fedAuthInfo: 0xee,
  done: 0xfd,
  doneProc: 0xfe,
  doneInProc: 0xff,
} as const;

/** SQL_Latin1_General_CP1_CI_AS, Azure SQL's default: locale 0x0409, case-insensitive …, sort id 52. */
export const COLLATION = Buffer.of(0x09, 0x04, 0xd0, 0x00, 0x34);

export const DONE_STATUS = {
  more: 0x01,
  error: 0x02,
  inTransaction: 0x04,
  count: 0x10,
  attention: 0x20,
  serverError: 0x100,
} as const;

export type DoneKind = 'done' | 'doneProc' | 'doneInProc';

/** @param command The kind of statement that ended; only SELECT (0xC1) is told apart. */
export function done(kind: DoneKind, status: number, rowCount: number | null, command: number): Buffer {
  const counts = rowCount === null ? 0 : DONE_STATUS.count;
  return new ByteWriter()
    .uint8(TOKEN[kind])
    .uint16(status | counts)
    .uint16(command)
    .uint64(BigInt(rowCount ?? 0))
    .toBuffer();
}

/** What PRINT sends at most; longer texts are cut, as SQL Server cuts them. */
const LONGEST_MESSAGE = 4000;

/** ERROR above severity 10, else INFO. */
export function message(entry: ServerMessage, serverName: string): Buffer {
  const body = new ByteWriter()
    .int32(entry.number)
    .uint8(entry.state)
    .uint8(entry.severity)
    .longText(entry.text.slice(0, LONGEST_MESSAGE))
    .shortText(serverName)
    .shortText(entry.procedure)
    .uint32(entry.line)
    .toBuffer();
  return withLength(entry.severity > 10 ? TOKEN.error : TOKEN.info, body);
}

export function returnStatus(status: number): Buffer {
  return new ByteWriter().uint8(TOKEN.returnStatus).int32(status).toBuffer();
}

/** The int that sp_prepare and sp_prepexec hand back: the statement's handle. */
export function returnHandle(name: string, handle: number): Buffer {
  const INTN = 0x26;
  return new ByteWriter()
    .uint8(TOKEN.returnValue)
    .uint16(0)
    .shortText(name)
    .uint8(0x01)
    .uint32(0)
    .uint16(0)
    .uint8(INTN)
    .uint8(4)
    .uint8(4)
    .int32(handle)
    .toBuffer();
}

export function loginAck(tdsVersion: number): Buffer {
  const version = Buffer.alloc(4);
  version.writeUInt32BE(tdsVersion);
  const { major, minor, build } = SERVER_VERSION;
  const body = new ByteWriter()
    .uint8(1)
    .raw(version)
    .shortText('Microsoft SQL Server')
    .raw(Buffer.of(major, minor, build >> 8, build & 0xff))
    .toBuffer();
  return withLength(TOKEN.loginAck, body);
}

export interface AcknowledgedFeatures {
  /** The nonce of the client's token, if it sent one; null where it did not log in by token. */
  readonly fedAuthNonce: Buffer | null;
  readonly utf8Support: boolean;
}

export function featureExtAck(features: AcknowledgedFeatures): Buffer {
  const writer = new ByteWriter().uint8(TOKEN.featureExtAck);
  if (features.fedAuthNonce)
    writer.uint8(0x02).uint32(features.fedAuthNonce.length).raw(features.fedAuthNonce);
  if (features.utf8Support) writer.uint8(0x0a).uint32(1).uint8(1);
  return writer.uint8(0xff).toBuffer();
}

export interface FedAuthInfo {
  /** Where the client gets its token: authority and tenant. */
  readonly stsUrl: string;
  /** For what: the resource of the database service. */
  readonly servicePrincipalName: string;
}

export function fedAuthInfo(info: FedAuthInfo): Buffer {
  const values = [
    { id: 0x01, data: Buffer.from(info.stsUrl, 'utf16le') },
    { id: 0x02, data: Buffer.from(info.servicePrincipalName, 'utf16le') },
  ];
  const body = new ByteWriter().uint32(values.length);
  let offset = 4 + values.length * 9;
  for (const { id, data } of values) {
    body.uint8(id).uint32(data.length).uint32(offset);
    offset += data.length;
  }
  for (const { data } of values) body.raw(data);
  const bytes = body.toBuffer();
  return new ByteWriter().uint8(TOKEN.fedAuthInfo).uint32(bytes.length).raw(bytes).toBuffer();
}

export const environment = {
  database: (now: string, before: string) => textChange(1, now, before),
  language: (now: string, before: string) => textChange(2, now, before),
  packetBytes: (now: number, before: number) => textChange(4, String(now), String(before)),
  collation: () => envChange(7, COLLATION, Buffer.alloc(0)),
  began: (transaction: bigint) => envChange(8, descriptor(transaction), Buffer.alloc(0)),
  committed: (transaction: bigint) => envChange(9, Buffer.alloc(0), descriptor(transaction)),
  rolledBack: (transaction: bigint) => envChange(10, Buffer.alloc(0), descriptor(transaction)),
  sessionReset: () => envChange(18, Buffer.alloc(0), Buffer.alloc(0)),
};

function descriptor(transaction: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, transaction));
  return bytes;
}

function envChange(type: number, now: Buffer, before: Buffer): Buffer {
  return withLength(
    TOKEN.envChange,
    new ByteWriter().uint8(type).shortBytes(now).shortBytes(before).toBuffer(),
  );
}

function textChange(type: number, now: string, before: string): Buffer {
  return withLength(
    TOKEN.envChange,
    new ByteWriter().uint8(type).shortText(now).shortText(before).toBuffer(),
  );
}

function withLength(token: number, body: Buffer): Buffer {
  return new ByteWriter().uint8(token).uint16(body.length).raw(body).toBuffer();
}
