// SELECT: result sets, assignments to variables, SELECT INTO.
import { type CompiledQuery, compileQuery } from '../compile/query.ts';
import { createTranslation, type RowSet, rootScope } from '../compile/scope.ts';
import type { ResultColumn, SessionEvent } from '../session.ts';
import type { Query, StatementOf, TableSource } from '../t-sql/ast.ts';
import { type DataType, INT, TYPES } from '../t-sql/data-types.ts';
import { toEngineValue } from '../t-sql/engine-values.ts';
import { runAssignments } from './assignment.ts';
import type { Frame } from './frame.ts';
import { selectInto } from './select-into.ts';

type Events = AsyncGenerator<SessionEvent, void>;

export async function* runQuery(frame: Frame, { query }: StatementOf<'query'>): Events {
  const { session } = frame;
  const select = query.body.kind === 'select' ? query.body : null;
  if (select?.into) {
    yield* selectInto(frame, query, select, select.into);
    return;
  }
  if (session.transaction.count > 0 && select?.from.some(takesLock) && !session.database.isReadOnly) {
    await session.transaction.lock(frame.signal);
  }
  if (select?.items.some((item) => item.kind === 'assignment')) {
    session.rowCount = runAssignments(frame, query, select, readQuery);
    yield { kind: 'done', rowCount: null };
    return;
  }
  const result = readQuery(frame, query);
  session.rowCount = result.rows.length;
  yield* resultSet(result);
  yield { kind: 'done', rowCount: result.rows.length };
}

/** The rows of a query, typed; an untyped NULL is an int, as in SQL Server. */
export function readQuery(frame: Frame, query: Query): RowSet {
  const translation = createTranslation(frame.environment);
  const compiled: CompiledQuery = compileQuery(query, rootScope(translation));
  const rows = frame.session.store.query(compiled.sql, translation.parameters);
  return { columns: compiled.columns.map(({ name, type }) => ({ name, type: type ?? INT })), rows };
}

export function* resultSet({ columns, rows }: RowSet): Generator<SessionEvent, void> {
  yield { kind: 'columns', columns: columns.map(({ name, type }) => resultColumn(name, type)) };
  for (const row of rows) {
    yield { kind: 'row', values: row.map((value, at) => toEngineValue(value, columns[at]?.type ?? INT)) };
  }
}

function resultColumn(name: string, type: DataType): ResultColumn {
  const { wire, family } = TYPES[type.name];
  return family === 'decimal' ? { name, type: wire, scale: type.scale } : { name, type: wire };
}

function takesLock(source: TableSource): boolean {
  if (source.kind === 'join') return takesLock(source.left) || takesLock(source.right);
  return source.kind === 'named' && source.locks;
}
