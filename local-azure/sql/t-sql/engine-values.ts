// Values on their way to the wire, and from it.
import type { EngineValue } from '../session.ts';
import type { Stored } from './conversion.ts';
import { type DataType, type Family, familyOf, NVARCHAR_MAX, TYPES } from './data-types.ts';
import { fromDate, toDate } from './moments.ts';

/** The value as it leaves the engine for the wire. Decimals leave as text, so that they keep their scale. */
export function toEngineValue(value: Stored, type: DataType): EngineValue {
  if (value === null) return null;
  const family: Family = familyOf(type);
  if (type.name === 'bit') return Number(value) !== 0;
  if (type.name === 'bigint') return typeof value === 'bigint' ? value : BigInt(Math.trunc(Number(value)));
  if (family === 'integer' || family === 'float') return Number(value);
  if (family === 'decimal') return Number(value).toFixed(type.scale);
  if (family === 'moment' || family === 'offset') return toDate(String(value));
  return value;
}

/** A value of the wire, with the type SQL Server would take it for. */
export function fromEngineValue(value: EngineValue): { value: Stored; type: DataType | null } {
  if (value === null) return { value: null, type: null };
  if (typeof value === 'boolean') return { value: value ? 1n : 0n, type: typeNamed('bit') };
  if (typeof value === 'bigint') return { value, type: typeNamed('bigint') };
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) return { value, type: typeNamed('float') };
    return { value: BigInt(value), type: typeNamed(Math.abs(value) <= 2_147_483_647 ? 'int' : 'bigint') };
  }
  if (value instanceof Date) return { value: fromDate(value), type: { ...typeNamed('datetime2'), scale: 7 } };
  if (typeof value === 'string') return { value, type: NVARCHAR_MAX };
  return { value, type: typeNamed('varbinary') };
}

function typeNamed(name: DataType['name']): DataType {
  return { name, length: null, precision: TYPES[name].precision, scale: 0 };
}
