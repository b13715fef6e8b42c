// A case that hangs must not take those beside it with it: they would be told as broken, and nobody would have tried them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Job } from './jobs.ts';
import { openPool } from './pool.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pool-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function job(id: string): Job {
  const route = { world: 'single-region', journey: 'upgrade' } as const;
  return { kind: 'case', planned: { id, kind: 'fault', group: 'any', route }, seed: 1 };
}

test('a job that takes too long is broken; those of the same worker are begun anew', async () => {
  const program = fileURLToPath(new URL('one-is-stuck.mjs', import.meta.url));
  const pool = openPool({ workers: 1, atOnce: 2, longestMs: 3_000, program });
  const begunBefore = join(directory, 'begun before');
  try {
    const [stuck, other] = await Promise.all([pool.run(job('stuck')), pool.run(job(begunBefore))]);
    expect(stuck).toEqual({ kind: 'broken', why: 'it took too long' });
    expect(other).toEqual({ kind: 'tried', id: begunBefore });
  } finally {
    pool.close();
  }
});
