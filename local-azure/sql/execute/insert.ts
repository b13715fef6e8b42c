// INSERT.
import { columnNamed, qualified } from '../catalog/catalog.ts';
import type { Column, TableEntry } from '../catalog/entries.ts';
import type { TypedValue } from '../compile/scope.ts';
import { sqlError } from '../errors.ts';
import type { SessionEvent } from '../session.ts';
import type { Statement, StatementOf } from '../t-sql/ast.ts';
import { fromEngineValue } from '../t-sql/engine-values.ts';
import { evaluate, type Frame } from './frame.ts';
import { runStatements } from './interpreter.ts';
import { outputEvents, readOutput } from './output.ts';
import { insertRows, type RowTarget } from './rows.ts';
import { readQuery } from './select.ts';
import { resolveTarget, writeTable } from './targets.ts';

type Insert = StatementOf<'insert'>;

export async function* runInsert(frame: Frame, statement: Insert): AsyncGenerator<SessionEvent, void> {
  const table = resolveTarget(frame, statement.table, 'INSERT');
  const executed =
    statement.source.kind === 'execute' ? await rowsOfCall(frame, statement.source.call) : null;
  const result = await writeTable(frame, table, (writer, current) => {
    const columns = targetColumns(frame, current, statement);
    const target: RowTarget = { table: current, writer, frame, statement: 'INSERT' };
    const rows = executed ?? sourceRows(frame, statement, columns.length);
    const given = rows.map((row) => givenValues(columns, row));
    const stored = insertRows(target, given);
    return { count: stored.length, output: readOutput(target, statement.output, stored, []) };
  });
  yield* outputEvents(frame, result.output, result.count);
}

/** Null: DEFAULT. */
type SourceRow = readonly (TypedValue | null)[];

function givenValues(columns: readonly Column[], row: SourceRow): Map<number, TypedValue> {
  const given = new Map<number, TypedValue>();
  for (const [at, column] of columns.entries()) {
    const value = row[at];
    if (value) given.set(column.id, value);
  }
  return given;
}

/** Throws 207, 213, 544, 545, 8101 and 264-like duplicates. */
function targetColumns(frame: Frame, table: TableEntry, statement: Insert): Column[] {
  const explicit = frame.session.identityInsert === table.id;
  if (!statement.columns) {
    if (explicit && table.columns.some((column) => column.identity)) throw sqlError(8101, table.name);
    return statement.source.kind === 'default-values'
      ? []
      : table.columns.filter((column) => !column.identity);
  }
  const columns = statement.columns.map((name) => {
    const column = columnNamed(table, name);
    if (!column) throw sqlError(207, name);
    return column;
  });
  const twice = columns.find((column, at) => columns.indexOf(column) !== at);
  if (twice) throw sqlError(264, twice.name);
  const identity = columns.some((column) => column.identity);
  if (identity && !explicit) throw sqlError(544, table.name);
  if (!identity && explicit) throw sqlError(545, qualified(table));
  return columns;
}

function sourceRows(frame: Frame, statement: Insert, width: number): SourceRow[] {
  const { source } = statement;
  switch (source.kind) {
    case 'default-values':
      return [[]];
    case 'rows':
      for (const row of source.rows) requireWidth(statement, row.length, width);
      return source.rows.map((row) => row.map((value) => (value ? evaluate(frame, value) : null)));
    case 'query': {
      const { columns, rows } = readQuery(frame, source.query);
      requireWidth(statement, columns.length, width);
      return rows.map((row) => row.map((value, at) => ({ value, type: columns[at]?.type ?? null })));
    }
    case 'execute':
      return [];
  }
}

function requireWidth(statement: Insert, given: number, wanted: number): void {
  if (given === wanted) return;
  if (!statement.columns) throw sqlError(213);
  if (statement.source.kind === 'query') throw sqlError(given < wanted ? 120 : 121);
  throw sqlError(given < wanted ? 109 : 110);
}

/** INSERT … EXEC: the rows of every result set of the call. */
async function rowsOfCall(frame: Frame, call: Statement): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  const run = runStatements(frame, [call]);
  for (let step = await run.next(); !step.done; step = await run.next()) {
    if (step.value.kind === 'row') rows.push(step.value.values.map(fromEngineValue));
  }
  return rows;
}
