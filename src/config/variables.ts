// `${NAME}` in the configuration file takes a value from the environment; `$${` is a literal `${`.
import { speaksForJob } from './job-variables.ts';

const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{/g;

export interface Substitution {
  readonly text: string;
  /** Values that were put in, by name. */
  readonly used: ReadonlyMap<string, string>;
  readonly missing: readonly string[];
  /** Names that the file may not refer to: who has their values is the job. */
  readonly refused: readonly string[];
  /** True where a `${` is not followed by a name and `}`. */
  readonly malformed: boolean;
}

/** How the file refers to an environment variable. */
export function variable(name: string): string {
  return `\${${name}}`;
}

/** Replaces every reference. A variable that is set but empty counts as missing: GitHub sets absent secrets so. */
export function substituteVariables(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Substitution {
  const used = new Map<string, string>();
  const missing: string[] = [];
  const refused: string[] = [];
  let malformed = false;
  const replaced = text.replaceAll(REFERENCE, (reference, name: string | undefined) => {
    if (reference.startsWith('$$')) return reference.slice(1);
    if (name === undefined) {
      malformed = true;
      return reference;
    }
    if (speaksForJob(name)) {
      refused.push(name);
      return reference;
    }
    // Its own only: `${constructor}` is no variable.
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value === undefined || value === '') {
      missing.push(name);
      return reference;
    }
    used.set(name, value);
    return value;
  });
  return { text: replaced, used, missing, refused, malformed };
}
