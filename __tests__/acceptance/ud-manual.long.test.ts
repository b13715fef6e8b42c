// One domain a run, so that people approve between domains; every run sees where the update stands.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  changesOf,
  outputsOf,
  type ServiceScenario,
  serviceOf,
  setRole,
  startServices,
  states,
  walked,
} from './ud-scenario.ts';

const WEB = setRole('contoso-web');

let scenario: ServiceScenario;
beforeAll(async () => {
  scenario = await startServices();
});
afterAll(() => scenario?.close());

describe('one domain a run', () => {
  test('a domain that the service does not have is refused before anything is touched', async () => {
    const acted = await scenario.act({ phase: 'prepare, upgrade', domain: '7' });
    expect(acted.report).toMatchObject({ result: 'refused', reasonCode: 'input-invalid' });
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 14 });
  });

  test('the first one is walked, and the run ends green with the others untouched', async () => {
    const acted = await scenario.act({ phase: 'prepare, upgrade', domain: 'next' });
    expect(acted.report).toMatchObject({ result: 'succeeded', state: 'in-progress' });
    expect(walked(acted)).toEqual(['0 forward good']);
    expect(states(acted)).toEqual(['updated', 'untouched', 'untouched', 'untouched', 'untouched']);
    expect(outputsOf(acted)).toMatchObject({ locked: 'false', 'rollback-allowed': 'true' });
    expect(scenario.idsOn(WEB, '2.0.0')).toEqual(['0', '5', '10']);
  });

  test('automation stays held between the runs, and every run says so', async () => {
    expect(scenario.automation()).not.toContain('contoso-web-autoscale');
    expect(scenario.automation()).not.toContain('repairs of contoso-web');
    const acted = await scenario.act({ phase: 'status' });
    expect(serviceOf(acted).held.join()).toContain('contoso-web-autoscale');
    expect(acted.run.main.summary).toContain('contoso-web-autoscale');
  });

  test('status tells where it stands, and changes nothing', async () => {
    const acted = await scenario.act({ phase: 'status' });
    expect(acted.report).toMatchObject({ result: 'succeeded', state: 'in-progress' });
    expect(serviceOf(acted).progress).toMatch(/domain 0 updated/);
    expect(outputsOf(acted)).toMatchObject({ locked: 'false', 'rollback-allowed': 'true' });
    expect(changesOf(acted)).toEqual([]);
  });

  test('a domain may be chosen by its number', async () => {
    const acted = await scenario.act({ phase: 'upgrade', domain: '3' });
    expect(acted.report).toMatchObject({ result: 'succeeded', state: 'in-progress' });
    expect(walked(acted)).toEqual(['3 forward good']);
    expect(states(acted)).toEqual(['updated', 'untouched', 'untouched', 'updated', 'untouched']);
  });

  test('one that was walked already is nothing to do', async () => {
    const acted = await scenario.act({ phase: 'upgrade', domain: '0' });
    expect(acted.report).toMatchObject({ result: 'nothing-to-do', state: 'in-progress' });
    expect(walked(acted)).toEqual([]);
  });

  test('another version meanwhile is refused: an update is in progress', async () => {
    scenario.configure('web', { version: '3.0.0' });
    const acted = await scenario.act({ phase: 'upgrade', domain: 'next' });
    expect(acted.report).toMatchObject({ result: 'refused', reasonCode: 'update-in-progress' });
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 8, '2.0.0': 6 });
    scenario.configure('web');
  });

  test('mode manual does the same without the input; the last domain finishes the update', async () => {
    scenario.configure('web', { edit: (text) => text.replace('walk:\n', 'walk:\n  mode: manual\n') });
    const one = await scenario.act({ phase: 'upgrade' });
    expect(walked(one)).toEqual(['1 forward good']);
    expect(one.report.state).toBe('in-progress');
    const two = await scenario.act({ phase: 'upgrade' });
    expect(walked(two)).toEqual(['2 forward good']);
    const last = await scenario.act({ phase: 'upgrade' });
    expect(walked(last)).toEqual(['4 forward good']);
    expect(last.report).toMatchObject({ result: 'succeeded', state: 'updated' });
    expect(outputsOf(last)).toMatchObject({ 'rollback-allowed': 'false' });
    expect(scenario.running(WEB)).toEqual({ '2.0.0': 14 });
    expect(scenario.automation()).toContain('contoso-web-autoscale');
    expect(scenario.tags()).toEqual([]);
  });

  test('a job too many finds nothing to do', async () => {
    const acted = await scenario.act({ phase: 'upgrade', domain: 'next' });
    expect(acted.report).toMatchObject({ result: 'nothing-to-do', state: 'updated' });
    expect(acted.run.main.exitCode).toBe(0);
  });
});
