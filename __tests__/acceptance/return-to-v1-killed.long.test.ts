// A return to V1 that is killed. Both databases carry the same upgrade's id: V1's is never taken for a copy, the script
// never runs on it, and whatever run comes next gives V2 back.
import { afterEach, describe, expect, test } from '@jest/globals';
import { deletions, expectSwitched, RETURN, removeStage, startSwitched } from './after-switch.ts';
import type { Scenario } from './scenario.ts';

let scenario: Scenario;
afterEach(() => scenario?.close());

/** What the script would have made of V1's database. */
const upgradedTables = () =>
  scenario.rows('contoso-sql-blue', "SELECT name FROM sys.tables WHERE name = 'SchemaVersion'");

describe('a return to V1 that is killed', () => {
  /** Kills the run when a call comes that never ends. */
  async function killedAt(at: string): Promise<void> {
    scenario.azure.faults.add({ at, fault: { kind: 'hang' } });
    let kill = () => {};
    scenario.azure.faults.onCall((call) => {
      if (new RegExp(at, 'i').test(call)) setTimeout(() => kill(), 200);
    });
    await scenario.act(RETURN, {
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
    scenario = await startSwitched();
    scenario.editConfig(removeStage);
    await killedAt(at);
    expect(scenario.readOnly('contoso-sql-green')).toBe(true);
    const next = await scenario.act({ phase });
    expectSwitched(scenario, next);
    expect([upgradedTables(), deletions(next)]).toEqual([[], []]);
    // Whoever asked for V1 once more is told why users are on V2.
    if (phase === 'rollback') expect(next.report.verdict.headline).toContain('that was cut off is undone');
  });
});
