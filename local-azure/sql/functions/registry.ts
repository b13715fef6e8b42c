// Every built-in function by name, and how they come into a SQLite connection.
import { calculate } from '../compile/arithmetic.ts';
import { typeOf } from '../compile/type-spec.ts';
import { SqlServerError, sqlError } from '../errors.ts';
import type { Store } from '../storage/store.ts';
import type { ArithmeticOperator } from '../t-sql/ast.ts';
import { convert, type Stored } from '../t-sql/conversion.ts';
import { isLike } from './like.ts';
import { METADATA_FUNCTIONS } from './metadata-functions.ts';
import { MOMENT_FUNCTIONS, NUMBER_FUNCTIONS } from './number-functions.ts';
import { OBJECT_FUNCTIONS } from './object-functions.ts';
import type { FunctionTable, ScalarFunction, SessionFacts } from './scalar-function.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';

const FUNCTIONS: FunctionTable = {
  ...TEXT_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...MOMENT_FUNCTIONS,
  ...METADATA_FUNCTIONS,
  ...OBJECT_FUNCTIONS,
};

export function builtIn(name: string): ScalarFunction | null {
  return Object.hasOwn(FUNCTIONS, name) ? (FUNCTIONS[name] ?? null) : null;
}

/** The name a function goes by in SQLite. */
export function sqliteName(name: string): string {
  return `fn_${name.toLowerCase()}`;
}

/** Functions that need no session: conversions, arithmetic, LIKE. Replicas apply with these. */
export function definePureFunctions(store: Store): void {
  store.define('fn_convert', 'pure', (value = null, from, to, style = 0n) =>
    convert(value, typeOf(String(from)), typeOf(String(to)), Number(style)),
  );
  store.define('fn_try_convert', 'pure', (value = null, from, to, style = 0n) => {
    try {
      return convert(value, typeOf(String(from)), typeOf(String(to)), Number(style));
    } catch (error) {
      if (error instanceof SqlServerError && error.number !== 529) return null;
      throw error;
    }
  });
  store.define(
    'fn_arithmetic',
    'pure',
    (operator, left = null, right = null, leftType, rightType, resultType) =>
      calculate(operator as ArithmeticOperator, left, right, {
        left: typeOf(String(leftType)),
        right: typeOf(String(rightType)),
        result: typeOf(String(resultType)),
      }),
  );
  store.define('fn_like', 'pure', (value = null, pattern = null, escapeCharacter = null) =>
    value === null || pattern === null
      ? null
      : isLike(String(value), String(pattern), escapeCharacter === null ? null : String(escapeCharacter))
        ? 1n
        : 0n,
  );
  // Not pure: SQLite must not work it out before it is its turn.
  store.define('fn_raise', 'session', (number) => {
    throw sqlError(Number(number));
  });
}

export function defineSessionFunctions(store: Store, facts: SessionFacts): void {
  for (const [name, definition] of Object.entries(FUNCTIONS)) {
    const evaluate = (...values: Stored[]): Stored => {
      if (!definition.seesNull && values.includes(null)) return null;
      return definition.evaluate(facts, ...values);
    };
    store.define(sqliteName(name), 'session', evaluate);
  }
}
