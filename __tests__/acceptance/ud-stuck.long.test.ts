// Instances that do not start, and updates that are stuck: what follows from it is configured.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { changesOf, outputsOf, type ServiceScenario, setRole, startServices, walked } from './ud-scenario.ts';

const WEB = setRole('contoso-web');

let scenario: ServiceScenario;
beforeEach(async () => {
  scenario = await startServices();
});
afterEach(() => scenario?.close());

describe('an instance that does not start', () => {
  /** Instance 5 of domain 0; Azure itself gives up after a while. */
  function neverStarts(onStartTimeout: string, more = (text: string) => text): void {
    scenario.azure.compute.setInstanceBehaviour(
      WEB,
      '5',
      { neverStarts: true, startTimeoutMs: 4_000 },
      '2.0.0',
    );
    scenario.configure('web', {
      edit: (text) =>
        more(text.replace('start-timeout: 5m', `start-timeout: 2s\n  on-start-timeout: ${onStartTimeout}`)),
    });
  }

  test('rollback: everything as before', async () => {
    neverStarts('rollback');
    const acted = await scenario.act({ phase: 'prepare, upgrade' });
    expect(acted.report).toMatchObject({
      result: 'rolled-back',
      reasonCode: 'instance-start-timeout',
      state: 'not-prepared',
    });
    expect(acted.report.error?.message).toMatch(/\b5\b/);
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 14 });
  });

  test('fail: the run ends as things stand', async () => {
    neverStarts('fail');
    const acted = await scenario.act({ phase: 'prepare, upgrade' });
    expect(acted.report).toMatchObject({ result: 'held', reasonCode: 'instance-start-timeout' });
    expect(acted.run.main.exitCode).toBe(1);
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 11, '2.0.0': 3 });
    expect(outputsOf(acted)).toMatchObject({ 'rollback-allowed': 'true' });
  });

  test('continue: the walk goes on where the minimum is there without it', async () => {
    neverStarts('continue', (text) =>
      text.replace(
        'resource-group: contoso-service',
        'resource-group: contoso-service\n      minimum-healthy: 60%',
      ),
    );
    const acted = await scenario.act({ phase: 'prepare, upgrade' });
    expect(walked(acted).map((walk) => Number(walk.split(' ')[0]))).toEqual([0, 1, 2, 3, 4]);
    expect(scenario.running(WEB)).toEqual({ '2.0.0': 14 });
  });
});

describe('an update that is stuck', () => {
  function stuck(onStuck: string, version = '2.0.0'): void {
    scenario.azure.compute.setVersionBehaviour('2.0.0', { initializingMs: 3_600_000 });
    scenario.azure.compute.setVersionBehaviour('3.0.0', {});
    scenario.configure('web', {
      version,
      edit: (text) => text.replace('stuck-after: 15s', `stuck-after: 2s\n  on-stuck: ${onStuck}`),
    });
  }

  test('rollback: everything as before; domain and instances are named', async () => {
    stuck('rollback');
    const acted = await scenario.act({ phase: 'prepare, upgrade' });
    expect(acted.report).toMatchObject({ result: 'rolled-back', reasonCode: 'update-stuck' });
    expect(acted.report.error?.message).toMatch(/domain 0/);
    for (const id of ['0', '5', '10']) expect(acted.report.error?.message).toMatch(RegExp(`\\b${id}\\b`));
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 14 });
  });

  test('hold: a person decides', async () => {
    stuck('hold');
    const acted = await scenario.act({ phase: 'prepare, upgrade' });
    expect(acted.report).toMatchObject({ result: 'held', reasonCode: 'update-stuck', state: 'in-progress' });
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 11, '2.0.0': 3 });
  });

  test('supersede: a fresh update over the top begins where instances are down, never two domains at once', async () => {
    stuck('supersede');
    const first = await scenario.act({ phase: 'prepare, upgrade' });
    expect(first.report).toMatchObject({ result: 'held', reasonCode: 'update-stuck' });
    stuck('supersede', '3.0.0');
    const history = scenario.history(WEB);
    const second = await scenario.act({ phase: 'upgrade' });
    expect(second.report).toMatchObject({ result: 'succeeded', state: 'updated' });
    expect(history.domains).toEqual([0, 1, 2, 3, 4]);
    expect(history.mostDomainsDown).toBe(1);
    expect(scenario.running(WEB)).toEqual({ '3.0.0': 14 });
  });

  test('supersede: the way back leads to the version that ran first', async () => {
    stuck('supersede');
    await scenario.act({ phase: 'prepare, upgrade' });
    stuck('supersede', '3.0.0');
    const next = await scenario.act({ phase: 'upgrade', domain: 'next' });
    expect(next.report).toMatchObject({ result: 'succeeded', state: 'in-progress' });
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 11, '3.0.0': 3 });
    const back = await scenario.act({ phase: 'rollback' });
    expect(back.report).toMatchObject({ result: 'succeeded', state: 'not-prepared' });
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 14 });
  });

  test('without supersede a second update over it is refused', async () => {
    stuck('hold');
    await scenario.act({ phase: 'prepare, upgrade' });
    stuck('hold', '3.0.0');
    const acted = await scenario.act({ phase: 'upgrade' });
    expect(acted.report).toMatchObject({ result: 'refused', reasonCode: 'update-in-progress' });
    expect(changesOf(acted).filter((call) => /manualupgrade/.test(call))).toEqual([]);
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 11, '2.0.0': 3 });
  });
});
