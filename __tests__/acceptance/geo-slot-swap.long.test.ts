// Slot swaps in two regions, as one: the backup region first, and back where the primary region's fails.
import { afterEach, describe, expect, test } from '@jest/globals';
import type { FaultRule } from '../../local-azure/faults.ts';
import {
  CHAINED,
  expectProtected,
  expectV1Back,
  type GeoScenario,
  killAt,
  prepared,
  startGeo,
  writesOf,
} from './geo-scenario.ts';
import type { Sampler } from './law-10.ts';
import type { Acted } from './scenario.ts';

const SLOT_SWAP = { switchMethod: 'slot-swap', profile: 'absent' } as const;
const swapOf = (site: string) => `arm POST .*/sites/${site}/slotsswap`;

const FAILS: FaultRule['fault'] = {
  kind: 'operation-fails',
  code: 'Conflict',
  message: 'The swap could not be completed.',
};

let scenario: GeoScenario;
let sampler: Sampler;
afterEach(() => scenario?.close());

async function begin(): Promise<void> {
  scenario = await prepared(SLOT_SWAP);
  sampler = scenario.sampleLaw10();
}

interface AppState {
  readonly webApps: readonly {
    readonly name: string;
    readonly slot: string | null;
    readonly package: string | null;
  }[];
}

/** What users get in each region: "contoso 1.0.0". */
function live(): string[] {
  const { webApps } = scenario.azure.arm.state() as unknown as AppState;
  return webApps
    .filter(({ slot }) => slot === null)
    .map((app) => `${app.name} ${app.package?.match(/-([\d.]+)\.zip$/)?.[1]}`);
}

const V1_LIVE = ['contoso 1.0.0', 'contoso-dr 1.0.0'];
const V2_LIVE = ['contoso 2.0.0', 'contoso-dr 2.0.0'];

/** Web apps that were asked to swap, in order. */
function swaps({ calls }: Acted): string[] {
  return calls.flatMap((call) => call.match(/^arm POST .*\/sites\/([^/]+)\/slotsswap/i)?.[1] ?? []);
}

/** V1 in both regions; sampled: nobody could write to two versions, and V1 was protected. */
function expectBack(acted: Acted): void {
  expectV1Back(scenario, acted);
  expect(live()).toEqual(V1_LIVE);
  expectProtected(sampler, 'contoso-sql-1');
}

test('from plan to cleanup: the backup region is swapped first, then the primary region', async () => {
  scenario = await startGeo(SLOT_SWAP);
  sampler = scenario.sampleLaw10();
  const planned = await scenario.act({ phase: 'plan' });
  const pivots = planned.report.plan?.steps.filter((step) => step.pointOfNoReturn) ?? [];
  expect(pivots.map(({ article }) => article)).toEqual(['(9)']);
  expect(writesOf(planned)).toEqual([]);
  const all = await scenario.act({ phase: 'prepare, upgrade, switch' });
  expect([all.report.result, all.report.state, all.report.productionSlot]).toEqual([
    'succeeded',
    'switched',
    'green',
  ]);
  expect(swaps(all)).toEqual(['contoso-dr', 'contoso']);
  expect(live()).toEqual(V2_LIVE);
  const again = await scenario.act({ phase: 'switch' });
  expect([again.report.result, writesOf(again)]).toEqual(['nothing-to-do', []]);
  const cleaned = await scenario.act({ phase: 'cleanup', confirm: 'remove blue' });
  expect([cleaned.report.result, cleaned.report.state]).toEqual(['succeeded', 'not-prepared']);
  expect(scenario.links()).toEqual([CHAINED]);
  expectProtected(sampler, 'contoso-sql-1', 'contoso-sql-2');
});

describe('a swap that fails: V1 in both regions', () => {
  test("the primary region's, after the backup region's was done: that one is swapped back", async () => {
    await begin();
    scenario.azure.faults.add({ at: swapOf('contoso'), fault: FAILS });
    const acted = await scenario.act({ phase: 'upgrade, switch' });
    expect([acted.report.result, acted.report.reasonCode]).toEqual(['rolled-back', 'switch-failed']);
    expect(swaps(acted)).toEqual(['contoso-dr', 'contoso', 'contoso-dr']);
    expectBack(acted);
  });

  test("the backup region's: the primary region is never swapped", async () => {
    await begin();
    scenario.azure.faults.add({ at: swapOf('contoso-dr'), fault: FAILS });
    const acted = await scenario.act({ phase: 'upgrade, switch' });
    expect([acted.report.result, acted.report.reasonCode]).toEqual(['rolled-back', 'switch-failed']);
    expect(swaps(acted)).not.toContain('contoso');
    expectBack(acted);
  });
});

test('a swap back that fails is told with its command, V1 takes writes all the same, and rollback mends it', async () => {
  await begin();
  const { faults } = scenario.azure;
  faults.add({ at: swapOf('contoso'), fault: FAILS });
  faults.add({ at: swapOf('contoso-dr'), fault: FAILS, after: 1 });
  const acted = await scenario.act({ phase: 'upgrade, switch' });
  expect([acted.run.main.exitCode, acted.report.result]).toEqual([1, 'rolled-back']);
  expectV1Back(scenario, acted);
  expect(live()).toEqual(['contoso 1.0.0', 'contoso-dr 2.0.0']);
  expect(acted.run.main.summary).toContain('az webapp deployment slot swap -g contoso-blue-dr -n contoso-dr');
  const mended = await scenario.act({ phase: 'rollback' });
  expect(mended.report.result).toBe('succeeded');
  expectBack(mended);
});

test('killed between the two swaps: post gives V1 back and swaps the backup region back', async () => {
  await begin();
  const announced = /sql batch contoso-sql-2\/contoso IF EXISTS/;
  const acted = await killAt(scenario, { phase: 'upgrade, switch' }, [
    /\/sites\/contoso-dr\/slotsswap/i,
    announced,
  ]);
  expect(acted.report.result).toBe('rolled-back');
  expectBack(acted);
});
