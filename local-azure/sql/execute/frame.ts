// What a batch or a procedure has of its own while it runs: variables, table variables, the way to its session.
import { sameName } from '../catalog/catalog.ts';
import type { TableEntry } from '../catalog/entries.ts';
import { systemView, tableFunction } from '../catalog/system-views.ts';
import { type Compiled, compileExpression } from '../compile/expression.ts';
import { compilePredicate } from '../compile/predicate.ts';
import { createTranslation, type Environment, rootScope, type TypedValue } from '../compile/scope.ts';
import { sqlError } from '../errors.ts';
import { denied, mayUse, type ObjectPermission, type Securable } from '../principals.ts';
import type { EngineSession } from '../sessions/engine-session.ts';
import type { Expression, Predicate } from '../t-sql/ast.ts';
import { convert, type Stored } from '../t-sql/conversion.ts';
import { type DataType, INT } from '../t-sql/data-types.ts';
import { globalVariable } from './global-variables.ts';

export interface Variable {
  readonly type: DataType | null;
  value: Stored;
}

export interface Frame {
  readonly session: EngineSession;
  /** Aborted by the client's attention, and when the session is killed. */
  readonly signal: AbortSignal;
  readonly variables: Map<string, Variable>;
  readonly tables: Map<string, TableEntry>;
  /** Empty in a batch. */
  readonly procedure: string;
  readonly depth: number;
  /**
   * Whose procedure this runs in: what that owner has may be used without asking what the user may (ownership
   * chaining). Null in a batch and in dynamic SQL, which break the chain.
   */
  readonly chain: string | null;
  readonly environment: Environment;
}

/** Throws 229 where the user may not do this to the object, and no chain of ownership leads to it. */
export function requireUse(
  { session, chain }: Pick<Frame, 'session' | 'chain'>,
  permission: ObjectPermission,
  object: Securable,
): void {
  const { catalog, principal, database } = session;
  if (chain !== null && sameName(chain, catalog.ownerOf(object))) return;
  if (!mayUse(catalog, principal, permission, object)) throw denied(permission, object, database.name);
}

export function createFrame(
  session: EngineSession,
  signal: AbortSignal,
  procedure: { readonly name: string; readonly depth: number; readonly owner: string | null },
): Frame {
  const variables = new Map<string, Variable>();
  const tables = new Map<string, TableEntry>();
  const environment: Environment = {
    get catalog() {
      return session.catalog;
    },
    variable: (name) =>
      name.startsWith('@@') ? globalVariable(session, name) : (variables.get(name.toLowerCase()) ?? null),
    temporary: (name) => {
      if (name.startsWith('@')) return tables.get(name.toLowerCase()) ?? null;
      return name.startsWith('#') ? (session.temporaryTables.get(name.toLowerCase()) ?? null) : null;
    },
    systemView: (name) => systemView(name, session),
    tableFunction: (name) => tableFunction(name, session),
    requirePermission: (permission, object) =>
      requireUse({ session, chain: procedure.owner }, permission, object),
  };
  return {
    session,
    signal,
    variables,
    tables,
    procedure: procedure.name,
    depth: procedure.depth,
    chain: procedure.owner,
    environment,
  };
}

/** Throws 134 where the name is taken. */
export function declare(frame: Frame, name: string, variable: Variable): void {
  const key = name.toLowerCase();
  if (frame.variables.has(key)) throw sqlError(134, name);
  frame.variables.set(key, variable);
}

/** Throws 137 where it is not declared. */
export function assign(frame: Frame, name: string, value: TypedValue): void {
  const variable = frame.variables.get(name.toLowerCase());
  if (!variable) throw sqlError(137, name);
  variable.value = variable.type ? convert(value.value, value.type, variable.type) : value.value;
}

export function evaluate(frame: Frame, expression: Expression): TypedValue {
  if (expression.kind === 'literal') return expression;
  const translation = createTranslation(frame.environment);
  const compiled: Compiled = compileExpression(expression, rootScope(translation));
  const rows = frame.session.store.query(`SELECT ${compiled.sql}`, translation.parameters);
  return { value: rows[0]?.[0] ?? null, type: compiled.type };
}

/** UNKNOWN is not true. */
export function holds(frame: Frame, predicate: Predicate): boolean {
  const translation = createTranslation(frame.environment);
  const sql = compilePredicate(predicate, rootScope(translation));
  const rows = frame.session.store.query(`SELECT CASE WHEN ${sql} THEN 1 ELSE 0 END`, translation.parameters);
  return rows[0]?.[0] === 1n;
}

/** The value in this type, as text or number of JavaScript. */
export function evaluateAs(frame: Frame, expression: Expression, type: DataType): Stored {
  const { value, type: from } = evaluate(frame, expression);
  return convert(value, from, type);
}

export function evaluateInteger(frame: Frame, expression: Expression): number {
  return Number(evaluateAs(frame, expression, INT) ?? 0n);
}
