// The kinds of value the configuration file has. Each tells what is allowed in its error message, and
// carries its description, an example and a pattern into schema.json for editors.
import { z } from 'zod';
import { DURATION_PATTERN, formatDurationExactly, parseDuration } from './duration.ts';
import type { NameRule } from './names.ts';

/** Editors see the file before `${NAME}` is replaced: a pattern must not refuse it. */
function orVariable(pattern: RegExp): string {
  return `(?:${pattern.source})|\\$\\{`;
}

export function named(rule: NameRule, description: string) {
  const allowed = `${rule.allowed}, e.g. ${rule.example}`;
  return z
    .string({ error: allowed })
    .refine((text) => rule.pattern.test(text), { error: allowed })
    .meta({
      description,
      examples: [rule.example],
      // \p{…} needs the u flag, which is what JSON Schema prescribes; the i flag has no counterpart there.
      ...(rule.pattern.ignoreCase ? {} : { pattern: orVariable(rule.pattern) }),
    });
}

export function text(description: string, example: string, maxLength = 1024) {
  const allowed = `text of 1-${maxLength} characters, in quotes where it looks like a number, e.g. "${example}"`;
  return (
    z
      .string({ error: allowed })
      // No argument of a program, path or statement can hold U+0000, and that would be found out after the freeze.
      .refine((value) => value.trim() !== '' && value.length <= maxLength && !value.includes('\0'), {
        error: allowed,
      })
      .meta({ description, examples: [example] })
  );
}

export function duration(description: string, limits: { min?: number; max: number; example: string }) {
  const { min = 1_000, max, example } = limits;
  const range = `${formatDurationExactly(min)} to ${formatDurationExactly(max)}`;
  const allowed = `a duration in hours, minutes and seconds, ${range}, e.g. ${example}`;
  return z
    .string({ error: allowed })
    .refine(
      (value) => {
        const ms = parseDuration(value);
        return ms !== null && ms >= min && ms <= max;
      },
      { error: allowed },
    )
    .meta({ description, examples: [example], pattern: orVariable(DURATION_PATTERN) });
}

/** For the alternatives of a value: told in the same words, and once. */
function refusing(allowed: string) {
  return { error: allowed, abort: true };
}

/** Text that is written out as `pattern` has it, or comes from the environment. */
export function textOrVariable(pattern: RegExp, allowed: string) {
  return z.string().regex(new RegExp(`^(?:${pattern.source}|.*\\$\\{.+)$`), refusing(allowed));
}

/** A whole number; as text too, because that is what `${NAME}` gives. */
export function wholeNumber(description: string, limits: { min: number; max: number; example: number }) {
  const { min, max, example } = limits;
  const allowed = `a whole number from ${min} to ${max}, e.g. ${example}`;
  return z
    .union(
      [z.int().min(min, refusing(allowed)).max(max, refusing(allowed)), textOrVariable(/\d+/, allowed)],
      {
        error: allowed,
      },
    )
    .refine((value) => Number(value) >= min && Number(value) <= max, { error: allowed })
    .meta({ description, examples: [example] });
}

/** Yes or no; as text too, because that is what `${NAME}` gives. */
export function flag(description: string) {
  const allowed = 'true or false';
  return z
    .union([z.boolean(), textOrVariable(/true|false/, allowed)], { error: allowed })
    .refine((value) => typeof value === 'boolean' || value === 'true' || value === 'false', {
      error: allowed,
    })
    .meta({ description });
}

export function choice<const Literals extends readonly [string, ...string[]]>(
  literals: Literals,
  description: string,
) {
  return z.enum(literals, { error: `one of ${literals.join(', ')}` }).meta({ description });
}

/** A mapping with these keys and no others. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape, description: string) {
  return z
    .strictObject(shape, { error: `a mapping with the keys ${Object.keys(shape).join(', ')}` })
    .meta({ description });
}
