// Text.

import { createHash } from 'node:crypto';
import { sqlError } from '../errors.ts';
import type { Stored } from '../t-sql/conversion.ts';
import {
  type DataType,
  GUID,
  INT,
  NVARCHAR_MAX,
  nvarchar,
  SYSNAME,
  VARBINARY_MAX,
} from '../t-sql/data-types.ts';
import { likePattern } from './like.ts';
import type { FunctionTable } from './scalar-function.ts';

const text = (value: Stored): string => String(value);
const count = (value: Stored): number => Math.max(Number(value), 0);
const sameAsFirst = (types: readonly (DataType | null)[]): DataType => types[0] ?? NVARCHAR_MAX;

const ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  SHA1: 'sha1',
  SHA: 'sha1',
  SHA2_256: 'sha256',
  SHA2_512: 'sha512',
};

export const TEXT_FUNCTIONS: FunctionTable = {
  // LEN does not count trailing blanks; DATALENGTH does.
  LEN: {
    parameters: ['text'],
    returns: INT,
    evaluate: (_, value) => BigInt(text(value).replace(/ +$/, '').length),
  },
  DATALENGTH: {
    parameters: ['any'],
    returns: INT,
    evaluate: (_, value) =>
      value instanceof Uint8Array
        ? BigInt(value.length)
        : typeof value === 'string'
          ? BigInt(value.length * 2)
          : 8n,
  },
  UPPER: { parameters: ['text'], returns: sameAsFirst, evaluate: (_, value) => text(value).toUpperCase() },
  LOWER: { parameters: ['text'], returns: sameAsFirst, evaluate: (_, value) => text(value).toLowerCase() },
  LTRIM: {
    parameters: ['text'],
    returns: sameAsFirst,
    evaluate: (_, value) => text(value).replace(/^ +/, ''),
  },
  RTRIM: {
    parameters: ['text'],
    returns: sameAsFirst,
    evaluate: (_, value) => text(value).replace(/ +$/, ''),
  },
  TRIM: {
    parameters: ['text'],
    returns: sameAsFirst,
    evaluate: (_, value) => text(value).replace(/^ +| +$/g, ''),
  },
  LEFT: {
    parameters: ['text', 'integer'],
    returns: sameAsFirst,
    evaluate: (_, value, length) => text(value).slice(0, count(length)),
  },
  RIGHT: {
    parameters: ['text', 'integer'],
    returns: sameAsFirst,
    evaluate: (_, value, length) => (count(length) === 0 ? '' : text(value).slice(-count(length))),
  },
  SUBSTRING: {
    parameters: ['text', 'integer', 'integer'],
    returns: sameAsFirst,
    evaluate: (_, value, start, length) => {
      if (Number(length) < 0) throw sqlError(537);
      const from = Number(start) - 1;
      return text(value).slice(Math.max(from, 0), Math.max(from + Number(length), 0));
    },
  },
  CHARINDEX: {
    parameters: ['text', 'text', 'integer'],
    required: 2,
    returns: INT,
    evaluate: (_, wanted, value, start = 1n) =>
      BigInt(
        text(value)
          .toLowerCase()
          .indexOf(text(wanted).toLowerCase(), Math.max(Number(start) - 1, 0)) + 1,
      ),
  },
  PATINDEX: {
    parameters: ['text', 'text'],
    returns: INT,
    evaluate: (_, pattern, value) => patternIndex(text(pattern), text(value)),
  },
  REPLACE: {
    parameters: ['text', 'text', 'text'],
    returns: NVARCHAR_MAX,
    evaluate: (_, value, wanted, other) =>
      text(wanted) === ''
        ? value
        : text(value).replace(new RegExp(escapeRegExp(text(wanted)), 'gi'), () => text(other)),
  },
  STUFF: {
    parameters: ['text', 'integer', 'integer', 'text'],
    returns: NVARCHAR_MAX,
    evaluate: (_, value, start, length, other) => {
      const from = Number(start) - 1;
      if (from < 0 || from >= text(value).length || Number(length) < 0) return null;
      return text(value).slice(0, from) + text(other) + text(value).slice(from + Number(length));
    },
  },
  REPLICATE: {
    parameters: ['text', 'integer'],
    returns: NVARCHAR_MAX,
    evaluate: (_, value, times) => text(value).repeat(count(times)),
  },
  SPACE: { parameters: ['integer'], returns: NVARCHAR_MAX, evaluate: (_, times) => ' '.repeat(count(times)) },
  REVERSE: {
    parameters: ['text'],
    returns: sameAsFirst,
    evaluate: (_, value) => [...text(value)].reverse().join(''),
  },
  CONCAT: {
    parameters: ['text', 'text'],
    variadic: true,
    seesNull: true,
    returns: NVARCHAR_MAX,
    evaluate: (_, ...values) => values.map((value) => value ?? '').join(''),
  },
  CONCAT_WS: {
    parameters: ['text', 'text', 'text'],
    variadic: true,
    seesNull: true,
    returns: NVARCHAR_MAX,
    evaluate: (_, separator, ...values) =>
      values.filter((value) => value !== null).join(text(separator ?? '')),
  },
  QUOTENAME: {
    parameters: ['text', 'text'],
    required: 1,
    returns: nvarchar(258),
    evaluate: (_, value, quote = '[') => quoteName(text(value), text(quote)),
  },
  ASCII: { parameters: ['text'], returns: INT, evaluate: (_, value) => codeAt(text(value)) },
  UNICODE: { parameters: ['text'], returns: INT, evaluate: (_, value) => codeAt(text(value)) },
  CHAR: {
    parameters: ['integer'],
    returns: nvarchar(1),
    evaluate: (_, code) => String.fromCharCode(Number(code)),
  },
  NCHAR: {
    parameters: ['integer'],
    returns: nvarchar(1),
    evaluate: (_, code) => String.fromCharCode(Number(code)),
  },
  STR: {
    parameters: ['float', 'integer', 'integer'],
    required: 1,
    returns: NVARCHAR_MAX,
    evaluate: (_, value, length = 10n, decimals = 0n) =>
      Number(value).toFixed(Number(decimals)).padStart(Number(length)),
  },
  PARSENAME: {
    parameters: ['text', 'integer'],
    returns: SYSNAME,
    evaluate: (_, name, part) =>
      [...text(name).split('.')].reverse()[Number(part) - 1]?.replace(/^\[(.*)\]$/, '$1') ?? null,
  },
  HASHBYTES: {
    parameters: ['text', 'binary'],
    returns: VARBINARY_MAX,
    evaluate: (_, algorithm, value) => {
      const known = ALGORITHMS[text(algorithm).toUpperCase()];
      return known && value instanceof Uint8Array ? createHash(known).update(value).digest() : null;
    },
  },
  NEWID: { parameters: [], returns: GUID, evaluate: (facts) => facts.random.guid().toUpperCase() },
  NEWSEQUENTIALID: { parameters: [], returns: GUID, evaluate: (facts) => facts.random.guid().toUpperCase() },
  CHECKSUM: {
    parameters: ['any'],
    variadic: true,
    seesNull: true,
    returns: INT,
    evaluate: (_, ...values) =>
      BigInt(createHash('md5').update(values.map(String).join('\0').toLowerCase()).digest().readInt32BE()),
  },
};

/** QUOTENAME answers NULL for what is longer than a name. */
function quoteName(value: string, quote: string): Stored {
  if (value.length > 128) return null;
  if (quote === '[' || quote === ']') return `[${value.replaceAll(']', ']]')}]`;
  return `${quote}${value.replaceAll(quote, quote + quote)}${quote}`;
}

function codeAt(value: string): Stored {
  return value === '' ? null : BigInt(value.charCodeAt(0));
}

function patternIndex(pattern: string, value: string): bigint {
  const inner = likePattern(pattern.replace(/^%/, '').replace(/%$/, ''), null, false);
  const source = `${pattern.startsWith('%') ? '' : '^'}${inner}${pattern.endsWith('%') ? '' : '$'}`;
  return BigInt(value.search(new RegExp(source, 'is')) + 1);
}

export function escapeRegExp(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
