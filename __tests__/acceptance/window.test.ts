// Upgrade and switch in one run: users wait for the script and for what Azure takes, and for no question that could have
// been asked before.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { IDS, PRINCIPAL } from '../../local-azure/topologies/contoso.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeEach(async () => {
  scenario = await startScenario();
});
afterEach(() => scenario.close());

test('between freeze and pivot Resource Manager is asked for the profile that is written, and for nothing else', async () => {
  await scenario.act({ phase: 'prepare' });
  const { report, calls } = await scenario.act({ phase: 'upgrade, switch' });
  expect(report.result).toBe('succeeded');
  const frozen = calls.findIndex((call) => /ALTER DATABASE .*READ_ONLY/.test(call));
  const pivot = calls.findIndex((call) => /^arm PUT .*trafficManagerProfiles\/contoso$/.test(call));
  expect([frozen > 0, pivot > frozen]).toEqual([true, true]);
  const asked = calls.slice(frozen, pivot).filter((call) => call.startsWith('arm '));
  // On a machine that is slow the profile is read again: what is written is to be fresh.
  const distinct = new Set(asked.map((call) => call.replace(/\/subscriptions\/.*\/providers/, '')));
  expect([...distinct]).toEqual([
    expect.stringMatching(/^arm DELETE .*replicationLinks/),
    'arm GET /Microsoft.Network/trafficManagerProfiles/contoso',
  ]);
});

test('what the databases are asked between drain and pivot is asked in few round trips', async () => {
  await scenario.act({ phase: 'prepare' });
  const { report, calls } = await scenario.act({ phase: 'upgrade, switch' });
  expect(report.result).toBe('succeeded');
  // Until then the copy is looked at again and again.
  const drained = calls.findIndex((call) => call.includes('sp_wait_for_database_copy_sync'));
  const pivot = calls.findIndex((call) => /^arm PUT .*trafficManagerProfiles\/contoso$/.test(call));
  const looks = calls
    .slice(drained, pivot)
    .filter((call) => /^sql batch \S+ SELECT/.test(call) && !call.includes('Orders'));
  expect(looks.length).toBeGreaterThan(10);
  expect(looks.length).toBeLessThanOrEqual(26);
});

test('a right that only the switch needs is missed before anything is frozen', async () => {
  await scenario.act({ phase: 'prepare' });
  scenario.azure.arm.setGrants(PRINCIPAL.objectId, [
    {
      scope: `/subscriptions/${IDS.subscription}`,
      actions: ['*'],
      notActions: ['Microsoft.Network/trafficManagerProfiles/write'],
    },
  ]);
  const { report, calls } = await scenario.act({ phase: 'upgrade, switch' });
  expect([report.result, report.reasonCode]).toEqual(['refused', 'azure-permission-missing']);
  expect(report.error?.message).toContain('trafficManagerProfiles/write');
  expect(calls.filter((call) => /READ_ONLY/.test(call))).toEqual([]);
  expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
});
