// The figure is as honest as this sum: every millisecond of a walk is in one of its parts.
import { expect, test } from '@jest/globals';
import { type Change, overheadOf, sharesOf } from '../../bench/walk/walk-shares.ts';

const BEGAN = Date.UTC(2026, 0, 31, 12);
const at = (seconds: number) => new Date(BEGAN + seconds * 1000);

function change(
  domain: number,
  state: Change['state'],
  since: number,
  healthyAt: number | null = null,
): Change {
  return {
    updateDomain: domain,
    state,
    stateSince: at(since),
    health: healthyAt === null ? 'unknown' : 'healthy',
    healthAt: healthyAt === null ? null : at(healthyAt),
  };
}

const walk = (domain: number, from: number, to: number) => ({
  domain,
  from: at(from).toISOString(),
  to: at(to).toISOString(),
});

/** Two instances of a domain that goes down one second after it was begun, and is healthy again after 60 and 65. */
const walked = (domain: number, begun: number): Change[] => [
  change(domain, 'stopping', begun + 1),
  change(domain, 'stopping', begun + 2),
  change(domain, 'running', begun + 60),
  change(domain, 'running', begun + 61),
  change(domain, 'running', begun + 60, begun + 64),
  change(domain, 'running', begun + 61, begun + 65),
];

test('every second of a walk is in one part', () => {
  const walks = [walk(0, 0, 90), walk(1, 93, 183)];
  const shares = sharesOf(walks, [...walked(0, 0), ...walked(1, 93)], { consecutive: 3, intervalMs: 10_000 });
  expect(shares).toEqual({
    whole: 183_000,
    operations: 120_000,
    health: 8_000,
    looksInARow: 40_000,
    beginning: 2_000,
    seenLate: 10_000,
    between: 3_000,
  });
  expect(overheadOf(shares)).toBe(15_000);
});

test('a domain that was not walked to its end is no figure', () => {
  const stuck = walked(0, 0).filter(({ health }) => health !== 'healthy');
  const looks = { consecutive: 3, intervalMs: 10_000 };
  expect(() => sharesOf([walk(0, 0, 90)], stuck, looks)).toThrow('domain 0 was not walked to its end');
  expect(() => sharesOf([], [], looks)).toThrow('no domain was walked');
});
