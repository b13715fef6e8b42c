// Arguments of a system procedure by name or position.
import { sqlError } from '../errors.ts';
import { convert, type Stored } from '../t-sql/conversion.ts';
import { type DataType, NVARCHAR_MAX } from '../t-sql/data-types.ts';
import type { CallArgument } from './calls.ts';

export interface Arguments {
  /** Null where it was given as NULL, or not at all. */
  value(name: string, type: DataType): Stored;
  text(name: string): string | null;
}

/** @param names in the procedure's order, each with its @. Throws 8144, 8145, 8143. */
export function namedArguments(
  procedure: string,
  names: readonly string[],
  args: readonly CallArgument[],
): Arguments {
  const given = new Map<string, CallArgument>();
  for (const [at, argument] of args.entries()) {
    const name = (argument.name ?? names[at])?.toLowerCase();
    if (name === undefined) throw sqlError(8144, procedure);
    if (!names.includes(name)) throw sqlError(8145, argument.name ?? name, procedure);
    if (given.has(name)) throw sqlError(8143, name);
    given.set(name, argument);
  }
  const value = (name: string, type: DataType): Stored => {
    const argument = given.get(name)?.value;
    return argument ? convert(argument.value, argument.type, type) : null;
  };
  return {
    value,
    text: (name) => {
      const text = value(name, NVARCHAR_MAX);
      return text === null ? null : String(text);
    },
  };
}
