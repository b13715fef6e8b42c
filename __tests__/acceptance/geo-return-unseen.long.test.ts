// A return to V1 is asked for while something else is slow: V1's site is asked, not what was seen at the beginning.
import { afterEach, expect, test } from '@jest/globals';
import { type GeoScenario, ON_V1, startGeo } from './geo-scenario.ts';

let scenario: GeoScenario;
afterEach(() => scenario?.close());

test("V1's version is known though the look at the backup region was given up", async () => {
  scenario = await startGeo();
  await scenario.act({ phase: 'prepare, upgrade, switch' });
  scenario.azure.faults.add({ at: 'site contoso-3 GET', fault: { kind: 'hang' }, times: null });
  const { report } = await scenario.act({ phase: 'rollback', confirm: 'lose-writes green' });
  expect([report.result, report.productionSlot]).toEqual(['succeeded', 'blue']);
  expect(scenario.endpoints()).toEqual(ON_V1);
});
