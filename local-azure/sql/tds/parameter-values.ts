// TYPE_INFO and the value of an RPC parameter (MS-TDS 2.2.5.4, 2.2.5.5), as a client writes them.
import type { EngineValue } from '../session.ts';
import type { ByteReader } from './bytes.ts';
import { readDecimal } from './decimal.ts';
import { readGuid } from './guid.ts';
import { ProtocolError } from './packet.ts';
import { readDate, readDateTime, readDateTime2, readDateTimeOffset, readTime } from './temporal.ts';

const NULL_LENGTH = 0xffff;
const MAX_LENGTH = 0xffff;
const LONG_NULL = 0xffff_ffff;
const PLP_NULL = 0xffff_ffff_ffff_ffffn;
const UTF8_COLLATION_FLAG = 0x04;

type Decode = (reader: ByteReader) => EngineValue;

/** Reads TYPE_INFO and returns what reads the value after it. Throws ProtocolError for types not spoken here. */
export function readTypeInfo(reader: ByteReader): Decode {
  const type = reader.uint8();
  const read = TYPES[type];
  if (!read) throw new UnknownTypeError(type);
  return read(reader);
}

/** Table-valued parameters, CLR types and sql_variant: Azure has them, this server has not. */
export class UnknownTypeError extends ProtocolError {
  readonly type: number;

  constructor(type: number) {
    super(`Data type 0x${type.toString(16).toUpperCase().padStart(2, '0')} is unknown.`);
    this.type = type;
  }
}

const TYPES: Readonly<Record<number, (reader: ByteReader) => Decode>> = {
  31: () => () => null,
  48: () => (r) => r.uint8(),
  50: () => (r) => r.uint8() !== 0,
  52: () => (r) => r.int16(),
  56: () => (r) => r.int32(),
  58: () => (r) => readDateTime(r, 4),
  59: () => (r) => readReal(r),
  60: () => (r) => readMoney(r, 8),
  61: () => (r) => readDateTime(r, 8),
  62: () => (r) => r.bytes(8).readDoubleLE(),
  122: () => (r) => readMoney(r, 4),
  127: () => (r) => r.int64(),
  36: (info) => sized(info, (r) => readGuid(r.bytes(16))),
  38: (info) => sized(info, readInteger),
  104: (info) => sized(info, (r) => r.uint8() !== 0),
  109: (info) => sized(info, (r, length) => (length === 4 ? readReal(r) : r.bytes(8).readDoubleLE())),
  110: (info) => sized(info, readMoney),
  111: (info) => sized(info, readDateTime),
  40: () => nullable((r) => readDate(r)),
  41: (info) => scaled(info, readTime),
  42: (info) => scaled(info, readDateTime2),
  43: (info) => scaled(info, readDateTimeOffset),
  106: decimal,
  108: decimal,
  165: (info) => variable(info, bytesOf),
  173: (info) => variable(info, bytesOf),
  167: characters,
  175: characters,
  231: (info) => unicode(info),
  239: (info) => unicode(info),
  35: (info) => long(info, (data) => data.toString('latin1'), true),
  34: (info) => long(info, bytesOf, false),
  99: (info) => long(info, (data) => data.toString('utf16le'), true),
  241: xml,
};

const bytesOf = (data: Buffer): EngineValue => new Uint8Array(data);

/** A length byte before each value; 0 is NULL. */
function nullable(read: (reader: ByteReader, length: number) => EngineValue): Decode {
  return (reader) => {
    const length = reader.uint8();
    return length === 0 ? null : read(reader, length);
  };
}

function sized(info: ByteReader, read: (reader: ByteReader, length: number) => EngineValue): Decode {
  info.uint8();
  return nullable(read);
}

function scaled(info: ByteReader, read: (reader: ByteReader, scale: number) => EngineValue): Decode {
  const scale = info.uint8();
  return nullable((reader) => read(reader, scale));
}

function decimal(info: ByteReader): Decode {
  info.bytes(2);
  const scale = info.uint8();
  return nullable((reader, length) => readDecimal(reader, length, scale));
}

function readInteger(reader: ByteReader, length: number): EngineValue {
  switch (length) {
    case 1:
      return reader.uint8();
    case 2:
      return reader.int16();
    case 4:
      return reader.int32();
    case 8:
      return reader.int64();
    default:
      throw new ProtocolError(`An integer of ${length} bytes.`);
  }
}

function readReal(reader: ByteReader): number {
  return reader.bytes(4).readFloatLE();
}

/** Ten-thousandths; the 8-byte form has its high half first. */
function readMoney(reader: ByteReader, length: number): number {
  if (length === 4) return reader.int32() / 10_000;
  const high = BigInt(reader.int32());
  return Number((high << 32n) + BigInt(reader.uint32())) / 10_000;
}

function unicode(info: ByteReader): Decode {
  return variable(
    info,
    (data) => data.toString('utf16le'),
    (reader) => reader.bytes(5),
  );
}

function characters(info: ByteReader): Decode {
  let utf8 = false;
  return variable(
    info,
    (data) => data.toString(utf8 ? 'utf8' : 'latin1'),
    (reader) => {
      utf8 = ((reader.bytes(5)[3] ?? 0) & UTF8_COLLATION_FLAG) !== 0;
    },
  );
}

/** Up to 8000 bytes, or MAX: then in chunks (PLP). */
function variable(
  info: ByteReader,
  convert: (data: Buffer) => EngineValue,
  readCollation: (info: ByteReader) => void = () => undefined,
): Decode {
  const isMax = info.uint16() === MAX_LENGTH;
  readCollation(info);
  if (isMax) return (reader) => partial(reader, convert);
  return (reader) => {
    const length = reader.uint16();
    return length === NULL_LENGTH ? null : convert(reader.bytes(length));
  };
}

function partial(reader: ByteReader, convert: (data: Buffer) => EngineValue): EngineValue {
  if (reader.uint64() === PLP_NULL) return null;
  const chunks: Buffer[] = [];
  for (let length = reader.uint32(); length > 0; length = reader.uint32()) chunks.push(reader.bytes(length));
  return convert(Buffer.concat(chunks));
}

/** text, ntext, image. */
function long(info: ByteReader, convert: (data: Buffer) => EngineValue, hasCollation: boolean): Decode {
  info.uint32();
  if (hasCollation) info.bytes(5);
  return (reader) => {
    const length = reader.uint32();
    return length === LONG_NULL ? null : convert(reader.bytes(length));
  };
}

function xml(info: ByteReader): Decode {
  if (info.uint8() !== 0) {
    info.shortText();
    info.shortText();
    info.text(info.uint16());
  }
  return (reader) => partial(reader, (data) => data.toString('utf16le'));
}
