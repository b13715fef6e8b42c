// Which instances' health counts on the way back, after a run that was killed in the middle of a domain.
import { expect, test } from '@jest/globals';
import type { ServiceObservation } from '../../../src/service/observe-service.ts';
import { keyOf, type RoleInstance } from '../../../src/service/role-instance.ts';
import { createWalkMemory, walkedInstances } from '../../../src/steps/domains/walk-track.ts';

const WRITTEN_DOWN = Date.UTC(2026, 0, 1, 12);

function instance(id: string, healthAt: number, changes: Partial<RoleInstance> = {}): RoleInstance {
  const state = { provisioningState: 'Succeeded', powerState: 'running', health: 'healthy' };
  return { role: 'worker', id, ...state, healthAt: new Date(healthAt), ...changes } as RoleInstance;
}

/** All of domain 1 run the version before, and the record tells that its walk was begun. */
function counted(instances: readonly RoleInstance[]): string[] {
  const observed = {
    spread: { domains: [{ number: 1, instances }] },
    look: {
      at: WRITTEN_DOWN + 60_000,
      record: { startedAt: new Date(WRITTEN_DOWN).toISOString(), walk: [{ domain: 1 }] },
    },
    versions: new Map(instances.map((one) => [keyOf(one), { version: 'previous' }])),
  } as unknown as ServiceObservation;
  return walkedInstances(observed, createWalkMemory().back).map((walked) => walked.instance.id);
}

test('what was walked back by an earlier run counts, and what was never touched does not: nobody waits for its health', () => {
  const walkedBack = instance('1', WRITTEN_DOWN + 30_000);
  const untouched = instance('3', WRITTEN_DOWN - 30_000);
  expect(counted([walkedBack, untouched])).toEqual(['1']);
});

test('what is not healthy counts, whenever that was told, and so does what is being changed', () => {
  const old = WRITTEN_DOWN - 30_000;
  const unhealthy = instance('5', old, { health: 'unhealthy' });
  const changing = instance('7', old, { provisioningState: 'Updating' });
  expect(counted([unhealthy, changing])).toEqual(['5', '7']);
});
