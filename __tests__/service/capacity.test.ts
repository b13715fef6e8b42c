// What users had while their service was updated.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ServiceInstance } from '../../src/azure/ports/compute.ts';
import { type CapacityLook, capacityOf } from '../../src/service/capacity.ts';
import { NOON, roleInstance } from './instances.ts';

const look = (
  second: number,
  roles: Readonly<Record<string, readonly Partial<ServiceInstance>[]>>,
): CapacityLook => ({
  at: NOON + second * 1000,
  instances: Object.entries(roles).flatMap(([role, all]) =>
    all.map((changes, at) => roleInstance(role, String(at), changes)),
  ),
});
const UP = {};
const DOWN = { powerState: 'stopped' };
const SICK = { health: 'unhealthy' } as const;

test('is told at each look, with the lowest, and from when to when', () => {
  const capacity = capacityOf([
    look(0, { web: [UP, UP, UP] }),
    look(10, { web: [DOWN, UP, SICK] }),
    look(20, { web: [DOWN, UP, SICK] }),
    look(30, { web: [UP, DOWN, UP] }),
    look(40, { web: [DOWN, DOWN, UP] }),
  ]);
  expect(capacity.series.map(({ inService }) => inService)).toEqual([3, 1, 1, 2, 1]);
  expect(capacity.lowest).toEqual({ inService: 1, instances: 3, at: NOON + 10_000, until: NOON + 30_000 });
});

test('is told of each role: one can fall to nothing while the service does not', () => {
  const { roles, lowest } = capacityOf([
    look(0, { front: [UP, UP], worker: [UP] }),
    look(9, { front: [UP, UP], worker: [DOWN] }),
  ]);
  expect(roles.map(({ role, lowest }) => [role, lowest?.inService])).toEqual([
    ['front', 2],
    ['worker', 0],
  ]);
  expect(lowest).toEqual({ inService: 2, instances: 3, at: NOON + 9_000, until: null });
});

test('of instances that never tell their health is that they run, and that is said', () => {
  const silent = { health: 'none', healthAt: null } as const;
  const { roles } = capacityOf([look(0, { web: [silent, { ...silent, ...DOWN }], front: [silent, UP] })]);
  expect(roles.map(({ role, by, series }) => [role, by, series[0]?.inService])).toEqual([
    ['web', 'power', 1],
    ['front', 'health', 1],
  ]);
});

test('of no look is nothing', () => expect(capacityOf([])).toEqual({ series: [], lowest: null, roles: [] }));

test('the roles add up, and the lowest is the least', () => {
  const anyRole = fc.array(fc.constantFrom<Partial<ServiceInstance>>(UP, DOWN, SICK), { maxLength: 5 });
  fc.assert(
    fc.property(fc.array(fc.record({ front: anyRole, worker: anyRole })), (all) => {
      const { series, lowest, roles } = capacityOf(all.map((each, at) => look(at, each)));
      series.forEach(({ inService, instances }, at) => {
        expect(roles.reduce((sum, role) => sum + (role.series[at]?.inService ?? 0), 0)).toBe(inService);
        expect(inService).toBeLessThanOrEqual(instances);
        expect(lowest?.inService).toBeLessThanOrEqual(inService);
      });
    }),
  );
});
