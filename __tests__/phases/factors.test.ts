// The four factors are read by whoever decides: they promise what the table of steps beside them does.
import { expect, test } from '@jest/globals';
import { fourFactors } from '../../src/phases/factors.ts';
import { worldOf } from '../guards/world.ts';
import { contextOf, observationOf } from '../guards/world-azure.ts';

test('V1 can be given back before the point of no return, and the link that is cut cannot', async () => {
  const world = worldOf({});
  const factors = await fourFactors(contextOf(world), observationOf(world), []);
  const details = factors.find(({ factor }) => factor === 'rollback')?.details ?? [];
  const told = details.find((detail) => detail.includes('step (6)'));
  expect(told).toMatch(/users can always be given V1 back.*link that is cut is not restored.*copies anew/);
});
