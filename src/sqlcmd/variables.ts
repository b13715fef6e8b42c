// sqlcmd's scripting variables: `$(name)` is replaced by text, also within strings and identifiers, not
// within comments. Names are case-insensitive.

/** A reference's name between `$(` and `)`. */
export const VARIABLE_NAME = /^[\p{L}_][\p{L}\p{N}_-]*$/u;

/** sqlcmd's name for the database it is connected to; a script cannot change it. */
export const DATABASE_VARIABLE = 'SQLCMDDBNAME';

export interface Reference {
  readonly start: number;
  readonly end: number;
  /** Null where what stands in the parentheses is no name, or the `)` is missing. */
  readonly name: string | null;
}

export class ScriptVariables {
  readonly #values = new Map<string, string>();

  constructor(values: Readonly<Record<string, string>>) {
    for (const [name, value] of Object.entries(values)) this.set(name, value);
  }

  get(name: string): string | undefined {
    return this.#values.get(name.toUpperCase());
  }

  set(name: string, value: string): void {
    this.#values.set(name.toUpperCase(), value);
  }

  remove(name: string): void {
    this.#values.delete(name.toUpperCase());
  }
}

const REFERENCE = /\$\((?:([\p{L}_][\p{L}\p{N}_-]*)\))?/gu;

/** All `$(…)` in the text, malformed ones too, with positions counted from `offset`. */
export function references(text: string, offset = 0): Reference[] {
  if (!text.includes('$(')) return [];
  return Array.from(text.matchAll(REFERENCE), (match) => ({
    start: offset + match.index,
    end: offset + match.index + match[0].length,
    name: match[1] ?? null,
  }));
}

/** Replaces every reference; `unresolved` is called for those that have no value, which stay as they are. */
export function substitute(
  text: string,
  variables: ScriptVariables,
  unresolved: (reference: Reference) => void,
): string {
  let result = '';
  let from = 0;
  for (const reference of references(text)) {
    const value = reference.name === null ? undefined : variables.get(reference.name);
    if (value === undefined) unresolved(reference);
    result += text.slice(from, reference.start) + (value ?? text.slice(reference.start, reference.end));
    from = reference.end;
  }
  return result + text.slice(from);
}
