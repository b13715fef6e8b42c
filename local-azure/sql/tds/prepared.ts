// Prepared statements of one session: text and the names of its parameters, under a handle.
import type { Parameter } from '../session.ts';
import type { RpcParameter } from './requests.ts';

export interface PreparedStatement {
  readonly text: string;
  /** In the order of the declaration, with their @. */
  readonly names: readonly string[];
}

export interface PreparedStatements {
  add(statement: PreparedStatement): number;
  find(handle: number): PreparedStatement | null;
  remove(handle: number): boolean;
  clear(): void;
}

export function createPreparedStatements(): PreparedStatements {
  const statements = new Map<number, PreparedStatement>();
  let last = 0;
  return {
    add: (statement) => {
      last++;
      statements.set(last, statement);
      return last;
    },
    find: (handle) => statements.get(handle) ?? null,
    remove: (handle) => statements.delete(handle),
    clear: () => statements.clear(),
  };
}

/** `@a int, @b decimal(12, 2) = 1` → `@a`, `@b`: commas within parentheses part nothing. */
export function declaredNames(declaration: string): string[] {
  const withoutParentheses = declaration.replaceAll(/\([^)]*\)/g, '');
  return withoutParentheses
    .split(',')
    .map((part) => /^\s*(@[^\s=]+)/.exec(part)?.[1])
    .filter((name) => name !== undefined);
}

/** Values that came without a name get the declared one of their place. */
export function named(values: readonly RpcParameter[], names: readonly string[]): Parameter[] {
  return values.map(({ name, value }, index) => ({
    name: name || (names[index] ?? `@P${index + 1}`),
    value,
  }));
}
