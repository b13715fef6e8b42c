// A whole upgrade in two regions, from plan to cleanup, with users at work all the while.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Users } from '../../local-azure/users/users.ts';
import {
  CHAINED,
  DR,
  expectProtected,
  type GeoScenario,
  lost,
  ON_V1,
  ON_V2,
  profileWrites,
  startGeo,
  TO_STAGE,
  usersOf,
  writesOf,
} from './geo-scenario.ts';
import type { Sampler } from './law-10.ts';
import type { Acted } from './scenario.ts';

const CLEANUP = { phase: 'cleanup', confirm: 'remove blue' };

describe('an upgrade with users at work', () => {
  let scenario: GeoScenario;
  let users: Users;
  let sampler: Sampler;
  beforeAll(async () => {
    scenario = await startGeo();
    sampler = scenario.sampleLaw10();
    users = usersOf(scenario);
  });
  afterAll(async () => {
    await users.stop();
    await scenario.close();
  });

  const act = async (phase: string, inputs: Record<string, string> = {}): Promise<Acted> =>
    scenario.act({ phase, ...inputs });

  async function expectNothingToDo(inputs: { phase: string }): Promise<void> {
    const again = await scenario.act(inputs);
    expect([again.run.main.exitCode, again.report.result, writesOf(again)]).toEqual([0, 'nothing-to-do', []]);
  }

  test('status finds the slot in production and both its regions; it changes nothing', async () => {
    const acted = await act('status');
    expect(acted.run.main.outputs).toMatchObject({ state: 'not-prepared', 'production-slot': 'blue' });
    expect(
      acted.report.after.map(({ endpoint, role, standby, version }) => [endpoint, role, standby, version]),
    ).toEqual(
      expect.arrayContaining([
        ['contoso-1', 'production', false, '1.0.0'],
        ['contoso-dr', 'production', true, '1.0.0'],
      ]),
    );
    expect(writesOf(acted)).toEqual([]);
  });

  test('plan tells the procedure with its numbers and one point of no return; it writes nothing', async () => {
    const acted = await act('plan');
    expect([acted.run.main.exitCode, acted.report.result]).toEqual([0, 'succeeded']);
    const { steps = [], guards = [] } = acted.report.plan ?? {};
    const numbers = steps.map(({ article }) => article).filter(Boolean);
    expect(new Set(numbers)).toEqual(
      new Set(['(1)', '(3)', '(4)', '(5)', '(6)', '(7)', '(8)', '(9)', '(10)', '(11)']),
    );
    expect(steps.filter((step) => step.pointOfNoReturn).map(({ article }) => article)).toEqual(['(9)']);
    expect(guards.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect(writesOf(acted)).toEqual([]);
  });

  test('prepare makes the chain and adds both endpoints offline; production is what it was', async () => {
    const { run, report } = await act('prepare');
    expect([run.main.exitCode, report.result, report.state]).toEqual([0, 'succeeded', 'prepared']);
    expect(scenario.links()).toEqual([TO_STAGE, DR, CHAINED]);
    expect(scenario.databases()).toEqual([
      'contoso-sql-1 read-write',
      'contoso-sql-dr read-only',
      'contoso-sql-2 read-only',
      'contoso-sql-3 read-only',
    ]);
    expect(scenario.endpoints()).toEqual(ON_V1);
  });

  test('prepare again changes nothing', () => expectNothingToDo({ phase: 'prepare' }));

  test('upgrade cuts the link from production to stage and no other; the backup region has the upgrade', async () => {
    const { run, report } = await act('upgrade');
    expect([run.main.exitCode, report.result, report.state]).toEqual([0, 'succeeded', 'upgraded']);
    expect(scenario.links()).toEqual([DR, CHAINED]);
    expect(scenario.readOnly('contoso-sql-1')).toBe(true);
    for (const server of ['contoso-sql-2', 'contoso-sql-3'] as const)
      expect(scenario.rows(server, 'SELECT Version FROM SchemaVersion')).toMatchObject([{ Version: 2 }]);
    expect(scenario.endpoints()).toEqual(ON_V1);
    expect(run.main.summary.split('\n')[0]).toContain('PRODUCTION IS READ-ONLY');
  });

  test('upgrade again changes nothing', () => expectNothingToDo({ phase: 'upgrade' }));

  test('switch lets both stage endpoints take over in one write of the profile', async () => {
    const acted = await act('switch');
    expect([acted.run.main.exitCode, acted.report.result]).toEqual([0, 'succeeded']);
    expect(acted.run.main.outputs).toMatchObject({ state: 'switched', 'production-slot': 'green' });
    expect(profileWrites(acted)).toHaveLength(1);
    expect(scenario.endpoints()).toEqual(ON_V2);
    expect(scenario.links()).toEqual([DR, CHAINED]);
  });

  test('switch again changes nothing', () => expectNothingToDo({ phase: 'switch' }));

  test('cleanup removes V1 in both regions, its geo-secondary first, and nothing else', async () => {
    const refused = await act('cleanup');
    expect([refused.report.reasonCode, writesOf(refused)]).toEqual(['confirmation-missing', []]);
    const acted = await scenario.act(CLEANUP);
    expect([acted.run.main.exitCode, acted.report.result, acted.report.state]).toEqual([
      0,
      'succeeded',
      'not-prepared',
    ]);
    const deleted = writesOf(acted).flatMap(
      (call) => call.match(/DELETE .*\/servers\/(.*)\/databases\/contoso$/i)?.[1] ?? [],
    );
    expect(deleted).toEqual(['contoso-sql-dr', 'contoso-sql-1']);
    expect(scenario.databases()).toEqual(['contoso-sql-2 read-write', 'contoso-sql-3 read-only']);
    expect(scenario.links()).toEqual([CHAINED]);
    expect(scenario.endpoints()).toEqual(ON_V2);
  });

  test('cleanup again finds nothing', () => expectNothingToDo(CLEANUP));

  test('no write that users were told of is lost, and V2 was protected at every moment', async () => {
    await users.stop();
    expect(users.report().lastAnsweredBy).toBe('contoso-2 2.0.0');
    expect(users.acknowledged().length).toBeGreaterThan(0);
    expect(lost(scenario, 'contoso-sql-2', users)).toEqual([]);
    expectProtected(sampler, 'contoso-sql-1', 'contoso-sql-2');
  });
});
