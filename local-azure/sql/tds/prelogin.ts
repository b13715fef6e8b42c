// PRELOGIN (MS-TDS 2.2.6.5): who speaks, and whether the line is encrypted. Azure SQL always encrypts.
import { ProtocolError } from './packet.ts';

const OPTION = { version: 0, encryption: 1, instance: 2, threadId: 3, mars: 4, fedAuthRequired: 6 } as const;
const TERMINATOR = 0xff;

const ENCRYPT = { off: 0, on: 1, notSupported: 2, required: 3 } as const;

/** What Azure SQL reports of itself: 12.0.2000.8. */
export const SERVER_VERSION = { major: 12, minor: 0, build: 2000 } as const;

export interface Prelogin {
  readonly encryption: 'off' | 'on' | 'not-supported' | 'required';
  readonly fedAuthRequired: boolean;
}

/** Throws ProtocolError. */
export function parsePrelogin(payload: Buffer): Prelogin {
  const options = readOptions(payload);
  return {
    encryption: encryptionOf(options.get(OPTION.encryption)?.[0] ?? ENCRYPT.notSupported),
    fedAuthRequired: (options.get(OPTION.fedAuthRequired)?.[0] ?? 0) !== 0,
  };
}

function readOptions(payload: Buffer): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = 0; payload[at] !== TERMINATOR; at += 5) {
    if (at + 5 > payload.length) throw new ProtocolError('The PRELOGIN options have no end.');
    const offset = payload.readUInt16BE(at + 1);
    const length = payload.readUInt16BE(at + 3);
    if (offset + length > payload.length)
      throw new ProtocolError('A PRELOGIN option lies outside its packet.');
    options.set(payload.readUInt8(at), payload.subarray(offset, offset + length));
  }
  return options;
}

/** 0x80 offers a client certificate: not used here, as in Azure. */
function encryptionOf(value: number): Prelogin['encryption'] {
  switch (value & 0x7f) {
    case ENCRYPT.off:
      return 'off';
    case ENCRYPT.on:
      return 'on';
    case ENCRYPT.required:
      return 'required';
    default:
      return 'not-supported';
  }
}

/** The answer. A client that asked for encryption hears "on"; any other hears that it is required. */
export function encodePreloginAnswer(client: Prelogin): Buffer {
  const wantsEncryption = client.encryption === 'on' || client.encryption === 'required';
  const { major, minor, build } = SERVER_VERSION;
  return encodeOptions([
    [OPTION.version, Buffer.of(major, minor, build >> 8, build & 0xff, 0, 0)],
    [OPTION.encryption, Buffer.of(wantsEncryption ? ENCRYPT.on : ENCRYPT.required)],
    [OPTION.instance, Buffer.of(0)],
    [OPTION.threadId, Buffer.alloc(0)],
    [OPTION.mars, Buffer.of(0)],
    ...(client.fedAuthRequired ? [[OPTION.fedAuthRequired, Buffer.of(1)] as const] : []),
  ]);
}

function encodeOptions(options: readonly (readonly [number, Buffer])[]): Buffer {
  let offset = options.length * 5 + 1;
  const table = options.map(([token, data]) => {
    const entry = Buffer.alloc(5);
    entry.writeUInt8(token, 0);
    entry.writeUInt16BE(offset, 1);
    entry.writeUInt16BE(data.length, 3);
    offset += data.length;
    return entry;
  });
  return Buffer.concat([...table, Buffer.of(TERMINATOR), ...options.map(([, data]) => data)]);
}
