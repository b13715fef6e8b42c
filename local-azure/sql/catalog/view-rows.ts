// Rows of a system view from plain objects.
import type { RowSet } from '../compile/scope.ts';
import type { Stored } from '../t-sql/conversion.ts';
import {
  BIGINT,
  BIT,
  DATETIME,
  DATETIMEOFFSET,
  type DataType,
  GUID,
  INT,
  NVARCHAR_MAX,
  SYSNAME,
  VARBINARY_MAX,
} from '../t-sql/data-types.ts';
import { fromDate } from '../t-sql/moments.ts';

const KINDS = {
  int: INT,
  bigint: BIGINT,
  bit: BIT,
  name: SYSNAME,
  text: NVARCHAR_MAX,
  datetime: DATETIME,
  offset: DATETIMEOFFSET,
  guid: GUID,
  bytes: VARBINARY_MAX,
} satisfies Record<string, DataType>;

export type Columns = Readonly<Record<string, keyof typeof KINDS>>;
export type Cell = string | number | boolean | Date | Uint8Array | null;

export function viewRows<C extends Columns>(
  columns: C,
  rows: readonly { readonly [name in keyof C]: Cell }[],
): RowSet {
  const names = Object.keys(columns) as (keyof C & string)[];
  return {
    columns: names.map((name) => ({ name, type: KINDS[columns[name] ?? 'text'] })),
    rows: rows.map((row) => names.map((name) => stored(row[name]))),
  };
}

function stored(cell: Cell): Stored {
  if (typeof cell === 'number') return BigInt(Math.trunc(cell));
  if (typeof cell === 'boolean') return cell ? 1n : 0n;
  return cell instanceof Date ? fromDate(cell) : cell;
}
