// Replication to the backup region that takes its time.
import { expect, test } from '@jest/globals';
import { expectProtected, prepared } from './geo-scenario.ts';

test('the stage slot is not upgraded, and users are not sent to it, before the backup region has all of it', async () => {
  const scenario = await prepared();
  const there = () => scenario.rows('contoso-sql-3', 'SELECT Version FROM SchemaVersion');
  try {
    const arrivedWith: unknown[] = [];
    const sampler = scenario.sampleLaw10((server) => {
      if (server === 'contoso-sql-2') arrivedWith.push(...there());
    });
    // Longer than what comes after the script takes anyway.
    scenario.azure.setReplicationLag(8_000);
    const upgraded = await scenario.act({ phase: 'upgrade' });
    expect([upgraded.report.state, there()]).toMatchObject(['upgraded', [{ Version: 2 }]]);
    const { report } = await scenario.act({ phase: 'switch' });
    expect([report.result, report.productionSlot]).toEqual(['succeeded', 'green']);
    expectProtected(sampler, 'contoso-sql-1', 'contoso-sql-2');
    expect(arrivedWith).toMatchObject([{ Version: 2 }]);
  } finally {
    await scenario.close();
  }
});
