// A whole upgrade, from plan to cleanup, with the committed bundle.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Acted, type Scenario, slotView, startScenario, writes } from './scenario.ts';

describe('an upgrade that succeeds', () => {
  let scenario: Scenario;
  beforeAll(async () => {
    scenario = await startScenario();
  });
  afterAll(() => scenario.close());

  const act = async (phase: string, inputs: Record<string, string> = {}): Promise<Acted> =>
    scenario.act({ phase, ...inputs });

  test('status looks, and changes nothing', async () => {
    const { run, report, calls } = await act('status');
    expect([run.main.exitCode, report.result, report.state]).toEqual([0, 'succeeded', 'not-prepared']);
    expect(report.productionSlot).toBe('blue');
    expect(slotView(report.after, 'blue')).toMatchObject({
      status: 'Enabled',
      version: '1.0.0',
      role: 'production',
    });
    expect(writes(calls)).toEqual([]);
  });

  test('plan tells every later step in order, with the point of no return and the four factors; it writes nothing', async () => {
    const { run, report, calls } = await act('plan');
    expect([run.main.exitCode, report.result]).toEqual([0, 'succeeded']);
    expect(report.plan?.steps.map((step) => step.article).filter(Boolean)).toEqual([
      '(1)',
      '(1)',
      '(1)',
      '(2)',
      '(3)',
      '(4)',
      '(4)',
      '(5)',
      '(5)',
      '(6)',
      '(7)',
      '(7)',
    ]);
    expect(report.plan?.steps.filter((step) => step.pointOfNoReturn).map((step) => step.article)).toEqual([
      '(6)',
    ]);
    expect(report.plan?.factors.map((factor) => factor.factor)).toEqual([
      'availability',
      'rollback',
      'catastrophe',
      'cost',
    ]);
    expect(report.plan?.guards.filter((guard) => guard.verdict === 'fail')).toEqual([]);
    expect(writes(calls)).toEqual([]);
  });

  test('prepare copies the database; production stays writable', async () => {
    const { run, report } = await act('prepare');
    expect([run.main.exitCode, report.result, report.state]).toEqual([0, 'succeeded', 'prepared']);
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
    expect(slotView(report.after, 'green')).toMatchObject({ status: 'Disabled', role: 'stage' });
    expect(report.readOnly).toBeNull();
  });

  test('prepare again changes nothing', async () => {
    const { run, report, calls } = await act('prepare');
    expect([run.main.exitCode, report.result]).toEqual([0, 'nothing-to-do']);
    expect(writes(calls)).toEqual([]);
  });

  test('switch before upgrade is refused, and production stays writable', async () => {
    const { run, report, calls } = await act('switch');
    expect([run.main.exitCode, report.result, report.reasonCode]).toEqual([
      1,
      'refused',
      'stage-not-upgraded',
    ]);
    expect(writes(calls)).toEqual([]);
  });

  test('upgrade leaves V1 read-only and V2 upgraded, and says so in its first line', async () => {
    const { run, report } = await act('upgrade');
    expect([run.main.exitCode, report.result, report.state]).toEqual([0, 'succeeded', 'upgraded']);
    expect(scenario.readOnly('contoso-sql-blue')).toBe(true);
    expect(scenario.readOnly('contoso-sql-green')).toBe(false);
    expect(scenario.rows('contoso-sql-green', 'SELECT Version FROM SchemaVersion')).toMatchObject([
      { Version: 2 },
    ]);
    expect(report.verdict.headline).toContain('PRODUCTION IS READ-ONLY');
    expect(run.main.summary.split('\n')[0]).toContain('PRODUCTION IS READ-ONLY');
    expect(Number(run.main.outputs['read-only-seconds'])).toBeGreaterThanOrEqual(0);
  });

  test('upgrade again changes nothing', async () => {
    const { report, calls } = await act('upgrade');
    expect(report.result).toBe('nothing-to-do');
    expect(writes(calls)).toEqual([]);
  });

  test('switch moves users to V2 in one write of the profile', async () => {
    const { run, report, calls } = await act('switch');
    expect([run.main.exitCode, report.result, report.state]).toEqual([0, 'succeeded', 'switched']);
    expect(calls.filter((call) => /^arm PUT .*trafficManagerProfiles/i.test(call))).toHaveLength(1);
    expect(report.productionSlot).toBe('green');
    expect(slotView(report.after, 'green')).toMatchObject({
      status: 'Enabled',
      priority: 1,
      version: '2.0.0',
      role: 'production',
    });
    expect(slotView(report.after, 'blue')).toMatchObject({ status: 'Disabled', priority: 2, role: 'stage' });
    expect(report.readOnly?.to).not.toBeNull();
  });

  test('switch again changes nothing', async () => {
    const { report, calls } = await act('switch');
    expect(report.result).toBe('nothing-to-do');
    expect(writes(calls)).toEqual([]);
  });

  test('rollback after the switch is refused, with the loss in numbers, and changes nothing', async () => {
    const { run, report, calls } = await act('rollback');
    expect([run.main.exitCode, report.result, report.reasonCode]).toEqual([
      1,
      'refused',
      'point-of-no-return-passed',
    ]);
    expect(report.error?.message).toMatch(/live for .*(last written|not written since|no write is recorded)/);
    expect(writes(calls)).toEqual([]);
  });

  test('cleanup without its confirmation is refused', async () => {
    const { report, calls } = await act('cleanup');
    expect([report.result, report.reasonCode]).toEqual(['refused', 'confirmation-missing']);
    expect(writes(calls)).toEqual([]);
  });

  test("cleanup deletes V1's database and nothing else", async () => {
    const { run, report, calls } = await act('cleanup', { confirm: 'remove blue' });
    expect([run.main.exitCode, report.result, report.state]).toEqual([0, 'succeeded', 'not-prepared']);
    expect(writes(calls)).toHaveLength(1);
    expect(writes(calls)[0]).toMatch(/DELETE .*contoso-sql-blue\/databases\/contoso$/i);
  });

  test('cleanup again finds nothing', async () => {
    const { report, calls } = await act('cleanup', { confirm: 'remove blue' });
    expect(report.result).toBe('nothing-to-do');
    expect(writes(calls)).toEqual([]);
  });

  test('the outputs are the report', async () => {
    const { run, report } = await act('status');
    expect(run.main.outputs).toMatchObject({
      result: report.result,
      state: report.state,
      'production-slot': 'green',
      'reason-code': '',
    });
    expect(JSON.parse(run.main.outputs.endpoints ?? '[]')).toEqual(report.after);
  });
});
