// Conversions between SQL Server's types, on values as SQLite keeps them: integers as bigint, decimals and
// floats as number, text, moments and identifiers as string, bytes as Uint8Array.
import { sqlError } from '../errors.ts';
import { type DataType, familyOf, isFixedText, NVARCHAR_MAX, TYPES } from './data-types.ts';
import { formatMoment, fromDate, momentAs, parseMoment } from './moments.ts';

export type Stored = bigint | number | string | Uint8Array | null;

const LIMITS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  tinyint: [0n, 255n],
  smallint: [-32_768n, 32_767n],
  int: [-2_147_483_648n, 2_147_483_647n],
  bigint: [-(2n ** 63n), 2n ** 63n - 1n],
};
const GUID = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?/i;
const NUMERIC = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)\s*$/;
const REAL = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/;

/**
 * The value as `to`. Text longer than `to` is cut, as CAST does; columns check their length themselves.
 * Throws SqlServerError 245, 8114, 8115, 241, 8169, 220.
 */
export function convert(value: Stored, from: DataType | null, to: DataType, style = 0): Stored {
  if (value === null) return null;
  const source = from ?? typeOfValue(value);
  switch (familyOf(to)) {
    case 'integer':
      return toInteger(value, source, to);
    case 'decimal':
      return toDecimal(value, source, to);
    case 'float':
      return toFloat(value, source, to);
    case 'text':
      return fitText(toText(value, source, style), to);
    case 'binary':
      return fitBytes(toBytes(value, source, to, style), to);
    case 'guid':
      return toGuid(value, source);
    case 'moment':
    case 'offset':
    case 'time':
      return toMoment(value, source, to);
  }
}

function typeOfValue(value: Exclude<Stored, null>): DataType {
  const plain = (name: DataType['name']): DataType => ({
    name,
    length: null,
    precision: TYPES[name].precision,
    scale: 0,
  });
  if (typeof value === 'bigint') return plain('bigint');
  if (typeof value === 'number') return plain('float');
  return typeof value === 'string' ? NVARCHAR_MAX : plain('varbinary');
}

function toInteger(value: Exclude<Stored, null>, from: DataType, to: DataType): bigint {
  if (to.name === 'bit') return toBit(value, from);
  const whole = integerOf(value, from, to);
  const limits = LIMITS[to.name];
  if (limits && (whole < limits[0] || whole > limits[1])) {
    if (familyOf(from) === 'text' && to.name === 'int') throw sqlError(248, from.name, String(value));
    if (to.name === 'int' || to.name === 'bigint') throw sqlError(8115, 'expression', to.name);
    throw sqlError(220, to.name, whole);
  }
  return whole;
}

function integerOf(value: Exclude<Stored, null>, from: DataType, to: DataType): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(Math.trunc(value));
  if (typeof value === 'string' && familyOf(from) === 'text') {
    if (value.trim() === '') return 0n;
    if (/^\s*[+-]?\d+\s*$/.test(value)) return BigInt(value.trim().replace(/^\+/, ''));
    throw sqlError(245, from.name, value, to.name);
  }
  if (value instanceof Uint8Array) {
    return BigInt.asIntN(
      64,
      value.slice(-8).reduce((whole, byte) => (whole << 8n) | BigInt(byte), 0n),
    );
  }
  throw sqlError(529, from.name, to.name);
}

function toBit(value: Exclude<Stored, null>, from: DataType): bigint {
  if (typeof value === 'string' && familyOf(from) === 'text') {
    const text = value.trim().toLowerCase();
    if (text === 'true') return 1n;
    if (text === 'false' || text === '') return 0n;
    if (!/^[+-]?\d+$/.test(text)) throw sqlError(245, from.name, value, 'bit');
    return BigInt(text.replace(/^\+/, '')) === 0n ? 0n : 1n;
  }
  if (typeof value === 'number') return value === 0 ? 0n : 1n;
  if (typeof value === 'bigint') return value === 0n ? 0n : 1n;
  return integerOf(value, from, { ...from, name: 'bit' }) === 0n ? 0n : 1n;
}

function toDecimal(value: Exclude<Stored, null>, from: DataType, to: DataType): number {
  const number = numberOf(value, from, to, NUMERIC);
  const rounded = roundTo(number, to.scale);
  if (Math.abs(rounded) >= 10 ** (to.precision - to.scale)) {
    throw sqlError(
      8115,
      familyOf(from) === 'text' ? from.name : from.name === 'decimal' ? 'numeric' : from.name,
      to.name === 'decimal' ? 'numeric' : to.name,
    );
  }
  return rounded;
}

/** Half away from zero, as SQL Server rounds; the nudge undoes binary fractions such as 1.005. */
export function roundTo(value: number, scale: number): number {
  const factor = 10 ** scale;
  const scaled = Math.abs(value) * factor;
  const rounded = Math.floor(scaled + 0.5 + scaled * Number.EPSILON);
  return (Math.sign(value) * rounded) / factor;
}

function toFloat(value: Exclude<Stored, null>, from: DataType, to: DataType): number {
  const number = numberOf(value, from, to, REAL);
  return to.name === 'real' ? Math.fround(number) : number;
}

function numberOf(value: Exclude<Stored, null>, from: DataType, to: DataType, pattern: RegExp): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && familyOf(from) === 'text') {
    const text = to.name === 'money' || to.name === 'smallmoney' ? value.replace(/[$,]/g, '') : value;
    if (text.trim() === '' && familyOf(to) === 'float') return 0;
    if (pattern.test(text)) return Number(text);
    throw sqlError(8114, from.name, to.name === 'decimal' ? 'numeric' : to.name);
  }
  throw sqlError(529, from.name, to.name);
}

/** Any value as text, as SQL Server prints it. */
export function toText(value: Exclude<Stored, null>, from: DataType, style = 0): string {
  switch (familyOf(from)) {
    case 'decimal':
      return Number(value).toFixed(from.name === 'money' || from.name === 'smallmoney' ? 2 : from.scale);
    case 'float':
      return formatFloat(Number(value));
    case 'moment':
    case 'offset':
      return formatMoment(String(value), from, style);
    case 'binary':
      return value instanceof Uint8Array ? bytesAsText(value, style) : String(value);
    default:
      return String(value);
  }
}

function formatFloat(value: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4)) {
    const [mantissa = '', exponent = '0'] = value.toExponential(5).split('e');
    const sign = exponent.startsWith('-') ? '-' : '+';
    return `${mantissa.replace(/\.?0+$/, '')}e${sign}${exponent.replace(/[+-]/, '').padStart(3, '0')}`;
  }
  return String(Number(value.toPrecision(6)));
}

function bytesAsText(bytes: Uint8Array, style: number): string {
  const hex = Buffer.from(bytes).toString('hex').toUpperCase();
  if (style === 1) return `0x${hex}`;
  return style === 2 ? hex : Buffer.from(bytes).toString('latin1');
}

function fitText(text: string, to: DataType): string {
  if (to.length === null) return text;
  const cut = text.slice(0, to.length);
  return isFixedText(to) ? cut.padEnd(to.length) : cut;
}

function toBytes(value: Exclude<Stored, null>, from: DataType, to: DataType, style: number): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'bigint') {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(value);
    return bytes.subarray(8 - Math.max(TYPES[from.name].bytes, 1));
  }
  if (typeof value === 'string' && familyOf(from) === 'text') {
    if (style === 1 || style === 2) return Buffer.from(value.replace(/^0x/i, ''), 'hex');
    return Buffer.from(value, from.name.startsWith('n') ? 'utf16le' : 'latin1');
  }
  if (typeof value === 'string' && familyOf(from) === 'guid')
    return Buffer.from(value.replaceAll('-', ''), 'hex');
  throw sqlError(529, from.name, to.name);
}

function fitBytes(bytes: Uint8Array, to: DataType): Uint8Array {
  if (to.length === null) return bytes;
  const cut = bytes.slice(0, to.length);
  if (to.name !== 'binary') return cut;
  return Buffer.concat([cut, Buffer.alloc(to.length - cut.length)]);
}

function toGuid(value: Exclude<Stored, null>, from: DataType): string {
  if (familyOf(from) === 'guid') return String(value);
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value).toString('hex').padEnd(32, '0').toUpperCase();
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
      '-',
    );
  }
  const found = typeof value === 'string' ? GUID.exec(value) : null;
  if (familyOf(from) !== 'text') throw sqlError(529, from.name, 'uniqueidentifier');
  if (!found?.[1]) throw sqlError(8169);
  return found[1].toUpperCase();
}

function toMoment(value: Exclude<Stored, null>, from: DataType, to: DataType): string {
  const family = familyOf(from);
  if (typeof value === 'string' && (family === 'text' || family === 'time'))
    return momentAs(parseMoment(value), to);
  if (typeof value === 'string' && (family === 'moment' || family === 'offset')) return momentAs(value, to);
  if (typeof value === 'bigint' || typeof value === 'number') {
    if (to.name !== 'datetime' && to.name !== 'smalldatetime') throw sqlError(206, from.name, to.name);
    return momentAs(fromDate(new Date(Date.UTC(1900, 0, 1) + Number(value) * 86_400_000)), to);
  }
  throw sqlError(206, from.name, to.name);
}
