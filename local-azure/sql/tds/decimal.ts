// Decimals on the wire: a sign and an integer of 4 to 16 bytes; the scale is in the type.
import type { ByteReader, ByteWriter } from './bytes.ts';

export const LARGEST_PRECISION = 38;
const WIDEST_BYTES = 16;
const LIMIT = 10n ** BigInt(LARGEST_PRECISION);

/**
 * A number where a double holds the decimal exactly enough to print the same digits, else its text.
 * @param length Of the value, its sign byte included.
 */
export function readDecimal(reader: ByteReader, length: number, scale: number): number | string {
  const negative = reader.uint8() === 0;
  let magnitude = 0n;
  for (const byte of reader.bytes(length - 1).toReversed()) magnitude = (magnitude << 8n) | BigInt(byte);
  const text = decimalText(magnitude, scale, negative);
  const number = Number(text);
  return toScaled(String(number), scale) === toScaled(text, scale) ? number : text;
}

function decimalText(magnitude: bigint, scale: number, negative: boolean): string {
  const digits = magnitude.toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  const fraction = scale > 0 ? `.${digits.slice(point)}` : '';
  return `${negative ? '-' : ''}${digits.slice(0, point)}${fraction}`;
}

/** `text` times 10^scale, rounded half away from zero; null where it is no decimal number or does not fit. */
export function toScaled(text: string, scale: number): bigint | null {
  const parts = /^\s*([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?\s*$/i.exec(text);
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts ?? [];
  if (!parts || whole + fraction === '') return null;
  const shift = scale - fraction.length + Number(exponent);
  if (Math.abs(shift) > 400) return /^0*$/.test(whole + fraction) || shift < 0 ? 0n : null;
  const magnitude = shifted(BigInt(whole + fraction), shift);
  if (magnitude >= LIMIT) return null;
  return sign === '-' ? -magnitude : magnitude;
}

function shifted(digits: bigint, shift: number): bigint {
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return (digits + divisor / 2n) / divisor;
}

/** As decimal(38, scale). */
export function writeScaled(writer: ByteWriter, scaled: bigint): void {
  const bytes = Buffer.alloc(WIDEST_BYTES);
  const magnitude = scaled < 0n ? -scaled : scaled;
  bytes.writeBigUInt64LE(magnitude & 0xffff_ffff_ffff_ffffn, 0);
  bytes.writeBigUInt64LE(magnitude >> 64n, 8);
  writer
    .uint8(WIDEST_BYTES + 1)
    .uint8(scaled < 0n ? 0 : 1)
    .raw(bytes);
}
