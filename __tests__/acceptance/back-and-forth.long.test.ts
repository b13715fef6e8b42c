// The upgrade after the next goes the other way round: the slots have exchanged their roles.
import { expect, test } from '@jest/globals';
import { CHAINED, DR, startGeo } from './geo-scenario.ts';
import { type Scenario, startScenario } from './scenario.ts';

const CLEANED_UP = { phase: 'prepare, upgrade, switch, cleanup', confirm: 'remove blue' };

/** Nothing to change in the database. */
function nextVersion(scenario: Pick<Scenario, 'editConfig' | 'write'>): void {
  scenario.editConfig((text) => text.replace('db/v2/*.sql', 'db/nothing.sql'));
  scenario.write('db/nothing.sql', "PRINT 'nothing to change';\n");
}

test('one region: the second one makes blue production again, and can be taken back', async () => {
  const scenario = await startScenario();
  try {
    await scenario.act(CLEANED_UP);
    await scenario.azure.deploy('contoso-blue', null, '2.0.0');
    nextVersion(scenario);
    const { report } = await scenario.act({ phase: 'prepare, upgrade, switch' });
    expect([report.result, report.productionSlot]).toEqual(['succeeded', 'blue']);
    const back = await scenario.act({ phase: 'rollback', confirm: 'lose-writes blue' });
    expect([back.report.result, back.report.productionSlot]).toEqual(['succeeded', 'green']);
    expect(scenario.readOnly('contoso-sql-green')).toBe(false);
    expect(scenario.readOnly('contoso-sql-blue')).toBe(true);
  } finally {
    await scenario.close();
  }
});

test('two regions: the chain and both endpoints go the other way round', async () => {
  const scenario = await startGeo();
  try {
    await scenario.act(CLEANED_UP);
    for (const site of ['contoso-1', 'contoso-dr']) await scenario.azure.deploy(site, null, '2.0.0');
    nextVersion(scenario);
    const next = await scenario.act({ phase: 'prepare' });
    expect([next.report.result, next.report.state, next.report.productionSlot]).toEqual([
      'succeeded',
      'prepared',
      'green',
    ]);
    expect(scenario.links()).toEqual([DR, 'contoso-sql-2 > contoso-sql-1 CATCH_UP', CHAINED]);
    const { report } = await scenario.act({ phase: 'upgrade, switch' });
    expect([report.result, report.productionSlot]).toEqual(['succeeded', 'blue']);
    expect(scenario.endpoints().slice(0, 2)).toEqual(['contoso-1 Enabled 1', 'contoso-dr Enabled 2']);
  } finally {
    await scenario.close();
  }
});
