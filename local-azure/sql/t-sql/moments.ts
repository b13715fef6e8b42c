// Dates and times as they are kept: text in UTC, always of full width, so that it sorts as the moments do.
import { sqlError } from '../errors.ts';
import type { DataType } from './data-types.ts';

const MOMENT =
  /^\s*(\d{4})-?(\d{1,2})-?(\d{1,2})(?:[T\s]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?)?\s*(Z|[+-]\d{1,2}:\d{2})?\s*$/i;
const TIME_OF_DAY = /^\s*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?\s*$/;

export type DatePart =
  | 'year'
  | 'quarter'
  | 'month'
  | 'dayofyear'
  | 'day'
  | 'week'
  | 'weekday'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'microsecond';

const PARTS: Readonly<Record<string, DatePart>> = {
  year: 'year',
  yy: 'year',
  yyyy: 'year',
  quarter: 'quarter',
  qq: 'quarter',
  q: 'quarter',
  month: 'month',
  mm: 'month',
  m: 'month',
  dayofyear: 'dayofyear',
  dy: 'dayofyear',
  y: 'dayofyear',
  day: 'day',
  dd: 'day',
  d: 'day',
  week: 'week',
  wk: 'week',
  ww: 'week',
  weekday: 'weekday',
  dw: 'weekday',
  w: 'weekday',
  hour: 'hour',
  hh: 'hour',
  minute: 'minute',
  mi: 'minute',
  n: 'minute',
  second: 'second',
  ss: 'second',
  s: 'second',
  millisecond: 'millisecond',
  ms: 'millisecond',
  microsecond: 'microsecond',
  mcs: 'microsecond',
};

/** Null where there is no such part. */
export function datePart(name: string): DatePart | null {
  return PARTS[name.toLowerCase()] ?? null;
}

/** `2026-01-31 12:30:00.1234567`; the fraction has seven digits, as datetime2. */
export function fromDate(date: Date): string {
  return `${date.toISOString().slice(0, 23).replace('T', ' ')}0000`;
}

/** The moment as milliseconds see it. */
export function toDate(text: string): Date {
  return new Date(`${text.slice(0, 10)}T${text.slice(11, 23)}Z`);
}

/** Reads what a user writes. Throws SqlServerError 241. */
export function parseMoment(text: string): string {
  const time = TIME_OF_DAY.exec(text);
  if (time) return `1900-01-01 ${clockOf(time[1], time[2], time[3], time[4])}`;
  const found = MOMENT.exec(text);
  if (!found) throw sqlError(241);
  const [, year = '', month = '', day = '', hour, minute, second, fraction, offset] = found;
  const moment = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')} ${clockOf(hour, minute, second, fraction)}`;
  const date = toDate(moment);
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day)) throw sqlError(241);
  if (!offset || offset.toUpperCase() === 'Z') return moment;
  const [hours = '0', minutes = '0'] = offset.slice(1).split(':');
  const shift = (Number(hours) * 60 + Number(minutes)) * 60_000 * (offset[0] === '-' ? 1 : -1);
  return fromDate(new Date(date.getTime() + shift)).slice(0, 23) + moment.slice(23);
}

function clockOf(hour = '0', minute = '0', second = '0', fraction = ''): string {
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) throw sqlError(241);
  const two = (part: string) => part.padStart(2, '0');
  return `${two(hour)}:${two(minute)}:${two(second)}.${fraction.padEnd(7, '0')}`;
}

/** A kept moment in the shape of this type; `time` is kept as text of its own. */
export function momentAs(moment: string, type: DataType): string {
  switch (type.name) {
    case 'date':
      return `${moment.slice(0, 10)} 00:00:00.0000000`;
    case 'time':
      return type.scale === 0 ? moment.slice(11, 19) : moment.slice(11, 20 + type.scale);
    case 'smalldatetime':
      return `${moment.slice(0, 16)}:00.0000000`;
    case 'datetime':
      return `${moment.slice(0, 23)}0000`;
    default:
      return moment.slice(0, 20 + type.scale).padEnd(27, '0');
  }
}

/** As SQL Server prints the type, in style 0, 120, 121, 126 and the like. */
export function formatMoment(moment: string, type: DataType, style: number): string {
  const day = moment.slice(0, 10);
  if (type.name === 'date') return style === 112 ? day.replaceAll('-', '') : day;
  const seconds = moment.slice(11, 19);
  const scale = type.name === 'datetime' ? 3 : type.name === 'smalldatetime' ? 0 : type.scale;
  const fraction = scale > 0 ? moment.slice(19, 20 + scale) : '';
  const zone = type.name === 'datetimeoffset' ? ' +00:00' : '';
  switch (style) {
    case 23:
      return day;
    case 112:
      return day.replaceAll('-', '');
    case 108:
      return seconds;
    case 20:
    case 120:
      return `${day} ${seconds}${zone}`;
    case 126:
    case 127:
      return `${day}T${seconds}${/^\.0*$/.test(fraction) && type.name === 'datetime' ? '' : fraction}${zone && 'Z'}`;
    case 0:
      if (type.name === 'datetime' || type.name === 'smalldatetime') return monthStyle(moment);
      return `${day} ${seconds}${fraction}${zone}`;
    case 21:
    case 25:
    case 121:
      return `${day} ${seconds}${fraction}${zone}`;
    default:
      throw sqlError(40517, `CONVERT style ${style}`);
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Style 0 of the old types: `Jan  5 2026  3:07PM`. */
function monthStyle(moment: string): string {
  const hour = Number(moment.slice(11, 13));
  const month = MONTHS[Number(moment.slice(5, 7)) - 1] ?? '';
  const day = String(Number(moment.slice(8, 10))).padStart(2);
  return `${month} ${day} ${moment.slice(0, 4)} ${String(hour % 12 || 12).padStart(2)}${moment.slice(13, 16)}${hour < 12 ? 'AM' : 'PM'}`;
}

const UNIT_MS: Readonly<Partial<Record<DatePart, number>>> = {
  week: 604_800_000,
  weekday: 86_400_000,
  day: 86_400_000,
  dayofyear: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};

/** DATEADD. Throws SqlServerError 517. */
export function addToMoment(part: DatePart, count: number, moment: string): string {
  const date = toDate(moment);
  const months =
    part === 'year' ? count * 12 : part === 'quarter' ? count * 3 : part === 'month' ? count : null;
  const unit = UNIT_MS[part] ?? (part === 'microsecond' ? 0.001 : 0);
  const result = months === null ? new Date(date.getTime() + count * unit) : addMonths(date, months);
  const year = result.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw sqlError(517, 'datetime');
  return fromDate(result).slice(0, 23) + moment.slice(23);
}

function addMonths(date: Date, months: number): Date {
  const first = new Date(date);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() + months);
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date.getUTCDate(), last));
  return first;
}

/** DATEDIFF: boundaries of the part that lie between the two. */
export function momentDifference(part: DatePart, from: string, to: string): number {
  if (part === 'year' || part === 'quarter' || part === 'month') {
    const per = part === 'year' ? 12 : part === 'quarter' ? 3 : 1;
    const index = (moment: string) =>
      Math.floor((Number(moment.slice(0, 4)) * 12 + Number(moment.slice(5, 7)) - 1) / per);
    return index(to) - index(from);
  }
  if (part === 'microsecond') return (toDate(to).getTime() - toDate(from).getTime()) * 1000;
  const unit = UNIT_MS[part] ?? 1;
  // Weeks begin on Sunday: 1970-01-04 was one.
  const origin = part === 'week' ? 3 * 86_400_000 : 0;
  const index = (moment: string) => Math.floor((toDate(moment).getTime() - origin) / unit);
  return index(to) - index(from);
}

/** DATEPART. */
export function partOfMoment(part: DatePart, moment: string): number {
  const date = toDate(moment);
  const yearStart = Date.UTC(date.getUTCFullYear(), 0, 1);
  const dayOfYear = Math.floor((date.getTime() - yearStart) / 86_400_000) + 1;
  switch (part) {
    case 'year':
      return date.getUTCFullYear();
    case 'quarter':
      return Math.floor(date.getUTCMonth() / 3) + 1;
    case 'month':
      return date.getUTCMonth() + 1;
    case 'dayofyear':
      return dayOfYear;
    case 'day':
      return date.getUTCDate();
    case 'week':
      return Math.floor((dayOfYear - 1 + new Date(yearStart).getUTCDay()) / 7) + 1;
    case 'weekday':
      return date.getUTCDay() + 1;
    case 'hour':
      return date.getUTCHours();
    case 'minute':
      return date.getUTCMinutes();
    case 'second':
      return date.getUTCSeconds();
    case 'millisecond':
      return date.getUTCMilliseconds();
    case 'microsecond':
      return Number(moment.slice(20, 26));
  }
}
