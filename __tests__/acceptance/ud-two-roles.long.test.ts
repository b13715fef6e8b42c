// Two roles are one service: their instances of a domain go down together, or one role is updated alone.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serviceHost } from '../../local-azure/topologies/contoso-service.ts';
import { BRISK, type ServiceScenario, serviceOf, setRole, startServices } from './ud-scenario.ts';

const FRONT = setRole('contoso-front');
const WORKER = setRole('contoso-worker');

let scenario: ServiceScenario;
beforeAll(async () => {
  scenario = await startServices(BRISK);
});
afterAll(() => scenario?.close());

describe('two roles of 8 and 9 over 2 domains', () => {
  test('are updated together: half of each at a time', async () => {
    scenario.configure('two-roles');
    const history = scenario.history(FRONT, WORKER);
    const visitors = scenario.visitors('contoso-front', 'contoso-worker');
    const acted = await scenario.act({ phase: 'prepare, upgrade' });
    await visitors.stop();
    expect(acted.report).toMatchObject({ result: 'succeeded', state: 'updated' });
    expect(serviceOf(acted).roles.map(({ role, instances }) => [role, instances])).toEqual([
      ['front', 8],
      ['worker', 9],
    ]);
    const perRole = serviceOf(acted).domains.map(({ instances }) =>
      ['front', 'worker'].map((name) => instances.filter(({ role }) => role === name).length),
    );
    expect(perRole).toEqual([
      [4, 5],
      [4, 4],
    ]);
    expect(history.domains).toEqual([0, 1]);
    expect(history.mostDomainsDown).toBe(1);
    expect(history.fewestInService).toBe(8);
    for (const host of ['contoso-front', 'contoso-worker'])
      expect(visitors.report()[serviceHost(host)]?.refused).toEqual({});
    expect(scenario.running(FRONT)).toEqual({ '2.0.0': 8 });
    expect(scenario.running(WORKER)).toEqual({ '2.0.0': 9 });
    expect(scenario.tags()).toEqual([]);
  });

  test('or one alone, and the other one is not touched', async () => {
    scenario.configure('two-roles', {
      version: '1.0.0',
      edit: (text) => text.replace('walk:\n', 'walk:\n  roles: [worker]\n'),
    });
    const history = scenario.history(FRONT);
    const acted = await scenario.act({ phase: 'prepare, upgrade' });
    expect(acted.report).toMatchObject({ result: 'succeeded', state: 'updated' });
    expect(history.wentDown).toEqual([]);
    expect(scenario.running(FRONT)).toEqual({ '2.0.0': 8 });
    expect(scenario.running(WORKER)).toEqual({ '1.0.0': 9 });
  });

  test('and then both: only the one that is behind is updated, and would go back', async () => {
    scenario.configure('two-roles');
    const history = scenario.history(FRONT);
    const one = await scenario.act({ phase: 'prepare, upgrade', domain: 'next' });
    expect(one.report).toMatchObject({ result: 'succeeded', state: 'in-progress' });
    expect(serviceOf(one).roles.map(({ role, chosen }) => [role, chosen])).toEqual([
      ['front', false],
      ['worker', true],
    ]);
    const back = await scenario.act({ phase: 'rollback' });
    expect(back.report).toMatchObject({ result: 'succeeded', state: 'not-prepared' });
    expect(history.wentDown).toEqual([]);
    expect(scenario.running(WORKER)).toEqual({ '1.0.0': 9 });
  });
});
