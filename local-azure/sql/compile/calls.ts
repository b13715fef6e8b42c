// Calls of built-in functions.
import { sqlError } from '../errors.ts';
import { builtIn, sqliteName } from '../functions/registry.ts';
import type { ParameterKind, ScalarFunction } from '../functions/scalar-function.ts';
import type { Expression } from '../t-sql/ast.ts';
import {
  BIGINT,
  commonType,
  DATETIME2,
  type DataType,
  FLOAT,
  familyOf,
  NVARCHAR_MAX,
  VARBINARY_MAX,
} from '../t-sql/data-types.ts';
import { type Compiled, comparable, compileExpression, converted } from './expression.ts';
import { aligned, collated } from './predicate.ts';
import type { Scope } from './scope.ts';

type Call = Extract<Expression, { kind: 'call' }>;

export function compileCall(call: Call, scope: Scope): Compiled {
  if (call.star || call.distinct || call.withinGroup) throw sqlError(195, call.name);
  switch (call.name) {
    case 'COALESCE':
      return compileCoalesce(compileAll(call, scope), null);
    case 'ISNULL': {
      const [value, replacement] = exactly(call, 2, scope);
      return compileCoalesce(
        [value, replacement].filter((each) => each !== undefined),
        value?.type ?? null,
      );
    }
    case 'NULLIF': {
      const [left, right] = exactly(call, 2, scope);
      if (!left || !right) throw sqlError(174, 'nullif', 2);
      const [a, b] = aligned(left, right);
      return { sql: `CASE WHEN ${collated(a)} = ${b.sql} THEN NULL ELSE ${left.sql} END`, type: left.type };
    }
    case 'CHOOSE':
      return compileChoose(call, scope);
  }
  const definition = builtIn(call.name);
  if (!definition) throw sqlError(195, call.name);
  return compileBuiltIn(call, definition, scope);
}

function compileAll(call: Call, scope: Scope): Compiled[] {
  return call.arguments.map((argument) => compileExpression(argument, scope));
}

function exactly(call: Call, count: number, scope: Scope): Compiled[] {
  if (call.arguments.length !== count) throw sqlError(174, call.name.toLowerCase(), count);
  return compileAll(call, scope);
}

/** COALESCE answers in the common type; ISNULL in the type of its first argument. */
function compileCoalesce(values: readonly Compiled[], wanted: DataType | null): Compiled {
  if (values.length < 2) throw sqlError(174, 'coalesce', 2);
  const type =
    wanted ?? values.map((value) => value.type).reduce((left, right) => commonType(left, right), null);
  const items = values.map((value) => (wanted ? converted(value, wanted).sql : comparable(value, type).sql));
  return { sql: `coalesce(${items.join(', ')})`, type };
}

function compileChoose(call: Call, scope: Scope): Compiled {
  const [index, ...values] = compileAll(call, scope);
  if (!index || values.length === 0) throw sqlError(174, 'choose', 2);
  const type = values.map((value) => value.type).reduce((left, right) => commonType(left, right), null);
  const whens = values.map((value, at) => `WHEN ${at + 1} THEN ${comparable(value, type).sql}`).join(' ');
  return { sql: `CASE ${converted(index, BIGINT).sql} ${whens} END`, type };
}

function compileBuiltIn(call: Call, definition: ScalarFunction, scope: Scope): Compiled {
  const { parameters, variadic } = definition;
  const required = definition.required ?? parameters.length;
  const given = call.arguments.length;
  if (given < required || (!variadic && given > parameters.length)) {
    throw sqlError(
      174,
      call.name.toLowerCase(),
      required === parameters.length ? required : `${required} to ${parameters.length}`,
    );
  }
  const compiled = call.arguments.map((argument, at) => {
    const kind = parameters[at] ?? parameters.at(-1) ?? 'any';
    return kind === 'date-part' ? datePartName(argument) : compileExpression(argument, scope);
  });
  const args = compiled.map((value, at) => asKind(value, parameters[at] ?? parameters.at(-1) ?? 'any'));
  const types = compiled.map((value) => value.type);
  const type = typeof definition.returns === 'function' ? definition.returns(types) : definition.returns;
  return { sql: `${sqliteName(call.name)}(${args.join(', ')})`, type };
}

/** The part of DATEADD and the like is a bare word. */
function datePartName(argument: Expression): Compiled {
  if (argument.kind !== 'column' || argument.parts.length !== 1) throw sqlError(1023);
  return { sql: `'${(argument.parts[0] ?? '').replaceAll("'", "''")}'`, type: NVARCHAR_MAX };
}

function asKind(value: Compiled, kind: ParameterKind): string {
  const family = value.type ? familyOf(value.type) : null;
  switch (kind) {
    case 'text':
      return family === 'text' ? value.sql : converted(value, NVARCHAR_MAX).sql;
    case 'integer':
      return family === 'integer' ? value.sql : converted(value, BIGINT).sql;
    case 'float':
      return converted(value, FLOAT).sql;
    case 'moment':
      return family === 'moment' || family === 'offset' ? value.sql : converted(value, DATETIME2).sql;
    case 'binary':
      return family === 'binary' ? value.sql : converted(value, VARBINARY_MAX).sql;
    default:
      return value.sql;
  }
}
