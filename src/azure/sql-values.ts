// Between JavaScript's values and SQL Server's types, as far as this product's own statements need them.
import { TYPES } from 'tedious';
import type { SqlRow, SqlValue } from './ports.ts';

export interface Column {
  readonly metadata: { readonly colName: string; readonly type: { readonly name: string } };
  readonly value: unknown;
}

type DataType = (typeof TYPES)[keyof typeof TYPES];

/** The parameter's type. Text is nvarchar, whole numbers int or bigint, others float. */
export function parameterType(value: SqlValue): DataType {
  if (typeof value === 'boolean') return TYPES.Bit;
  if (typeof value === 'bigint') return TYPES.BigInt;
  if (typeof value === 'number') return numberType(value);
  if (value instanceof Date) return TYPES.DateTime2;
  if (Buffer.isBuffer(value)) return TYPES.VarBinary;
  return TYPES.NVarChar;
}

/** A row by column name; of columns with the same name the last one stays. */
export function rowOf(columns: readonly Column[]): SqlRow {
  return Object.fromEntries(columns.map((column) => [column.metadata.colName, fromDriver(column)]));
}

function numberType(value: number): DataType {
  if (!Number.isInteger(value)) return TYPES.Float;
  return Math.abs(value) < 2 ** 31 ? TYPES.Int : TYPES.BigInt;
}

function fromDriver({ metadata, value }: Column): SqlValue {
  if (value === null || value === undefined) return null;
  // The driver gives bigint as text, so as not to lose digits. Text of an integer type is nothing else.
  if (typeof value === 'string' && /^(BigInt|IntN)$/.test(metadata.type.name)) return BigInt(value);
  if (['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return value as SqlValue;
  if (value instanceof Date || Buffer.isBuffer(value)) return value;
  return String(value);
}
