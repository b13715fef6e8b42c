// The one write of the profile that moves users, with everything that can become of it and of its answer.
import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../local-azure/faults.ts';
import { type Acted, type Scenario, slotView, startScenario, writes } from './scenario.ts';

const PUT = 'arm PUT .*/trafficManagerProfiles/contoso$';

let scenario: Scenario;
beforeEach(async () => {
  scenario = await startScenario();
  await scenario.act({ phase: 'prepare' });
});
afterEach(() => scenario.close());

async function switchWith(fault: Fault): Promise<Acted> {
  scenario.azure.faults.add({ at: PUT, fault });
  return scenario.act({ phase: 'upgrade, switch' });
}

function expectOnV2({ report }: Acted): void {
  expect([report.result, report.productionSlot]).toEqual(['succeeded', 'green']);
  expect(slotView(report.after, 'blue')).toMatchObject({ status: 'Disabled', priority: 2 });
  expect(slotView(report.after, 'green')).toMatchObject({ status: 'Enabled', priority: 1 });
  expect(scenario.readOnly('contoso-sql-blue')).toBe(true);
}

function expectV1Back({ report }: Acted): void {
  expect([report.result, report.reasonCode]).toEqual(['rolled-back', 'switch-failed']);
  expect(report.productionSlot).toBe('blue');
  expect(slotView(report.after, 'green').status).toBe('Disabled');
  expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
}

/** Somebody else's write of the whole profile, or one that takes effect although Azure answers an error. */
function write(blue: 'Enabled' | 'Disabled', green: 'Enabled' | 'Disabled'): void {
  const [first, second] = green === 'Enabled' && blue === 'Disabled' ? [2, 1] : [1, 2];
  const endpoint = { type: 'externalEndpoints', location: 'North Europe' } as const;
  scenario.azure.arm.trafficManager.createProfile({
    name: 'contoso',
    group: 'contoso-traffic',
    relativeName: 'contoso',
    ttlSeconds: 1,
    routingMethod: 'Priority',
    monitor: { protocol: 'HTTPS', port: 443, path: '/health', intervalInSeconds: 10 },
    endpoints: [
      { ...endpoint, name: 'blue', status: blue, priority: first, target: 'contoso-blue.azurewebsites.net' },
      {
        ...endpoint,
        name: 'green',
        status: green,
        priority: second,
        target: 'contoso-green.azurewebsites.net',
      },
    ],
  });
}

/** Does it when the first write of the profile arrives, so many milliseconds later. */
function onWrite(act: () => void, afterMs: number): void {
  let written = false;
  scenario.azure.faults.onCall((call) => {
    if (written || !new RegExp(PUT, 'i').test(call)) return;
    written = true;
    setTimeout(act, afterMs);
  });
}

const FAILURE: Fault = {
  kind: 'error',
  status: 500,
  code: 'InternalServerError',
  message: 'An error occurred.',
};

test('the answer is lost, with effect: that is a switch', async () => {
  expectOnV2(await switchWith({ kind: 'drop-after' }));
});

test('lost, without effect: sent once more, after a write that changes nothing has proven it', async () => {
  const acted = await switchWith({ kind: 'drop' });
  expectOnV2(acted);
  expect(acted.calls.filter((call) => new RegExp(PUT, 'i').test(call))).toHaveLength(3);
});

test('lost twice, without effect: V1 is given back', async () => {
  scenario.azure.faults.add({ at: PUT, fault: { kind: 'drop' }, after: 2 });
  const acted = await switchWith({ kind: 'drop' });
  expectV1Back(acted);
  expect(acted.calls.filter((call) => new RegExp(PUT, 'i').test(call))).toHaveLength(4);
});

test('an error 500 that has its effect seconds later: that is a switch', async () => {
  onWrite(() => write('Disabled', 'Enabled'), 5_000);
  expectOnV2(await switchWith(FAILURE));
});

test('killed after the write, before V2 was seen: the next switch looks, and only that', async () => {
  let main: ChildProcess | null = null;
  onWrite(() => main?.kill('SIGKILL'), 500);
  scenario.azure.faults.add({ at: 'dns www.contoso.example', fault: { kind: 'hang' }, times: null });
  const watch = {
    runnerLost: true,
    onMain: (child: ChildProcess) => {
      main = child;
    },
  };
  const killed = await scenario.act({ phase: 'upgrade, switch' }, watch);
  expect(killed.run.main.signal).toBe('SIGKILL');
  scenario.azure.faults.clear();
  const finished = await scenario.act({ phase: 'switch' });
  expectOnV2(finished);
  expect(finished.report.steps.map((step) => [step.id, step.state])).toEqual([['finish-switch', 'done']]);
  expect(finished.calls.filter((call) => new RegExp(PUT, 'i').test(call))).toEqual([]);
  const again = await scenario.act({ phase: 'switch' });
  expect([again.report.result, writes(again.calls)]).toEqual(['nothing-to-do', []]);
});

describe('a stage endpoint that somebody has enabled by hand', () => {
  test('upgrade is refused, with the command that takes it offline', async () => {
    write('Enabled', 'Enabled');
    const { report, calls } = await scenario.act({ phase: 'upgrade, switch' });
    expect([report.result, report.reasonCode]).toEqual(['refused', 'production-slot-unclear']);
    expect(report.error?.advice.join('\n')).toMatch(
      /endpoint update .*-n green .*--endpoint-status Disabled/,
    );
    expect(writes(calls)).toEqual([]);
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
  });

  test('between upgrade and switch: V1 is given back, and nobody was sent to V2', async () => {
    await scenario.act({ phase: 'upgrade' });
    write('Enabled', 'Enabled');
    const { report, calls } = await scenario.act({ phase: 'switch' });
    expect([report.result, report.reasonCode]).toEqual(['rolled-back', 'production-slot-unclear']);
    expect(calls.filter((call) => new RegExp(PUT, 'i').test(call))).toEqual([]);
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
  });
});
