// CREATE INDEX, DROP INDEX.
import { columnNamed, qualified, sameName } from '../catalog/catalog.ts';
import type { Index, TableEntry } from '../catalog/entries.ts';
import { compilePredicate } from '../compile/predicate.ts';
import { createTranslation, rootScope } from '../compile/scope.ts';
import { sqlError } from '../errors.ts';
import { mayUse } from '../principals.ts';
import { columnSql, createIndexSql, indexSql } from '../storage/physical.ts';
import type { StatementOf } from '../t-sql/ast.ts';
import { predicateOf } from '../t-sql/parse-fragment.ts';
import { buildIndex } from './alter-table.ts';
import type { Frame } from './frame.ts';
import { temporaryWriter } from './targets.ts';

/** A filter as SQLite's CREATE INDEX takes it: over bare columns, without parameters. */
export function asIndexPredicate(frame: Frame, table: TableEntry, filter: string): string {
  const translation = createTranslation(frame.environment);
  const columns = table.columns.map((column) => ({
    name: column.name,
    type: column.type,
    sql: columnSql(column),
  }));
  const scope = {
    ...rootScope(translation),
    sources: [{ alias: table.name, schema: table.schema, columns }],
  };
  return compilePredicate(predicateOf(filter), scope);
}

export async function createIndex(frame: Frame, statement: StatementOf<'create-index'>): Promise<void> {
  const { session } = frame;
  const temporary = frame.environment.temporary(statement.table.name);
  if (temporary) {
    const index = buildEntry(frame, temporary, statement, frame.session.nextTemporaryId());
    const sql = createIndexSql(temporary, index, null).replace(' INDEX "', ' INDEX temp."');
    temporaryWriter(frame).run(sql);
    session.temporaryTables.set(temporary.name.toLowerCase(), {
      ...temporary,
      indexes: [...temporary.indexes, index],
    });
    return;
  }
  await session.transaction.write(session.lockSignal(frame.signal), (writer) => {
    const table = writer.catalog.table(statement.table);
    if (!table || !mayUse(writer.catalog, session.principal, 'ALTER', table))
      throw sqlError(1088, statement.table.text);
    const index = buildEntry(frame, table, statement, writer.catalog.nextId());
    const filter = index.filter === null ? null : asIndexPredicate(frame, table, index.filter);
    buildIndex(
      { table, writer, frame, statement: 'ALTER TABLE' },
      createIndexSql(table, index, filter),
      index.name,
    );
    writer.saveEntry({
      ...table,
      indexes: [...table.indexes, index],
      modifiedAt: session.server.clock.now().getTime(),
    });
  });
}

function buildEntry(
  _frame: Frame,
  table: TableEntry,
  statement: StatementOf<'create-index'>,
  id: number,
): Index {
  const taken = [...table.indexes, ...table.keys].some((index) => sameName(index.name, statement.name));
  if (taken) throw sqlError(1913, statement.name, qualified(table));
  const columnId = (name: string) => {
    const column = columnNamed(table, name);
    if (!column) throw sqlError(1911, name);
    return column.id;
  };
  for (const name of statement.included) columnId(name);
  return {
    id,
    name: statement.name,
    unique: statement.unique,
    clustered: statement.clustered,
    columns: statement.columns.map(columnId),
    filter: statement.filter,
  };
}

export async function dropIndex(frame: Frame, statement: StatementOf<'drop-index'>): Promise<void> {
  const { session } = frame;
  await session.transaction.write(session.lockSignal(frame.signal), (writer) => {
    const table = writer.catalog.table(statement.table);
    const index = table?.indexes.find((each) => sameName(each.name, statement.name));
    if (!table || !index) {
      if (statement.ifExists) return;
      throw sqlError(3701, 'drop', 'index', `${statement.table.text}.${statement.name}`);
    }
    if (!mayUse(writer.catalog, session.principal, 'ALTER', table))
      throw sqlError(3701, 'drop', 'index', statement.name);
    writer.run(`DROP INDEX ${indexSql(index)}`);
    writer.saveEntry({ ...table, indexes: table.indexes.filter((each) => each !== index) });
  });
}
