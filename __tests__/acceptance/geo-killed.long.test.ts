// Phases that users do not notice, killed half-way in two regions: what is done is seen in Azure, and the same phase run
// again goes on from there.
import { afterEach, expect, test } from '@jest/globals';
import {
  CHAINED,
  DR,
  expectProtected,
  type GeoScenario,
  killAt,
  type Moment,
  ON_V1,
  startGeo,
  TO_STAGE,
} from './geo-scenario.ts';

let scenario: GeoScenario;
afterEach(() => scenario?.close());

const creates = (server: string) => new RegExp(`arm PUT .*/servers/${server}/databases/contoso$`, 'i');
const adds = (endpoint: string) => new RegExp(`arm PUT .*/trafficManagerProfiles/.*${endpoint}$`, 'i');

test.each([
  ['the stage database is asked for', [creates('contoso-sql-2')]],
  ['its geo-secondary in the backup region is asked for', [creates('contoso-sql-3')]],
  ['its geo-secondary is being seeded', [creates('contoso-sql-3'), /arm GET .*contoso-sql-3/i]],
  ['one endpoint is added and the other is not', [adds('contoso-2')]],
] as [string, Moment][])('prepare, killed when %s: prepare again makes the rest', async (_when, moment) => {
  scenario = await startGeo({ latency: 'typical', scale: 0.02 });
  const sampler = scenario.sampleLaw10();
  const killed = await killAt(scenario, { phase: 'prepare' }, moment);
  expect(killed.run.post?.exitCode).toBe(0);
  const { report } = await scenario.act({ phase: 'prepare' });
  expect([report.result, report.state]).toEqual(['succeeded', 'prepared']);
  expect(scenario.links()).toEqual([TO_STAGE, DR, CHAINED]);
  expect(scenario.endpoints()).toEqual(ON_V1);
  expectProtected(sampler, 'contoso-sql-1');
});

const deletes = (server: string) => new RegExp(`arm DELETE .*/servers/${server}/databases/contoso$`, 'i');

test.each([
  ["V1's geo-secondary is removed", deletes('contoso-sql-dr')],
  ["V1's own database is removed", deletes('contoso-sql-1')],
])('cleanup, killed when %s: cleanup again removes the rest', async (_when, moment) => {
  scenario = await startGeo();
  const { report } = await scenario.act({ phase: 'prepare, upgrade, switch' });
  expect(report.state).toBe('switched');
  const sampler = scenario.sampleLaw10();
  const cleanup = { phase: 'cleanup', confirm: 'remove blue' };
  await killAt(scenario, cleanup, [moment]);
  const again = await scenario.act(cleanup);
  expect(['succeeded', 'nothing-to-do']).toContain(again.report.result);
  expect(again.report.state).toBe('not-prepared');
  expect(scenario.databases()).toEqual(['contoso-sql-2 read-write', 'contoso-sql-3 read-only']);
  expect(scenario.links()).toEqual([CHAINED]);
  expectProtected(sampler, 'contoso-sql-2');
});
