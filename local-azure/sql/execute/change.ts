// UPDATE and DELETE: find the rows, then change them one by one.
import { columnNamed, sameName } from '../catalog/catalog.ts';
import type { Column, TableEntry } from '../catalog/entries.ts';
import { compileCommonTables } from '../compile/common-tables.ts';
import { type Compiled, compileExpression } from '../compile/expression.ts';
import { compilePredicate } from '../compile/predicate.ts';
import { createTranslation, rootScope, type Scope, type Source } from '../compile/scope.ts';
import { compileFrom } from '../compile/sources.ts';
import { sqlError } from '../errors.ts';
import type { SessionEvent } from '../session.ts';
import { columnSql, tableSql } from '../storage/physical.ts';
import type { Assignment, ObjectName, StatementOf, TableSource } from '../t-sql/ast.ts';
import type { Stored } from '../t-sql/conversion.ts';
import type { Frame } from './frame.ts';
import { outputEvents, readOutput } from './output.ts';
import { columnValue, defaultValue, deleteRows, type RowTarget, type StoredRow, updateRows } from './rows.ts';
import { resolveTarget, writeTable } from './targets.ts';

type Change = StatementOf<'update'> | StatementOf<'delete'>;

interface Found {
  readonly old: StoredRow;
  /** What the extra expressions came to. */
  readonly extra: readonly Stored[];
}

export async function* runUpdate(
  frame: Frame,
  statement: StatementOf<'update'>,
): AsyncGenerator<SessionEvent, void> {
  const table = targetTable(frame, statement, 'UPDATE');
  const result = await writeTable(frame, table, (writer, current) => {
    const target: RowTarget = { table: current, writer, frame, statement: 'UPDATE' };
    const columns = assignedColumns(current, statement.assignments);
    const { rows, compiled } = findRows(frame, current, statement, (scope) =>
      statement.assignments.map(
        (assignment) => assignment.value && compileExpression(assignment.value, scope),
      ),
    );
    const changes = rows.map(({ old, extra }) => ({
      old,
      values: newValues(target, columns, compiled, extra),
    }));
    const stored = updateRows(target, changes);
    return {
      count: stored.length,
      output: readOutput(
        target,
        statement.output,
        stored,
        rows.map((row) => row.old),
      ),
    };
  });
  yield* outputEvents(frame, result.output, result.count);
}

function assignedColumns(table: TableEntry, assignments: readonly Assignment[]): Column[] {
  return assignments.map((assignment) => {
    const column = columnNamed(table, assignment.column);
    if (!column) throw Object.assign(sqlError(207, assignment.column), { line: assignment.line });
    if (column.identity) throw sqlError(8102, column.name);
    return column;
  });
}

function newValues(
  target: RowTarget,
  columns: readonly Column[],
  compiled: readonly (Compiled | null)[],
  extra: readonly Stored[],
): Map<number, Stored> {
  return new Map(
    columns.map((column, at) => {
      const from = compiled[at];
      return [
        column.id,
        from ? columnValue(target, column, extra[at] ?? null, from.type) : defaultValue(target, column),
      ];
    }),
  );
}

export async function* runDelete(
  frame: Frame,
  statement: StatementOf<'delete'>,
): AsyncGenerator<SessionEvent, void> {
  const table = targetTable(frame, statement, 'DELETE');
  const result = await writeTable(frame, table, (writer, current) => {
    const target: RowTarget = { table: current, writer, frame, statement: 'DELETE' };
    const { rows } = findRows(frame, current, statement, () => []);
    const old = rows.map((row) => row.old);
    deleteRows(target, old);
    return { count: old.length, output: readOutput(target, statement.output, [], old) };
  });
  yield* outputEvents(frame, result.output, result.count);
}

export async function* runTruncate(
  frame: Frame,
  statement: StatementOf<'truncate'>,
): AsyncGenerator<SessionEvent, void> {
  const table = resolveTarget(frame, statement.table, 'ALTER');
  await writeTable(frame, table, (writer, current) => {
    const referenced = writer.catalog
      .tables()
      .some((each) => each.foreignKeys.some((key) => key.table === current.id));
    if (referenced) throw sqlError(4712, current.name);
    writer.run(`DELETE FROM ${tableSql(current)}`);
    if (current.id > 0) writer.run('DELETE FROM "identity" WHERE "id" = ?', [BigInt(current.id)]);
    writer.touch(current.id);
  });
  yield { kind: 'done', rowCount: null };
}

/** The table that is meant: an alias of FROM, or a name of its own. */
function targetTable(frame: Frame, statement: Change, permission: 'UPDATE' | 'DELETE'): TableEntry {
  const meant = statement.from.flatMap(namedSources).find((source) => isTarget(source, statement.table));
  return resolveTarget(frame, meant?.name ?? statement.table, permission);
}

type Named = Extract<TableSource, { kind: 'named' }>;

function namedSources(source: TableSource): Named[] {
  if (source.kind === 'join') return [...namedSources(source.left), ...namedSources(source.right)];
  return source.kind === 'named' ? [source] : [];
}

function isTarget(source: Named, target: ObjectName): boolean {
  if (source.alias !== null) return target.schema === null && sameName(source.alias, target.name);
  return (
    sameName(source.name.name, target.name) && sameName(source.name.schema ?? 'dbo', target.schema ?? 'dbo')
  );
}

function findRows(
  frame: Frame,
  table: TableEntry,
  statement: Change,
  extras: (scope: Scope) => readonly (Compiled | null)[],
): { rows: Found[]; compiled: readonly (Compiled | null)[] } {
  const translation = createTranslation(frame.environment);
  const common = compileCommonTables(statement.with, rootScope(translation));
  const { sql: from, scope } = compileFrom(sourcesOf(statement), common.scope);
  const target = targetSource(scope, table, statement.table);
  const compiled = extras(scope);
  const items = [target.row, ...target.columns, ...compiled.map((each) => each?.sql ?? 'NULL')];
  const where = statement.where ? ` WHERE ${compilePredicate(statement.where, scope)}` : '';
  const top = statement.top ? ` LIMIT ${compileExpression(statement.top, common.scope).sql}` : '';
  const sql = `${common.sql}SELECT ${items.join(', ')}${from}${where}${top}`;
  const width = table.columns.length;
  const found = new Map<bigint, Found>();
  for (const [row, ...values] of frame.session.store.query(sql, translation.parameters)) {
    // A row that a join finds twice is changed once.
    if (typeof row !== 'bigint' || found.has(row)) continue;
    found.set(row, { old: { row, values: values.slice(0, width) }, extra: values.slice(width) });
  }
  return { rows: [...found.values()], compiled };
}

function sourcesOf(statement: Change): readonly TableSource[] {
  const own: TableSource = { kind: 'named', name: statement.table, alias: null, locks: false };
  const named = statement.from.flatMap(namedSources).some((source) => isTarget(source, statement.table));
  return named ? statement.from : [own, ...statement.from];
}

function targetSource(scope: Scope, table: TableEntry, name: ObjectName): { row: string; columns: string[] } {
  const candidates = scope.sources.filter((source) => source.stored?.table.id === table.id);
  const source: Source | undefined =
    candidates.find((each) => sameName(each.alias, name.name)) ?? candidates[0];
  const row = source?.stored?.row;
  if (!row) throw sqlError(208, name.text);
  const alias = row.slice(0, row.lastIndexOf('.'));
  return { row, columns: table.columns.map((column) => `${alias}.${columnSql(column)}`) };
}
