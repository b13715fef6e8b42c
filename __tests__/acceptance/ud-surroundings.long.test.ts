// What else happens around an update: calls that fail, others who write, autoscale, new instances, secrets.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  changesOf,
  type ServiceScenario,
  serviceOf,
  setRole,
  startServices,
  states,
  walked,
} from './ud-scenario.ts';

const WEB = setRole('contoso-web');

let scenario: ServiceScenario;
beforeEach(async () => {
  scenario = await startServices();
});
afterEach(() => scenario?.close());

describe('a call that fails', () => {
  test.each([
    ['an answer that is lost', { kind: 'drop-after' }],
    ['a connection that is lost', { kind: 'drop' }],
    ['too many requests', { kind: 'error', status: 429, code: 'TooManyRequests', message: 'Slow down.' }],
    [
      'another operation',
      { kind: 'error', status: 409, code: 'OperationNotAllowed', message: 'Another one.' },
    ],
  ] as const)('once, while a domain is updated (%s): the walk goes on, or all is as before', async (_, fault) => {
    scenario.azure.faults.add({ at: 'arm POST .*/contoso-web/manualupgrade', after: 1, times: 1, fault });
    const history = scenario.history(WEB);
    const { report } = await scenario.act({ phase: 'prepare, upgrade' });
    expect(['succeeded', 'rolled-back']).toContain(report.result);
    const version = report.result === 'succeeded' ? '2.0.0' : '1.0.0';
    expect(scenario.running(WEB)).toEqual({ [version]: 14 });
    expect(history.mostDomainsDown).toBe(1);
    expect(scenario.tags()).toEqual([]);
  });

  test('for good, while a domain is updated: back, and Azure’s words are told', async () => {
    const fault = {
      kind: 'operation-fails',
      code: 'AllocationFailed',
      message: 'No room in the region.',
    } as const;
    scenario.azure.faults.add({ at: 'arm POST .*/contoso-web/manualupgrade', after: 1, times: 1, fault });
    const { report } = await scenario.act({ phase: 'prepare, upgrade' });
    expect(report).toMatchObject({
      result: 'rolled-back',
      reasonCode: 'update-failed',
      state: 'not-prepared',
    });
    expect(JSON.stringify(report.error)).toContain('No room in the region.');
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 14 });
  });

  describe('for want of a right, while a domain is updated', () => {
    const action = 'Microsoft.Compute/virtualMachineScaleSets/manualupgrade/action';
    const message = `The client 'a' with object id 'b' does not have authorization to perform action '${action}' over scope '${WEB}' or the scope is invalid.`;
    const fault = { kind: 'error', status: 403, code: 'AuthorizationFailed', message } as const;
    const lacking = (after: number) =>
      scenario.azure.faults.add({ at: 'arm POST .*/contoso-web/manualupgrade', after, times: null, fault });

    test('that others have: held, since the way back needs it too; with it the update goes on', async () => {
      lacking(1);
      const { report } = await scenario.act({ phase: 'prepare, upgrade' });
      expect(report).toMatchObject({
        result: 'held',
        reasonCode: 'azure-permission-missing',
        state: 'in-progress',
      });
      expect(report.error?.message).toContain(
        `Domain 1 was not updated. A right is missing in Azure: ${action} on`,
      );
      expect(report.error?.advice.join()).toContain('docs/custom-role.json');
      expect(report.verdict.headline).toContain('users are served by both versions');
      expect(report.rollback).toEqual([]);
      expect(scenario.running(WEB)).toEqual({ '1.0.0': 11, '2.0.0': 3 });

      scenario.azure.faults.clear();
      const next = await scenario.act({ phase: 'upgrade' });
      expect(next.report).toMatchObject({ result: 'succeeded', state: 'updated' });
    });

    test('that none has yet: given up, with no instance touched', async () => {
      lacking(0);
      const { report } = await scenario.act({ phase: 'prepare, upgrade' });
      expect(report).toMatchObject({
        result: 'rolled-back',
        reasonCode: 'azure-permission-missing',
        state: 'not-prepared',
      });
      expect(scenario.running(WEB)).toEqual({ '1.0.0': 14 });
      expect(scenario.tags()).toEqual([]);
    });
  });

  test('for good, on the way back too: told first, and the next run finishes it', async () => {
    scenario.azure.compute.setVersionBehaviour('2.0.0', { unhealthyAfterMs: 900 });
    const fault = { kind: 'error', status: 403, code: 'AuthorizationFailed', message: 'No more.' } as const;
    scenario.azure.faults.add({ at: 'arm POST .*/contoso-web/manualupgrade', after: 1, times: null, fault });
    const failed = await scenario.act({ phase: 'prepare, upgrade' });
    expect(failed.report).toMatchObject({ result: 'rollback-failed', state: 'going-back' });
    expect(failed.report.verdict.headline).toMatch(/ROLLBACK FAILED/);
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 11, '2.0.0': 3 });
    scenario.azure.faults.clear();
    const next = await scenario.act({ phase: 'rollback' });
    expect(next.report).toMatchObject({ result: 'succeeded', state: 'not-prepared' });
    expect(scenario.running(WEB)).toEqual({ '1.0.0': 14 });
    expect(scenario.tags()).toEqual([]);
  });
});

describe('others', () => {
  test('who write at the same moment are met with If-Match: it is read again, and written anew', async () => {
    scenario.azure.faults.add({
      at: 'arm PATCH .*/contoso-web$',
      times: 1,
      fault: { kind: 'error', status: 412, code: 'PreconditionFailed', message: 'The ETag does not match.' },
    });
    const { report, calls } = await scenario.act({ phase: 'prepare' });
    expect(calls.filter((call) => /PATCH .*contoso-web$/.test(call)).length).toBeGreaterThan(1);
    expect(report).toMatchObject({ result: 'succeeded', state: 'prepared' });
  });

  test('autoscale does nothing during an update, and goes on after it', async () => {
    await scenario.act({ phase: 'prepare, upgrade', domain: 'next' });
    expect(await scenario.azure.arm.insights.autoscale(WEB, 16)).toBeNull();
    await scenario.act({ phase: 'upgrade' });
    expect(await scenario.azure.arm.insights.autoscale(WEB, 16)).toBe(16);
    expect(scenario.running(WEB)).toEqual({ '2.0.0': 16 });
  });

  test('a second run at the same time is refused, and does no harm', async () => {
    const walking = new Promise<void>((resolve) => {
      scenario.azure.faults.onCall((call) => {
        if (/manualupgrade$/.test(call)) resolve();
      });
    });
    // The first one is still at work when the others have looked, however slow this machine is just now.
    scenario.azure.faults.add({ at: 'manualupgrade$', fault: { kind: 'delay', ms: 10_000 }, after: 1 });
    const history = scenario.history(WEB);
    const first = scenario.act({ phase: 'prepare, upgrade' });
    await walking;
    const others = await Promise.all(['upgrade', 'rollback'].map((phase) => scenario.act({ phase })));
    for (const { report, run } of others) {
      expect(report).toMatchObject({ result: 'refused', reasonCode: 'locked-by-another-run' });
      expect(run.main.outputs.locked).toBe('true');
    }
    expect((await first).report).toMatchObject({ result: 'succeeded', state: 'updated' });
    expect(history.domains).toEqual([0, 1, 2, 3, 4]);
    expect(scenario.tags()).toEqual([]);
  });
});

describe('what may be changed besides the image', () => {
  const extension = (text: string) =>
    text.replace(
      / {4}image: .*\n/,
      `    extensions: { health: { settings: { protocol: http, port: 80, requestPath: /healthz, intervalInSeconds: 5, numberOfProbes: 1 } } }\n`,
    );

  test('settings of an extension, which no instance tells: the walk that is written down counts', async () => {
    scenario.configure('web', { edit: extension });
    const one = await scenario.act({ phase: 'prepare, upgrade', domain: 'next' });
    expect(one.report).toMatchObject({ result: 'succeeded', state: 'in-progress' });
    expect(states(one)).toEqual(['updated', 'untouched', 'untouched', 'untouched', 'untouched']);
    expect(serviceOf(one).changes).toMatchObject([
      { class: 'in-place', what: expect.stringContaining('health') },
    ]);
    const history = scenario.history(WEB);
    const back = await scenario.act({ phase: 'rollback' });
    expect(back.report).toMatchObject({ result: 'succeeded', state: 'not-prepared' });
    expect(history.wentDown.toSorted()).toEqual(['0', '10', '5']);
  });

  test('the size', async () => {
    scenario.configure('web', {
      version: '1.0.0',
      edit: (text) => text.replace('walk:\n', 'update:\n  size: Standard_DS2_v2\nwalk:\n'),
    });
    const acted = await scenario.act({ phase: 'prepare, upgrade' });
    expect(acted.report).toMatchObject({ result: 'succeeded', state: 'updated' });
    expect(walked(acted)).toHaveLength(5);
    expect(scenario.azure.compute.instances(WEB).every(({ model }) => model.sku === 'Standard_DS2_v2')).toBe(
      true,
    );
  });
});

describe('secrets', () => {
  test('the signature of a package’s address is in no log, summary, report or tag', async () => {
    const signature = 'sv=2026-01-01&sig=c2VjcmV0LXNpZ25hdHVyZQ';
    scenario.configure('cloud-service', {
      edit: (text) => text.replace(/(package: https:\S+?\.cspkg)\S*/g, `$1?${signature}`),
    });
    const { run, report } = await scenario.act({ phase: 'plan, prepare, upgrade', domain: 'next' });
    const masked = run.main.log.split('\n').filter((line) => !line.startsWith('::add-mask::'));
    const told = [...masked, run.main.summary, JSON.stringify(report), JSON.stringify(run.main.outputs)];
    expect(told.join('\n')).not.toContain('c2VjcmV0');
    expect(JSON.stringify(scenario.azure.arm.state())).not.toContain('c2VjcmV0');
    expect(report.result).toBe('succeeded');
    expect(run.main.log).toMatch(/^::add-mask::.*c2VjcmV0/m);
  });

  test('a status changes nothing, also in the middle of an update', async () => {
    await scenario.act({ phase: 'prepare, upgrade', domain: 'next' });
    expect(changesOf(await scenario.act({ phase: 'status, plan' }))).toEqual([]);
  });
});
