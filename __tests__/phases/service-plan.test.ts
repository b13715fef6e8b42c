// What phase plan says of a service: which steps lie ahead, what the update changes, and the article's four factors.
import { describe, expect, test } from '@jest/globals';
import type { Factor, Plan } from '../../src/engine/report.ts';
import { changeViews } from '../../src/phases/service/change-views.ts';
import { planService } from '../../src/phases/service/plan-service.ts';
import { changeOf } from '../../src/service/change.ts';
import { observeService } from '../../src/service/observe-service.ts';
import { upgradeDomains } from '../../src/topologies/upgrade-domains.ts';
import { except, minutesAfterNoon, record, serviceConfig, webRole } from '../guards/service/parts.ts';
import {
  cloudRecord,
  cloudWorld,
  halfway,
  type ServiceWorld,
  swapWorld,
  worldOf,
} from '../guards/service/world.ts';
import { contextOf } from '../guards/service/world-target.ts';
import { model, uniform } from '../service/instances.ts';

async function planOf(changes: Partial<ServiceWorld> = {}): Promise<Plan> {
  const context = contextOf(worldOf(changes));
  const observed = await observeService(context);
  return planService(context, observed, upgradeDomains(context, observed), new AbortController().signal);
}

function factor({ factors }: Plan, name: Factor['factor']): string {
  const found = factors.find((one) => one.factor === name);
  return [found?.answer, ...(found?.details ?? [])].join('\n');
}

const states = ({ steps }: Plan) => new Map(steps.map(({ id, state }) => [id, state]));

/** Two roles over two domains: 8 and 9 instances. */
const twoRoles = [webRole({ role: 'front' }, uniform(8, 2)), webRole({ role: 'worker' }, uniform(9, 2))];

describe('steps', () => {
  test('before the first update: prepare can begin, every domain lies ahead, nothing is swapped', async () => {
    const { steps } = await planOf();
    expect(steps.filter(({ phase }) => phase === 'prepare').map(({ state }) => state)).toEqual(['to-do']);
    expect(
      steps.filter(({ id }) => id.startsWith('walk-domain')).map(({ id, state }) => [id, state]),
    ).toEqual([0, 1, 2, 3, 4].map((domain) => [`walk-domain-${domain}`, 'later']));
    expect(new Set(steps.map(({ phase }) => phase))).toEqual(new Set(['prepare', 'upgrade']));
  });

  test('one domain a run is planned as all of them', async () => {
    const { steps } = await planOf({ ...halfway(), domain: 'next' });
    expect(steps.filter(({ id }) => id.startsWith('walk-domain'))).toHaveLength(5);
  });

  test('in the middle: what is walked is done, what is not lies ahead', async () => {
    const plan = states(await planOf(halfway()));
    expect(plan.get('write-record')).toBe('done');
    expect([plan.get('walk-domain-0'), plan.get('walk-domain-2')]).toEqual(['done', 'to-do']);
  });

  test('every instance has the new version, and nothing is written down: all is done', async () => {
    const instances = uniform(14, 5).map((one) => ({ ...one, exactVersion: '2.0.0' }));
    const base = webRole({}, instances);
    const roles = [{ ...base, set: base.set && { ...base.set, model: model('2.0.0') } }];
    const plan = await planOf({ roles, missing: { target: [], previous: ['It is not kept.'] } });
    expect(new Set(states(plan).values())).toEqual(new Set(['done']));
    expect(plan.guards).toEqual([]);
    expect(factor(plan, 'availability')).toMatch('No domain is left to be walked');
    expect(factor(plan, 'rollback')).toMatch('Not any more: every instance runs the new version.');
  });

  test('it is not known how things stand: no step is judged, and a guard says why', async () => {
    const roles = [webRole({}, except(uniform(14, 5), { 3: { exactVersion: '0.9.0' } }))];
    const plan = await planOf({ roles });
    expect(new Set(states(plan).values())).toEqual(new Set(['later']));
    expect(plan.guards.find(({ id }) => id === 'instances-alike')?.reason).toBe('instances-differ');
  });

  test('with a swap the switch is the point of no return', async () => {
    const { steps } = await planOf(swapWorld());
    expect(steps.filter((step) => step.pointOfNoReturn).map(({ phase }) => phase)).toEqual(['switch']);
    expect(steps.some(({ phase }) => phase === 'cleanup')).toBe(true);
  });
});

describe('guards ahead', () => {
  test('are told once each; how long this job lasts says nothing about the one that walks', async () => {
    const { guards } = await planOf({ jobEndsAt: minutesAfterNoon(1) });
    const ids = guards.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('two-instances');
    expect(ids).not.toContain('time-left');
    expect(guards.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });
});

describe('availability', () => {
  test('is the lowest number of instances, with the time that the walk takes', async () => {
    const text = factor(await planOf(), 'availability');
    expect(text).toMatch('At least 11 of 14 instances stay in service');
    expect(text).toMatch('5 domains typically takes 12 min 30 s, and 3 h 45 min at most');
    expect(text).toMatch('web: at least 11 of 14, while domain 0 is walked (domains of 3, 3, 3, 3, 2)');
    expect(text).toMatch('100 % of web');
  });

  test('of several roles is told for each', async () => {
    const text = factor(await planOf({ roles: twoRoles }), 'availability');
    expect(text).toMatch('At least 8 of 17 instances');
    expect(text).toMatch('front: at least 4 of 8, while domain 0 is walked (domains of 4, 4)');
    expect(text).toMatch('worker: at least 4 of 9, while domain 0 is walked (domains of 5, 4)');
  });

  test('counts those that are missing now', async () => {
    const roles = [webRole({}, except(uniform(14, 5), { 1: { health: 'unhealthy' } }))];
    expect(factor(await planOf({ roles }), 'availability')).toMatch('At least 10 of 14');
  });

  test('is of the domains that are left', async () => {
    const roles = halfway().roles.map((role) => ({
      ...role,
      instances: role.instances.filter(({ updateDomain }) => (updateDomain ?? 0) < 2 || updateDomain === 4),
    }));
    expect(factor(await planOf({ ...halfway(), roles }), 'availability')).toMatch(
      'At least 6 of 8 instances',
    );
  });

  test('says where a role is down', async () => {
    const config = serviceConfig({ walk: { acceptDowntime: true } });
    const text = factor(await planOf({ config, roles: [webRole({}, uniform(1, 5))] }), 'availability');
    expect(text).toMatch('web is down while one domain is walked');
  });

  test('with a swap takes nothing from users', async () => {
    expect(factor(await planOf(swapWorld()), 'availability')).toMatch(
      'No instance that users are on is taken down',
    );
  });
});

describe('the other factors', () => {
  test('rollback: until the last domain, by itself; what is configured otherwise is told', async () => {
    const config = serviceConfig({ walk: { onStuck: 'hold', onStartTimeout: 'continue' } });
    const text = factor(await planOf({ config }), 'rollback');
    expect(text).toMatch('As long as one instance has not been updated: yes');
    expect(text).toMatch(/stuck for 10 min: it is held.*not started in 30 min: it is passed over/);
  });

  test('rollback names the changes that may not come back', async () => {
    const config = serviceConfig();
    const service = config.service.kind === 'scale-sets' ? config.service : null;
    const [role] = service?.roles ?? [];
    if (!service || !role) throw new Error('no role');
    const larger = { ...role, change: { ...role.change, size: 'Standard_DS3_v2' } };
    const plan = await planOf({ config: { ...config, service: { ...service, roles: [larger] } } });
    const size = 'size Standard_DS1_v2 → Standard_DS3_v2';
    expect(factor(plan, 'rollback')).toMatch(`${size}: in doubt, needs Standard_DS1_v2 to be available`);
    expect(factor(plan, 'cost')).toMatch(`web: ${size}, paid from the walk of its domain on`);
  });

  test('rollback of a swap is possible until cleanup', async () => {
    expect(factor(await planOf(swapWorld()), 'rollback')).toMatch(
      'Until cleanup: yes, by exchanging the addresses again',
    );
  });

  test('catastrophe: the region, and a fault domain in the middle of a walk', async () => {
    const instances = uniform(14, 5).map((one, at) => ({ ...one, faultDomain: at % 5 }));
    expect(factor(await planOf(), 'catastrophe')).toMatch('If North Europe fails, the service is down');
    expect(factor(await planOf(), 'catastrophe')).not.toMatch('fault domain');
    // Update and fault domains are the same here, so the two that go are six instances at most.
    expect(factor(await planOf({ roles: [webRole({}, instances)] }), 'catastrophe')).toMatch(
      'A fault domain that fails while a domain is walked leaves at least 8 of 14',
    );
  });

  test('catastrophe: where update and fault domains are the same, nothing may be left', async () => {
    const instances = uniform(8, 2).map((one, at) => ({ ...one, faultDomain: at % 2 }));
    const text = factor(await planOf({ roles: [webRole({}, instances)] }), 'catastrophe');
    expect(text).toMatch('leaves none of 8 instances in service');
  });

  test('catastrophe: with a swap users stay where they are', async () => {
    const text = factor(await planOf(swapWorld()), 'catastrophe');
    expect(text).toMatch('If northeurope fails');
    expect(text).toMatch('users stay where they are, and the next run goes on, or back');
  });

  test('catastrophe: zones, where there are any', async () => {
    const instances = uniform(12, 4).map((one, at) => ({ ...one, zone: String(at % 3) }));
    expect(factor(await planOf({ roles: [webRole({}, instances)] }), 'catastrophe')).toMatch(
      /A zone that fails .* at least 6 of 12/,
    );
  });

  test('cost: nothing twice in place, the second service with a swap', async () => {
    const inPlace = await planOf();
    expect(inPlace.twice).toEqual([]);
    expect(factor(inPlace, 'cost')).toMatch(
      'Nothing is paid twice: the 14 instances are updated where they are',
    );
    const swapped = await planOf(swapWorld());
    expect(swapped.twice).toEqual([
      {
        resource: 'cloud service contoso-cloud-stage',
        sku: 'WebRole: 8 × Standard_D2_v2, WorkerRole: 9 × Standard_D2_v2',
        since: 'before this run',
      },
    ]);
    expect(factor(swapped, 'cost')).toMatch('17 instances more');
  });
});

describe('what the update changes', () => {
  const viewsOf = async (changes: Partial<ServiceWorld>) => {
    const context = contextOf(worldOf(changes));
    return changeViews(context, await observeService(context));
  };

  test('is told before it', async () => {
    expect((await viewsOf({})).changes).toEqual([
      {
        role: 'web',
        what: 'image 1.0.0 → 2.0.0',
        class: 'in-place-with-reimage',
        rule: expect.stringContaining('Deploy new code'),
        data: expect.stringContaining('temporary disk are lost'),
        wayBack: expect.stringContaining('instances are made anew from the image before'),
      },
    ]);
  });

  test('and in the middle of it, when the model has the new version already', async () => {
    expect((await viewsOf(halfway())).changes.map(({ what }) => what)).toEqual(['image 1.0.0 → 2.0.0']);
  });

  test('of another update over that of a cloud service too', async () => {
    const change = changeOf(null, 'code', 'package');
    const changes = { changes: [change], notKnowable: ['something'] };
    const views = await viewsOf({ ...cloudWorld(), record: cloudRecord('digest-3'), changes });
    expect(views.changes.map(({ what }) => what)).toEqual(['package']);
    expect(views.notKnowable).toEqual(['something']);
  });

  test('of another update over it is what the configuration asks for now, against what was before both', async () => {
    const { roles } = halfway();
    const four = model('4.0.0');
    const other = record({
      models: {
        web: { previous: { image: model('1.0.0').image ?? '' }, target: { image: four.image ?? '' } },
      },
    });
    const asFour = roles.map((role) => ({ ...role, set: role.set && { ...role.set, model: four } }));
    const { changes } = await viewsOf({ roles: asFour, record: other });
    expect(changes.map(({ what }) => what)).toEqual(['image 1.0.0 → 2.0.0']);
  });
});
