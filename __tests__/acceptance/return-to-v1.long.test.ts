// A return to V1 that fails: V2 is given back to its users as it was, and V1 is V1 again.
import { afterEach, describe, expect, test } from '@jest/globals';
import { deletions, expectSwitched, RETURN, startSwitched } from './after-switch.ts';
import { type Scenario, writes } from './scenario.ts';

let scenario: Scenario;
afterEach(() => scenario?.close());

describe('a return to V1 that fails gives V2 back, and V1 is V1 again', () => {
  test('the profile write is refused', async () => {
    scenario = await startSwitched();
    scenario.azure.faults.add({
      at: 'arm PUT .*/trafficManagerProfiles/',
      fault: { kind: 'error', status: 409, code: 'Conflict', message: 'Conflict' },
      times: 2, // once is ridden out
    });
    const back = await scenario.act(RETURN);
    expect([back.run.main.exitCode, back.report.result]).toEqual([1, 'rolled-back']);
    expectSwitched(scenario, back);
    const cleaned = await scenario.act({ phase: 'cleanup', confirm: 'remove blue' });
    expect([cleaned.report.result, deletions(cleaned).length]).toEqual(['succeeded', 1]);
  });

  test("V1's database cannot be given back", async () => {
    scenario = await startSwitched();
    scenario.azure.faults.add({
      at: 'sql batch contoso-sql-blue/contoso .*SET READ_WRITE',
      fault: { kind: 'error', status: 16, code: '5061', message: 'ALTER DATABASE failed.' },
      times: null, // one alone is ridden out
    });
    const back = await scenario.act(RETURN);
    expect(back.report.result).toBe('rolled-back');
    expectSwitched(scenario, back);
  });

  test("V1's site does not answer: nothing is touched", async () => {
    scenario = await startSwitched();
    scenario.editConfig((text) => text.replace('timeout: 2m', 'timeout: 5s'));
    scenario.azure.faults.add({
      at: 'site contoso-blue',
      fault: { kind: 'error', status: 503, code: '', message: 'down' },
      times: null,
    });
    const back = await scenario.act(RETURN);
    expect([back.report.result, back.report.reasonCode]).toEqual(['refused', 'stage-unhealthy']);
    expect(writes(back.calls)).toEqual([]);
    expectSwitched(scenario, back);
  });
});
