// Whatever becomes of instances: never are two domains down at once, and an update ends with all instances on the new
// version, or all on the one before.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import '../../property-seed.ts';
import type { Minimum } from '../../../src/config/service-config.ts';
import { requiredOf } from '../../../src/service/health-evaluation.ts';
import type { ServiceLook } from '../../../src/service/target.ts';
import { type Behaviour, UPDATE_MS } from './fake-machine.ts';
import type { FakeService } from './fake-service.ts';
import { back, begin, forward, prepare, role, type Scene, scene } from './rolling.ts';

const anyMinimum: fc.Arbitrary<Minimum> = fc.oneof(
  fc.record({ kind: fc.constant('count' as const), count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant('percent' as const), percent: fc.integer({ min: 1, max: 100 }) }),
);

const anyBehaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 12, arbitrary: fc.constant('good' as const) },
  { weight: 1, arbitrary: fc.constantFrom('unhealthy', 'never-starts', 'fails', 'breaks') },
);

const anyUpdate = fc.record({
  roles: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('front', 'worker', 'batch'),
      instances: fc.integer({ min: 1, max: 14 }),
      minimum: anyMinimum,
    }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 3 },
  ),
  domains: fc.integer({ min: 1, max: 5 }),
  behaviours: fc.array(anyBehaviour, { minLength: 1, maxLength: 40 }),
  tells: fc.boolean(),
  onStartTimeout: fc.constantFrom('continue', 'fail', 'rollback'),
  onStuck: fc.constantFrom('rollback', 'supersede', 'hold'),
});
type Update = typeof anyUpdate extends fc.Arbitrary<infer U> ? U : never;

/** What each instance is like with the new version follows from its place in the list. */
function sceneOf({ roles, domains, behaviours, tells, ...walk }: Update): Scene {
  const at = scene({
    roles: roles.map(({ name, instances, minimum }) => role(name, instances, domains, minimum)),
    tells,
    walk,
  });
  const keys = at.service.machines.map(({ key }) => key);
  at.service.behaviourOf = (key, version) =>
    version === '1.0.0' ? 'good' : (behaviours[keys.indexOf(key) % behaviours.length] ?? 'good');
  return at;
}

/** By what the instances are, not by what the steps think of them. */
function domainsDown(
  { roles, machines }: Pick<FakeService, 'roles' | 'machines'>,
  walked: number,
  look: ServiceLook,
) {
  const domainOf = new Map(machines.map(({ key, domain }) => [key, domain]));
  return roles.flatMap(({ role: name, minimum, model }) => {
    const shown = look.roles.find((one) => one.role === name)?.instances ?? [];
    const others = shown
      .map((instance) => ({
        instance,
        machine: machines.find(({ key }) => key === `${name}/${instance.id}`),
      }))
      .filter(({ machine }) => machine !== undefined && domainOf.get(machine.key) !== walked);
    // Those with the other version are what the walk is for, on its way back.
    const own = others.filter(({ machine }) => machine?.update?.to === model);
    const good = own.filter(
      ({ instance }) => instance.powerState === 'running' && instance.health === 'healthy',
    );
    return good.length < requiredOf(minimum, own.length) ? [name] : [];
  });
}

test('no domain is taken down while another one is', async () => {
  await fc.assert(
    fc.asyncProperty(anyUpdate, async (update) => {
      const at = sceneOf(update);
      const problems: string[] = [];
      at.service.beforeWalk = (domain, look) => {
        const down = domainsDown(at.service, domain, look);
        if (down.length > 0)
          problems.push(`domain ${domain} was taken down while ${down.join(', ')} missed others`);
        const last = at.service.walks.at(-1);
        if (last && at.clock.now() - last.at < UPDATE_MS)
          problems.push(`domain ${domain} met ${last.domain}`);
      };
      await prepare(at);
      const { plan } = await begin(at);
      const outcome = await forward(at, plan.upgrade);
      if (outcome.kind === 'failed') await back(at, plan.whole);
      expect(problems).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('after a failure every instance is back on the version before, and nothing is left behind', async () => {
  await fc.assert(
    fc.asyncProperty(anyUpdate, async (update) => {
      const at = sceneOf(update);
      await prepare(at);
      const { plan } = await begin(at);
      const outcome = await forward(at, plan.upgrade);
      if (outcome.kind === 'failed') expect((await back(at, plan.whole)).kind).toBe('rolled-back');
      const version = outcome.kind === 'failed' ? '1.0.0' : '2.0.0';
      expect(new Set(Object.values(at.service.versions()))).toEqual(new Set([version]));
      expect([at.service.record, at.service.isAutoscaleOn]).toEqual([null, true]);
    }),
    { numRuns: 60 },
  );
});
