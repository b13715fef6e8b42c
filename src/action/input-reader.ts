// Inputs as the runner hands them over: INPUT_<NAME>, upper case, hyphens kept.
import { nearMiss } from '../config/near-miss.ts';
import { INPUTS, type InputName, type InputSpecification } from './action-io.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable in which the runner passes an input; `INPUT_CLIENT-ID`. */
export function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

/**
 * The value of an input without blanks around it; null where it is empty and neither the environment nor
 * action.yml has a default. Shells cannot export hyphens, so `INPUT_CLIENT_ID` is read where
 * `INPUT_CLIENT-ID` is absent.
 */
export function readInput(name: InputName, environment: Environment): string | null {
  const { environment: standIn, default: otherwise }: InputSpecification = INPUTS[name];
  const exact = inputVariable(name);
  const given = environment[exact] ?? environment[exact.replaceAll('-', '_')];
  return (
    nonBlank(given) ?? (standIn === null ? null : nonBlank(environment[standIn])) ?? literalDefault(otherwise)
  );
}

/** `${{ github.token }}` is an expression for the runner to fill in, not a value. */
function literalDefault(value: string | null): string | null {
  return value?.startsWith('${{') ? null : value;
}

function nonBlank(value: string | undefined): string | null {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

/** An input that was given under a name that does not exist but is nearly `name`. */
export function misspeltInput(name: InputName, environment: Environment): string | null {
  const known = new Set(
    Object.keys(INPUTS).flatMap((input) => [inputVariable(input), inputVariable(input).replaceAll('-', '_')]),
  );
  const unknown = Object.keys(environment)
    .filter((variable) => variable.startsWith('INPUT_') && !known.has(variable))
    .map((variable) => variable.slice('INPUT_'.length).toLowerCase());
  return unknown.find((given) => nearMiss(given, Object.keys(INPUTS)) === name) ?? null;
}
