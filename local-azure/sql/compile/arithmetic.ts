// Arithmetic as SQL Server does it: result types, integer division, overflow, division by zero.
import { sqlError } from '../errors.ts';
import type { ArithmeticOperator } from '../t-sql/ast.ts';
import { convert, roundTo, type Stored, toText } from '../t-sql/conversion.ts';
import {
  BIGINT,
  commonType,
  DATETIME,
  type DataType,
  decimal,
  familyOf,
  INT,
  TYPES,
} from '../t-sql/data-types.ts';
import { addToMoment } from '../t-sql/moments.ts';

const MAX_PRECISION = 38;

/** The type of `left operator right`; null where both are untyped NULLs. Throws 206 and 402-like clashes. */
export function arithmeticType(
  operator: ArithmeticOperator,
  left: DataType | null,
  right: DataType | null,
): DataType | null {
  const common = commonType(left, right);
  if (!common || !left || !right) return common;
  const families = [familyOf(left), familyOf(right)];
  if (families.includes('moment')) return momentType(operator, left, right);
  if (families.includes('guid') || families.includes('offset') || families.includes('time')) {
    throw sqlError(206, left.name, right.name);
  }
  if (familyOf(common) === 'text') return concatenationType(operator, left, right);
  if (familyOf(common) === 'decimal') return decimalType(operator, asDecimal(left), asDecimal(right));
  return common.name === 'bit' ? INT : common;
}

function momentType(operator: ArithmeticOperator, left: DataType, right: DataType): DataType {
  const moment = familyOf(left) === 'moment' ? left : right;
  const other = moment === left ? right : left;
  if (!['+', '-'].includes(operator) || moment.name !== 'datetime' || familyOf(other) === 'moment') {
    throw sqlError(206, left.name, right.name);
  }
  return DATETIME;
}

function concatenationType(operator: ArithmeticOperator, left: DataType, right: DataType): DataType {
  if (operator !== '+') throw sqlError(206, left.name, right.name);
  const wide = left.name.startsWith('n') || right.name.startsWith('n');
  const length = left.length === null || right.length === null ? null : left.length + right.length;
  return { ...left, name: wide ? 'nvarchar' : 'varchar', length };
}

function asDecimal(type: DataType): DataType {
  if (familyOf(type) === 'decimal') return type;
  return decimal(familyOf(type) === 'integer' ? TYPES[type.name].precision : MAX_PRECISION, 0);
}

function decimalType(operator: ArithmeticOperator, left: DataType, right: DataType): DataType {
  if (operator === '*') return capped(left.precision + right.precision + 1, left.scale + right.scale);
  if (operator === '/') {
    const scale = Math.max(6, left.scale + right.precision + 1);
    return capped(left.precision - left.scale + right.scale + scale, scale);
  }
  const scale = Math.max(left.scale, right.scale);
  return capped(Math.max(left.precision - left.scale, right.precision - right.scale) + scale + 1, scale);
}

/** Beyond 38 digits the scale gives way, down to 6. */
function capped(precision: number, scale: number): DataType {
  if (precision <= MAX_PRECISION) return decimal(precision, scale);
  return decimal(MAX_PRECISION, Math.max(Math.min(scale, 6), scale - (precision - MAX_PRECISION)));
}

/** Throws SqlServerError 8134, 8115, 245. */
export function calculate(
  operator: ArithmeticOperator,
  left: Stored,
  right: Stored,
  types: { readonly left: DataType; readonly right: DataType; readonly result: DataType },
): Stored {
  if (left === null || right === null) return null;
  switch (familyOf(types.result)) {
    case 'text':
      return toText(left, types.left) + toText(right, types.right);
    case 'moment':
      return shiftMoment(operator, left, right, types);
    case 'integer':
      return integerResult(operator, left, right, types);
    default:
      return realResult(operator, left, right, types);
  }
}

function integerResult(
  operator: ArithmeticOperator,
  left: Stored,
  right: Stored,
  types: { readonly left: DataType; readonly right: DataType; readonly result: DataType },
): Stored {
  const a = BigInt(String(convert(left, types.left, BIGINT)));
  const b = BigInt(String(convert(right, types.right, BIGINT)));
  if ((operator === '/' || operator === '%') && b === 0n) throw sqlError(8134);
  const results = {
    '+': () => a + b,
    '-': () => a - b,
    '*': () => a * b,
    '/': () => a / b,
    '%': () => a % b,
    '&': () => a & b,
    '|': () => a | b,
    '^': () => a ^ b,
  };
  return convert(results[operator](), BIGINT, types.result);
}

function realResult(
  operator: ArithmeticOperator,
  left: Stored,
  right: Stored,
  types: { readonly left: DataType; readonly right: DataType; readonly result: DataType },
): Stored {
  const a = operand(left, types.left, types.result);
  const b = operand(right, types.right, types.result);
  if ((operator === '/' || operator === '%') && b === 0) throw sqlError(8134);
  const results = {
    '+': () => a + b,
    '-': () => a - b,
    '*': () => a * b,
    '/': () => a / b,
    '%': () => a % b,
  };
  if (operator === '&' || operator === '|' || operator === '^')
    throw sqlError(206, types.left.name, types.right.name);
  const result = results[operator]();
  if (!Number.isFinite(result)) throw sqlError(8115, 'expression', types.result.name);
  return familyOf(types.result) === 'decimal' ? roundTo(result, types.result.scale) : result;
}

function operand(value: Stored, from: DataType, result: DataType): number {
  return familyOf(from) === 'text' ? Number(convert(value, from, result)) : Number(value);
}

function shiftMoment(
  operator: ArithmeticOperator,
  left: Stored,
  right: Stored,
  types: { readonly left: DataType; readonly right: DataType },
): Stored {
  const [moment, days] = familyOf(types.left) === 'moment' ? [left, right] : [right, left];
  const count = Number(days) * (operator === '-' ? -1 : 1);
  return addToMoment('millisecond', Math.round(count * 86_400_000), String(moment));
}
