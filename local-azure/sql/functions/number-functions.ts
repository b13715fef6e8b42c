// Numbers, and moments in time.
import { sqlError } from '../errors.ts';
import { roundTo, type Stored } from '../t-sql/conversion.ts';
import {
  BIGINT,
  DATE,
  DATETIME,
  DATETIME2,
  DATETIMEOFFSET,
  type DataType,
  FLOAT,
  familyOf,
  INT,
  nvarchar,
} from '../t-sql/data-types.ts';
import {
  addToMoment,
  type DatePart,
  datePart,
  fromDate,
  momentAs,
  momentDifference,
  partOfMoment,
  toDate,
} from '../t-sql/moments.ts';
import type { FunctionTable } from './scalar-function.ts';

const sameAsFirst = (types: readonly (DataType | null)[]): DataType | null => types[0] ?? null;
const float = (evaluate: (value: number) => number): FunctionTable[string] => ({
  parameters: ['float'],
  returns: FLOAT,
  evaluate: (_, value) => evaluate(Number(value)),
});
/** The operation on an integer or on any other number, each kept as what it is. */
const numeric = (
  onInteger: (value: bigint) => bigint,
  onNumber: (value: number) => number,
): FunctionTable[string] => ({
  parameters: ['any'],
  returns: sameAsFirst,
  evaluate: (_, value) => (typeof value === 'bigint' ? onInteger(value) : onNumber(Number(value))),
});

export const NUMBER_FUNCTIONS: FunctionTable = {
  ABS: numeric((value) => (value < 0n ? -value : value), Math.abs),
  SIGN: numeric((value) => (value > 0n ? 1n : value < 0n ? -1n : 0n), Math.sign),
  FLOOR: numeric((value) => value, Math.floor),
  CEILING: numeric((value) => value, Math.ceil),
  ROUND: {
    parameters: ['any', 'integer', 'integer'],
    required: 2,
    returns: sameAsFirst,
    evaluate: (_, value, length, truncate = 0n) => round(value ?? null, Number(length), truncate !== 0n),
  },
  SQRT: float(Math.sqrt),
  EXP: float(Math.exp),
  LOG: float(Math.log),
  LOG10: float(Math.log10),
  SQUARE: float((value) => value * value),
  PI: { parameters: [], returns: FLOAT, evaluate: () => Math.PI },
  RAND: { parameters: ['integer'], required: 0, returns: FLOAT, evaluate: (facts) => facts.random.next() },
  POWER: {
    parameters: ['any', 'float'],
    returns: sameAsFirst,
    evaluate: (_, value, exponent) => {
      const result = Number(value) ** Number(exponent);
      return typeof value === 'bigint' ? BigInt(Math.trunc(result)) : result;
    },
  },
  ISNUMERIC: {
    parameters: ['any'],
    seesNull: true,
    returns: INT,
    evaluate: (_, value) =>
      value !== null && /^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/.test(String(value)) ? 1n : 0n,
  },
};

function round(value: Stored, length: number, truncate: boolean): Stored {
  if (typeof value === 'bigint') {
    if (length >= 0) return value;
    return BigInt(Math.round(Number(value) / 10 ** -length)) * 10n ** BigInt(-length);
  }
  const factor = 10 ** length;
  return truncate ? Math.trunc(Number(value) * factor) / factor : roundTo(Number(value), length);
}

const moment = (type: DataType): FunctionTable[string] => ({
  parameters: [],
  returns: type,
  evaluate: (facts) => momentAs(fromDate(facts.statementTime), type),
});

const part = (name: Stored): DatePart => {
  const found = datePart(String(name));
  if (!found) throw sqlError(155, String(name), 'datepart');
  return found;
};

const partFunction = (name: DatePart): FunctionTable[string] => ({
  parameters: ['moment'],
  returns: INT,
  evaluate: (_, value) => BigInt(partOfMoment(name, String(value))),
});

const momentOfSecond = (types: readonly (DataType | null)[], at: number): DataType => {
  const type = types[at];
  return type && ['moment', 'offset'].includes(familyOf(type)) ? type : DATETIME;
};

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

export const MOMENT_FUNCTIONS: FunctionTable = {
  // Azure SQL Database's clock is UTC.
  GETDATE: moment(DATETIME),
  GETUTCDATE: moment(DATETIME),
  CURRENT_TIMESTAMP: moment(DATETIME),
  SYSDATETIME: moment(DATETIME2),
  SYSUTCDATETIME: moment(DATETIME2),
  SYSDATETIMEOFFSET: moment(DATETIMEOFFSET),
  DATEADD: {
    parameters: ['date-part', 'integer', 'moment'],
    returns: (types) => momentOfSecond(types, 2),
    evaluate: (_, name, count, value) => addToMoment(part(name ?? null), Number(count), String(value)),
  },
  DATEDIFF: {
    parameters: ['date-part', 'moment', 'moment'],
    returns: INT,
    evaluate: (_, name, from, to) => difference(name ?? null, from ?? null, to ?? null, 2_147_483_647),
  },
  DATEDIFF_BIG: {
    parameters: ['date-part', 'moment', 'moment'],
    returns: BIGINT,
    evaluate: (_, name, from, to) =>
      difference(name ?? null, from ?? null, to ?? null, Number.MAX_SAFE_INTEGER),
  },
  DATEPART: {
    parameters: ['date-part', 'moment'],
    returns: INT,
    evaluate: (_, name, value) => BigInt(partOfMoment(part(name ?? null), String(value))),
  },
  DATENAME: {
    parameters: ['date-part', 'moment'],
    returns: nvarchar(30),
    evaluate: (_, name, value) => partName(part(name ?? null), String(value)),
  },
  YEAR: partFunction('year'),
  MONTH: partFunction('month'),
  DAY: partFunction('day'),
  DATEFROMPARTS: {
    parameters: ['integer', 'integer', 'integer'],
    returns: DATE,
    evaluate: (_, year, month, day) =>
      momentAs(fromDate(new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))), DATE),
  },
  EOMONTH: {
    parameters: ['moment', 'integer'],
    required: 1,
    returns: DATE,
    evaluate: (_, value, months = 0n) => {
      const date = toDate(String(value));
      return momentAs(
        fromDate(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1 + Number(months), 0))),
        DATE,
      );
    },
  },
  ISDATE: {
    parameters: ['text'],
    seesNull: true,
    returns: INT,
    evaluate: (_, value) => (value !== null && !Number.isNaN(Date.parse(String(value))) ? 1n : 0n),
  },
};

function difference(name: Stored, from: Stored, to: Stored, limit: number): bigint {
  const count = momentDifference(part(name), String(from), String(to));
  if (Math.abs(count) > limit) throw sqlError(535, 'datediff');
  return BigInt(count);
}

function partName(name: DatePart, value: string): string {
  const number = partOfMoment(name, value);
  if (name === 'month') return MONTHS[number - 1] ?? '';
  return name === 'weekday' ? (DAYS[number - 1] ?? '') : String(number);
}
