// Dates and times as SQL Server writes them (MS-TDS 2.2.5.5.1.8): days since year 1, time since midnight in
// units of 10^-scale seconds; the older datetime in 1/300 s since 1900.
import type { ByteReader, ByteWriter } from './bytes.ts';

const DAY_MS = 86_400_000;
const YEAR_1 = -62_135_596_800_000; // 0001-01-01T00:00:00Z
const YEAR_1900 = Date.UTC(1900, 0, 1);

/** Columns are sent at scale 7, as datetime2 without a scale is. */
export const SCALE = 7;
const UNITS_PER_MS = 10_000; // of 100 ns

function timeBytes(scale: number): number {
  if (scale <= 2) return 3;
  return scale <= 4 ? 4 : 5;
}

/** Milliseconds since midnight. */
function readTimeMs(reader: ByteReader, length: number, scale: number): number {
  const units = reader.bytes(length).readUIntLE(0, length);
  return Math.trunc((units * 1000) / 10 ** scale);
}

function readDay(reader: ByteReader): number {
  return YEAR_1 + reader.bytes(3).readUIntLE(0, 3) * DAY_MS;
}

export function readDate(reader: ByteReader): Date {
  return new Date(readDay(reader));
}

/** `hh:mm:ss.mmm`. */
export function readTime(reader: ByteReader, scale: number): string {
  return new Date(readTimeMs(reader, timeBytes(scale), scale)).toISOString().slice(11, 23);
}

export function readDateTime2(reader: ByteReader, scale: number): Date {
  const time = readTimeMs(reader, timeBytes(scale), scale);
  return new Date(readDay(reader) + time);
}

/** The instant; the offset it was written with is only how it was shown. */
export function readDateTimeOffset(reader: ByteReader, scale: number): Date {
  const instant = readDateTime2(reader, scale);
  reader.int16();
  return instant;
}

/** datetime (8 bytes) and smalldatetime (4 bytes). */
export function readDateTime(reader: ByteReader, length: number): Date {
  if (length === 4) {
    const days = reader.uint16();
    return new Date(YEAR_1900 + days * DAY_MS + reader.uint16() * 60_000);
  }
  const days = reader.int32();
  return new Date(YEAR_1900 + days * DAY_MS + Math.round((reader.uint32() * 10) / 3));
}

function writeInstant(writer: ByteWriter, instant: Date): void {
  const sinceYear1 = instant.getTime() - YEAR_1;
  const time = Buffer.alloc(5);
  time.writeUIntLE((sinceYear1 % DAY_MS) * UNITS_PER_MS, 0, 5);
  const day = Buffer.alloc(3);
  day.writeUIntLE(Math.floor(sinceYear1 / DAY_MS), 0, 3);
  writer.raw(time).raw(day);
}

export function writeDateTime2(writer: ByteWriter, instant: Date): void {
  writeInstant(writer.uint8(8), instant);
}

export function writeDateTimeOffset(writer: ByteWriter, instant: Date): void {
  writeInstant(writer.uint8(10), instant);
  writer.uint16(0);
}
