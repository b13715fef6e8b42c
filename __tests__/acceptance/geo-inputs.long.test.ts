// What the engineer got wrong about two regions: one clear error, and nothing is changed.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DR, type GeoScenario, prepared, startGeo } from './geo-scenario.ts';
import { type Acted, startScenario, writes } from './scenario.ts';

const CONFIG = '.github/rolling-upgrade.yml';

function expectRefused(acted: Acted, reason: string): string {
  const errors = acted.run.main.log.split('\n').filter((line) => line.startsWith('::error'));
  expect([acted.run.main.exitCode, acted.report.result, acted.report.reasonCode]).toEqual([
    1,
    'refused',
    reason,
  ]);
  expect(errors).toHaveLength(1);
  expect(writes(acted.calls)).toEqual([]);
  return [acted.report.error?.message, ...acted.report.verdict.next].join('\n');
}

describe('a topology and the configuration of the other one', () => {
  const ofTheAction = ({ calls }: Acted) => calls.filter((call) => /^(arm|entra|github)/.test(call));

  test('single-region with backup regions: told, and Azure is not asked for anything', async () => {
    const scenario = await startGeo();
    try {
      const acted = await scenario.act({ phase: 'plan', topology: 'single-region' });
      const told = expectRefused(acted, 'config-invalid');
      expect(told).toContain('slots.blue.backup');
      expect(told).toContain('slots.green.backup');
      expect(told).toContain('geo-redundant');
      expect(ofTheAction(acted)).toEqual([]);
    } finally {
      await scenario.close();
    }
  });

  test('geo-redundant without them', async () => {
    const scenario = await startScenario();
    try {
      const acted = await scenario.act({ phase: 'plan', topology: 'geo-redundant' });
      expect(expectRefused(acted, 'config-invalid')).toContain('backup');
      expect(ofTheAction(acted)).toEqual([]);
    } finally {
      await scenario.close();
    }
  });
});

describe('what stands in Azure does not fit the configuration', () => {
  let scenario: GeoScenario;
  let original: string;
  beforeAll(async () => {
    scenario = await startGeo();
    scenario.editConfig((text) => {
      original = text;
      return text;
    });
  });
  afterAll(() => scenario?.close());

  const prepare = (edit: (text: string) => string) => {
    scenario.editConfig(() => edit(original), CONFIG);
    return scenario.act({ phase: 'prepare' });
  };

  test("regions mixed up: the stage slot's two servers written into each other's place", async () => {
    const exchange = (text: string) =>
      text
        .replace(
          /resource-group: contoso-green\n( +)sql-server: contoso-sql-2/,
          'resource-group: X\n$1sql-server: Y',
        )
        .replace(
          /resource-group: contoso-green-dr\n( +)sql-server: contoso-sql-3/,
          'resource-group: contoso-green\n$1sql-server: contoso-sql-2',
        )
        .replace(
          /resource-group: X\n( +)sql-server: Y/,
          'resource-group: contoso-green-dr\n$1sql-server: contoso-sql-3',
        );
    const told = expectRefused(await prepare(exchange), 'region-mismatch');
    expect(told).toContain('contoso-sql-2');
    expect(told).toContain('contoso-sql-3');
  });

  test.each([
    ['in the backup region', 'contoso-sql-3'],
    ['in the primary region', 'contoso-sql-2'],
  ])('a server that is missing %s', async (_where, server) => {
    const acted = await prepare((text) => text.replace(`sql-server: ${server}`, 'sql-server: contoso-sql-9'));
    expect(expectRefused(acted, 'resource-not-found')).toContain('contoso-sql-9');
  });

  test("production's endpoint in the backup region is not in the profile", async () => {
    const acted = await prepare((text) => text.replace('name: contoso-dr, type', 'name: contoso-west, type'));
    const told = expectRefused(acted, 'standby-missing');
    expect(told).toContain('contoso-west');
    expect(told).toContain('az network traffic-manager endpoint create');
  });

  test("production's geo-secondary is missing", async () => {
    const other = await startGeo();
    try {
      other.azure.fabric.dropDatabase('contoso-sql-dr', 'contoso');
      const told = expectRefused(await other.act({ phase: 'prepare' }), 'standby-missing');
      expect(told).toContain('contoso-sql-dr');
    } finally {
      await other.close();
    }
  });

  test('four secondaries already: there is no room for a fifth', async () => {
    for (const number of [5, 6, 7]) {
      const name = `contoso-sql-${number}`;
      scenario.azure.arm.sql.createServer({
        name,
        group: 'contoso-blue',
        location: 'northeurope',
        administratorLogin: 'contoso-admin',
        administratorPassword: 'an-administrators-Passw0rd',
      });
      scenario.azure.fabric.startGeoReplication(
        { server: 'contoso-sql-1', database: 'contoso' },
        { server: name, database: 'contoso' },
        0,
      );
    }
    const acted = await prepare((text) => text);
    expect(expectRefused(acted, 'geo-secondary-limit')).toContain('4');
    expect(scenario.links()).toContain(DR);
  });
});

test('the standby falls behind after it was prepared: an upgrade is not begun', async () => {
  const scenario = await prepared();
  try {
    const [link] = scenario.azure.fabric.links('contoso-sql-dr', 'contoso');
    scenario.azure.fabric.setLinkState(link?.id ?? '', 'SUSPENDED');
    const told = expectRefused(await scenario.act({ phase: 'upgrade, switch' }), 'standby-not-caught-up');
    expect(told).toContain('contoso-sql-dr');
    expect(scenario.readOnly('contoso-sql-1')).toBe(false);
  } finally {
    await scenario.close();
  }
});
