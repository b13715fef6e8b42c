// Rules that files of every topology have.
import { type Check, type FileFacts, repetitions } from './cross-facts.ts';
import type { Path, Problem } from './problems.ts';
import { describe, valueAt } from './shape.ts';

/** Of the list of names at a path, those that are there already; case does not count. */
export function eachOnce({ source }: FileFacts, path: Path, allowed: string): Problem[] {
  const names = valueAt(source.data, path);
  if (!Array.isArray(names)) return [];
  const entries = names.map((name: unknown, index) => ({ name, path: [...path, index] }));
  return repetitions(entries, ({ name }) => (typeof name === 'string' ? name.toLowerCase() : null)).map(
    ({ part }) => ({ path: part.path, found: describe(part.path, source), allowed }),
  );
}

/** So many checks in a row, at their interval, have to fit into the whole wait. */
export function checksFitIntoTimeout(defaults: {
  readonly timeout: string;
  readonly interval: string;
}): Check<FileFacts> {
  return (facts) => {
    const [timeoutPath, intervalPath] = [
      ['health', 'timeout'],
      ['health', 'interval'],
    ];
    const timeout = facts.milliseconds(timeoutPath, defaults.timeout);
    const interval = facts.milliseconds(intervalPath, defaults.interval);
    const checks = wholeNumberAt(facts, ['health', 'consecutive'], 3);
    if (timeout === null || interval === null || checks === null) return [];
    const needed = (checks - 1) * interval;
    if (needed < timeout) return [];
    return [
      {
        path: timeoutPath,
        found: `${facts.text(timeoutPath) ?? defaults.timeout} for ${checks} checks, one every ${facts.text(intervalPath) ?? defaults.interval}`,
        allowed: `more than the ${needed / 1000} s that so many checks take, or fewer checks`,
      },
    ];
  };
}

/** Null where something else stands there, a mapping too: that is the schema's to tell. */
function wholeNumberAt({ source }: FileFacts, path: Path, otherwise: number): number | null {
  const value = valueAt(source.data, path) ?? otherwise;
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isInteger(number) ? number : null;
}
