// What can be wrong with the configuration file, told all at once and each with its place.
import { UpgradeError } from '../reasons.ts';

export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  /** What stands in the file, e.g. `"contoso_sql"`; null where the sentence needs none. */
  readonly found: string | null;
  /** What is allowed instead, or what is wrong, with an example. */
  readonly allowed: string;
  /** Place of the key instead of its value: for keys that should not be there. */
  readonly atKey?: boolean;
  /** Where the place is known already: mistakes of YAML itself. */
  readonly position?: Position;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `slots.blue.sql-server`, `databases[0]`; the file as a whole is "the file". */
export function formatPath(path: Path): string {
  if (path.length === 0) return 'the file';
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** True where `path` is `ancestor` or lies below it. */
export function isWithin(path: Path, ancestor: Path): boolean {
  return ancestor.every((part, index) => path[index] === part);
}

/** More than that nobody reads, and a file of nothing but mistakes would flood the log. */
const MOST_TOLD = 200;
/** Finding a place takes a walk through the file. */
const MOST_PLACED = 500;

/** The one error for all problems of a file. */
export function configInvalid(
  file: string,
  problems: readonly Problem[],
  positionOf: (problem: Problem) => Position | null,
): UpgradeError {
  const lines = problems
    .slice(0, MOST_PLACED)
    .map((problem) => ({ problem, position: problem.position ?? positionOf(problem) }))
    .sort(
      ({ position: a }, { position: b }) =>
        (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0),
    )
    .map(({ problem, position }) => {
      const place = position === null ? '' : `:${position.line}:${position.column}`;
      const found = problem.found === null ? '' : `found ${problem.found}; allowed: `;
      return `  ${file}${place} ${formatPath(problem.path)}: ${found}${problem.allowed}`;
    });
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  const untold = problems.length - MOST_TOLD;
  const told = untold > 0 ? [...lines.slice(0, MOST_TOLD), `  … and ${untold} more`] : lines;
  return new UpgradeError('config-invalid', [`${file} has ${count}:`, ...told].join('\n'), {
    advice: [
      `Correct ${file}; nothing was touched in Azure.`,
      'Every key is described in docs/config.md; with the schema it names an editor completes and checks them.',
    ],
  });
}
