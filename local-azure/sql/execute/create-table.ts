// CREATE TABLE: columns and constraints into the catalog, and the table into SQLite.
import { type Catalog, sameName } from '../catalog/catalog.ts';
import type { TableEntry } from '../catalog/entries.ts';
import { sqlError } from '../errors.ts';
import { mayOnDatabase } from '../principals.ts';
import type { Writer } from '../sessions/transaction.ts';
import { createIndexSql, createTableSql } from '../storage/physical.ts';
import type { ColumnDefinition, ConstraintDefinition, ObjectName } from '../t-sql/ast.ts';
import type { Frame } from './frame.ts';
import { requireSchema } from './objects.ts';
import { withColumn, withConstraint } from './table-entry.ts';
import { temporaryWriter } from './targets.ts';

/** Throws 2714, 2705, 2760, 262, 1769 and what constraints refuse. */
export async function createTable(
  frame: Frame,
  name: ObjectName,
  columns: readonly ColumnDefinition[],
  constraints: readonly ConstraintDefinition[],
): Promise<TableEntry> {
  const { session } = frame;
  if (/^[#@]/.test(name.name)) return createTemporary(frame, name.name, columns, constraints);
  if (!mayOnDatabase(session.catalog, session.principal, 'CREATE TABLE'))
    throw sqlError(262, 'CREATE TABLE', session.database.name);
  requireSchema(session.catalog, session.principal, name.schema ?? 'dbo');
  return session.transaction.write(session.lockSignal(frame.signal), (writer) => {
    const schema = name.schema ?? 'dbo';
    if (
      writer.catalog
        .objects()
        .some((object) => sameName(object.name, name.name) && sameName(object.schema, schema))
    ) {
      throw sqlError(2714, name.name);
    }
    const table = buildTable(
      frame,
      writer.catalog,
      writer.catalog.nextId(),
      schema,
      name.name,
      columns,
      constraints,
    );
    writer.saveEntry(table);
    createPhysical(writer, table);
    return table;
  });
}

export function createPhysical(writer: Writer, table: TableEntry): void {
  writer.run(createTableSql(table));
  for (const key of table.keys) writer.run(createIndexSql(table, key, null));
}

function createTemporary(
  frame: Frame,
  name: string,
  columns: readonly ColumnDefinition[],
  constraints: readonly ConstraintDefinition[],
): TableEntry {
  const { session } = frame;
  const tables = name.startsWith('@') ? frame.tables : session.temporaryTables;
  if (tables.has(name.toLowerCase())) throw name.startsWith('@') ? sqlError(134, name) : sqlError(2714, name);
  const table = buildTable(
    frame,
    session.catalog,
    session.nextTemporaryId(),
    'dbo',
    name,
    columns,
    constraints,
  );
  const writer = temporaryWriter(frame);
  writer.run(createTableSql(table).replace(/^CREATE TABLE /, 'CREATE TEMP TABLE '));
  for (const key of table.keys)
    writer.run(createIndexSql(table, key, null).replace(' INDEX "', ' INDEX temp."'));
  tables.set(name.toLowerCase(), table);
  return table;
}

/** Constraint ids follow the table's; a temporary table's lie below zero as well. */
function buildTable(
  frame: Frame,
  catalog: Catalog,
  id: number,
  schema: string,
  name: string,
  definitions: readonly ColumnDefinition[],
  constraints: readonly ConstraintDefinition[],
): TableEntry {
  const now = frame.session.server.clock.now().getTime();
  const ids = id < 0 ? () => frame.session.nextTemporaryId() : counter(id);
  let table: TableEntry = {
    kind: 'table',
    id,
    schema,
    name,
    createdAt: now,
    modifiedAt: now,
    columns: [],
    nextColumn: 1,
    keys: [],
    indexes: [],
    foreignKeys: [],
    checks: [],
  };
  for (const definition of definitions) table = withColumn(table, definition, ids);
  if (table.columns.filter((column) => column.identity).length > 1) throw sqlError(2744, name);
  const all = [...definitions.flatMap((definition) => definition.constraints), ...constraints];
  for (const constraint of all) table = withConstraint(catalog, table, constraint, ids, definitions);
  return table;
}

function counter(start: number): () => number {
  let id = start;
  return () => {
    id += 16;
    return id;
  };
}
