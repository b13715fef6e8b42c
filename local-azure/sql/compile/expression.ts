// Expressions of T-SQL as expressions of SQLite, with the type SQL Server would give them.
import { sqlError } from '../errors.ts';
import type { Expression, Predicate } from '../t-sql/ast.ts';
import type { Stored } from '../t-sql/conversion.ts';
import { commonType, type DataType, decimal, familyOf, formatType, INT } from '../t-sql/data-types.ts';
import { AGGREGATES, compileAggregate, compileWindow } from './aggregates.ts';
import { arithmeticType } from './arithmetic.ts';
import { compileCall } from './calls.ts';
import { compilePredicate } from './predicate.ts';
import { compileQuery } from './query.ts';
import { bind, located, resolveColumn, type Scope } from './scope.ts';
import { typeSpec } from './type-spec.ts';

export interface Compiled {
  readonly sql: string;
  /** Null for an untyped NULL. */
  readonly type: DataType | null;
}

export function compileExpression(expression: Expression, scope: Scope): Compiled {
  if (scope.groupedBy && scope.groupedBy.length > 0 && expression.kind !== 'literal') {
    const plain = compileUngrouped(expression, scope);
    if (plain && scope.groupedBy.includes(plain.sql)) return plain;
  }
  switch (expression.kind) {
    case 'literal':
      return { sql: literalSql(expression.value, scope), type: expression.type };
    case 'sql':
      return expression;
    case 'variable':
      return compileVariable(expression.name, scope);
    case 'column':
      return compileColumn(expression.parts, expression.line, scope);
    case 'negate': {
      const zero: Expression = { kind: 'literal', value: 0n, type: INT };
      return compileArithmetic(
        { kind: 'arithmetic', operator: '-', left: zero, right: expression.operand },
        scope,
      );
    }
    case 'complement': {
      const operand = compileExpression(expression.operand, scope);
      return { sql: `(~${operand.sql})`, type: operand.type };
    }
    case 'arithmetic':
      return compileArithmetic(expression, scope);
    case 'cast':
      return compileCast(expression, scope);
    case 'case':
      return compileCase(expression, scope);
    case 'scalar':
      return compileScalar(expression, scope);
    case 'call':
      if (expression.over) return compileWindow(expression, expression.over, scope);
      return AGGREGATES.has(expression.name)
        ? compileAggregate(expression, scope)
        : compileCall(expression, scope);
  }
}

/** The expression as GROUP BY would have written it; null where it cannot stand outside an aggregate. */
function compileUngrouped(expression: Expression, scope: Scope): Compiled | null {
  if (expression.kind === 'scalar' || expression.kind === 'variable') return null;
  try {
    return compileExpression(expression, { ...scope, groupedBy: null });
  } catch {
    return null;
  }
}

export function literalSql(value: Stored, scope: Scope): string {
  if (value === null) return 'NULL';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isInteger(value) ? value.toFixed(1) : String(value);
  if (typeof value === 'string' && !value.includes('\0')) return `'${value.replaceAll("'", "''")}'`;
  return bind(scope.translation, value);
}

function compileVariable(name: string, scope: Scope): Compiled {
  const variable = scope.translation.environment.variable(name);
  if (!variable) throw sqlError(137, name);
  return {
    sql: variable.value === null ? 'NULL' : bind(scope.translation, variable.value),
    type: variable.type,
  };
}

function compileColumn(parts: readonly string[], line: number, scope: Scope): Compiled {
  const column = resolveColumn(scope, parts, line);
  if (column.scope.groupedBy && !column.scope.groupedBy.includes(column.sql)) {
    throw located(sqlError(8120, parts.join('.')), line);
  }
  return { sql: column.sql, type: column.type };
}

function compileArithmetic(expression: Extract<Expression, { kind: 'arithmetic' }>, scope: Scope): Compiled {
  const [left, right] = [expression.left, expression.right].map((side) => {
    const operand = compileExpression(side, scope);
    return { ...operand, precise: literalPrecision(side) ?? operand.type };
  });
  if (!left || !right) throw new Error('arithmetic has two operands');
  const isDecimal = [left, right].some((side) => side.type && familyOf(side.type) === 'decimal');
  const type = isDecimal
    ? arithmeticType(expression.operator, left.precise, right.precise)
    : arithmeticType(expression.operator, left.type, right.type);
  if (!type) return { sql: 'NULL', type: null };
  const specs = [left.type ?? type, right.type ?? type, type].map((each) => `'${typeSpec(each)}'`).join(', ');
  return { sql: `fn_arithmetic('${expression.operator}', ${left.sql}, ${right.sql}, ${specs})`, type };
}

/** Beside a decimal an integer literal counts as one of just its digits. */
function literalPrecision(expression: Expression): DataType | null {
  if (expression.kind !== 'literal' || typeof expression.value !== 'bigint') return null;
  return decimal(String(expression.value).replace('-', '').length, 0);
}

/** The value as another type; as it is where nothing has to be done. */
export function converted(value: Compiled, to: DataType): Compiled {
  if (!value.type || typeSpec(value.type) === typeSpec(to)) return { sql: value.sql, type: to };
  return { sql: `fn_convert(${value.sql}, '${typeSpec(value.type)}', '${typeSpec(to)}', 0)`, type: to };
}

/** As `converted`, but only across families: a longer text or a bigger integer needs nothing. */
export function comparable(value: Compiled, to: DataType | null): Compiled {
  if (!to || !value.type || familyOf(value.type) === familyOf(to)) return value;
  const numeric = ['integer', 'decimal', 'float'];
  if (numeric.includes(familyOf(value.type)) && numeric.includes(familyOf(to))) return value;
  const moments = ['moment', 'offset'];
  if (moments.includes(familyOf(value.type)) && moments.includes(familyOf(to))) return value;
  return converted(value, to);
}

function compileCast(expression: Extract<Expression, { kind: 'cast' }>, scope: Scope): Compiled {
  const operand = compileExpression(expression.operand, scope);
  if (!operand.type) return { sql: 'NULL', type: expression.type };
  const style = expression.style ? compileExpression(expression.style, scope).sql : '0';
  const name = expression.lenient ? 'fn_try_convert' : 'fn_convert';
  const sql = `${name}(${operand.sql}, '${typeSpec(operand.type)}', '${typeSpec(expression.type)}', ${style})`;
  return { sql, type: expression.type };
}

function compileCase(expression: Extract<Expression, { kind: 'case' }>, scope: Scope): Compiled {
  const { operand } = expression;
  const branches = expression.branches.map((branch) => ({
    when: compilePredicate(operand ? equals(operand, branch.when) : asPredicate(branch.when), scope),
    result: compileExpression(branch.result, scope),
  }));
  const otherwise = expression.otherwise ? compileExpression(expression.otherwise, scope) : null;
  const type = [...branches.map((branch) => branch.result), ...(otherwise ? [otherwise] : [])]
    .map((each) => each.type)
    .reduce<DataType | null>((left, right) => commonType(left, right), null);
  const shown = (value: Compiled) => (type ? comparable(value, type).sql : value.sql);
  const whens = branches.map((branch) => `WHEN ${branch.when} THEN ${shown(branch.result)}`).join(' ');
  return { sql: `CASE ${whens}${otherwise ? ` ELSE ${shown(otherwise)}` : ''} END`, type };
}

function equals(left: Expression, right: Expression | Predicate): Predicate {
  return { kind: 'comparison', operator: '=', left, right: right as Expression };
}

function asPredicate(when: Expression | Predicate): Predicate {
  return when as Predicate;
}

/** One row at most: 512 otherwise, where SQLite would take the first. */
function compileScalar(expression: Extract<Expression, { kind: 'scalar' }>, scope: Scope): Compiled {
  const query = compileQuery(expression.query, scope);
  const [column] = query.columns;
  if (!column || query.columns.length !== 1) throw sqlError(116);
  const sql = `(SELECT CASE WHEN count(*) > 1 THEN fn_raise(512) ELSE max("c0") END FROM (${query.sql}))`;
  return { sql, type: column.type };
}

/** For messages. */
export function describe(compiled: Compiled): string {
  return compiled.type ? formatType(compiled.type) : 'NULL';
}
