// Stuck is said only of an update that misses its minimum, has had its time, and does not move.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ServiceInstance } from '../../src/azure/ports/compute.ts';
import { type StuckLook, stuckOf } from '../../src/service/stuck.ts';
import { MINUTE, NOON, roleInstance } from './instances.ts';

const RULES = { stuckAfterMs: 10 * MINUTE, looks: 3 };

const look = (
  minute: number,
  changes: Partial<StuckLook> = {},
  own: Partial<ServiceInstance> = {},
): StuckLook => ({
  at: NOON + minute * MINUTE,
  domain: 1,
  missing: ['web/1'],
  instances: [
    roleInstance('web', '0', { healthAt: new Date(NOON + minute * MINUTE) }),
    roleInstance('web', '1', { powerState: 'starting', health: 'unknown', ...own }),
  ],
  ...changes,
});

test('below the minimum past the time, and nothing moves', () => {
  expect(
    stuckOf(
      [0, 5, 9, 10].map((minute) => look(minute)),
      RULES,
    ),
  ).toEqual({
    domain: 1,
    instances: ['web/1'],
    since: NOON,
    words: 'nothing has changed in 3 looks, and it is below its minimum for 10 min',
  });
});

test.each<[string, readonly StuckLook[]]>([
  ['nobody has looked', []],
  ['the time has not passed', [0, 5, 9.9].map((minute) => look(minute))],
  ['there were too few looks', [0, 10].map((minute) => look(minute))],
  ['the minimum is there now', [...[0, 5, 10].map((minute) => look(minute)), look(11, { missing: [] })]],
  ['the minimum was there meanwhile', [look(0), look(5, { missing: [] }), look(6), look(9), look(12)]],
  ['another domain is in flight since', [look(0, { domain: 0 }), look(5), look(9), look(12)]],
  ['an instance has moved', [look(0), look(9), look(10), look(11, {}, { powerState: 'running' })]],
  ['an instance has another version', [look(0), look(9), look(10), look(11, {}, { exactVersion: '2.0.0' })]],
])('not where %s', (_, looks) => expect(stuckOf(looks, RULES)).toBeNull());

test('never while the last looks differ, or before the time', () => {
  const anyLook = fc.record({
    minutes: fc.integer({ min: 1, max: 6 }),
    isMissing: fc.boolean(),
    power: fc.constantFrom('starting', 'running'),
  });
  fc.assert(
    fc.property(fc.array(anyLook), (steps) => {
      let minute = 0;
      const looks = steps.map(({ minutes, isMissing, power }) => {
        minute += minutes;
        return look(minute, isMissing ? {} : { missing: [] }, { powerState: power });
      });
      if (stuckOf(looks, RULES) === null) return;
      const last = steps.slice(-3);
      expect(last).toHaveLength(3);
      expect(last.every(({ isMissing }) => isMissing)).toBe(true);
      expect(new Set(last.map(({ power }) => power)).size).toBe(1);
    }),
  );
});
