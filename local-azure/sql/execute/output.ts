// OUTPUT: what a statement wrote, as a result set or into another table.

import { columnNamed } from '../catalog/catalog.ts';
import type { TableEntry } from '../catalog/entries.ts';
import { compileExpression } from '../compile/expression.ts';
import { createTranslation, type RowSet, rootScope, type Source } from '../compile/scope.ts';
import { fromRows } from '../compile/sources.ts';
import { sqlError } from '../errors.ts';
import type { SessionEvent } from '../session.ts';
import type { OutputClause } from '../t-sql/ast.ts';
import { INT } from '../t-sql/data-types.ts';
import type { Frame } from './frame.ts';
import { insertRows, type RowTarget, type StoredRow } from './rows.ts';
import { resultSet } from './select.ts';
import { resolveTarget } from './targets.ts';

/** The rows of the OUTPUT clause; null where there is none, or where they went INTO a table. */
export function readOutput(
  target: RowTarget,
  clause: OutputClause | null,
  inserted: readonly StoredRow[],
  deleted: readonly StoredRow[],
): RowSet | null {
  if (!clause) return null;
  const rows = selectOutput(target, clause, inserted, deleted);
  if (!clause.into) return rows;
  const table = resolveTarget(target.frame, clause.into, 'INSERT');
  const columns =
    clause.columns?.map((name) => columnNamed(table, name)) ??
    table.columns.filter((column) => !column.identity);
  if (columns.length !== rows.columns.length) throw sqlError(213);
  insertRows(
    { ...target, table, statement: 'INSERT' },
    rows.rows.map(
      (row) =>
        new Map(
          columns.map((column, at) => [
            column?.id ?? 0,
            { value: row[at] ?? null, type: rows.columns[at]?.type ?? null },
          ]),
        ),
    ),
  );
  return null;
}

function selectOutput(
  target: RowTarget,
  clause: OutputClause,
  inserted: readonly StoredRow[],
  deleted: readonly StoredRow[],
): RowSet {
  const { table, frame } = target;
  const count = Math.max(inserted.length, deleted.length);
  const both: RowSet = {
    columns: [...table.columns, ...table.columns].map(({ name, type }) => ({ name, type })),
    rows: Array.from({ length: count }, (_, at) => [
      ...side(table, inserted[at]),
      ...side(table, deleted[at]),
    ]),
  };
  const translation = createTranslation(frame.environment);
  const scope = rootScope(translation);
  const made = fromRows(both, 'both', null, scope);
  const columns = made.sources[0]?.columns ?? [];
  const width = table.columns.length;
  const sources: Source[] = [
    { alias: 'inserted', schema: null, columns: columns.slice(0, width) },
    { alias: 'deleted', schema: null, columns: columns.slice(width) },
  ];
  const items = clause.items.flatMap((item) => {
    if (item.kind === 'assignment') throw sqlError(102, '=');
    if (item.kind === 'expression') {
      const implicit = item.expression.kind === 'column' ? (item.expression.parts.at(-1) ?? '') : '';
      return [{ ...compileExpression(item.expression, { ...scope, sources }), name: item.alias ?? implicit }];
    }
    const wanted = item.qualifier?.[0]?.toLowerCase();
    const source = sources.find((each) => each.alias === wanted);
    if (!source) throw sqlError(4104, `${item.qualifier?.join('.') ?? ''}.*`);
    return [...source.columns];
  });
  const rows = frame.session.store.query(
    `SELECT ${items.map((item) => item.sql).join(', ')} FROM ${made.sql}`,
    translation.parameters,
  );
  return { columns: items.map(({ name, type }) => ({ name, type: type ?? INT })), rows };
}

function side(table: TableEntry, row: StoredRow | undefined) {
  return row ? row.values : table.columns.map(() => null);
}

/** How a statement that changed rows reports. */
export async function* outputEvents(
  frame: Frame,
  output: RowSet | null,
  count: number,
): AsyncGenerator<SessionEvent, void> {
  frame.session.rowCount = count;
  if (output) yield* resultSet(output);
  yield { kind: 'done', rowCount: frame.session.settings.noCount && !output ? null : count };
}
