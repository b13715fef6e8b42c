import { ByteReader, ByteWriter } from '../../../local-azure/sql/tds/bytes.ts';
import { readDecimal, toScaled, writeScaled } from '../../../local-azure/sql/tds/decimal.ts';

/** Writes a decimal as a column, reads it as a parameter, and returns its digits again. */
export function decimalRoundTrip(scaled: bigint, scale: number): bigint | null {
  const writer = new ByteWriter();
  writeScaled(writer, scaled);
  const reader = new ByteReader(writer.toBuffer());
  const value = readDecimal(reader, reader.uint8(), scale);
  return toScaled(String(value), scale);
}
