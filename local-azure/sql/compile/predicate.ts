// Conditions of T-SQL as conditions of SQLite: three-valued, without case, across types.
import type { Expression, Predicate } from '../t-sql/ast.ts';
import { commonType, familyOf, isFixedText, NVARCHAR_MAX } from '../t-sql/data-types.ts';
import { type Compiled, comparable, compileExpression, converted } from './expression.ts';
import { compileQuery } from './query.ts';
import type { Scope } from './scope.ts';

export function compilePredicate(predicate: Predicate, scope: Scope): string {
  switch (predicate.kind) {
    case 'comparison':
      return compare(predicate.operator, predicate.left, predicate.right, scope);
    case 'logical':
      return `(${compilePredicate(predicate.left, scope)} ${predicate.operator} ${compilePredicate(predicate.right, scope)})`;
    case 'not':
      return `(NOT ${compilePredicate(predicate.operand, scope)})`;
    case 'is-null':
      return `(${compileExpression(predicate.operand, scope).sql} IS ${predicate.negated ? 'NOT ' : ''}NULL)`;
    case 'between': {
      const low = compare('>=', predicate.operand, predicate.low, scope);
      const high = compare('<=', predicate.operand, predicate.high, scope);
      return `(${predicate.negated ? 'NOT ' : ''}(${low} AND ${high}))`;
    }
    case 'like':
      return compileLike(predicate, scope);
    case 'in':
      return compileIn(predicate, scope);
    case 'exists':
      return `EXISTS (${compileQuery(predicate.query, scope).sql})`;
  }
}

function compare(operator: string, left: Expression, right: Expression, scope: Scope): string {
  const [a, b] = aligned(compileExpression(left, scope), compileExpression(right, scope));
  return `(${collated(a)} ${operator} ${b.sql})`;
}

/** Both in one family, and without the padding of char(n). */
export function aligned(left: Compiled, right: Compiled): [Compiled, Compiled] {
  const type = commonType(left.type, right.type);
  const pair: [Compiled, Compiled] = [comparable(left, type), comparable(right, type)];
  const padded = [left.type, right.type].some((each) => each && isFixedText(each));
  if (!padded || !type || familyOf(type) !== 'text') return pair;
  return [trimmed(pair[0]), trimmed(pair[1])];
}

function trimmed(value: Compiled): Compiled {
  return { ...value, sql: `rtrim(${value.sql})` };
}

export function collated(value: Compiled): string {
  return value.type && familyOf(value.type) === 'text' ? `${value.sql} COLLATE NOCASE` : value.sql;
}

function compileLike(predicate: Extract<Predicate, { kind: 'like' }>, scope: Scope): string {
  const [operand, pattern, escapeCharacter] = [predicate.operand, predicate.pattern, predicate.escape].map(
    (part) => (part ? converted(compileExpression(part, scope), NVARCHAR_MAX).sql : 'NULL'),
  );
  return `(${predicate.negated ? 'NOT ' : ''}fn_like(${operand}, ${pattern}, ${escapeCharacter}))`;
}

function compileIn(predicate: Extract<Predicate, { kind: 'in' }>, scope: Scope): string {
  const operand = compileExpression(predicate.operand, scope);
  const not = predicate.negated ? 'NOT ' : '';
  if ('body' in predicate.list) {
    const query = compileQuery(predicate.list, scope);
    const item = { sql: '"c0"', type: query.columns[0]?.type ?? null };
    const [left, right] = aligned(operand, item);
    return `(${collated(left)} ${not}IN (SELECT ${right.sql} FROM (${query.sql})))`;
  }
  const items = predicate.list.map((each) => compileExpression(each, scope));
  const pairs = items.map((item) => aligned(operand, item));
  const lefts = new Set(pairs.map(([left]) => left.sql));
  const [only] = lefts;
  if (lefts.size === 1 && only !== undefined && pairs[0]) {
    return `(${collated(pairs[0][0])} ${not}IN (${pairs.map(([, right]) => right.sql).join(', ')}))`;
  }
  return `(${not}(${pairs.map(([left, right]) => `${collated(left)} = ${right.sql}`).join(' OR ')}))`;
}
