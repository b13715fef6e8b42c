// Production's databases are in a failover group: what becomes of it is said before anything changes, and the next
// disaster is covered as well.
import { afterEach, expect, test } from '@jest/globals';
import type { LocalAzureOptions } from '../../local-azure/topologies/options.ts';
import {
  CHAINED,
  DR,
  expectProtected,
  expectV1Back,
  type GeoScenario,
  startGeo,
  TO_STAGE,
  writesOf,
} from './geo-scenario.ts';
import { type Acted, writes } from './scenario.ts';

const BLUE = 'contoso-fog-blue: contoso-sql-1 > contoso-sql-dr [contoso]';
const GREEN = 'contoso-fog-green: contoso-sql-2 > contoso-sql-3 [contoso]';

let scenario: GeoScenario;
afterEach(() => scenario?.close());

interface SqlState {
  readonly sqlServers: readonly {
    readonly name: string;
    readonly failoverGroups: readonly {
      readonly name: string;
      readonly partner: string;
      readonly databases: readonly string[];
    }[];
  }[];
}

/** "group: primary > partner [databases]" */
function groups(): string[] {
  const { sqlServers } = scenario.azure.arm.state() as unknown as SqlState;
  return sqlServers.flatMap((server) =>
    server.failoverGroups.map(
      ({ name, partner, databases }) => `${name}: ${server.name} > ${partner} [${databases.join(', ')}]`,
    ),
  );
}

async function begin(options: Partial<LocalAzureOptions> = {}): Promise<void> {
  scenario = await startGeo({ failoverGroup: true, ...options });
}

function guardOf({ report }: Acted) {
  return report.plan?.guards.find(({ id }) => id === 'failover-group');
}

test('plan says what goes on, what does not and what nobody knows; nothing is changed', async () => {
  await begin();
  const acted = await scenario.act({ phase: 'plan' });
  expect([acted.report.result, writes(acted.calls)]).toEqual(['succeeded', []]);
  const { verdict, evidence = '' } = guardOf(acted) ?? {};
  expect(verdict).toBe('not-knowable');
  for (const told of ['contoso-fog-blue', 'contoso-fog-green', 'listeners', 'FailoverGroupAlreadySetup'])
    expect(evidence).toContain(told);
  expect(groups()).toEqual([BLUE]);
});

test("a whole upgrade: V2's pair has its group once users are on it, V1's group goes with V1", async () => {
  await begin();
  const sampler = scenario.sampleLaw10();
  const switched = await scenario.act({ phase: 'prepare, upgrade, switch' });
  expect([switched.report.result, switched.report.state]).toEqual(['succeeded', 'switched']);
  expect(groups()).toEqual([BLUE, GREEN]);
  const again = await scenario.act({ phase: 'switch' });
  expect([again.report.result, writesOf(again)]).toEqual(['nothing-to-do', []]);
  const cleaned = await scenario.act({ phase: 'cleanup', confirm: 'remove blue' });
  expect([cleaned.report.result, cleaned.report.state]).toEqual(['succeeded', 'not-prepared']);
  expect(groups()).toEqual([GREEN]);
  expect(scenario.databases()).toEqual(['contoso-sql-2 read-write', 'contoso-sql-3 read-only']);
  expect(scenario.links()).toEqual([CHAINED]);
  expectProtected(sampler, 'contoso-sql-1', 'contoso-sql-2');
});

test('in no group yet, and the configuration names them: the one of V2 is made after the switch', async () => {
  await begin({ failoverGroup: false });
  for (const slot of ['blue', 'green'])
    scenario.editConfig((text) =>
      text.replace(`  ${slot}:\n`, `  ${slot}:\n    failover-group: contoso-fog-${slot}\n`),
    );
  const { report } = await scenario.act({ phase: 'prepare, upgrade, switch' });
  expect([report.result, report.state]).toEqual(['succeeded', 'switched']);
  expect(groups()).toEqual([GREEN]);
});

test.each([
  ['for neither slot', /\n {4}failover-group: .*/g, 'slots.green.failover-group'],
  ["for production's slot only", /\n {4}failover-group: contoso-fog-green/, 'failover-group'],
])('the configuration names a group %s: refused, nothing is changed', async (_which, lines, advised) => {
  await begin();
  scenario.editConfig((text) => text.replace(lines, ''));
  const acted = await scenario.act({ phase: 'prepare' });
  expect([acted.run.main.exitCode, acted.report.result, writes(acted.calls)]).toEqual([1, 'refused', []]);
  expect(acted.run.main.log).toContain(advised);
  expect(groups()).toEqual([BLUE]);
  expect(scenario.links()).toEqual([DR]);
});

test('Azure refuses to cut a link of a database in a group: V1 is given back within the run', async () => {
  await begin();
  await scenario.act({ phase: 'prepare' });
  const sampler = scenario.sampleLaw10();
  scenario.azure.faults.add({
    at: 'arm DELETE .*/replicationLinks/',
    fault: {
      kind: 'error',
      status: 409,
      code: 'FailoverGroupAlreadySetup',
      message:
        "The database 'contoso' is part of the failover group 'contoso-fog-blue'. You must remove the database from the group in order to individually terminate or failover.",
    },
    times: null,
  });
  const acted = await scenario.act({ phase: 'upgrade, switch' });
  expect([acted.run.main.exitCode, acted.report.result]).toEqual([1, 'rolled-back']);
  expect(JSON.stringify(acted.report.error)).toContain('FailoverGroupAlreadySetup');
  expectV1Back(scenario, acted);
  expect(scenario.links()).toEqual([TO_STAGE, DR, CHAINED]);
  expect(groups()).toEqual([BLUE]);
  expectProtected(sampler, 'contoso-sql-1');
});
