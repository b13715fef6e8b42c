import { describe, expect, test } from '@jest/globals';
import { type PaceLimits, pauseAfter } from '../../src/engine/pace.ts';

const LIMITS: PaceLimits = { shortest: 500, longest: 15_000 };

/** When somebody looks who waits `waitMs`, the last time at or after its end. */
function looks(waitMs: number): number[] {
  const at = [0];
  for (let now = 0; now < waitMs; at.push(now)) now += pauseAfter(now, LIMITS);
  return at;
}

describe('the pace of looks', () => {
  test.each(
    [15, 60, 600, 6000].map((seconds) => [seconds]),
  )('a wait of %d s is seen to end less than five percent of it late', (seconds) => {
    for (let more = 0; more < 1000; more += 100) {
      const wait = seconds * 1000 + more;
      expect(((looks(wait).at(-1) ?? 0) - wait) / wait).toBeLessThan(0.05);
    }
  });

  test('hours of waiting cost no more than four looks a minute, and a few dozen at first', () => {
    expect(looks(3600_000).length).toBeLessThan(4 * 60 + 100);
  });
});
