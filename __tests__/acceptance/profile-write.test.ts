// The one write of the profile that moves users, with everything that can become of it and of its answer.
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

test('lost, without effect: V1 is given back, after a write that changes nothing has proven it', async () => {
  const acted = await switchWith({ kind: 'drop' });
  expectV1Back(acted);
  expect(acted.calls.filter((call) => new RegExp(PUT, 'i').test(call))).toHaveLength(2);
});

test('an error 500 that has its effect seconds later: that is a switch', async () => {
  onWrite(() => write('Disabled', 'Enabled'), 5_000);
  expectOnV2(await switchWith(FAILURE));
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
