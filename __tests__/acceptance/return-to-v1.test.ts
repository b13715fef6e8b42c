// A return to V1 that fails or is killed. Blue and green carry the same upgrade's id: V1's database is never taken for
// a copy, the script never runs on it, and V2 is given back to its users as it was.
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Acted, type Scenario, startScenario, writes } from './scenario.ts';

let scenario: Scenario;
afterEach(() => scenario?.close());

/** Users on green, which is V2; blue is V1, frozen. */
async function switched(): Promise<void> {
  scenario = await startScenario();
  const { report } = await scenario.act({ phase: 'prepare, upgrade, switch' });
  expect([report.result, report.state]).toEqual(['succeeded', 'switched']);
}

const LOSE = { phase: 'rollback', confirm: 'lose-writes green' };
const removeStage = (text: string) => `${text}rollback: { stage: remove }\n`;
const deletions = ({ calls }: Acted) => calls.filter((call) => /^arm DELETE .*\/databases\//i.test(call));

function expectSwitchedAgain(report: Acted['report']): void {
  expect([report.state, report.productionSlot]).toEqual(['switched', 'green']);
  expect(scenario.readOnly('contoso-sql-green')).toBe(false);
  expect(scenario.readOnly('contoso-sql-blue')).toBe(true);
  expect(report.verdict.headline).toContain('can read and write');
}

const versions = () =>
  scenario.rows('contoso-sql-blue', "SELECT name FROM sys.tables WHERE name = 'SchemaVersion'");

describe('a return to V1 that fails gives V2 back, and V1 is V1 again', () => {
  test('the profile write is refused', async () => {
    await switched();
    scenario.azure.faults.add({
      at: 'arm PUT .*/trafficManagerProfiles/',
      fault: { kind: 'error', status: 409, code: 'Conflict', message: 'Conflict' },
      times: null,
    });
    const { run, report } = await scenario.act(LOSE);
    expect([run.main.exitCode, report.result]).toEqual([1, 'rolled-back']);
    expectSwitchedAgain(report);
    scenario.azure.faults.clear();
    const cleaned = await scenario.act({ phase: 'cleanup', confirm: 'remove blue' });
    expect([cleaned.report.result, deletions(cleaned).length]).toEqual(['succeeded', 1]);
  });

  test("V1's database cannot be given back", async () => {
    await switched();
    scenario.azure.faults.add({
      at: 'sql batch contoso-sql-blue/contoso .*SET READ_WRITE',
      fault: { kind: 'error', status: 16, code: '5061', message: 'ALTER DATABASE failed.' },
      times: null,
    });
    const { report } = await scenario.act(LOSE);
    expect(report.result).toBe('rolled-back');
    expectSwitchedAgain(report);
  });

  test("V1's site does not answer: nothing is touched", async () => {
    await switched();
    scenario.editConfig((text) => text.replace('timeout: 2m', 'timeout: 5s'));
    scenario.azure.faults.add({
      at: 'site contoso-blue',
      fault: { kind: 'error', status: 503, code: '', message: 'down' },
      times: null,
    });
    const { report, calls } = await scenario.act(LOSE);
    expect([report.result, report.reasonCode]).toEqual(['refused', 'stage-unhealthy']);
    expect(writes(calls)).toEqual([]);
    expectSwitchedAgain(report);
  });
});

describe('a return to V1 that is killed', () => {
  /** Kills the run when a call comes that never ends. */
  async function killedAt(at: string): Promise<void> {
    scenario.azure.faults.add({ at, fault: { kind: 'hang' } });
    let kill = () => {};
    scenario.azure.faults.onCall((call) => {
      if (new RegExp(at, 'i').test(call)) setTimeout(() => kill(), 200);
    });
    await scenario.act(LOSE, {
      runnerLost: true,
      onMain: (main) => {
        kill = () => main.kill('SIGKILL');
      },
    });
    scenario.azure.faults.clear();
  }

  test.each([
    ['after V2 was frozen', 'sql batch contoso-sql-blue/contoso .*SET READ_WRITE', 'upgrade'],
    ['before users were moved', 'arm PUT .*/trafficManagerProfiles/', 'rollback'],
  ])('%s: the next run gives V2 back, and the script never runs on V1', async (_, at, phase) => {
    await switched();
    scenario.editConfig(removeStage);
    await killedAt(at);
    expect(scenario.readOnly('contoso-sql-green')).toBe(true);
    const next = await scenario.act({ phase });
    expectSwitchedAgain(next.report);
    expect([versions(), deletions(next)]).toEqual([[], []]);
  });
});
