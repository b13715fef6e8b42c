// SQL Server's data types: what a column, a variable or an expression can be.
import type { SqlTypeName } from '../session.ts';

export type TypeName =
  | 'bit'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'decimal'
  | 'numeric'
  | 'money'
  | 'smallmoney'
  | 'float'
  | 'real'
  | 'char'
  | 'varchar'
  | 'nchar'
  | 'nvarchar'
  | 'binary'
  | 'varbinary'
  | 'uniqueidentifier'
  | 'date'
  | 'time'
  | 'datetime'
  | 'smalldatetime'
  | 'datetime2'
  | 'datetimeoffset';

export interface DataType {
  readonly name: TypeName;
  /** Characters or bytes; null is MAX, or a type without length. */
  readonly length: number | null;
  readonly precision: number;
  readonly scale: number;
}

export type Family =
  | 'integer'
  | 'decimal'
  | 'float'
  | 'text'
  | 'binary'
  | 'guid'
  | 'time'
  | 'moment'
  | 'offset';

interface TypeFacts {
  readonly family: Family;
  /** SQL Server's order of precedence: the lower of two types is converted to the higher. */
  readonly precedence: number;
  readonly wire: SqlTypeName;
  /** sys.types.system_type_id. */
  readonly id: number;
  readonly bytes: number;
  readonly precision: number;
  readonly scale: number;
}

const fact = (
  family: Family,
  precedence: number,
  wire: SqlTypeName,
  id: number,
  bytes: number,
  precision = 0,
  scale = 0,
): TypeFacts => ({ family, precedence, wire, id, bytes, precision, scale });

export const TYPES: Readonly<Record<TypeName, TypeFacts>> = {
  datetimeoffset: fact('offset', 28, 'datetimeoffset', 43, 10, 34, 7),
  datetime2: fact('moment', 27, 'datetime2', 42, 8, 27, 7),
  datetime: fact('moment', 26, 'datetime2', 61, 8, 23, 3),
  smalldatetime: fact('moment', 25, 'datetime2', 58, 4, 16, 0),
  date: fact('moment', 24, 'datetime2', 40, 3, 10, 0),
  time: fact('time', 23, 'nvarchar', 41, 5, 16, 7),
  float: fact('float', 22, 'float', 62, 8, 53),
  real: fact('float', 21, 'float', 59, 4, 24),
  decimal: fact('decimal', 20, 'decimal', 106, 9, 18, 0),
  numeric: fact('decimal', 20, 'decimal', 108, 9, 18, 0),
  money: fact('decimal', 19, 'decimal', 60, 8, 19, 4),
  smallmoney: fact('decimal', 18, 'decimal', 122, 4, 10, 4),
  bigint: fact('integer', 17, 'bigint', 127, 8, 19),
  int: fact('integer', 16, 'int', 56, 4, 10),
  smallint: fact('integer', 15, 'int', 52, 2, 5),
  tinyint: fact('integer', 14, 'int', 48, 1, 3),
  bit: fact('integer', 13, 'bit', 104, 1, 1),
  uniqueidentifier: fact('guid', 12, 'uniqueidentifier', 36, 16),
  nvarchar: fact('text', 11, 'nvarchar', 231, 0),
  nchar: fact('text', 10, 'nvarchar', 239, 0),
  varchar: fact('text', 9, 'nvarchar', 167, 0),
  char: fact('text', 8, 'nvarchar', 175, 0),
  varbinary: fact('binary', 7, 'varbinary', 165, 0),
  binary: fact('binary', 6, 'varbinary', 173, 0),
};

const SYNONYMS: Readonly<Record<string, TypeName>> = {
  integer: 'int',
  dec: 'decimal',
  character: 'char',
  text: 'varchar',
  ntext: 'nvarchar',
  image: 'varbinary',
  xml: 'nvarchar',
  sysname: 'nvarchar',
  sql_variant: 'nvarchar',
};

/** Types kept as another: their length is that of SQL Server's definition. */
const SYNONYM_LENGTH: Readonly<Record<string, number | null>> = {
  sysname: 128,
  sql_variant: 4000,
  text: null,
  ntext: null,
  image: null,
  xml: null,
};

/**
 * The type written as `name(first, second)`; `first` is null for MAX, undefined where nothing was written.
 * Null where SQL Server has no such type here.
 */
export function dataType(written: string, first?: number | null, second?: number): DataType | null {
  const lower = written.toLowerCase();
  const name = SYNONYMS[lower] ?? (Object.hasOwn(TYPES, lower) ? (lower as TypeName) : null);
  if (!name) return null;
  const { family, precision, scale } = TYPES[name];
  if (family === 'text' || family === 'binary') {
    const length =
      first !== undefined ? first : lower in SYNONYM_LENGTH ? (SYNONYM_LENGTH[lower] ?? null) : 1;
    return { name, length, precision: 0, scale: 0 };
  }
  if (name === 'decimal' || name === 'numeric') {
    return { name: 'decimal', length: null, precision: first ?? 18, scale: second ?? 0 };
  }
  if (name === 'datetime2' || name === 'datetimeoffset' || name === 'time') {
    return { name, length: null, precision, scale: first ?? 7 };
  }
  return { name, length: null, precision, scale };
}

const known = (name: TypeName, first?: number | null, second?: number): DataType => {
  const type = dataType(name, first, second);
  if (!type) throw new Error(`${name} is no data type`);
  return type;
};

export const BIT = known('bit');
export const INT = known('int');
export const BIGINT = known('bigint');
export const FLOAT = known('float');
export const GUID = known('uniqueidentifier');
export const DATETIME = known('datetime');
export const DATETIME2 = known('datetime2');
export const DATETIMEOFFSET = known('datetimeoffset');
export const DATE = known('date');
export const NVARCHAR_MAX = known('nvarchar', null);
export const VARBINARY_MAX = known('varbinary', null);
export const SYSNAME = known('nvarchar', 128);
export const nvarchar = (length: number): DataType => known('nvarchar', Math.max(length, 1));
export const decimal = (precision: number, scale: number): DataType => known('decimal', precision, scale);

export function familyOf(type: DataType): Family {
  return TYPES[type.name].family;
}

export function isFixedText(type: DataType): boolean {
  return type.name === 'char' || type.name === 'nchar';
}

/** As a definition writes it: decimal(12,2), nvarchar(max). */
export function formatType(type: DataType): string {
  const family = familyOf(type);
  if (family === 'text' || family === 'binary') return `${type.name}(${type.length ?? 'max'})`;
  if (type.name === 'decimal') return `decimal(${type.precision},${type.scale})`;
  return type.name;
}

/** The type two operands meet in; null operands (an untyped NULL) take the other's. */
export function commonType(left: DataType | null, right: DataType | null): DataType | null {
  if (!left || !right) return left ?? right;
  const [high, low] =
    TYPES[left.name].precedence >= TYPES[right.name].precedence ? [left, right] : [right, left];
  const family = familyOf(high);
  if (family !== familyOf(low)) {
    return high.name === 'decimal' && familyOf(low) === 'integer'
      ? widen(high, known('decimal', TYPES[low.name].precision, 0))
      : high;
  }
  if (family === 'text' || family === 'binary') {
    const length = high.length === null || low.length === null ? null : Math.max(high.length, low.length);
    const name =
      high.length === low.length || !isFixedText(high)
        ? high.name
        : high.name === 'char'
          ? 'varchar'
          : 'nvarchar';
    return { ...high, name, length };
  }
  return family === 'decimal' ? widen(high, low) : high;
}

function widen(left: DataType, right: DataType): DataType {
  const scale = Math.max(left.scale, right.scale);
  const whole = Math.max(left.precision - left.scale, right.precision - right.scale);
  return { ...left, precision: Math.min(38, whole + scale), scale };
}

/** sys.columns.max_length: bytes, -1 for MAX. */
export function maxLength(type: DataType): number {
  const family = familyOf(type);
  if (family !== 'text' && family !== 'binary') return TYPES[type.name].bytes;
  if (type.length === null) return -1;
  return type.name.startsWith('n') ? type.length * 2 : type.length;
}
