// SELECT … INTO a new table.
import { compileQuery } from '../compile/query.ts';
import { createTranslation, rootScope } from '../compile/scope.ts';
import { sqlError } from '../errors.ts';
import type { SessionEvent } from '../session.ts';
import type { ColumnDefinition, ObjectName, Query, Select } from '../t-sql/ast.ts';
import { INT } from '../t-sql/data-types.ts';
import { createTable } from './create-table.ts';
import type { Frame } from './frame.ts';
import { insertRows } from './rows.ts';
import { writeTable } from './targets.ts';

export async function* selectInto(
  frame: Frame,
  query: Query,
  select: Select,
  into: ObjectName,
): AsyncGenerator<SessionEvent, void> {
  const { session } = frame;
  const translation = createTranslation(frame.environment);
  const compiled = compileQuery({ ...query, body: { ...select, into: null } }, rootScope(translation));
  const columns = compiled.columns.map(({ name, type }, at): ColumnDefinition => {
    if (name === '') throw sqlError(1038);
    return {
      name: name || `c${at}`,
      type: type ?? INT,
      nullable: true,
      identity: null,
      default: null,
      withValues: false,
      constraints: [],
    };
  });
  const rows = session.store.query(compiled.sql, translation.parameters);
  const table = await createTable(frame, into, columns, []);
  await writeTable(frame, table, (writer, current) => {
    const given = rows.map(
      (row) =>
        new Map(
          current.columns.map((column, at) => [
            column.id,
            { value: row[at] ?? null, type: compiled.columns[at]?.type ?? null },
          ]),
        ),
    );
    insertRows({ table: current, writer, frame, statement: 'INSERT' }, given);
  });
  session.rowCount = rows.length;
  yield { kind: 'done', rowCount: session.settings.noCount ? null : rows.length };
}
