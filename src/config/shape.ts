// The file against its schema: every deviation becomes a problem with what was found and what is allowed.
import type { z } from 'zod';
import { jsonSchemaOf, knownKeys } from './json-schema.ts';
import { didYouMean } from './near-miss.ts';
import { isWithin, type Path, type Problem } from './problems.ts';
import { withoutSignatures } from './signed-url.ts';
import type { YamlSource } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

export type ShapeResult<File> =
  | { readonly ok: true; readonly file: File }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What problems are told with: the schema's keys, the file's data and how its values were written. */
interface Sources {
  readonly schema: z.ZodType;
  readonly source: YamlSource;
}

/** @param source the file's data, and how values were written, to quote them. */
export function checkShape<Schema extends z.ZodType>(
  schema: Schema,
  source: YamlSource,
): ShapeResult<z.output<Schema>> {
  const result = schema.safeParse(source.data);
  if (result.success) return { ok: true, file: result.data };
  const problems = result.error.issues.flatMap((issue) => toProblems(issue, [], { schema, source }));
  // A variable that is not set has been told already; what its placeholder breaks would only be noise.
  const told = source.problems.map((problem) => problem.path).filter((path) => path.length > 0);
  return {
    ok: false,
    problems: problems.filter((problem) => !told.some((path) => isWithin(problem.path, path))),
  };
}

function toProblems(issue: Issue, prefix: Path, from: Sources): Problem[] {
  const path: Path = [
    ...prefix,
    ...issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
  ];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(jsonSchemaOf(from.schema), path);
    return issue.keys.map((key, at) => unknownKey(path, key, known, at < MOST_HINTS));
  }
  if (issue.code === 'invalid_key') {
    const allowed = issue.issues[0]?.message ?? issue.message;
    return [{ path, found: JSON.stringify(path.at(-1)), allowed, atKey: true }];
  }
  if (issue.code === 'invalid_union') {
    const meant = meantAlternative(issue.errors);
    if (meant !== null) return meant.flatMap((inner) => toProblems(inner, path, from));
  }
  return [{ path, found: describe(path, from.source), allowed: issue.message }];
}

/** Of several alternatives the one whose kind of value was written, if exactly one is. */
function meantAlternative(errors: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const sameKind = errors.filter(
    (issues) => !issues.some((issue) => issue.path.length === 0 && isWrongKind(issue)),
  );
  return sameKind.length === 1 ? (sameKind[0] ?? null) : null;
}

function isWrongKind(issue: Issue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

/** A file of unknown keys is of another kind: what each may have meant is not worth finding out. */
const MOST_HINTS = 50;

function unknownKey(path: Path, key: string, known: readonly string[], hint: boolean): Problem {
  return {
    path: [...path, key],
    found: `the unknown key "${key}"`,
    allowed: `${known.join(', ')}.${hint ? didYouMean(key, known) : ''}`,
    atKey: true,
  };
}

/** What stands at `path`, for an error message. Values from the environment may be secrets: only their name. */
export function describe(path: Path, source: YamlSource): string {
  const variables = source.variablesAt(path);
  if (variables.length > 0) return `the value of ${variables.join(' and ')} (not shown)`;
  const value = valueAt(source.data, path);
  if (value === undefined) return 'nothing';
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (String(path.at(-1)) === 'password') return 'a password in clear text';
  if (typeof value === 'string') return shortened(JSON.stringify(withoutSignatures(value)));
  return `the ${typeof value} ${source.writtenAt(path) ?? String(value)}`;
}

function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…"`;
}

/** What stands at `path`; undefined where nothing does. */
export function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === String(part))?.[1];
  }
  return value;
}
