// When the next domain may be walked: the article's health evaluation, and what waiting cannot mend.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ServiceInstance } from '../../src/azure/ports/compute.ts';
import {
  evaluateHealth,
  forNextDomain,
  type HealthEvaluation,
  type HealthHistory,
  type HealthRules,
  NO_LOOK_YET,
  requiredOf,
} from '../../src/service/health-evaluation.ts';
import { MINUTE, NOON, roleInstance } from './instances.ts';

const RULES: HealthRules = {
  minimums: new Map(),
  consecutive: 3,
  timeoutMs: 15 * MINUTE,
  startTimeoutMs: 30 * MINUTE,
};
type Changes = Partial<ServiceInstance>;

const GOOD: Changes = {};
const STARTING: Changes = { powerState: 'starting' };
const UNHEALTHY: Changes = { health: 'unhealthy' };

/** Walked at noon; a role's name, then its instances. */
const walked = (roles: Readonly<Record<string, readonly Changes[]>>) =>
  Object.entries(roles).flatMap(([role, all]) =>
    all.map((changes, at) => ({ instance: roleInstance(role, String(at), changes), walkedAt: NOON })),
  );

/** One look a minute from the second on, or at the minutes given. */
function looks(
  series: readonly (readonly Changes[])[],
  rules: Partial<HealthRules> = {},
  minutes: readonly number[] = series.map((_, at) => at + 2),
  history: HealthHistory = NO_LOOK_YET,
): HealthEvaluation[] {
  let before = history;
  return series.map((web, at) => {
    const look = { at: NOON + (minutes[at] ?? 0) * MINUTE, walked: walked({ web }) };
    const evaluation = evaluateHealth(look, { ...RULES, ...rules }, before);
    before = evaluation.history;
    return evaluation;
  });
}

const kinds = (evaluations: readonly HealthEvaluation[]) => evaluations.map(({ verdict }) => verdict.kind);
const badOnes = (evaluation: HealthEvaluation | undefined) =>
  evaluation?.verdict.kind === 'bad' ? evaluation.verdict.instances.map(({ key }) => key) : null;

describe('a domain is good', () => {
  test('after as many looks in a row as asked for, and not before', () => {
    expect(kinds(looks([[GOOD], [GOOD], [GOOD]]))).toEqual(['waiting', 'waiting', 'good']);
    expect(kinds(looks([[GOOD], [GOOD], [UNHEALTHY], [GOOD], [GOOD], [GOOD]])).at(-2)).toBe('waiting');
    expect(kinds(looks([[GOOD], [GOOD], [UNHEALTHY], [GOOD], [GOOD], [GOOD]])).at(-1)).toBe('good');
  });

  test.each<[string, Changes]>([
    ['tells nothing', { health: 'none', healthAt: null }],
    ['tells healthy, from before the walk', { healthAt: new Date(NOON - 1) }],
    ['tells healthy, nobody knows when', { healthAt: null }],
    ['is initializing', { health: 'initializing' }],
    ['does not know', { health: 'unknown' }],
    ['is starting', STARTING],
    ['is stopped', { powerState: 'stopped' }],
    ['is being written', { provisioningState: 'Updating' }],
    ['is unhealthy', UNHEALTHY],
  ])('never because of an instance that %s', (_, changes) => {
    const all = looks(Array.from({ length: 5 }, () => [GOOD, changes]));
    expect(new Set(kinds(all))).toEqual(new Set(['waiting']));
    expect(JSON.stringify(all[0]?.verdict)).toContain('web/1');
  });

  test('with a minimum of a count or a share, each role for itself', () => {
    const roles = { front: [GOOD, UNHEALTHY], worker: [GOOD, GOOD, UNHEALTHY, GOOD] };
    const verdict = (front: number, percent: number) => {
      const minimums = new Map([
        ['front', { kind: 'count', count: front } as const],
        ['worker', { kind: 'percent', percent } as const],
      ]);
      const look = { at: NOON + 2 * MINUTE, walked: walked(roles) };
      return evaluateHealth(look, { ...RULES, consecutive: 1, minimums }, NO_LOOK_YET).verdict.kind;
    };
    expect([verdict(1, 75), verdict(2, 75), verdict(1, 76)]).toEqual(['good', 'waiting', 'waiting']);
  });

  test('where no instance of it was walked', () => {
    const look = { at: NOON, walked: [] };
    expect(evaluateHealth(look, { ...RULES, consecutive: 1 }, NO_LOOK_YET).verdict.kind).toBe('good');
  });
});

describe('an instance', () => {
  const look = (changes: { readonly notYet?: string; readonly startsAt?: number }, minutes: number) => {
    const one = { instance: roleInstance('web', '0', STARTING), walkedAt: NOON, ...changes };
    return evaluateHealth({ at: NOON + minutes * MINUTE, walked: [one] }, RULES, NO_LOOK_YET);
  };

  test('that does not run its version yet has not started, however healthy what it runs is', () => {
    const one = { instance: roleInstance('web', '0'), walkedAt: NOON, notYet: 'it runs 1.0.0' };
    const evaluation = evaluateHealth({ at: NOON + 2 * MINUTE, walked: [one] }, RULES, NO_LOOK_YET);
    expect([evaluation.history.startedAt, evaluation.roles[0]?.good]).toEqual([null, 0]);
    expect(JSON.stringify(evaluation.verdict)).toContain('it runs 1.0.0');
  });

  test('that an earlier run has walked has its time to start from when this run has found it', () => {
    expect(look({}, 31).startTimedOut).toEqual(['web/0']);
    expect(look({ startsAt: NOON + 20 * MINUTE }, 31).startTimedOut).toEqual([]);
    expect(look({ startsAt: NOON + 20 * MINUTE }, 51).startTimedOut).toEqual(['web/0']);
  });
});

describe('the minimum', () => {
  test.each([
    ['a share is rounded up', { kind: 'percent', percent: 50 } as const, 3, 2],
    ['all of them', { kind: 'percent', percent: 100 } as const, 14, 14],
    ['one percent of three is one', { kind: 'percent', percent: 1 } as const, 3, 1],
    ['no more than were walked', { kind: 'count', count: 3 } as const, 2, 2],
    ['all, where none is named', undefined, 4, 4],
  ])('%s', (_, minimum, count, expected) => expect(requiredOf(minimum, count)).toBe(expected));
});

describe('a domain is bad', () => {
  test('at once, when too many have failed for the minimum', () => {
    const [evaluation] = looks([[GOOD, { provisioningState: 'Failed' }, STARTING]]);
    expect(badOnes(evaluation)).toEqual(['web/1']);
  });

  test('not yet, when the minimum can do without those that failed', () => {
    const minimums = new Map([['web', { kind: 'count', count: 1 } as const]]);
    expect(kinds(looks([[STARTING, { provisioningState: 'Failed' }]], { minimums }))).toEqual(['waiting']);
  });

  test('when the time is over, counted from when all had started', () => {
    const series = [
      [STARTING, GOOD],
      [UNHEALTHY, GOOD],
      [UNHEALTHY, GOOD],
      [UNHEALTHY, GOOD],
    ];
    const all = looks(series, {}, [10, 20, 34, 35]);
    expect(kinds(all)).toEqual(['waiting', 'waiting', 'waiting', 'bad']);
    expect(badOnes(all[3])).toEqual(['web/0']);
  });

  test('when instances that were good break, without waiting for the time', () => {
    const all = looks([[GOOD], [UNHEALTHY], [UNHEALTHY], [UNHEALTHY]]);
    expect(kinds(all)).toEqual(['waiting', 'waiting', 'waiting', 'bad']);
  });

  test('also when they were good in the domain before', () => {
    const first = looks([[GOOD]], { consecutive: 1 }).at(-1);
    const next = looks([[UNHEALTHY]], { consecutive: 1 }, [3], first && forNextDomain(first.history));
    expect(badOnes(next[0])).toEqual(['web/0']);
  });

  test('not when an instance is unhealthy while it comes up', () => {
    expect(kinds(looks(Array.from({ length: 6 }, () => [UNHEALTHY])))).not.toContain('bad');
  });
});

describe('the start time-out', () => {
  test('names the single instance', () => {
    const all = looks(
      [
        [GOOD, STARTING],
        [GOOD, STARTING],
      ],
      {},
      [29, 30],
    );
    expect(all.map(({ startTimedOut }) => startTimedOut)).toEqual([[], ['web/1']]);
    expect(badOnes(all[1])).toEqual(['web/1']);
  });

  test('does not hold up a role that has its minimum', () => {
    const minimums = new Map([['web', { kind: 'percent', percent: 50 } as const]]);
    const all = looks([[GOOD, STARTING]], { minimums, consecutive: 1 }, [30]);
    expect(all[0]?.startTimedOut).toEqual(['web/1']);
    expect(kinds(all)).toEqual(['good']);
  });

  test('is not for one that had started, and restarts later', () => {
    const all = looks([[GOOD], [STARTING]], {}, [5, 60]);
    expect(all[1]?.startTimedOut).toEqual([]);
  });
});

test('good means: every role had its minimum in each of the last looks', () => {
  const anyChanges = fc.constantFrom<Changes>(GOOD, GOOD, GOOD, UNHEALTHY, STARTING, { health: 'none' });
  const anySeries = fc
    .integer({ min: 1, max: 4 })
    .chain((size) => fc.array(fc.array(anyChanges, { minLength: size, maxLength: size }), { minLength: 1 }));
  fc.assert(
    fc.property(
      anySeries,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 100 }),
      (series, k, percent) => {
        const minimum = { kind: 'percent', percent } as const;
        const all = looks(series, { consecutive: k, minimums: new Map([['web', minimum]]) });
        const enough = series.map(
          (some) => some.filter((each) => each === GOOD).length >= requiredOf(minimum, some.length),
        );
        all.forEach(({ verdict }, at) => {
          const isGood = at + 1 >= k && enough.slice(at + 1 - k, at + 1).every(Boolean);
          expect(verdict.kind === 'good').toBe(isGood);
        });
      },
    ),
  );
});
