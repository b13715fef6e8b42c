// What is wrong with a script, where, and what to write instead. All problems are told at once, while
// production is still writable.
import { UpgradeError } from '../reasons.ts';

export interface ScriptProblem {
  readonly file: string;
  /** Counted from 1; null where the problem is the file itself. */
  readonly line: number | null;
  /** Counted from 1, in UTF-16 code units, as editors and `file:line:column` links count. */
  readonly column: number | null;
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
}

const SHOWN = 50;

/** `file:line:column: message`. */
export function formatProblem(problem: ScriptProblem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== null).join(':');
  return `${place}: ${problem.message}`;
}

/** All problems as one error: the places in the message, each different advice once. */
export function scriptInvalid(problems: readonly ScriptProblem[]): UpgradeError {
  const lines = problems.slice(0, SHOWN).map(formatProblem);
  if (problems.length > SHOWN) lines.push(`… and ${problems.length - SHOWN} more`);
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return new UpgradeError('script-invalid', `The upgrade script has ${count}:\n${lines.join('\n')}`, {
    advice: [...new Set(problems.map((problem) => problem.advice))],
  });
}
