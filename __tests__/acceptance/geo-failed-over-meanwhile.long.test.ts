// A person fails production over while a run is at work on it, or single databases of it: users can write at once where it
// is now, in the same run, and no upgrade goes on.
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LocalAzure } from '../../local-azure/start.ts';
import { failoverTo, whenCalled } from './geo-disaster.ts';
import { type GeoScenario, startGeo } from './geo-scenario.ts';
import { carryOut, commandsIn } from './person.ts';
import { type Acted, writes } from './scenario.ts';

let scenario: GeoScenario;
afterEach(() => scenario?.close());

const PLANNED = failoverTo('contoso-sql-dr').replace(' --allow-data-loss', '');
const writable = (server: 'contoso-sql-1' | 'contoso-sql-dr', database = 'contoso') =>
  !scenario.readOnly(server, database);
const told = ({ report }: Acted) => [report.verdict.headline, ...report.verdict.next].join('\n');

describe('failed over in the middle of a run', () => {
  test('in the script: this very run gives it back in the backup region, and says so', async () => {
    scenario = await startGeo();
    scenario.write('db/v2/900-wrong.sql', 'ALTER TABLE dbo.NoSuchTable ADD Due date NULL;\nGO\n');
    await scenario.act({ phase: 'prepare' });
    // The failover is through before the script fails.
    const wrong = 'sql batch contoso-sql-2/contoso .*NoSuchTable';
    scenario.azure.faults.add({ at: wrong, fault: { kind: 'delay', ms: 6000 } });
    let over: Promise<void> | null = null;
    whenCalled(scenario.azure, [new RegExp(wrong)], () => {
      over = carryOut(scenario.azure, [PLANNED]);
    });
    const acted = await scenario.act({ phase: 'upgrade, switch' }, { runnerLost: true });
    await over;
    expect([acted.report.result, acted.report.reasonCode]).toEqual(['rolled-back', 'script-failed']);
    expect(acted.report.rollback.map(({ state }) => state)).toEqual(
      expect.arrayContaining(['undo-failed', 'undone']),
    );
    expect(told(acted)).toContain('contoso is on contoso-sql-dr');
    expect(acted.report.readOnly?.to).not.toBeNull();
    expect(writable('contoso-sql-dr')).toBe(true);
  });

  test('between upgrade and switch: the switch is not begun, and the failover is the reason that is named', async () => {
    scenario = await startGeo();
    await scenario.act({ phase: 'prepare, upgrade' });
    await carryOut(scenario.azure, [PLANNED]);
    const acted = await scenario.act({ phase: 'switch' });
    expect([acted.report.result, acted.report.reasonCode]).toEqual(['rolled-back', 'region-mismatch']);
    expect(acted.report.verdict.headline).toMatch(/failed over .*contoso-sql-dr/);
    expect(writable('contoso-sql-dr')).toBe(true);
  });
});

/** A second database beside the first one, with its own geo-secondary. */
function addBilling({ arm, fabric }: LocalAzure): void {
  arm.sql.createDatabase({ server: 'contoso-sql-1', name: 'billing', sku: 'S1' });
  const at = (server: string) => ({ server, database: 'billing' });
  fabric.startGeoReplication(at('contoso-sql-1'), at('contoso-sql-dr'), 0);
  scenario.write('db/billing.sql', 'CREATE TABLE dbo.Invoices (Id int NOT NULL);\nGO\n');
  scenario.editConfig((text) =>
    text
      .replace('databases: [contoso]', 'databases: [contoso, billing]')
      .replace('scripts: [db/v2/*.sql]', 'scripts: { contoso: [db/v2/*.sql], billing: [db/billing.sql] }'),
  );
}

describe('one of two databases is failed over', () => {
  test.each([
    'contoso',
    'billing',
  ])('%s: each one is given back where it is, no upgrade is begun, and they are brought together as told', async (moved) => {
    scenario = await startGeo();
    addBilling(scenario.azure);
    const upgraded = await scenario.act({ phase: 'prepare, upgrade' });
    expect([upgraded.report.result, upgraded.report.state]).toEqual(['succeeded', 'upgraded']);
    await carryOut(scenario.azure, [PLANNED.replace('-n contoso', `-n ${moved}`)]);
    const stayed = moved === 'contoso' ? 'billing' : 'contoso';

    const back = await scenario.act({ phase: 'rollback' });
    expect([back.run.main.exitCode, back.report.result]).toEqual([0, 'succeeded']);
    expect([writable('contoso-sql-dr', moved), writable('contoso-sql-1', stayed)]).toEqual([true, true]);
    expect(back.report.verdict.headline).not.toMatch(/can read and write/);
    expect(told(back)).toContain(`${moved} is on contoso-sql-dr`);
    expect(told(back)).not.toContain('phase rollback');

    for (const phase of ['prepare', 'upgrade', 'switch', 'cleanup']) {
      const refused = await scenario.act({ phase, confirm: 'remove green' });
      expect([phase, refused.report.result, refused.report.reasonCode]).toEqual([
        phase,
        'refused',
        'region-mismatch',
      ]);
      expect(writes(refused.calls)).toEqual([]);
    }
    const [together = []] = commandsIn(await scenario.act({ phase: 'status' }));
    expect(together).toEqual([`az sql db replica set-primary -g contoso-blue -s contoso-sql-1 -n ${moved}`]);
    await carryOut(scenario.azure, together);
    const { report } = await scenario.act({ phase: 'status' });
    expect(report.verdict.headline).toMatch(/on blue .*can read and write/);
  });
});
