// sp_rename: tables, views, procedures, columns, indexes and constraints.
import { columnNamed, constraintsOf, sameName } from '../catalog/catalog.ts';
import type { TableEntry } from '../catalog/entries.ts';
import { sqlError } from '../errors.ts';
import { parseObjectName } from '../functions/object-names.ts';
import { mayUse } from '../principals.ts';
import type { SessionEvent } from '../session.ts';
import type { Writer } from '../sessions/transaction.ts';
import { namedArguments } from './arguments.ts';
import type { CallArgument } from './calls.ts';
import type { Frame } from './frame.ts';

export async function* rename(
  frame: Frame,
  args: readonly CallArgument[],
): AsyncGenerator<SessionEvent, number> {
  const { session } = frame;
  const given = namedArguments('sp_rename', ['@objname', '@newname', '@objtype'], args);
  const name = given.text('@objname') ?? '';
  const newName = given.text('@newname') ?? '';
  const type = (given.text('@objtype') ?? 'OBJECT').toUpperCase();
  await session.transaction.write(session.lockSignal(frame.signal), (writer) => {
    const renamed =
      type === 'OBJECT'
        ? renameObject(frame, writer, name, newName)
        : renamePart(frame, writer, name, newName, type);
    if (!renamed) throw sqlError(15225, name, session.database.name, type);
  });
  const text = 'Caution: Changing any part of an object name could break scripts and stored procedures.';
  yield {
    kind: 'message',
    message: { number: 15477, severity: 0, state: 1, line: 1, procedure: 'sp_rename', text },
  };
  return 0;
}

function renameObject(frame: Frame, writer: Writer, text: string, newName: string): boolean {
  const name = parseObjectName(text);
  const { catalog } = writer;
  const object = catalog.object(name);
  const taken = catalog
    .objects()
    .some((each) => sameName(each.name, newName) && sameName(each.schema, name.schema ?? 'dbo'));
  if (taken) throw sqlError(15335, newName, 'OBJECT');
  if (object) {
    if (!mayUse(catalog, frame.session.principal, 'ALTER', object)) return false;
    writer.saveEntry({ ...object, name: newName });
    return true;
  }
  const owner = catalog
    .tables()
    .find((table) => constraintsOf(table).some((each) => sameName(each.name, name.name)));
  if (!owner) return false;
  const renamed = <T extends { readonly name: string }>(part: T): T =>
    sameName(part.name, name.name) ? { ...part, name: newName } : part;
  writer.saveEntry({
    ...owner,
    keys: owner.keys.map(renamed),
    checks: owner.checks.map(renamed),
    foreignKeys: owner.foreignKeys.map(renamed),
    columns: owner.columns.map((column) =>
      column.default ? { ...column, default: renamed(column.default) } : column,
    ),
  });
  return true;
}

/** `table.column` or `table.index`, with or without the schema. */
function renamePart(frame: Frame, writer: Writer, text: string, newName: string, type: string): boolean {
  const part = parseObjectName(text);
  const [, schema = 'dbo'] = text.split('.').reverse().slice(1);
  const table = writer.catalog.table({
    ...part,
    schema: parseObjectName(schema).name,
    name: part.schema ?? '',
  });
  if (!table || !mayUse(writer.catalog, frame.session.principal, 'ALTER', table)) return false;
  const changed =
    type === 'COLUMN'
      ? withColumnName(table, part.name, newName)
      : type === 'INDEX'
        ? withIndexName(table, part.name, newName)
        : null;
  if (!changed) return false;
  writer.saveEntry(changed);
  return true;
}

function withColumnName(table: TableEntry, name: string, newName: string): TableEntry | null {
  const column = columnNamed(table, name);
  if (!column) return null;
  if (columnNamed(table, newName)) throw sqlError(15335, newName, 'COLUMN');
  return {
    ...table,
    columns: table.columns.map((each) => (each === column ? { ...each, name: newName } : each)),
  };
}

function withIndexName(table: TableEntry, name: string, newName: string): TableEntry | null {
  const index = table.indexes.find((each) => sameName(each.name, name));
  if (!index) return null;
  return {
    ...table,
    indexes: table.indexes.map((each) => (each === index ? { ...each, name: newName } : each)),
  };
}
