// What a benchmark has found is kept beside the checkout, so that one of them can be measured again without the others.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Findings } from './benchmark.ts';

/** The findings of one benchmark, and what they are of. */
export interface Kept {
  readonly findings: Findings;
  /** Digest of the bundle, as the matrix tells it. */
  readonly bundle: string;
  readonly rounds: number;
  /** ISO 8601. */
  readonly at: string;
  /** "2 processors, Node v24.1.0, linux x64". */
  readonly machine: string;
}

export interface FindingsStore {
  keep(id: string, kept: Kept): void;
  /** Null where it was never measured here. */
  read(id: string): Kept | null;
}

/** @param directory is made where it is not there. */
export function findingsStore(directory: string): FindingsStore {
  const fileOf = (id: string) => join(directory, `${id}.json`);
  return {
    keep: (id, kept) => {
      mkdirSync(directory, { recursive: true });
      writeFileSync(fileOf(id), `${JSON.stringify(kept, null, 2)}\n`);
    },
    read: (id) => (existsSync(fileOf(id)) ? JSON.parse(readFileSync(fileOf(id), 'utf8')) : null),
  };
}
