// Aggregates and window functions.
import { sqlError } from '../errors.ts';
import type { Expression, OrderItem, Over, Predicate, Select } from '../t-sql/ast.ts';
import { BIGINT, type DataType, decimal, FLOAT, familyOf, INT, NVARCHAR_MAX } from '../t-sql/data-types.ts';
import { type Compiled, compileExpression, converted } from './expression.ts';
import { collated } from './predicate.ts';
import type { Scope } from './scope.ts';
import { typeSpec } from './type-spec.ts';

type Call = Extract<Expression, { kind: 'call' }>;

export const AGGREGATES = new Set(['COUNT', 'COUNT_BIG', 'SUM', 'AVG', 'MIN', 'MAX', 'STRING_AGG']);
const RANKINGS = new Set(['ROW_NUMBER', 'RANK', 'DENSE_RANK', 'NTILE']);
const OFFSETS = new Set(['LAG', 'LEAD', 'FIRST_VALUE', 'LAST_VALUE']);

/** Inside an aggregate columns stand for themselves again. */
export function compileAggregate(call: Call, scope: Scope): Compiled {
  const inner = { ...scope, groupedBy: null };
  if (call.name === 'COUNT' || call.name === 'COUNT_BIG') return compileCount(call, inner);
  const [first, second] = call.arguments;
  if (!first || (call.name === 'STRING_AGG') !== (second !== undefined)) {
    throw sqlError(174, call.name, call.name === 'STRING_AGG' ? 2 : 1);
  }
  const argument = compileExpression(first, inner);
  const distinct = call.distinct ? 'DISTINCT ' : '';
  switch (call.name) {
    case 'SUM':
      return sum(argument, distinct);
    case 'AVG':
      return average(argument, distinct);
    case 'STRING_AGG': {
      const separator = second ? compileExpression(second, inner).sql : "','";
      const order = call.withinGroup ? ` ORDER BY ${orderSql(call.withinGroup, inner)}` : '';
      return {
        sql: `group_concat(${converted(argument, NVARCHAR_MAX).sql}, ${separator}${order})`,
        type: NVARCHAR_MAX,
      };
    }
    default:
      return { sql: `${call.name.toLowerCase()}(${collated(argument)})`, type: argument.type };
  }
}

function compileCount(call: Call, scope: Scope): Compiled {
  const [argument] = call.arguments;
  if (!call.star && !argument) throw sqlError(174, call.name, 1);
  const counted = argument ? collated(compileExpression(argument, scope)) : '*';
  return {
    sql: `count(${call.distinct ? 'DISTINCT ' : ''}${counted})`,
    type: call.name === 'COUNT' ? INT : BIGINT,
  };
}

function sum(argument: Compiled, distinct: string): Compiled {
  const type = sumType(argument.type);
  return {
    sql: `fn_convert(sum(${distinct}${argument.sql}), '${typeSpec(rawSum(type))}', '${typeSpec(type)}', 0)`,
    type,
  };
}

function sumType(type: DataType | null): DataType {
  if (!type || familyOf(type) === 'float') return FLOAT;
  if (familyOf(type) === 'integer' && type.name !== 'bit') return type.name === 'bigint' ? BIGINT : INT;
  if (familyOf(type) === 'decimal') return decimal(38, type.scale);
  throw sqlError(8117, type.name, 'sum');
}

function rawSum(type: DataType): DataType {
  return familyOf(type) === 'integer' ? BIGINT : FLOAT;
}

function average(argument: Compiled, distinct: string): Compiled {
  const type = sumType(argument.type);
  const result = familyOf(type) === 'decimal' ? decimal(38, Math.max(6, type.scale)) : type;
  return {
    sql: `fn_convert(avg(${distinct}${argument.sql}), '${typeSpec(FLOAT)}', '${typeSpec(result)}', 0)`,
    type: result,
  };
}

export function compileWindow(call: Call, over: Over, scope: Scope): Compiled {
  const window = ` OVER (${[
    over.partitionBy.length > 0
      ? `PARTITION BY ${over.partitionBy.map((each) => collated(compileExpression(each, scope))).join(', ')}`
      : '',
    over.orderBy.length > 0 ? `ORDER BY ${orderSql(over.orderBy, scope)}` : '',
    over.frame ?? '',
  ]
    .filter((part) => part !== '')
    .join(' ')})`;
  const args = call.arguments.map((argument) => compileExpression(argument, scope));
  if (RANKINGS.has(call.name)) {
    if (over.orderBy.length === 0) throw sqlError(4112, call.name);
    return {
      sql: `${call.name.toLowerCase()}(${args.map((arg) => arg.sql).join(', ')})${window}`,
      type: BIGINT,
    };
  }
  if (OFFSETS.has(call.name)) {
    return {
      sql: `${call.name.toLowerCase()}(${args.map((arg) => arg.sql).join(', ')})${window}`,
      type: args[0]?.type ?? null,
    };
  }
  if (call.name === 'SUM' || call.name === 'AVG') {
    const type = sumType(args[0]?.type ?? null);
    return { sql: `${call.name.toLowerCase()}(${args[0]?.sql ?? 'NULL'})${window}`, type };
  }
  if (!AGGREGATES.has(call.name)) throw sqlError(195, call.name);
  const aggregate = compileAggregate(call, scope);
  return { sql: `${aggregate.sql}${window}`, type: aggregate.type };
}

export function orderSql(items: readonly OrderItem[], scope: Scope): string {
  return items
    .map((item) => `${collated(compileExpression(item.expression, scope))}${item.descending ? ' DESC' : ''}`)
    .join(', ');
}

/** Whether the select aggregates without, or besides, GROUP BY. */
export function aggregates(select: Select): boolean {
  const items = select.items.some((item) => item.kind !== 'star' && containsAggregate(item.expression));
  return items || (select.having !== null && containsAggregate(select.having));
}

/** Looks into expressions and conditions, not into queries within them. */
export function containsAggregate(node: Expression | Predicate | null): boolean {
  if (!node) return false;
  switch (node.kind) {
    case 'call':
      return (AGGREGATES.has(node.name) && !node.over) || node.arguments.some(containsAggregate);
    case 'arithmetic':
    case 'comparison':
    case 'logical':
      return containsAggregate(node.left) || containsAggregate(node.right);
    case 'negate':
    case 'complement':
    case 'cast':
    case 'not':
    case 'is-null':
      return containsAggregate(node.operand);
    case 'between':
      return [node.operand, node.low, node.high].some(containsAggregate);
    case 'like':
      return containsAggregate(node.operand) || containsAggregate(node.pattern);
    case 'in':
      return (
        containsAggregate(node.operand) || (Array.isArray(node.list) && node.list.some(containsAggregate))
      );
    case 'case':
      return (
        containsAggregate(node.operand) ||
        containsAggregate(node.otherwise) ||
        node.branches.some((branch) => containsAggregate(branch.when) || containsAggregate(branch.result))
      );
    default:
      return false;
  }
}
