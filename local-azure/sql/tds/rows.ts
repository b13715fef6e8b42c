// COLMETADATA and ROW (MS-TDS 2.2.7.4, 2.2.7.19) for the types the engine answers in.
import type { EngineValue, ResultColumn, SqlTypeName } from '../session.ts';
import { ByteWriter } from './bytes.ts';
import { LARGEST_PRECISION, toScaled, writeScaled } from './decimal.ts';
import { guidBytes } from './guid.ts';
import { SCALE, writeDateTime2, writeDateTimeOffset } from './temporal.ts';
import { COLLATION } from './tokens.ts';

const TOKEN = { colMetadata: 0x81, row: 0xd1 } as const;
const NULLABLE_COLUMN = 0x0009; // nullable, updatable unknown
const MAX_LENGTH = 0xffff;
const PLP_NULL = 0xffff_ffff_ffff_ffffn;
/** Where the engine names no scale for a decimal. */
const ASSUMED_SCALE = 10;

/** A value that its column cannot hold: SQL Server's errors 8115 and 8114. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError';
  readonly number: 8114 | 8115;

  constructor(type: SqlTypeName, number: 8114 | 8115) {
    super(
      number === 8115
        ? `Arithmetic overflow error converting expression to data type ${type}.`
        : `Error converting data type to ${type}.`,
    );
    this.number = number;
  }
}

interface WireType {
  typeInfo(writer: ByteWriter, column: ResultColumn): void;
  /** Writes a value that is not null. Throws ConversionError. */
  value(writer: ByteWriter, value: NonNullable<EngineValue>, column: ResultColumn): void;
  null(writer: ByteWriter): void;
}

const shortNull = (writer: ByteWriter) => {
  writer.uint8(0);
};
const longNull = (writer: ByteWriter) => {
  writer.uint64(PLP_NULL);
};

const WIRE_TYPES: Readonly<Record<SqlTypeName, WireType>> = {
  bit: {
    typeInfo: (writer) => writer.uint8(0x68).uint8(1),
    value: (writer, value) => writer.uint8(1).uint8(integer(value, 'bit') === 0n ? 0 : 1),
    null: shortNull,
  },
  int: {
    typeInfo: (writer) => writer.uint8(0x26).uint8(4),
    value: (writer, value) => writer.uint8(4).int32(Number(fitting(integer(value, 'int'), 32, 'int'))),
    null: shortNull,
  },
  bigint: {
    typeInfo: (writer) => writer.uint8(0x26).uint8(8),
    value: (writer, value) => writer.uint8(8).int64(fitting(integer(value, 'bigint'), 64, 'bigint')),
    null: shortNull,
  },
  float: {
    typeInfo: (writer) => writer.uint8(0x6d).uint8(8),
    value: (writer, value) => writer.uint8(8).double(float(value)),
    null: shortNull,
  },
  decimal: {
    typeInfo: (writer, column) =>
      writer.uint8(0x6a).uint8(17).uint8(LARGEST_PRECISION).uint8(scaleOf(column)),
    value: (writer, value, column) => writeScaled(writer, scaled(value, scaleOf(column))),
    null: shortNull,
  },
  nvarchar: {
    typeInfo: (writer) => writer.uint8(0xe7).uint16(MAX_LENGTH).raw(COLLATION),
    value: (writer, value) => writePartial(writer, Buffer.from(text(value), 'utf16le')),
    null: longNull,
  },
  varbinary: {
    typeInfo: (writer) => writer.uint8(0xa5).uint16(MAX_LENGTH),
    value: (writer, value) => writePartial(writer, binary(value)),
    null: longNull,
  },
  uniqueidentifier: {
    typeInfo: (writer) => writer.uint8(0x24).uint8(16),
    value: (writer, value) => writer.shortBytes(guid(value)),
    null: shortNull,
  },
  datetime2: {
    typeInfo: (writer) => writer.uint8(0x2a).uint8(SCALE),
    value: (writer, value) => writeDateTime2(writer, instant(value, 'datetime2')),
    null: shortNull,
  },
  datetimeoffset: {
    typeInfo: (writer) => writer.uint8(0x2b).uint8(SCALE),
    value: (writer, value) => writeDateTimeOffset(writer, instant(value, 'datetimeoffset')),
    null: shortNull,
  },
};

export function encodeColumns(columns: readonly ResultColumn[]): Buffer {
  const writer = new ByteWriter().uint8(TOKEN.colMetadata).uint16(columns.length);
  for (const column of columns) {
    writer.uint32(0).uint16(NULLABLE_COLUMN);
    WIRE_TYPES[column.type].typeInfo(writer, column);
    writer.shortText(column.name);
  }
  return writer.toBuffer();
}

/** Throws ConversionError where a value does not fit its column. */
export function encodeRow(columns: readonly ResultColumn[], values: readonly EngineValue[]): Buffer {
  const writer = new ByteWriter().uint8(TOKEN.row);
  columns.forEach((column, index) => {
    const value = values[index] ?? null;
    const wire = WIRE_TYPES[column.type];
    if (value === null) wire.null(writer);
    else wire.value(writer, value, column);
  });
  return writer.toBuffer();
}

function writePartial(writer: ByteWriter, data: Uint8Array): void {
  writer.uint64(BigInt(data.length));
  if (data.length > 0) writer.uint32(data.length).raw(data);
  writer.uint32(0);
}

function scaleOf(column: ResultColumn): number {
  return column.scale ?? ASSUMED_SCALE;
}

function integer(value: NonNullable<EngineValue>, type: SqlTypeName): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  const number = typeof value === 'number' ? value : Number(text(value));
  if (!Number.isFinite(number)) throw new ConversionError(type, 8114);
  return BigInt(Math.trunc(number));
}

function fitting(value: bigint, bits: number, type: SqlTypeName): bigint {
  if (BigInt.asIntN(bits, value) !== value) throw new ConversionError(type, 8115);
  return value;
}

function float(value: NonNullable<EngineValue>): number {
  const number = Number(value);
  if (!Number.isFinite(number)) throw new ConversionError('float', 8114);
  return number;
}

function scaled(value: NonNullable<EngineValue>, scale: number): bigint {
  const result = toScaled(text(value), scale);
  if (result === null) throw new ConversionError('decimal', 8114);
  return result;
}

function guid(value: NonNullable<EngineValue>): Buffer {
  const bytes = typeof value === 'string' ? guidBytes(value) : null;
  if (!bytes) throw new ConversionError('uniqueidentifier', 8114);
  return bytes;
}

function binary(value: NonNullable<EngineValue>): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new ConversionError('varbinary', 8114);
  return value;
}

/** Text without a zone is UTC, as every time of this server is. */
function instant(value: NonNullable<EngineValue>, type: SqlTypeName): Date {
  const zoned = typeof value === 'string' && !/(z|[+-]\d\d:?\d\d)$/i.test(value) ? `${value}Z` : value;
  const date = zoned instanceof Date ? zoned : new Date(text(zoned));
  if (Number.isNaN(date.getTime())) throw new ConversionError(type, 8114);
  return date;
}

function text(value: NonNullable<EngineValue>): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return String(value);
}
