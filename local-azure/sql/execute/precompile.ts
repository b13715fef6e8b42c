// A batch is compiled before any of it runs: a column that a table does not have ends the batch at once, even
// where an earlier statement of the same batch would add it. Tables that are not there yet are looked up later.
import { columnNamed } from '../catalog/catalog.ts';
import { compileCommonTables } from '../compile/common-tables.ts';
import { compileExpression } from '../compile/expression.ts';
import { compilePredicate } from '../compile/predicate.ts';
import { compileQuery } from '../compile/query.ts';
import {
  createTranslation,
  type Environment,
  rootScope,
  type Scope,
  type TypedValue,
} from '../compile/scope.ts';
import { compileFrom } from '../compile/sources.ts';
import { SqlServerError, sqlError } from '../errors.ts';
import type { Statement, TableSource } from '../t-sql/ast.ts';
import type { Frame } from './frame.ts';

/** Deferred until the statement runs: missing tables. */
const DEFERRED = new Set([208, 1087, 229]);

/** Throws compile errors, with their line. */
export function checkColumns(frame: Frame, statements: readonly Statement[]): void {
  const declared = new Map<string, TypedValue>();
  for (const statement of everyStatement(statements)) {
    if (statement.kind !== 'declare') continue;
    for (const { name, type } of statement.variables) declared.set(name.toLowerCase(), { type, value: null });
  }
  const environment: Environment = {
    ...frame.environment,
    catalog: frame.environment.catalog,
    variable: (name) => declared.get(name.toLowerCase()) ?? frame.environment.variable(name),
    requirePermission: () => {},
  };
  for (const statement of everyStatement(statements)) {
    try {
      check(statement, rootScope(createTranslation(environment)));
    } catch (error) {
      if (!(error instanceof SqlServerError) || error.origin !== 'compile') continue;
      if (DEFERRED.has(error.number)) continue;
      if (error.line === 0) error.line = statement.line;
      throw error;
    }
  }
}

function* everyStatement(statements: readonly Statement[]): Generator<Statement> {
  for (const statement of statements) {
    yield statement;
    if (statement.kind === 'block') yield* everyStatement(statement.statements);
    if (statement.kind === 'if')
      yield* everyStatement(
        statement.otherwise ? [statement.consequence, statement.otherwise] : [statement.consequence],
      );
    if (statement.kind === 'while') yield* everyStatement([statement.body]);
    if (statement.kind === 'try') yield* everyStatement([...statement.body, ...statement.handler]);
  }
}

function check(statement: Statement, scope: Scope): void {
  switch (statement.kind) {
    case 'query':
      compileQuery(statement.query, scope);
      return;
    case 'if':
    case 'while':
      compilePredicate(statement.condition, scope);
      return;
    case 'set-variable':
    case 'print':
      compileExpression(statement.value, scope);
      return;
    case 'insert':
      checkInsert(statement, scope);
      return;
    case 'update':
    case 'delete':
      checkChange(statement, scope);
      return;
    default:
      return;
  }
}

function checkInsert(statement: Extract<Statement, { kind: 'insert' }>, scope: Scope): void {
  const table = scope.translation.environment.catalog.table(statement.table);
  for (const name of statement.columns ?? [])
    if (table && !columnNamed(table, name)) throw sqlError(207, name);
  if (statement.source.kind === 'query') compileQuery(statement.source.query, scope);
  if (statement.source.kind !== 'rows') return;
  for (const row of statement.source.rows)
    for (const value of row) if (value) compileExpression(value, scope);
}

function checkChange(statement: Extract<Statement, { kind: 'update' | 'delete' }>, scope: Scope): void {
  const common = compileCommonTables(statement.with, scope);
  const own: TableSource = { kind: 'named', name: statement.table, alias: null, locks: false };
  const from = compileFrom(statement.from.length > 0 ? statement.from : [own], common.scope);
  if (statement.where) compilePredicate(statement.where, from.scope);
  if (statement.kind !== 'update') return;
  const table = scope.translation.environment.catalog.table(statement.table);
  for (const assignment of statement.assignments) {
    if (table && !columnNamed(table, assignment.column)) throw sqlError(207, assignment.column);
    if (assignment.value) compileExpression(assignment.value, from.scope);
  }
}
