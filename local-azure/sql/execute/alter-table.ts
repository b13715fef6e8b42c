// ALTER TABLE.
import { columnNamed, constraintsOf, qualified, sameName } from '../catalog/catalog.ts';
import type { Column, TableEntry } from '../catalog/entries.ts';
import { followedBy, sqlError } from '../errors.ts';
import { mayUse } from '../principals.ts';
import type { Writer } from '../sessions/transaction.ts';
import { columnDefinition, columnSql, createIndexSql, indexSql, ROW, tableSql } from '../storage/physical.ts';
import { sqliteMessage } from '../storage/store.ts';
import type { ColumnDefinition, StatementOf, TableChange } from '../t-sql/ast.ts';
import { requireCheck, requireParents } from './constraints.ts';
import type { Frame } from './frame.ts';
import { asIndexPredicate } from './indexes.ts';
import { columnValue, defaultValue, type RowTarget, type StoredRow } from './rows.ts';
import { withColumn, withConstraint } from './table-entry.ts';

export async function alterTable(frame: Frame, statement: StatementOf<'alter-table'>): Promise<void> {
  const { session } = frame;
  const { name, change } = statement;
  await session.transaction.write(session.lockSignal(frame.signal), (writer) => {
    const table = writer.catalog.table(name);
    if (!table || !mayUse(writer.catalog, session.principal, 'ALTER', table)) throw sqlError(4902, name.text);
    const target: RowTarget = { table, writer, frame, statement: 'ALTER TABLE' };
    const changed = apply(target, change);
    writer.saveEntry({ ...changed, modifiedAt: session.server.clock.now().getTime() });
  });
}

function apply(target: RowTarget, change: TableChange): TableEntry {
  switch (change.kind) {
    case 'add':
      return add(target, change);
    case 'drop':
      return change.items.reduce((table, item) => drop({ ...target, table }, item), target.table);
    case 'alter-column':
      return alterColumn(target, change);
  }
}

function add(target: RowTarget, change: Extract<TableChange, { kind: 'add' }>): TableEntry {
  const { writer } = target;
  let id = writer.catalog.nextId();
  const nextId = () => {
    id += 16;
    return id;
  };
  let table = target.table;
  for (const definition of change.columns) {
    table = withColumn(table, definition, nextId);
    addPhysical({ ...target, table }, definition, table.columns.at(-1));
  }
  const constraints = [...change.columns.flatMap((column) => column.constraints), ...change.constraints];
  for (const constraint of constraints) {
    const before = table;
    table = withConstraint(writer.catalog, table, constraint, nextId, change.columns);
    validate({ ...target, table }, before, change.check);
  }
  return table;
}

/** Rows there already take the default where the column is NOT NULL, or WITH VALUES was said. Throws 4901. */
function addPhysical(target: RowTarget, definition: ColumnDefinition, column: Column | undefined): void {
  if (!column) return;
  const { table, writer } = target;
  writer.run(`ALTER TABLE ${tableSql(table)} ADD COLUMN ${columnDefinition(column)}`);
  const rows = writer.query(`SELECT ${ROW} FROM ${tableSql(table)} ORDER BY ${ROW}`);
  if (rows.length === 0) return;
  if (!column.nullable && !column.default && !column.identity) throw sqlError(4901, column.name, table.name);
  if (column.nullable && !definition.withValues) return;
  const update = `UPDATE ${tableSql(table)} SET ${columnSql(column)} = ? WHERE ${ROW} = ?`;
  let identity = BigInt(column.identity?.seed ?? 0);
  for (const [row = null] of rows) {
    writer.run(update, [column.identity ? identity : defaultValue(target, column), row]);
    identity += BigInt(column.identity?.increment ?? 0);
  }
}

/** A new constraint holds for the rows that are there; keys get their index. */
function validate(target: RowTarget, before: TableEntry, check: boolean): void {
  const { table, writer } = target;
  for (const key of table.keys.slice(before.keys.length)) {
    requireNoNulls(target, key.columns);
    buildIndex(target, createIndexSql(table, key, null), key.name);
  }
  if (!check) return;
  const rows = allRows(writer, table);
  for (const added of table.checks.slice(before.checks.length)) requireCheck(target, added, rows);
  for (const added of table.foreignKeys.slice(before.foreignKeys.length)) requireParents(target, added, rows);
}

function requireNoNulls({ table, writer, frame }: RowTarget, columns: readonly number[]): void {
  for (const column of table.columns.filter((each) => columns.includes(each.id) && !each.nullable)) {
    const nulls = writer.query(`SELECT 1 FROM ${tableSql(table)} WHERE ${columnSql(column)} IS NULL LIMIT 1`);
    if (nulls.length > 0)
      throw sqlError(515, column.name, `${frame.session.database.name}.${qualified(table)}`, 'UPDATE');
  }
}

/** Throws 1505 (and 1750) where the rows already hold duplicates. */
export function buildIndex(target: RowTarget, sql: string, name: string): void {
  try {
    target.writer.run(sql);
  } catch (error) {
    if (!sqliteMessage(error).startsWith('UNIQUE constraint failed')) throw error;
    throw followedBy(sqlError(1505, qualified(target.table), name, '(…)'), 1750);
  }
}

function allRows(writer: Writer, table: TableEntry): StoredRow[] {
  const columns = [ROW, ...table.columns.map(columnSql)].join(', ');
  return writer
    .query(`SELECT ${columns} FROM ${tableSql(table)}`)
    .map(([row, ...values]) => ({ row: row as bigint, values }));
}

function drop(
  target: RowTarget,
  item: { kind: 'column' | 'constraint'; name: string; ifExists: boolean },
): TableEntry {
  return item.kind === 'column' ? dropColumn(target, item) : dropConstraint(target, item);
}

function dropColumn({ table, writer }: RowTarget, item: { name: string; ifExists: boolean }): TableEntry {
  const column = columnNamed(table, item.name);
  if (!column) {
    if (item.ifExists) return table;
    throw sqlError(4924, 'ALTER TABLE DROP COLUMN', item.name, table.name);
  }
  const user = dependent(writer, table, column);
  if (user) {
    throw followedBy(sqlError(5074, user.kind, user.name, column.name), 4922);
  }
  writer.run(`ALTER TABLE ${tableSql(table)} DROP COLUMN ${columnSql(column)}`);
  return { ...table, columns: table.columns.filter((each) => each !== column) };
}

function dependent(writer: Writer, table: TableEntry, column: Column): { kind: string; name: string } | null {
  if (column.default) return { kind: 'object', name: column.default.name };
  const uses = (part: { readonly columns: readonly number[] }) => part.columns.includes(column.id);
  const key = table.keys.find(uses) ?? table.foreignKeys.find(uses);
  if (key) return { kind: 'object', name: key.name };
  const index = table.indexes.find(uses);
  if (index) return { kind: 'index', name: index.name };
  const check = table.checks.find((each) =>
    new RegExp(`(^|[^\\p{L}\\p{N}_])${escaped(column.name)}($|[^\\p{L}\\p{N}_])`, 'iu').test(each.text),
  );
  if (check) return { kind: 'object', name: check.name };
  const referencing = writer.catalog
    .tables()
    .flatMap((each) => each.foreignKeys)
    .find((each) => each.table === table.id && each.referenced.includes(column.id));
  return referencing ? { kind: 'object', name: referencing.name } : null;
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function dropConstraint({ table, writer }: RowTarget, item: { name: string; ifExists: boolean }): TableEntry {
  const found = constraintsOf(table).find((each) => sameName(each.name, item.name));
  if (!found) {
    if (item.ifExists) return table;
    throw followedBy(sqlError(3728, item.name), 3727);
  }
  if (table.keys.some((key) => key.id === found.id)) {
    const referencing = writer.catalog
      .tables()
      .flatMap((each) => each.foreignKeys)
      .find((each) => each.table === table.id);
    if (referencing && found.type === 'PK')
      throw followedBy(sqlError(3725, found.name, referencing.name), 3727);
    writer.run(`DROP INDEX ${indexSql(found)}`);
  }
  const others = (part: { readonly id: number }) => part.id !== found.id;
  return {
    ...table,
    keys: table.keys.filter(others),
    checks: table.checks.filter(others),
    foreignKeys: table.foreignKeys.filter(others),
    columns: table.columns.map((column) =>
      column.default?.id === found.id ? { ...column, default: null } : column,
    ),
  };
}

/** The values are converted into a new physical column that takes the old one's place. */
function alterColumn(target: RowTarget, change: Extract<TableChange, { kind: 'alter-column' }>): TableEntry {
  const { table, writer } = target;
  const column = columnNamed(table, change.column);
  if (!column) throw sqlError(4924, 'ALTER TABLE ALTER COLUMN', change.column, table.name);
  const altered: Column = {
    ...column,
    id: table.nextColumn,
    type: change.type,
    nullable: change.nullable ?? true,
  };
  const inner: RowTarget = { ...target, statement: 'UPDATE' };
  const indexes = [...table.keys, ...table.indexes].filter((part) => part.columns.includes(column.id));
  writer.run(`ALTER TABLE ${tableSql(table)} ADD COLUMN ${columnDefinition(altered)}`);
  const update = `UPDATE ${tableSql(table)} SET ${columnSql(altered)} = ? WHERE ${ROW} = ?`;
  for (const [row = null, value = null] of writer.query(
    `SELECT ${ROW}, ${columnSql(column)} FROM ${tableSql(table)}`,
  )) {
    writer.run(update, [columnValue(inner, altered, value, column.type), row]);
  }
  for (const index of indexes) writer.run(`DROP INDEX ${indexSql(index)}`);
  writer.run(`ALTER TABLE ${tableSql(table)} DROP COLUMN ${columnSql(column)}`);
  // The new column keeps the old one's id, so that keys, indexes and foreign keys go on naming it.
  writer.run(`ALTER TABLE ${tableSql(table)} RENAME COLUMN ${columnSql(altered)} TO ${columnSql(column)}`);
  const columns = table.columns.map((each) => (each === column ? { ...altered, id: column.id } : each));
  const result: TableEntry = { ...table, columns };
  for (const index of indexes) {
    const filter =
      'filter' in index && index.filter ? asIndexPredicate(target.frame, result, index.filter) : null;
    writer.run(createIndexSql(result, index, filter));
  }
  return result;
}
