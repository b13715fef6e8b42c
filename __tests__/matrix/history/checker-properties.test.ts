// A correct history is never accused, however it went; with one thing wrong in it, it always is.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { violationsOf } from './checker.ts';
import { play } from './model.ts';
import { MUTATIONS } from './mutations.ts';

const RUNS = 300;

/** Mostly long ones, in which every phase comes. */
const histories = fc
  .tuple(
    fc.array(fc.nat({ max: 16 * 5 * 7 * 12 }), { minLength: 60, maxLength: 300 }),
    fc.constantFrom('open', 'frozen', 'cut', 'switched', 'confirmed', 'back', 'ended'),
  )
  .map(([choices, last]) => play(choices, last));

test('a correct history is never accused', () => {
  fc.assert(
    fc.property(histories, ({ history, end }) => {
      expect(violationsOf(history, end)).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

describe('always accused:', () => {
  test.each(Object.entries(MUTATIONS))('%s', (_what, mutate) => {
    let tried = 0;
    fc.assert(
      fc.property(histories, fc.nat(), (right, which) => {
        const wrong = mutate(right);
        const one = wrong[which % wrong.length];
        if (one === undefined) return;
        tried++;
        expect(violationsOf(one.history, one.end)).not.toEqual([]);
      }),
      { numRuns: RUNS },
    );
    // A way that hardly ever comes up would prove nothing.
    expect(tried).toBeGreaterThan(RUNS / 20);
  });
});
