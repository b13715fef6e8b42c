// Rows on their way into a table: defaults, identities, conversions, and what a column refuses.
import { columnById, qualified } from '../catalog/catalog.ts';
import type { Column, TableEntry } from '../catalog/entries.ts';
import { sqlError } from '../errors.ts';
import type { Writer } from '../sessions/transaction.ts';
import { columnSql, ROW, TEMPORARY_IDENTITY, tableSql } from '../storage/physical.ts';
import { convert, type Stored, toText } from '../t-sql/conversion.ts';
import { type DataType, familyOf } from '../t-sql/data-types.ts';
import { expressionOf } from '../t-sql/parse-fragment.ts';
import { checkRows, duplicateKey } from './constraints.ts';
import { evaluate, type Frame } from './frame.ts';

export interface StoredRow {
  readonly row: bigint;
  /** In the order of the table's columns. */
  readonly values: readonly Stored[];
}

/** Where rows go: the user's writes are logged, those to temporary tables are not. */
export interface RowTarget {
  readonly table: TableEntry;
  readonly writer: Writer;
  readonly frame: Frame;
  readonly statement: 'INSERT' | 'UPDATE' | 'DELETE' | 'ALTER TABLE';
}

/** The value as this column keeps it. Throws 515, 2628, and conversion errors. */
export function columnValue(target: RowTarget, column: Column, value: Stored, from: DataType | null): Stored {
  const { table, frame, statement } = target;
  if (value === null) {
    if (column.nullable) return null;
    throw sqlError(
      515,
      column.name,
      `${frame.session.database.name}.${qualified(table)}`,
      statement === 'UPDATE' ? 'UPDATE' : 'INSERT',
    );
  }
  const family = familyOf(column.type);
  if ((family === 'text' || family === 'binary') && column.type.length !== null)
    checkLength(target, column, value, from);
  return convert(value, from, column.type);
}

function checkLength(
  { table, frame }: RowTarget,
  column: Column,
  value: Exclude<Stored, null>,
  from: DataType | null,
): void {
  const limit = column.type.length ?? 0;
  const text = value instanceof Uint8Array ? null : from ? toText(value, from) : String(value);
  const length = text === null ? (value as Uint8Array).length : text.replace(/ +$/, '').length;
  if (length <= limit) return;
  throw sqlError(
    2628,
    `${frame.session.database.name}.${qualified(table)}`,
    column.name,
    (text ?? '').slice(0, limit),
  );
}

/** A column's default, worked out now; NULL where it has none. */
export function defaultValue(target: RowTarget, column: Column): Stored {
  if (!column.default) return columnValue(target, column, null, null);
  const { value, type } = evaluate(target.frame, expressionOf(column.default.text));
  return columnValue(target, column, value, type);
}

/** Given values by column id; whatever is not given gets its default. Returns the rows as they were stored. */
export function insertRows(
  target: RowTarget,
  given: readonly ReadonlyMap<number, { readonly value: Stored; readonly type: DataType | null }>[],
): StoredRow[] {
  const { table, writer } = target;
  const identity = identityOf(target);
  const columns = table.columns.map(columnSql);
  const sql = `INSERT INTO ${tableSql(table)} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
  const rows = given.map((values) => {
    const stored = table.columns.map((column) => {
      const own = values.get(column.id);
      if (own) return columnValue(target, column, own.value, own.type);
      return column.identity && identity ? identity.next() : defaultValue(target, column);
    });
    identity?.take(stored);
    return { row: writeRow(target, sql, stored, stored), values: stored };
  });
  identity?.keep();
  checkRows(target, rows, []);
  writer.touch(table.id);
  return rows;
}

/** @param row what the row is then, for the message where a key refuses it. */
function writeRow(
  target: RowTarget,
  sql: string,
  parameters: readonly Stored[],
  row: readonly Stored[],
): bigint {
  try {
    return target.writer.run(sql, parameters).lastRow;
  } catch (error) {
    throw duplicateKey(target, error, row) ?? error;
  }
}

/** New values by column id, for rows that exist. */
export function updateRows(
  target: RowTarget,
  changes: readonly { readonly old: StoredRow; readonly values: ReadonlyMap<number, Stored> }[],
): StoredRow[] {
  const { table, writer } = target;
  const ids = [...(changes[0]?.values.keys() ?? [])];
  const sql = `UPDATE ${tableSql(table)} SET ${ids.map((id) => `${columnSql({ id })} = ?`).join(', ')} WHERE ${ROW} = ?`;
  const rows = changes.map(({ old, values }) => {
    const stored = table.columns.map((column, at) =>
      values.has(column.id) ? (values.get(column.id) ?? null) : (old.values[at] ?? null),
    );
    writeRow(target, sql, [...ids.map((id) => values.get(id) ?? null), old.row], stored);
    return { row: old.row, values: stored };
  });
  if (rows.length > 0)
    checkRows(
      target,
      rows,
      changes.map((change) => change.old),
    );
  writer.touch(table.id);
  return rows;
}

export function deleteRows(target: RowTarget, rows: readonly StoredRow[]): void {
  const { table, writer } = target;
  for (const { row } of rows) writer.run(`DELETE FROM ${tableSql(table)} WHERE ${ROW} = ?`, [row]);
  checkRows(target, [], rows);
  writer.touch(table.id);
}

interface IdentityCounter {
  next(): bigint;
  /** Learns a value that was given explicitly. */
  take(row: readonly Stored[]): void;
  keep(): void;
}

/** Null where the table has no identity column. */
function identityOf({ table, writer, frame }: RowTarget): IdentityCounter | null {
  const at = table.columns.findIndex((column) => column.identity !== null);
  const definition = table.columns[at]?.identity;
  if (!definition) return null;
  const seed = BigInt(definition.seed);
  const increment = BigInt(definition.increment);
  const counters = table.id < 0 ? TEMPORARY_IDENTITY : '"identity"';
  const kept = writer.query(`SELECT "last" FROM ${counters} WHERE "id" = ?`, [BigInt(table.id)])[0]?.[0];
  let last = typeof kept === 'bigint' ? kept : null;
  let current: bigint | null = null;
  return {
    next: () => (last === null ? seed : last + increment),
    take: (row) => {
      current = BigInt(String(row[at] ?? 0n));
      const isFurther = last === null || (increment > 0n ? current > last : current < last);
      if (isFurther) last = current;
    },
    keep: () => {
      if (last === null || current === null) return;
      const upsert = `INSERT INTO ${counters} ("id", "last") VALUES (?, ?) ON CONFLICT ("id") DO UPDATE SET "last" = excluded."last"`;
      writer.run(upsert, [BigInt(table.id), last]);
      frame.session.lastIdentity = current;
    },
  };
}

/** Rows of a table by a key, for foreign keys. */
export function rowsWhere(
  writer: Writer,
  table: TableEntry,
  columns: readonly number[],
  values: readonly Stored[],
): StoredRow[] {
  const list = [ROW, ...table.columns.map(columnSql)].join(', ');
  const where = columns.map((id) => `${columnSql(columnById(table, id))} = ?`).join(' AND ');
  return writer
    .query(`SELECT ${list} FROM ${tableSql(table)} WHERE ${where}`, values)
    .map(([row, ...rest]) => ({
      row: row as bigint,
      values: rest,
    }));
}
