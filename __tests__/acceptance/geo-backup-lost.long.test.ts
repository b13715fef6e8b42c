// The backup region is lost: no upgrade is begun, and one that is under way goes back. Users stay where they are.
import { expect } from '@jest/globals';
import { type Case, testAtOnce } from './at-once.ts';
import { WEST, whenCalled } from './geo-disaster.ts';
import { CUT, DRAIN, ENTRY, SCRIPT } from './geo-moments.ts';
import { type GeoScenario, type Moment, ON_V1, prepared, startGeo, writesOf } from './geo-scenario.ts';
import type { Acted } from './scenario.ts';

/** Runs in a scenario of its own. */
const within =
  (begin: () => Promise<GeoScenario>, act: (scenario: GeoScenario) => Promise<void>) => async () => {
    const scenario = await begin();
    try {
      await act(scenario);
    } finally {
      await scenario.close();
    }
  };

function expectRefused(scenario: GeoScenario, acted: Acted): void {
  expect([acted.run.main.exitCode, acted.report.result, acted.report.reasonCode, writesOf(acted)]).toEqual([
    1,
    'refused',
    'region-unreachable',
    [],
  ]);
  expect(acted.report.verdict.headline).toContain('can read and write');
  expect(scenario.readOnly('contoso-sql-1')).toBe(false);
}

function expectGivenBack(scenario: GeoScenario, { run, report }: Acted): void {
  expect([run.main.exitCode, report.result, report.productionSlot]).toEqual([1, 'rolled-back', 'blue']);
  expect(report.verdict.headline).toContain('can read and write');
  expect(scenario.readOnly('contoso-sql-1')).toBe(false);
  expect(scenario.endpoints()).toEqual(ON_V1);
}

async function refusedAndResumed(scenario: GeoScenario): Promise<void> {
  scenario.azure.setRegionDown(WEST, true);
  expectRefused(scenario, await scenario.act({ phase: 'upgrade, switch' }));
  const status = await scenario.act({ phase: 'status' });
  expect([status.run.main.exitCode, writesOf(status)]).toEqual([0, []]);
  scenario.azure.setRegionDown(WEST, false);
  const { report } = await scenario.act({ phase: 'upgrade, switch' });
  expect([report.result, report.productionSlot]).toEqual(['succeeded', 'green']);
}

const givenBack = (when: string, moment: Moment): Case => [
  `${when}: V1 is given back`,
  within(prepared, async (scenario) => {
    scenario.editConfig((text) => `${text}drain: { timeout: 20s }\n`);
    whenCalled(scenario.azure, moment, () => scenario.azure.setRegionDown(WEST, true));
    expectGivenBack(scenario, await scenario.act({ phase: 'upgrade, switch' }));
  }),
];

testAtOnce([
  [
    'before prepare: refused',
    within(startGeo, async (scenario) => {
      scenario.azure.setRegionDown(WEST, true);
      expectRefused(scenario, await scenario.act({ phase: 'prepare' }));
    }),
  ],
  [
    'prepared: refused, and when it is back the upgrade is as if nothing had been',
    within(prepared, refusedAndResumed),
  ],
  givenBack('in the drain', [DRAIN]),
  givenBack('in the script', [SCRIPT]),
  givenBack('in the drain to the backup region', [CUT, ENTRY, ENTRY, DRAIN]),
  [
    'between upgrade and switch: V1 is given back',
    within(prepared, async (scenario) => {
      await scenario.act({ phase: 'upgrade' });
      scenario.azure.setRegionDown(WEST, true);
      const acted = await scenario.act({ phase: 'switch' });
      expectGivenBack(scenario, acted);
      expect(acted.report.reasonCode).toBe('region-unreachable');
    }),
  ],
]);
