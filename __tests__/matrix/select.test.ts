import { describe, expect, test } from '@jest/globals';
import type { Planned } from './jobs.ts';
import { select } from './select.ts';

const EVERYTHING = { case: null, sample: null, shard: null, seed: 1, goesOn: false };
const NOTHING_DONE = new Set<string>();

/** 30 cases of one group, 3 of another, 1 of a third. */
const CASES: readonly Planned[] = [30, 3, 1].flatMap((count, group) =>
  Array.from({ length: count }, (_none, index) => ({
    id: `${group}/${index}`,
    kind: 'crash' as const,
    group: `group ${group}`,
    route: { world: 'single-region' as const, journey: 'prepare' },
  })),
);

const ids = (cases: readonly Planned[]) => cases.map(({ id }) => id);

describe('which cases are tried', () => {
  test('a sample has something of every group, and what a seed draws it draws again', () => {
    const drawn = ids(select(CASES, { ...EVERYTHING, sample: 6 }, NOTHING_DONE));
    expect(new Set(drawn).size).toBe(6);
    expect(new Set(drawn.map((id) => id.split('/')[0]))).toEqual(new Set(['0', '1', '2']));
    expect(ids(select(CASES, { ...EVERYTHING, sample: 6 }, NOTHING_DONE))).toEqual(drawn);
    expect(ids(select(CASES, { ...EVERYTHING, sample: 6, seed: 2 }, NOTHING_DONE))).not.toEqual(drawn);
  });

  test('a sample that is larger than what there is takes all of it', () => {
    expect(select(CASES, { ...EVERYTHING, sample: 100 }, NOTHING_DONE)).toHaveLength(34);
  });

  test('parts together are the whole, and share nothing', () => {
    const parts = [1, 2, 3].flatMap((index) =>
      ids(select(CASES, { ...EVERYTHING, shard: { index, of: 3 } }, NOTHING_DONE)),
    );
    expect([...parts].sort()).toEqual(ids(CASES).sort());
  });

  test('what has a result is left out only where that is asked for', () => {
    const done = new Set(['2/0']);
    expect(ids(select(CASES, EVERYTHING, done))).toContain('2/0');
    expect(ids(select(CASES, { ...EVERYTHING, goesOn: true }, done))).not.toContain('2/0');
    expect(ids(select(CASES, { ...EVERYTHING, case: '2/0' }, done))).toEqual(['2/0']);
  });
});
