// What the shape of the service changes: virtual domains, a cloud service, a swap and back.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { serviceHost } from '../../local-azure/topologies/contoso-service.ts';
import {
  cloudRole,
  type ServiceScenario,
  serviceOf,
  setRole,
  sizes,
  startServices,
  walked,
} from './ud-scenario.ts';

const FLEX = setRole('contoso-flex');
const CLOUD = ['WebRole', 'WorkerRole'].map((role) => cloudRole('contoso-cloud', role));
const STAGE = ['WebRole', 'WorkerRole'].map((role) => cloudRole('contoso-cloud-stage', role));

let scenario: ServiceScenario;
beforeEach(async () => {
  scenario = await startServices();
});
afterEach(() => scenario?.close());

describe('a Flexible scale set', () => {
  test('gets virtual domains, keeps them from run to run, and goes back by them', async () => {
    scenario.configure('flexible');
    const history = scenario.history(FLEX);
    const one = await scenario.act({ phase: 'prepare, upgrade', domain: 'next' });
    expect(one.report).toMatchObject({ result: 'succeeded', state: 'in-progress' });
    expect(sizes(one)).toEqual([2, 2, 2, 2, 2]);
    expect(serviceOf(one).roles[0]?.placement).toBe('virtual');
    const map = (acted: typeof one) =>
      serviceOf(acted).domains.map(({ instances }) => instances.map(({ id }) => id));
    expect(history.wentDown.toSorted()).toEqual(map(one)[0]?.toSorted());
    const two = await scenario.act({ phase: 'upgrade', domain: 'next' });
    expect(map(two)).toEqual(map(one));
    expect(scenario.idsOn(FLEX, '2.0.0').toSorted()).toEqual(map(one).slice(0, 2).flat().toSorted());
    const back = await scenario.act({ phase: 'rollback' });
    expect(walked(back)).toEqual(['1 back good', '0 back good']);
    expect(scenario.running(FLEX)).toEqual({ '1.0.0': 10 });
    expect(scenario.tags()).toEqual([]);
  });

  test('may be divided otherwise', async () => {
    scenario.configure('flexible', {
      edit: (text) => text.replace('virtual-domains: 5', 'virtual-domains: 3'),
    });
    const acted = await scenario.act({ phase: 'plan' });
    expect(sizes(acted)).toEqual([4, 3, 3]);
  });
});

describe('a cloud service', () => {
  test('is walked in place, both roles together; its retirement is told', async () => {
    scenario.configure('cloud-service');
    const history = scenario.history(...CLOUD);
    const acted = await scenario.act({ phase: 'prepare, upgrade' });
    expect(acted.report).toMatchObject({ result: 'succeeded', state: 'updated' });
    expect(history.domains).toEqual([0, 1]);
    expect(history.mostDomainsDown).toBe(1);
    expect(scenario.running(CLOUD[0] ?? '')).toEqual({ '2.0.0': 8 });
    expect(scenario.running(CLOUD[1] ?? '')).toEqual({ '2.0.0': 9 });
    expect(acted.run.main.log).toContain('2027-03-31');
    // Azure never tells a package: what was written last is all that the next run has.
    expect(scenario.tags()).toEqual(['contoso-cloud rolling-upgrade-version']);
    expect((await scenario.act({ phase: 'status' })).report.state).toBe('updated');
  });

  test('goes back to package and configuration before, and only what was walked', async () => {
    scenario.configure('cloud-service');
    await scenario.act({ phase: 'prepare, upgrade', domain: 'next' });
    expect(scenario.running(CLOUD[0] ?? '')).toEqual({ '1.0.0': 4, '2.0.0': 4 });
    const acted = await scenario.act({ phase: 'rollback' });
    expect(acted.report).toMatchObject({ result: 'succeeded', state: 'not-prepared' });
    expect(acted.report.verdict.headline).toContain('all 17 instances run the version before');
    expect(walked(acted)).toEqual(['0 back good']);
    for (const role of CLOUD) expect(Object.keys(scenario.running(role))).toEqual(['1.0.0']);
  });

  test('one role alone is refused: its platform walks them together', async () => {
    scenario.configure('cloud-service', {
      edit: (text) => text.replace('walk:\n', 'walk:\n  roles: [WebRole]\n'),
    });
    const acted = await scenario.act({ phase: 'prepare' });
    expect(acted.report).toMatchObject({ result: 'refused', reasonCode: 'change-not-possible' });
  });
});

describe('a swap', () => {
  test('moves users at once, and back', async () => {
    scenario.configure('swap');
    const versionsSeen = async () => {
      const visitors = scenario.visitors('contoso-cloud');
      await new Promise((resolve) => setTimeout(resolve, 300));
      await visitors.stop();
      const { byVersion, refused } = visitors.report()[serviceHost('contoso-cloud')] ?? {};
      expect(refused).toEqual({});
      return Object.keys(byVersion ?? {});
    };
    const upgraded = await scenario.act({ phase: 'prepare, upgrade' });
    expect(upgraded.report).toMatchObject({ result: 'succeeded', state: 'upgraded' });
    expect(scenario.running(STAGE[0] ?? '')).toEqual({ '2.0.0': 8 });
    expect(await versionsSeen()).toEqual(['1.0.0']);

    const switched = await scenario.act({ phase: 'switch' });
    expect(switched.report).toMatchObject({ result: 'succeeded', state: 'switched' });
    expect(await versionsSeen()).toEqual(['2.0.0']);

    const back = await scenario.act({ phase: 'rollback' });
    expect(back.report.result).toBe('succeeded');
    expect(await versionsSeen()).toEqual(['1.0.0']);
  });

  test('is finished by cleanup; the next update is of the other service', async () => {
    scenario.configure('swap');
    await scenario.act({ phase: 'prepare, upgrade' });
    const switched = await scenario.act({ phase: 'switch, cleanup' });
    expect(switched.report.result).toBe('succeeded');
    expect(scenario.tags()).toEqual(['contoso-cloud-stage rolling-upgrade-version']);
    expect(scenario.running(CLOUD[0] ?? '')).toEqual({ '1.0.0': 8 });

    scenario.configure('swap', { version: '3.0.0', previous: '1.0.0' });
    scenario.azure.compute.setVersionBehaviour('3.0.0', {});
    const next = await scenario.act({ phase: 'prepare, upgrade' });
    expect(next.report).toMatchObject({ result: 'succeeded', state: 'upgraded' });
    expect(scenario.running(CLOUD[0] ?? '')).toEqual({ '3.0.0': 8 });
    expect(scenario.running(STAGE[0] ?? '')).toEqual({ '2.0.0': 8 });
  });
});
