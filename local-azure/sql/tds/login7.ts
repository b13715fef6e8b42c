// LOGIN7 (MS-TDS 2.2.6.4): who wants in, to which database, and by what proof.
import { ByteReader } from './bytes.ts';
import { ProtocolError } from './packet.ts';

/** Offsets within the fixed part; each variable field is an offset and a length in characters. */
const FIELD = { hostName: 36, userName: 40, password: 44, appName: 48, extension: 56, database: 68 } as const;
const TYPE_FLAGS = 26;
const OPTION_FLAGS_3 = 27;
const FIXED_BYTES = 94;
const READ_ONLY_INTENT = 0x20;
const INTEGRATED_SECURITY = 0x80;
const EXTENSION_USED = 0x10;

const FEATURE = { fedAuth: 0x02, utf8Support: 0x0a, end: 0xff } as const;
const LIBRARY = { securityToken: 1, adal: 2 } as const;

export type LoginProof =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'token'; readonly token: string; readonly nonce: Buffer | null }
  /** The client asks where to get a token (FEDAUTHINFO) and sends it in a message of its own. */
  | { readonly kind: 'token-follows' }
  | { readonly kind: 'integrated' };

export interface Login7 {
  readonly tdsVersion: number;
  readonly packetBytes: number;
  readonly programName: string;
  /** What the client calls its machine. */
  readonly hostName: string;
  /** Null where the client names none. */
  readonly database: string | null;
  readonly readOnlyIntent: boolean;
  readonly proof: LoginProof;
  readonly wantsUtf8Support: boolean;
}

/** Throws ProtocolError. */
export function parseLogin7(payload: Buffer): Login7 {
  if (payload.length < FIXED_BYTES) throw new ProtocolError('LOGIN7 is too short.');
  const features = readFeatures(payload);
  return {
    tdsVersion: payload.readUInt32LE(4),
    packetBytes: payload.readUInt32LE(8),
    programName: text(payload, FIELD.appName),
    hostName: text(payload, FIELD.hostName),
    database: text(payload, FIELD.database) || null,
    readOnlyIntent: (payload.readUInt8(TYPE_FLAGS) & READ_ONLY_INTENT) !== 0,
    proof: proofOf(payload, features.get(FEATURE.fedAuth)),
    wantsUtf8Support: features.has(FEATURE.utf8Support),
  };
}

function proofOf(payload: Buffer, fedAuth: Buffer | undefined): LoginProof {
  if (fedAuth) return parseFedAuth(fedAuth);
  if ((payload.readUInt8(TYPE_FLAGS - 1) & INTEGRATED_SECURITY) !== 0) return { kind: 'integrated' };
  return { kind: 'password', user: text(payload, FIELD.userName), password: readPassword(payload) };
}

function field(payload: Buffer, at: number): Buffer {
  return new ByteReader(payload, payload.readUInt16LE(at)).bytes(payload.readUInt16LE(at + 2) * 2);
}

function text(payload: Buffer, at: number): string {
  return payload.readUInt16LE(at + 2) === 0 ? '' : field(payload, at).toString('utf16le');
}

/** Each byte was swapped by halves and XORed with 0xA5: a disguise; the line's TLS is what protects it. */
function readPassword(payload: Buffer): string {
  if (payload.readUInt16LE(FIELD.password + 2) === 0) return '';
  const plain = field(payload, FIELD.password).map((byte) => {
    const swapped = byte ^ 0xa5;
    return ((swapped << 4) & 0xf0) | (swapped >> 4);
  });
  return Buffer.from(plain).toString('utf16le');
}

function readFeatures(payload: Buffer): Map<number, Buffer> {
  const features = new Map<number, Buffer>();
  if ((payload.readUInt8(OPTION_FLAGS_3) & EXTENSION_USED) === 0) return features;
  const pointer = new ByteReader(payload, payload.readUInt16LE(FIELD.extension)).uint32();
  const reader = new ByteReader(payload, pointer);
  for (let id = reader.uint8(); id !== FEATURE.end; id = reader.uint8()) {
    features.set(id, reader.bytes(reader.uint32()));
  }
  return features;
}

function parseFedAuth(data: Buffer): LoginProof {
  const reader = new ByteReader(data);
  const library = reader.uint8() >> 1;
  if (library === LIBRARY.adal) return { kind: 'token-follows' };
  if (library !== LIBRARY.securityToken) throw new ProtocolError(`Unknown federated library ${library}.`);
  return readToken(reader);
}

/** The message that answers FEDAUTHINFO (MS-TDS 2.2.6.3). */
export function parseFedAuthToken(payload: Buffer): LoginProof {
  const reader = new ByteReader(payload);
  reader.uint32();
  return readToken(reader);
}

function readToken(reader: ByteReader): LoginProof {
  const token = reader.bytes(reader.uint32()).toString('utf16le');
  return { kind: 'token', token, nonce: reader.remaining >= 32 ? reader.bytes(32) : null };
}
