// The way back: by itself where a domain does not come good, on demand while an update is in progress, and the cases in
// which there is none.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { serviceHost } from '../../local-azure/topologies/contoso-service.ts';
import { outputsOf, type ServiceScenario, setRole, startServices, states, walked } from './ud-scenario.ts';

const WEB = setRole('contoso-web');

let scenario: ServiceScenario;
beforeEach(async () => {
  scenario = await startServices();
});
afterEach(() => scenario?.close());

/** The new version breaks on every instance of a domain, soon after it has started. */
function breaksIn(domain: number): void {
  for (const { id, updateDomain } of scenario.azure.compute.instances(WEB)) {
    if (updateDomain === domain)
      scenario.azure.compute.setInstanceBehaviour(WEB, id, { unhealthyAfterMs: 900 }, '2.0.0');
  }
}

function expectAllAsBefore(): void {
  expect(scenario.running(WEB)).toEqual({ '1.0.0': 14 });
  expect(scenario.automation()).toContain('contoso-web-autoscale');
  expect(scenario.automation()).toContain('repairs of contoso-web');
  expect(scenario.tags()).toEqual([]);
}

describe('an update that breaks in domain 1', () => {
  test('goes back by itself, the last domain first, and nothing else is touched', async () => {
    breaksIn(1);
    const history = scenario.history(WEB);
    const visitors = scenario.visitors('contoso-web');
    const acted = await scenario.act({ phase: 'prepare, upgrade' });
    await visitors.stop();
    expect(acted.report).toMatchObject({ result: 'rolled-back', state: 'not-prepared' });
    expect(['update-failed', 'update-stuck']).toContain(acted.report.reasonCode);
    expect(acted.run.main.exitCode).toBe(1);
    expect(history.domains).toEqual([0, 1, 0]);
    expect(history.wentDown.slice(0, 6).toSorted()).toEqual(['0', '1', '10', '11', '5', '6']);
    expect(new Set(history.wentDown)).toEqual(new Set(['0', '5', '10', '1', '6', '11']));
    expect(walked(acted).map((walk) => walk.replace(/(failed|stuck)$/, 'bad'))).toEqual([
      '0 forward good',
      '1 forward bad',
      '1 back good',
      '0 back good',
    ]);
    expect(history.mostDomainsDown).toBe(1);
    expect(visitors.report()[serviceHost('contoso-web')]?.refused).toEqual({});
    expectAllAsBefore();
    expect(outputsOf(acted)).toMatchObject({ result: 'rolled-back', 'rollback-allowed': 'false' });
    expect(acted.run.main.summary).toMatch(/domain 1/);
  });

  test('on-failure hold: stays as it is, says so, and goes back when it is asked to', async () => {
    breaksIn(1);
    const held = await scenario.act({ phase: 'prepare, upgrade', 'on-failure': 'hold' });
    expect(held.report).toMatchObject({ result: 'held', state: 'in-progress' });
    expect(held.run.main.exitCode).toBe(1);
    expect(outputsOf(held)).toMatchObject({ 'rollback-allowed': 'true' });
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 8, '2.0.0': 6 });
    const back = await scenario.act({ phase: 'rollback' });
    expect(back.report).toMatchObject({ result: 'succeeded', state: 'not-prepared' });
    expect(walked(back)).toEqual(['1 back good', '0 back good']);
    expectAllAsBefore();
  });

  test('can be mended by hand: upgrade goes on where it stopped', async () => {
    breaksIn(1);
    await scenario.act({ phase: 'prepare, upgrade', 'on-failure': 'hold' });
    for (const id of ['1', '6', '11']) scenario.azure.compute.setWorking(WEB, id, true);
    const acted = await scenario.act({ phase: 'upgrade' });
    expect(acted.report).toMatchObject({ result: 'succeeded', state: 'updated' });
    expect(scenario.running(WEB)).toEqual({ '2.0.0': 14 });
  });
});

describe('phase rollback', () => {
  test('while one domain is updated: that one goes back, the others are never touched', async () => {
    await scenario.act({ phase: 'prepare, upgrade', domain: 'next' });
    const history = scenario.history(WEB);
    const acted = await scenario.act({ phase: 'rollback' });
    expect(acted.report).toMatchObject({ result: 'succeeded', state: 'not-prepared' });
    expect(acted.run.main.exitCode).toBe(0);
    expect(history.wentDown.toSorted()).toEqual(['0', '10', '5']);
    expect(states(acted)).toEqual(Array(5).fill('untouched'));
    expectAllAsBefore();
  });

  test('of an update that is only prepared: no instance goes down', async () => {
    await scenario.act({ phase: 'prepare' });
    const history = scenario.history(WEB);
    const acted = await scenario.act({ phase: 'rollback' });
    expect(acted.report.state).toBe('not-prepared');
    expect(history.wentDown).toEqual([]);
    expectAllAsBefore();
  });

  test('where no update is in progress: nothing to do', async () => {
    const acted = await scenario.act({ phase: 'rollback' });
    expect(acted.report).toMatchObject({ result: 'nothing-to-do', state: 'not-prepared' });
  });

  test('of a finished update is not possible: the article’s race condition', async () => {
    await scenario.act({ phase: 'prepare, upgrade' });
    const history = scenario.history(WEB);
    const acted = await scenario.act({ phase: 'rollback' });
    expect(acted.report).toMatchObject({
      result: 'refused',
      reasonCode: 'rollback-not-allowed',
      state: 'updated',
    });
    expect(acted.report.error?.message).toMatch(/finished/);
    expect(acted.report.error?.advice.join()).toMatch(/version before/);
    expect(history.wentDown).toEqual([]);
    expect(scenario.running(WEB)).toEqual({ '2.0.0': 14 });
  });

  test('beyond the quota is not possible: others have taken the cores since', async () => {
    // From two cores each to one, so that the way back needs more than is in use.
    const size = (name: string) => (text: string) =>
      text.replace('walk:\n', `update:\n  size: ${name}\nwalk:\n`);
    scenario.configure('web', { version: '1.0.0', edit: size('Standard_DS2_v2') });
    expect((await scenario.act({ phase: 'prepare, upgrade' })).report.result).toBe('succeeded');
    scenario.configure('web', { edit: size('Standard_DS1_v2') });
    expect((await scenario.act({ phase: 'prepare, upgrade', domain: 'next' })).report.result).toBe(
      'succeeded',
    );
    const { quota } = scenario.azure.arm.compute;
    quota.setLimit('northeurope', quota.used('northeurope'));
    const acted = await scenario.act({ phase: 'rollback' });
    expect(acted.report).toMatchObject({ result: 'refused', reasonCode: 'rollback-not-allowed' });
    expect(acted.report.error?.message).toMatch(/quota/);
    expect(outputsOf(acted)).toMatchObject({ 'rollback-allowed': 'false' });
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 11, '2.0.0': 3 });
    // The way forward is open all the same.
    const on = await scenario.act({ phase: 'upgrade' });
    expect(on.report).toMatchObject({ result: 'succeeded', state: 'updated' });
  });

  test('to an image that was deleted meanwhile is not possible, and says so', async () => {
    await scenario.act({ phase: 'prepare, upgrade', domain: 'next' });
    scenario.azure.faults.add({
      at: 'arm GET .*/images/service/versions/1\\.0\\.0',
      times: null,
      fault: { kind: 'error', status: 404, code: 'NotFound', message: 'The image version is gone.' },
    });
    const acted = await scenario.act({ phase: 'rollback' });
    expect(acted.report).toMatchObject({ result: 'refused', reasonCode: 'rollback-not-allowed' });
    expect(acted.report.error?.message).toContain('1.0.0');
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 11, '2.0.0': 3 });
  });
});
