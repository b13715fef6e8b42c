// Constraints: keys, checks, foreign keys, told as SQL Server tells them.
import { columnById, qualified, sameName } from '../catalog/catalog.ts';
import type { ForeignKey, TableEntry } from '../catalog/entries.ts';
import { compilePredicate } from '../compile/predicate.ts';
import { createTranslation, type RowSet, rootScope } from '../compile/scope.ts';
import { fromRows } from '../compile/sources.ts';
import { type SqlServerError, sqlError } from '../errors.ts';
import { columnSql } from '../storage/physical.ts';
import { sqliteMessage } from '../storage/store.ts';
import { type Stored, toText } from '../t-sql/conversion.ts';
import { predicateOf } from '../t-sql/parse-fragment.ts';
import { defaultValue, deleteRows, type RowTarget, rowsWhere, type StoredRow, updateRows } from './rows.ts';

/** SQLite's refusal of a duplicate as 2627 or 2601; null where it refused something else. */
export function duplicateKey(
  target: RowTarget,
  error: unknown,
  values: readonly Stored[],
): SqlServerError | null {
  const failed = /^UNIQUE constraint failed: (.*)$/.exec(sqliteMessage(error))?.[1];
  if (failed === undefined) return null;
  const { table } = target;
  const byName = /index '?"?i(\d+)/.exec(failed)?.[1];
  const columns = [...failed.matchAll(/\.c(\d+)/g)].map((match) => Number(match[1]));
  const found = [...table.keys, ...table.indexes].find((part) =>
    byName
      ? part.id === Number(byName)
      : part.columns.length === columns.length && part.columns.every((id, at) => id === columns[at]),
  );
  if (!found) return null;
  const shown = found.columns.map((id) => shownValue(table, id, values)).join(', ');
  if ('primary' in found)
    return sqlError(2627, found.primary ? 'PRIMARY KEY' : 'UNIQUE KEY', found.name, qualified(table), shown);
  return sqlError(2601, qualified(table), found.name, shown);
}

function shownValue(table: TableEntry, id: number, values: readonly Stored[]): string {
  const at = table.columns.findIndex((column) => column.id === id);
  const value = values[at] ?? null;
  return value === null ? '<NULL>' : toText(value, columnById(table, id).type).trimEnd().toLowerCase();
}

/** What must hold once a statement has written: checks and foreign keys, in both directions. */
export function checkRows(
  target: RowTarget,
  written: readonly StoredRow[],
  before: readonly StoredRow[],
): void {
  if (written.length > 0) {
    for (const check of target.table.checks) requireCheck(target, check, written);
    for (const key of target.table.foreignKeys) requireParents(target, key, written);
  }
  if (before.length > 0) settleChildren(target, written, before);
}

export function asRowSet(table: TableEntry, rows: readonly StoredRow[]): RowSet {
  return {
    columns: table.columns.map(({ name, type }) => ({ name, type })),
    rows: rows.map((row) => row.values),
  };
}

/** A check fails where it is false; UNKNOWN passes. Throws 547. */
export function requireCheck(
  target: RowTarget,
  check: { readonly name: string; readonly text: string },
  rows: readonly StoredRow[],
): void {
  const { table, frame } = target;
  const translation = createTranslation(frame.environment);
  const scope = rootScope(translation);
  const source = fromRows(asRowSet(table, rows), table.name, table.schema, scope);
  const predicate = compilePredicate(predicateOf(check.text), { ...scope, sources: source.sources });
  const failed = frame.session.store.query(
    `SELECT 1 FROM ${source.sql} WHERE NOT ${predicate} LIMIT 1`,
    translation.parameters,
  );
  if (failed.length > 0) throw conflict(target, 'CHECK', check.name, table, null);
}

/** Throws 547 where a row's parent is missing. */
export function requireParents(target: RowTarget, key: ForeignKey, rows: readonly StoredRow[]): void {
  const parent = target.writer.catalog.tableById(key.table);
  if (!parent) return;
  for (const row of rows) {
    const values = valuesOf(target.table, key.columns, row);
    if (values.includes(null)) continue;
    if (rowsWhere(target.writer, parent, key.referenced, values).length === 0) {
      throw conflict(target, 'FOREIGN KEY', key.name, parent, key.referenced);
    }
  }
}

function conflict(
  target: RowTarget,
  kind: string,
  name: string,
  table: TableEntry,
  columns: readonly number[] | null,
): SqlServerError {
  const [only, second] = columns ?? [];
  const column =
    only !== undefined && second === undefined ? `, column '${columnById(table, only).name}'` : '';
  return sqlError(
    547,
    target.statement,
    kind,
    name,
    target.frame.session.database.name,
    qualified(table),
    column,
  );
}

function valuesOf(table: TableEntry, columns: readonly number[], row: StoredRow): Stored[] {
  return columns.map((id) => row.values[table.columns.findIndex((column) => column.id === id)] ?? null);
}

/** Children of rows that went, or whose key changed: refused, or carried along. */
function settleChildren(
  target: RowTarget,
  written: readonly StoredRow[],
  before: readonly StoredRow[],
): void {
  const { table, writer } = target;
  const byRow = new Map(written.map((row) => [row.row, row]));
  for (const child of writer.catalog.tables()) {
    for (const key of child.foreignKeys.filter((candidate) => candidate.table === table.id)) {
      for (const old of before) settleChild(target, child, key, old, byRow.get(old.row) ?? null);
    }
  }
}

function settleChild(
  target: RowTarget,
  child: TableEntry,
  key: ForeignKey,
  old: StoredRow,
  now: StoredRow | null,
): void {
  const { table, writer } = target;
  const values = valuesOf(table, key.referenced, old);
  if (values.includes(null) || rowsWhere(writer, table, key.referenced, values).length > 0) return;
  const orphans = rowsWhere(writer, child, key.columns, values);
  if (orphans.length === 0) return;
  const action = now ? key.onUpdate : key.onDelete;
  if (action === 'NO ACTION') {
    const kind = sameName(child.name, table.name) ? 'SAME TABLE REFERENCE' : 'REFERENCE';
    throw conflict({ ...target, table: child }, kind, key.name, child, key.columns);
  }
  const inner: RowTarget = {
    ...target,
    table: child,
    statement: action === 'CASCADE' && !now ? 'DELETE' : 'UPDATE',
  };
  if (action === 'CASCADE' && !now) {
    deleteRows(inner, orphans);
    return;
  }
  const replacement = now && action === 'CASCADE' ? valuesOf(table, key.referenced, now) : null;
  const change = new Map(
    key.columns.map((id, at) => {
      const column = columnById(child, id);
      return [
        id,
        replacement
          ? (replacement[at] ?? null)
          : action === 'SET DEFAULT'
            ? defaultValue(inner, column)
            : null,
      ] as const;
    }),
  );
  updateRows(
    inner,
    orphans.map((orphan) => ({ old: orphan, values: change })),
  );
}

/** The column names of a key, as SQLite knows them. */
export function keySql(columns: readonly number[]): string {
  return columns.map((id) => columnSql({ id })).join(', ');
}
