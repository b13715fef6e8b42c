// The results as they are kept, and the page that is made of them.
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Planned } from './jobs.ts';
import { renderReliability } from './reliability.ts';
import { type CaseResult, openResults } from './results.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'matrix-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function planned(id: string): Planned {
  return { id, kind: 'crash', group: 'killed', route: { world: 'single-region', journey: 'prepare' } };
}

function result(id: string, changes: Partial<CaseResult> = {}): CaseResult {
  const at = '2026-11-22T01:00:00.000Z';
  return {
    ...planned(id),
    seed: 1,
    bundle: 'b1',
    at,
    seconds: 1,
    ended: 'fine',
    violations: [],
    broken: false,
    ...changes,
  };
}

const CASES = ['a', 'b', 'c'].map(planned);

describe('results', () => {
  test('the last one of a case counts, also after a line that was cut off', () => {
    const file = join(folder, 'kept', 'results.jsonl');
    const first = openResults(file);
    first.add(result('a', { violations: ['law 2: frozen'] }), 'its log');
    first.add(result('a'), 'its log');
    appendFileSync(file, '{"id":"b","ki');
    const { kept } = openResults(file);
    expect([...kept.keys()]).toEqual(['a']);
    expect(kept.get('a')?.violations).toEqual([]);
  });

  test('the log of a violation is kept, with what was violated; that of any other is not', () => {
    const results = openResults(join(folder, 'results.jsonl'));
    const log = results.add(result('a', { violations: ['law 2: frozen'] }), 'what main printed');
    expect(readFileSync(log ?? '', 'utf8')).toMatch(/law 2: frozen[\s\S]*what main printed/);
    expect(results.add(result('b'), 'what main printed')).toBeNull();
  });
});

describe('docs/reliability.md', () => {
  function pageOf(...results: readonly CaseResult[]): string {
    return renderReliability(CASES, new Map(results.map((one) => [one.id, one])), 'b1');
  }

  test('says how many cases there are, how many were tried, and with which bundle', () => {
    const page = pageOf(result('a'), result('b', { bundle: 'b0' }));
    expect(page).toContain('3 cases are enumerated, 2 were tried, 0 violated a law');
    expect(page).toContain('1 are of the bundle b1');
    expect(page).toContain('| prepare | killed | 3 | 2 | 0 | 2 × fine |');
    expect(page).not.toContain('## Violations');
  });

  test('names every violation and every case that broke', () => {
    const page = pageOf(
      result('a', { violations: ['law 2: frozen'] }),
      result('b', { broken: true, ended: 'no such file' }),
    );
    expect(page).toContain('1 violated a law**, 1 broke');
    expect(page).toContain('- `a`, seed 1: law 2: frozen');
    expect(page).toContain('- `b`, seed 1: no such file');
  });
});
