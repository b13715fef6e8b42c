// A service is updated one domain after another while users ask it: all domains, in order, one down at a time.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serviceHost } from '../../local-azure/topologies/contoso-service.ts';
import type { Acted } from './scenario.ts';
import {
  BRISK,
  changesOf,
  outputsOf,
  type ServiceScenario,
  serviceOf,
  setRole,
  sizes,
  startServices,
  states,
  walked,
} from './ud-scenario.ts';

const WEB = setRole('contoso-web');

let scenario: ServiceScenario;
beforeAll(async () => {
  scenario = await startServices(BRISK);
});
afterAll(() => scenario?.close());

describe('looking first', () => {
  test('status and plan tell what would be done, and change nothing', async () => {
    const acted = await scenario.act({ phase: 'status, plan' });
    const { report } = acted;
    expect(report).toMatchObject({ result: 'succeeded', state: 'not-prepared' });
    expect(sizes(acted)).toEqual([3, 3, 3, 3, 2]);
    expect(serviceOf(acted).changes).toMatchObject([
      { role: 'web', what: expect.stringContaining('1.0.0 → 2.0.0'), class: 'in-place-with-reimage' },
    ]);
    expect(report.plan?.guards.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect(report.plan?.factors.map(({ factor }) => factor)).toEqual([
      'availability',
      'rollback',
      'catastrophe',
      'cost',
    ]);
    expect(changesOf(acted)).toEqual([]);
    expect(scenario.tags()).toEqual([]);
  });

  test('an upgrade that nobody has prepared is refused', async () => {
    const acted = await scenario.act({ phase: 'upgrade' });
    expect(acted.report).toMatchObject({ result: 'refused', reasonCode: 'phase-not-applicable' });
    expect(changesOf(acted)).toEqual([]);
  });
});

describe('14 instances over 5 domains', () => {
  let acted: Acted;
  let history: ReturnType<ServiceScenario['history']>;
  let visits: ReturnType<ReturnType<ServiceScenario['visitors']>['report']>[string] | undefined;
  beforeAll(async () => {
    history = scenario.history(WEB);
    const visitors = scenario.visitors('contoso-web');
    acted = await scenario.act({ phase: 'prepare, upgrade' });
    await visitors.stop();
    visits = visitors.report()[serviceHost('contoso-web')];
  });

  test('all run the new version', () => {
    expect(acted.report).toMatchObject({ result: 'succeeded', reasonCode: null, state: 'updated' });
    expect(acted.run.main.exitCode).toBe(0);
    expect(scenario.running(WEB)).toEqual({ '2.0.0': 14 });
  });

  test('the domains go down in order, whole, and one at a time', () => {
    expect(history.domains).toEqual([0, 1, 2, 3, 4]);
    expect(history.wentDown.toSorted()).toEqual(Array.from({ length: 14 }, (_, id) => String(id)).toSorted());
    expect(history.mostDomainsDown).toBe(1);
    expect(history.fewestInService).toBe(11);
  });

  test('no user was refused, and both versions answered', () => {
    expect(visits?.refused).toEqual({});
    expect(Object.keys(visits?.byVersion ?? {}).toSorted()).toEqual(['1.0.0', '2.0.0']);
  });

  test('the report tells the walk, and the capacity that users had', () => {
    expect(walked(acted)).toEqual([0, 1, 2, 3, 4].map((domain) => `${domain} forward good`));
    expect(states(acted)).toEqual(['updated', 'updated', 'updated', 'updated', 'updated']);
    const { capacity } = serviceOf(acted);
    expect(capacity?.lowest.instances).toBe(14);
    expect(capacity?.lowest.inService).toBeGreaterThanOrEqual(11);
    const instance = serviceOf(acted).domains[1]?.instances[0];
    expect(instance).toMatchObject({
      id: '1',
      before: '1.0.0',
      now: '2.0.0',
      runs: 'target',
      health: 'healthy',
    });
  });

  test('the outputs say that it is over', () => {
    expect(outputsOf(acted)).toMatchObject({
      result: 'succeeded',
      state: 'updated',
      locked: 'false',
      'rollback-allowed': 'false',
      'production-slot': '',
      'read-only-seconds': '0',
    });
    expect(JSON.parse(outputsOf(acted).domains ?? '')).toHaveLength(5);
  });

  test('what was held is given back, and nothing is left behind', () => {
    expect(scenario.automation()).toContain('contoso-web-autoscale');
    expect(scenario.automation()).toContain('repairs of contoso-web');
    expect(scenario.tags()).toEqual([]);
  });

  test('the summary shows domains and instances', () => {
    expect(acted.run.main.summary).toContain('contoso-web');
    for (let domain = 0; domain < 5; domain++)
      expect(acted.run.main.summary).toMatch(RegExp(`\\b${domain}\\b`));
  });

  test('again: there is nothing to do, and nothing is changed', async () => {
    const again = await scenario.act({ phase: 'prepare, upgrade' });
    expect(again.report).toMatchObject({ result: 'nothing-to-do', state: 'updated' });
    expect(again.run.main.exitCode).toBe(0);
    expect(changesOf(again)).toEqual([]);
  });

  test('the version after it is an update like the first, and the one before too', async () => {
    scenario.configure('web', { version: '1.0.0' });
    const back = await scenario.act({ phase: 'prepare, upgrade' });
    expect(back.report).toMatchObject({ result: 'succeeded', state: 'updated' });
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 14 });
  });
});
