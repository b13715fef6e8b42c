import type { OrderItem } from './ast.ts';
import { accept, type Cursor, commaSeparated, expect } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';

/** ORDER BY and its items. */
export function parseOrderBy(cursor: Cursor): OrderItem[] {
  expect(cursor, 'ORDER', 'BY');
  return commaSeparated(cursor, (inner) => {
    const expression = parseExpression(inner);
    const descending = accept(inner, 'DESC');
    if (!descending) accept(inner, 'ASC');
    return { expression, descending };
  });
}
