// SELECT @a = …: the last row's values, or, where an expression builds on the variable it assigns
// (SELECT @sql = @sql + …), row after row.
import type { RowSet } from '../compile/scope.ts';
import { sqlError } from '../errors.ts';
import type { Expression, Query, Select, SelectItem } from '../t-sql/ast.ts';
import type { Stored } from '../t-sql/conversion.ts';
import { assign, evaluate, type Frame } from './frame.ts';

type Assignment = Extract<SelectItem, { kind: 'assignment' }>;
type Column = Extract<Expression, { kind: 'column' }>;
type Read = (frame: Frame, query: Query) => RowSet;

/** Returns how many rows there were. Throws 141 where other items stand beside assignments. */
export function runAssignments(frame: Frame, query: Query, select: Select, read: Read): number {
  const assignments = select.items.map((item): Assignment => {
    if (item.kind !== 'assignment') throw sqlError(141);
    return item;
  });
  const names = assignments.map((item) => item.variable.toLowerCase());
  if (assignments.some((item) => mentions(item.expression, names))) {
    return accumulate(frame, query, select, assignments, read);
  }
  const result = read(frame, query);
  const last: readonly Stored[] | undefined = result.rows.at(-1);
  for (const [at, item] of assignments.entries()) {
    if (last)
      assign(frame, item.variable, { value: last[at] ?? null, type: result.columns[at]?.type ?? null });
  }
  return result.rows.length;
}

/** The columns are read first; then each row's expressions are worked out with the variables as they are then. */
function accumulate(
  frame: Frame,
  query: Query,
  select: Select,
  assignments: readonly Assignment[],
  read: Read,
): number {
  if (select.groupBy.length > 0 || select.distinct || query.body !== select)
    throw sqlError(40517, 'SELECT @variable = … GROUP BY');
  const columns: Column[] = [];
  const collect = (column: Column): Expression => {
    columns.push(column);
    return column;
  };
  for (const item of assignments) mapColumns(item.expression, collect);
  const one: SelectItem = {
    kind: 'expression',
    expression: { kind: 'literal', value: 1n, type: null },
    alias: null,
  };
  const items = columns.map((expression): SelectItem => ({ kind: 'expression', expression, alias: null }));
  const result = read(frame, { ...query, body: { ...select, items: [...items, one] } });
  for (const row of result.rows) {
    let at = 0;
    const substitute = (): Expression => {
      const literal: Expression = {
        kind: 'literal',
        value: row[at] ?? null,
        type: result.columns[at]?.type ?? null,
      };
      at++;
      return literal;
    };
    for (const item of assignments)
      assign(frame, item.variable, evaluate(frame, mapColumns(item.expression, substitute)));
  }
  return result.rows.length;
}

function mentions(node: unknown, names: readonly string[]): boolean {
  if (Array.isArray(node)) return node.some((each) => mentions(each, names));
  if (!isNode(node)) return false;
  if (node.kind === 'variable' && typeof node.name === 'string')
    return names.includes(node.name.toLowerCase());
  return Object.values(node).some((each) => mentions(each, names));
}

/** The expression with its columns replaced, in order. Queries within it cannot be taken along: 40517. */
function mapColumns(expression: Expression, replace: (column: Column) => Expression): Expression {
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (!isNode(node)) return node;
    if (node.kind === 'column') return replace(node as unknown as Column);
    if (node.kind === 'scalar' || node.kind === 'exists')
      throw sqlError(40517, 'SELECT @variable = … (SELECT …)');
    return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, visit(value)]));
  };
  return visit(expression) as Expression;
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}
