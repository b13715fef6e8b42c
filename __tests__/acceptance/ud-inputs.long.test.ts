// What is refused before anything is touched: wrong inputs, a wrong file, a service that cannot be updated so.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Acted } from './scenario.ts';
import { BRISK, changesOf, type ServiceScenario, setRole, startServices } from './ud-scenario.ts';

const WEB = setRole('contoso-web');

let scenario: ServiceScenario;
beforeAll(async () => {
  scenario = await startServices(BRISK); // at a pace at which automatic repairs take their time
});
afterAll(() => scenario?.close());
afterEach(() => {
  scenario.configure('web');
  scenario.azure.faults.clear();
});

/** Writes of the lease, which every phase that may change something takes first, are not counted. */
function expectRefused(acted: Acted, reason: string): void {
  expect(acted.report).toMatchObject({ result: 'refused', reasonCode: reason });
  expect(acted.run.main.exitCode).toBe(1);
  expect(changesOf(acted).filter((call) => !/^arm PATCH .*virtualMachineScaleSets/.test(call))).toEqual([]);
  expect(scenario.running(WEB)).toEqual({ '1.0.0': 14 });
  expect(scenario.tags()).toEqual([]);
}

describe('inputs', () => {
  test('domain is for this topology only', async () => {
    const acted = await scenario.act({ phase: 'status', topology: 'single-region', domain: 'next' });
    expect(acted.report).toMatchObject({ result: 'refused', reasonCode: 'input-invalid' });
    expect(acted.run.main.log).toMatch(/domain: is for topology upgrade-domains/);
  });

  test('domain is next, or a number', async () => {
    expectRefused(await scenario.act({ phase: 'upgrade', domain: 'first' }), 'input-invalid');
  });

  test('a file that is not there: the example for this topology is named', async () => {
    const acted = await scenario.act({ phase: 'status', config: 'nowhere.yml' });
    expectRefused(acted, 'config-not-found');
    expect(acted.report.error?.advice.join('\n')).toContain('examples/rolling-upgrade.upgrade-domains.yml');
  });

  test('the file of another topology: the input to set is told, and nothing else', async () => {
    scenario.write('.github/rolling-upgrade.yml', 'version: 1\napplication: contoso\ndatabases: [contoso]\n');
    const acted = await scenario.act({ phase: 'status' });
    expectRefused(acted, 'config-invalid');
    expect(acted.report.error?.message).toMatch(
      /\(it has databases\): set the input topology to "single-region"[^\n]*$/,
    );
  });

  test('and this file with another topology, which is what a forgotten input is', async () => {
    const acted = await scenario.act({ phase: 'status', topology: 'single-region' });
    expectRefused(acted, 'config-invalid');
    expect(acted.report.error?.message).toMatch(/set the input topology to "upgrade-domains"\.$/);
  });
});

describe('a service that cannot be updated so', () => {
  test('an image that does not exist', async () => {
    scenario.configure('web', { version: '5.0.0' });
    expectRefused(await scenario.act({ phase: 'prepare, upgrade' }), 'resource-not-found');
  });

  test('a scale set that does not exist', async () => {
    scenario.configure('web', { edit: (text) => text.replace('name: contoso-web', 'name: contoso-wep') });
    const acted = await scenario.act({ phase: 'prepare' });
    expectRefused(acted, 'resource-not-found');
    expect(acted.report.error?.message).toContain('contoso-wep');
    expect(acted.report.error?.message).toMatch(/of subscription [0-9a-f-]{36}/);
  });

  test('a size beyond the quota: how many cores are missing is told', async () => {
    scenario.configure('web', {
      edit: (text) => text.replace('walk:\n', 'update:\n  size: Standard_D8s_v5\nwalk:\n'),
    });
    expectRefused(await scenario.act({ phase: 'prepare' }), 'quota-exceeded');
  });

  test('an extension that the model does not have', async () => {
    scenario.configure('web', {
      edit: (text) =>
        text.replace(
          'resource-group: contoso-service',
          'resource-group: contoso-service\n      extensions: { app: { version: "2.0" } }',
        ),
    });
    expectRefused(await scenario.act({ phase: 'prepare' }), 'change-not-possible');
  });

  test('instances that are unhealthy already', async () => {
    for (const id of ['2', '7']) scenario.azure.compute.setWorking(WEB, id, false);
    const acted = await scenario.act({ phase: 'prepare' });
    // Where the run was slow, automatic repairs have put others in their place.
    const there = new Set(scenario.azure.compute.instances(WEB).map(({ id }) => id));
    for (const id of ['2', '7'].filter((one) => there.has(one)))
      scenario.azure.compute.setWorking(WEB, id, true);
    expectRefused(acted, 'production-unhealthy');
    expect(acted.report.error?.message).toMatch(/2 and 7/);
  });

  test('plan tells all of it at once', async () => {
    scenario.configure('web', {
      version: '5.0.0',
      edit: (text) => text.replace('walk:\n', 'update:\n  size: Standard_D8s_v5\nwalk:\n'),
    });
    const acted = await scenario.act({ phase: 'plan' });
    const failing = acted.report.plan?.guards.filter(({ verdict }) => verdict === 'fail');
    expect(failing?.map(({ reason }) => reason).toSorted()).toEqual(['quota-exceeded', 'resource-not-found']);
  });
});
