// After the switch, on explicit request only: users back on V1 in both regions.
import { afterEach, expect, test } from '@jest/globals';
import type { LocalAzureOptions } from '../../local-azure/topologies/options.ts';
import {
  CHAINED,
  DR,
  expectProtected,
  type GeoScenario,
  killAt,
  ON_V1,
  ON_V2,
  profileWrites,
  startGeo,
  writesOf,
} from './geo-scenario.ts';
import type { Sampler } from './law-10.ts';

const RETURN = { phase: 'rollback', confirm: 'lose-writes green' };

let scenario: GeoScenario;
let sampler: Sampler;
afterEach(() => scenario?.close());

async function switched(options: Partial<LocalAzureOptions> = {}): Promise<void> {
  scenario = await startGeo(options);
  const { report } = await scenario.act({ phase: 'prepare, upgrade, switch' });
  expect([report.result, report.state]).toEqual(['succeeded', 'switched']);
  sampler = scenario.sampleLaw10();
}

/** V1's database takes writes, V2's none, and each has the geo-secondary that it had. */
function expectOnV1(): void {
  expect(scenario.databases()).toEqual([
    'contoso-sql-1 read-write',
    'contoso-sql-dr read-only',
    'contoso-sql-2 read-only',
    'contoso-sql-3 read-only',
  ]);
  expect(scenario.links()).toEqual([DR, CHAINED]);
}

test('refused without its confirmation, with the loss in numbers', async () => {
  await switched();
  const acted = await scenario.act({ phase: 'rollback' });
  expect([acted.report.result, acted.report.reasonCode]).toEqual(['refused', 'point-of-no-return-passed']);
  expect(writesOf(acted)).toEqual([]);
  expect(scenario.endpoints()).toEqual(ON_V2);
});

test('with Traffic Manager: all four endpoints go back in one write', async () => {
  await switched();
  const acted = await scenario.act(RETURN);
  expect([acted.report.result, acted.report.productionSlot]).toEqual(['succeeded', 'blue']);
  expect(profileWrites(acted)).toHaveLength(1);
  expect(scenario.endpoints()).toEqual(ON_V1);
  expectOnV1();
  expectProtected(sampler, 'contoso-sql-2', 'contoso-sql-1');
});

test('with slot swaps: both regions are swapped back', async () => {
  await switched({ switchMethod: 'slot-swap', profile: 'absent' });
  const acted = await scenario.act(RETURN);
  expect([acted.report.result, acted.report.productionSlot]).toEqual(['succeeded', 'blue']);
  expectOnV1();
  expectProtected(sampler, 'contoso-sql-2', 'contoso-sql-1');
});

test('killed after V2 was frozen: the next run gives V2 back to its users', async () => {
  await switched();
  await killAt(scenario, RETURN, [/sql batch contoso-sql-1\/contoso .*SET READ_WRITE/]);
  const { report } = await scenario.act({ phase: 'rollback', confirm: '' });
  expect([report.state, report.productionSlot]).toEqual(['switched', 'green']);
  expect(scenario.readOnly('contoso-sql-2')).toBe(false);
  expect(scenario.readOnly('contoso-sql-1')).toBe(true);
  expect(scenario.endpoints()).toEqual(ON_V2);
  expectProtected(sampler, 'contoso-sql-2');
});
