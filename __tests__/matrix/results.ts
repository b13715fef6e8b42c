// Results of cases, one JSON a line, so that a matrix can be tried in parts and a document be made of all.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digest } from '../../tools/bundle-digest.ts';
import type { Planned } from './jobs.ts';

export interface CaseResult extends Planned {
  readonly seed: number;
  /** Digest of the bundle that was tried. */
  readonly bundle: string;
  readonly at: string;
  readonly seconds: number;
  readonly ended: string;
  readonly violations: readonly string[];
  /** Whether the case itself broke, so that nothing is known. */
  readonly broken: boolean;
}

export interface Results {
  /** The last one of each case. */
  readonly kept: ReadonlyMap<string, CaseResult>;
  /** @returns where the log went; null where it is not kept. */
  add(result: CaseResult, log: string): string | null;
}

/** @param file is made where it is not there; logs of violations go beside it. */
export function openResults(file: string): Results {
  mkdirSync(dirname(file), { recursive: true });
  const kept = new Map<string, CaseResult>();
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  for (const line of lines) {
    // A line that was being written when the matrix was ended is none.
    const result = parsed(line);
    if (result) kept.set(result.id, result);
  }
  return {
    kept,
    add: (result, log) => {
      kept.set(result.id, result);
      appendFileSync(file, `${JSON.stringify(result)}\n`);
      if (result.violations.length === 0 && !result.broken) return null;
      const path = join(dirname(file), 'logs', `${digest(result.id + result.seed)}.log`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, [result.id, ...result.violations, '', log, ''].join('\n'));
      return path;
    },
  };
}

function parsed(line: string): CaseResult | null {
  try {
    return line === '' ? null : JSON.parse(line);
  } catch {
    return null;
  }
}
