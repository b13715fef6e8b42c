// After a switch blue and green carry the same upgrade's id. Whatever is asked for: V1's database is deleted by
// cleanup alone, once V2 is seen to serve, and what V2's users wrote is never deleted unasked.
import { afterEach, describe, expect, test } from '@jest/globals';
import { deletions, expectSwitched, RETURN, removeStage, startSwitched } from './after-switch.ts';
import { type Scenario, slotView, startScenario, writes } from './scenario.ts';

let scenario: Scenario;
afterEach(() => scenario?.close());

describe('a return to V1 that succeeds', () => {
  test("is not a switch: cleanup does not delete V2's database, and rollback only when it is named", async () => {
    scenario = await startSwitched();
    const { report } = await scenario.act(RETURN);
    expect([report.result, report.state, report.productionSlot]).toEqual([
      'succeeded',
      'compromised',
      'blue',
    ]);
    expect(slotView(report.after, 'blue')).toMatchObject({ status: 'Enabled', version: '1.0.0' });
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
    const cleaned = await scenario.act({ phase: 'cleanup', confirm: 'remove green' });
    expect([cleaned.report.result, writes(cleaned.calls)]).toEqual(['refused', []]);
    scenario.editConfig(removeStage);
    const unnamed = await scenario.act({ phase: 'rollback' });
    expect(deletions(unnamed)).toEqual([]);
    expect(unnamed.report.rollback.flatMap((step) => step.evidence).join()).toContain('"remove green"');
    const named = await scenario.act({ phase: 'rollback', confirm: 'remove green' });
    expect([deletions(named).length, named.report.state]).toEqual([1, 'not-prepared']);
  });
});

describe('rollback.stage: remove', () => {
  test('V1 that a second upgrade left, and V2 that cannot be read for once: nothing is deleted', async () => {
    scenario = await startScenario();
    await scenario.act({ phase: 'prepare, upgrade, switch, cleanup', confirm: 'remove blue' });
    await scenario.azure.deploy('contoso-blue', null, '2.0.0');
    for (const file of ['001-currency', '002-backfill'])
      scenario.write(`db/v2/${file}.sql`, "PRINT 'nothing to do';\n");
    const second = await scenario.act({ phase: 'prepare, upgrade, switch' });
    expect(second.report.productionSlot).toBe('blue');
    scenario.editConfig(removeStage);
    scenario.azure.faults.add({
      at: 'sql login contoso-sql-blue/contoso',
      fault: { kind: 'error', status: 14, code: '18456', message: 'Login failed.' },
      times: 4, // the first looks see nothing; giving production back tries again, and then finds V2 writable
    });
    const blind = await scenario.act({ phase: 'rollback' });
    expect(['nothing-to-do', 'refused']).toContain(blind.report.result);
    scenario.azure.faults.clear();
    const asked = await scenario.act({ phase: 'rollback' });
    expect(asked.report.reasonCode).toBe('point-of-no-return-passed');
    expect([...deletions(blind), ...deletions(asked)]).toEqual([]);
    expect(scenario.readOnly('contoso-sql-green')).toBe(true);
  });

  test('a stage database that was only prepared is removed', async () => {
    scenario = await startScenario();
    await scenario.act({ phase: 'prepare' });
    scenario.editConfig(removeStage);
    const { report } = await scenario.act({ phase: 'rollback' });
    expect([report.result, report.state]).toEqual(['succeeded', 'not-prepared']);
  });
});

test('cleanup keeps V1 while V2 does not answer at the public name', async () => {
  scenario = await startSwitched();
  scenario.editConfig((text) => text.replace('timeout: 2m', 'timeout: 5s'));
  scenario.azure.faults.add({
    at: 'site contoso-green',
    fault: { kind: 'error', status: 500, code: '', message: 'down' },
    times: null,
  });
  const cleaned = await scenario.act({ phase: 'cleanup', confirm: 'remove blue' });
  expect([cleaned.report.reasonCode, deletions(cleaned)]).toEqual(['production-unhealthy', []]);
  expectSwitched(scenario, cleaned);
});
