// The upgrade in two regions in other shapes, and where it cannot be begun: said before anything is changed.
import { afterEach, describe, expect, test } from '@jest/globals';
import { skuOf } from '../../local-azure/arm/sql/sku.ts';
import type { LocalAzureOptions } from '../../local-azure/topologies/options.ts';
import {
  CHAINED,
  DR,
  expectProtected,
  type GeoScenario,
  ON_V2,
  SERVERS,
  startGeo,
  TO_STAGE,
} from './geo-scenario.ts';
import { type Acted, writes } from './scenario.ts';

let scenario: GeoScenario;
afterEach(() => scenario?.close());

async function begin(options: Partial<LocalAzureOptions> = {}): Promise<void> {
  scenario = await startGeo(options);
}

function expectRefused(acted: Acted, reason: string): string {
  expect([acted.run.main.exitCode, acted.report.result, acted.report.reasonCode]).toEqual([
    1,
    'refused',
    reason,
  ]);
  expect(writes(acted.calls)).toEqual([]);
  return [acted.report.error?.message, ...acted.report.verdict.next].join('\n');
}

const WHOLE = { phase: 'prepare, upgrade, switch, cleanup', confirm: 'remove blue' };

/** V2 serves in both regions, and of V1 nothing is left. */
function expectMoved({ report }: Acted): void {
  expect([report.result, report.state, report.productionSlot]).toEqual([
    'succeeded',
    'not-prepared',
    'green',
  ]);
  expect(scenario.databases()).toEqual(['contoso-sql-2 read-write', 'contoso-sql-3 read-only']);
  expect(scenario.links()).toEqual([CHAINED]);
  for (const server of ['contoso-sql-2', 'contoso-sql-3'] as const)
    expect(scenario.rows(server, 'SELECT Version FROM SchemaVersion')).toMatchObject([{ Version: 2 }]);
}

describe('databases that Azure does not chain', () => {
  const KEY = 'https://contoso-vault.vault.azure.net/keys/tde/1';
  const encryptWithKey = () => {
    for (const server of SERVERS) scenario.azure.arm.sql.setEncryptionKey(server, KEY);
  };
  const makeHyperscale = () => {
    for (const server of ['contoso-sql-1', 'contoso-sql-dr'])
      scenario.azure.arm.sql.changeDatabase(server, 'contoso', { sku: skuOf('HS_Gen5_2') });
  };
  const kinds: [string, () => void][] = [
    ['customer-managed keys', encryptWithKey],
    ['Hyperscale', makeHyperscale],
  ];

  test.each(kinds)('%s: not chained, and what can be done instead is told', async (_kind, make) => {
    await begin();
    make();
    const told = expectRefused(await scenario.act({ phase: 'prepare' }), 'chaining-not-possible');
    expect(told).toContain('standby.mode: after-termination');
    expect(scenario.links()).toEqual([DR]);
  });

  test('customer-managed keys: after the link is cut, confirmed; V1 is protected until V2 is', async () => {
    await begin({ standby: 'after-termination' });
    encryptWithKey();
    const sampler = scenario.sampleLaw10();
    const planned = await scenario.act({ phase: 'plan' });
    const availability = planned.report.plan?.factors.find(({ factor }) => factor === 'availability');
    expect(availability?.details.join('\n')).toMatch(/read-only also while contoso-sql-3 .* is seeded/);
    const { report } = await scenario.act({ phase: 'prepare' });
    expect([report.result, report.state]).toEqual(['succeeded', 'prepared']);
    expect(scenario.links()).toEqual([TO_STAGE, DR]);

    const unconfirmed = expectRefused(await scenario.act({ phase: 'upgrade' }), 'confirmation-missing');
    expect(unconfirmed).toMatch(/seeded in (at most )?about \d+ .*500 GB an hour/);
    expect(unconfirmed).toContain('confirm: "longer-read-only green"');
    expect(scenario.readOnly('contoso-sql-1')).toBe(false);

    const upgraded = await scenario.act({ phase: 'upgrade, switch', confirm: 'longer-read-only green' });
    expect([upgraded.report.result, upgraded.report.state]).toEqual(['succeeded', 'switched']);
    expect(scenario.links()).toEqual([DR, CHAINED]);
    expectMoved(await scenario.act({ phase: 'cleanup', confirm: 'remove blue' }));
    expectProtected(sampler, 'contoso-sql-1', 'contoso-sql-2');
  });

  test('Hyperscale, of which Azure allows one geo-secondary: there is no room for the stage database', async () => {
    await begin({ standby: 'after-termination' });
    makeHyperscale();
    const { run, report } = await scenario.act({ phase: 'prepare' });
    expect([run.main.exitCode, report.result, report.reasonCode]).toEqual([
      1,
      'refused',
      'geo-secondary-limit',
    ]);
    expect(report.verdict.next.join('\n')).toContain('Hyperscale');
    expect(report.verdict.headline).toContain('can read and write');
    expect(scenario.links()).toEqual([DR]);
    expect(scenario.databases()).toHaveLength(2);
  });

  test('not chained, and the script fails: V1 is given back', async () => {
    await begin({ standby: 'after-termination' });
    await scenario.act({ phase: 'prepare' });
    const sampler = scenario.sampleLaw10();
    const failed = await scenario.act({
      phase: 'upgrade, switch',
      confirm: 'longer-read-only green',
      config: '.github/rolling-upgrade-v3.yml',
    });
    expect([failed.report.result, failed.report.reasonCode]).toEqual(['rolled-back', 'script-failed']);
    expect(scenario.databases()).toContain('contoso-sql-1 read-write');
    expectProtected(sampler, 'contoso-sql-1');
  });
});

describe('ledger digests: Azure neither chains nor cuts a link while they are uploaded', () => {
  const OFF = 'az sql db ledger-digest-uploads disable -g contoso-blue -s contoso-sql-1 -n contoso';
  const upload = (on: boolean) =>
    scenario.azure.arm.sql.setLedgerDigestUploads('contoso-sql-1', 'contoso', on);

  test.each([
    'chained',
    'after-termination',
  ] as const)('%s: refused until they are off, and the command is told', async (standby) => {
    await begin({ standby });
    upload(true);
    const acted = await scenario.act({ phase: 'prepare' });
    expect([acted.report.result, writes(acted.calls)]).toEqual(['refused', []]);
    const told = [acted.report.error?.message, ...acted.report.verdict.next].join('\n');
    expect(told).toContain('ledger digests');
    expect(told).toContain(OFF);
    expect(told).not.toContain('standby.mode: after-termination');
    upload(false);
    const { report } = await scenario.act({ phase: 'prepare' });
    expect([report.result, report.state]).toEqual(['succeeded', 'prepared']);

    upload(true);
    const late = await scenario.act({ phase: 'upgrade', confirm: 'longer-read-only green' });
    expect([late.report.result, writes(late.calls)]).toEqual(['refused', []]);
    expect(late.report.verdict.next.join('\n')).toContain(OFF);
    expect(scenario.readOnly('contoso-sql-1')).toBe(false);
  });
});

describe('other shapes', () => {
  test('SQL logins', async () => {
    await begin({ sqlLogins: true });
    expectMoved(await scenario.act(WHOLE));
  });

  test('prepare creates the stage sites in both regions, their owner binds the public name', async () => {
    await begin({ createWebApp: true });
    const { report } = await scenario.act({ phase: 'prepare' });
    expect([report.result, report.state]).toEqual(['succeeded', 'prepared']);
    for (const site of ['contoso-2', 'contoso-3']) await scenario.azure.deploy(site, null, '2.0.0');
    const upgraded = await scenario.act({ phase: 'upgrade, switch' });
    expect([upgraded.report.result, upgraded.report.state]).toEqual(['succeeded', 'switched']);
    expect(scenario.endpoints()).toEqual(ON_V2);
    expectMoved(await scenario.act({ phase: 'cleanup', confirm: 'remove blue' }));
  });

  test('two databases: chained, upgraded, switched and removed together', async () => {
    await begin();
    const { arm, fabric } = scenario.azure;
    arm.sql.createDatabase({ server: 'contoso-sql-1', name: 'billing', sku: 'S1' });
    fabric.startGeoReplication(
      { server: 'contoso-sql-1', database: 'billing' },
      { server: 'contoso-sql-dr', database: 'billing' },
      0,
    );
    scenario.write('db/billing.sql', 'CREATE TABLE dbo.Invoices (Id int NOT NULL PRIMARY KEY);\n');
    scenario.editConfig((text) =>
      text
        .replace('databases: [contoso]', 'databases: [contoso, billing]')
        .replace('scripts: [db/v2/*.sql]', 'scripts: { contoso: [db/v2/*.sql], billing: [db/billing.sql] }'),
    );
    expectMoved(await scenario.act(WHOLE));
    for (const server of ['contoso-sql-2', 'contoso-sql-3'] as const)
      expect(scenario.rows(server, 'SELECT Id FROM dbo.Invoices', 'billing')).toEqual([]);
    expect(scenario.readOnly('contoso-sql-2', 'billing')).toBe(false);
    for (const server of ['contoso-sql-1', 'contoso-sql-dr'])
      expect(fabric.hasDatabase(server, 'billing')).toBe(false);
  });
});

test("plan's four factors name numbers and both regions", async () => {
  await begin();
  const { report } = await scenario.act({ phase: 'plan' });
  const factors = Object.fromEntries(
    (report.plan?.factors ?? []).map(({ factor, answer, details }) => [
      factor,
      [answer, ...details].join('\n'),
    ]),
  );
  expect(Object.keys(factors).sort()).toEqual(['availability', 'catastrophe', 'cost', 'rollback']);
  expect(factors.availability).toMatch(/drain to contoso-sql-3/);
  expect(factors.availability).toMatch(/\d+ (s|min)/);
  expect(factors.rollback).toContain('(9)');
  expect(factors.catastrophe).toMatch(/northeurope.*westeurope.*contoso-sql-dr/s);
  expect(factors.catastrophe).toMatch(/30 s .* up to 5 s/);
  for (const server of ['contoso-sql-2', 'contoso-sql-3']) expect(factors.cost).toContain(server);
});
