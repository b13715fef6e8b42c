import { describe, expect, test } from '@jest/globals';
import { geoRedundantGuards } from '../../src/guards/geo-redundant.ts';
import { runGuards } from '../../src/guards/guard.ts';
import { geo, geoConfig, geoGuard, geoSlot, regionDown } from './geo-world.ts';
import { databases, link, site } from './parts.ts';
import { tableOf } from './verdict-matcher.ts';
import { check, sqlAnswers, worldOf } from './world.ts';
import { contextOf, observationOf } from './world-azure.ts';

describe('a guard in both regions', () => {
  const rule = { name: 'office', startIpAddress: '10.1.0.0', endIpAddress: '10.1.0.9' };
  const rules = { production: [rule], stage: [] };

  tableOf(geoGuard('stage-firewall'), [
    { when: 'all is in order', world: geo(), says: 'pass', telling: ['contoso-sql-green-dr'] },
    {
      when: 'the backup region differs',
      world: geo({}, { firewall: rules }),
      says: 'sql-firewall',
      telling: ['contoso-sql-green-dr lacks firewall rules of contoso-sql-blue-dr'],
      advising: ['-g contoso-green-dr -s contoso-sql-green-dr'],
    },
    {
      when: 'both differ',
      world: geo({ firewall: rules }, { firewall: rules }),
      says: 'sql-firewall',
      telling: ['contoso-sql-green lacks', 'contoso-sql-green-dr lacks'],
    },
    {
      when: 'the backup region is silent',
      world: geo({}, { outage: regionDown }),
      says: 'not-knowable',
      telling: ['backup region could not be asked', '503'],
    },
    {
      when: 'the backup region is silent, and the primary differs',
      world: geo({ firewall: rules }, { outage: regionDown }),
      says: 'sql-firewall',
    },
  ]);

  tableOf(geoGuard('stage-site-identical'), [
    {
      when: "the standby site is connected to the stage's primary region",
      world: geo(
        {},
        {
          connectionStrings: {
            production: { Orders: 'Server=contoso-sql-blue-dr.database.windows.net' },
            stage: { Orders: 'Server=contoso-sql-green.database.windows.net' },
          },
        },
      ),
      says: 'stage-site-differs',
      telling: ['no setting of contoso-green-dr names contoso-sql-green-dr'],
    },
  ]);

  tableOf(geoGuard('same-region-endpoints'), [
    {
      when: 'the public name is not bound on a standby site',
      world: geo(
        {},
        {
          sites: {
            production: site('blue-dr', { location: 'West Europe' }),
            stage: site('green-dr', { location: 'West Europe', hostNames: [] }),
          },
        },
      ),
      says: 'same-region-endpoints',
      telling: ['not bound on contoso-green-dr'],
    },
  ]);

  tableOf(geoGuard('azure-permissions'), [
    {
      when: "a right is missing on the stage's standby server",
      world: geo({
        missingActions: (id, actions) =>
          id.includes('green-dr') ? actions.filter((one) => one.endsWith('databases/write')) : [],
      }),
      says: 'azure-permission-missing',
      telling: [/^missing on SQL server contoso-sql-green-dr: Microsoft.Sql\/servers\/databases\/write$/],
    },
    {
      when: 'ledger digests may not be read',
      world: geo({ missingActions: (_, actions) => actions.filter((one) => one.includes('ledgerDigest')) }),
      phase: 'prepare',
      says: 'azure-permission-missing',
    },
    {
      when: 'failover groups may not be made, and none is configured',
      world: geo({
        missingActions: (_, actions) => actions.filter((one) => one.endsWith('failoverGroups/write')),
      }),
      phase: 'switch',
      says: 'pass',
    },
    {
      when: 'failover groups may not be made, and the switch would',
      world: geo({
        config: geoConfig({
          slots: [geoSlot('blue', { failoverGroup: 'a' }), geoSlot('green', { failoverGroup: 'b' })],
        }),
        missingActions: (_, actions) => actions.filter((one) => one.endsWith('failoverGroups/write')),
      }),
      phase: 'switch',
      says: 'azure-permission-missing',
      telling: ['contoso-sql-green:', 'contoso-sql-green-dr:'],
    },
  ]);

  test('asks the backup region once, however many want to know', async () => {
    const world = worldOf(geo());
    const context = contextOf(world);
    const asked: string[] = [];
    const sql = {
      ...context.azure.sql,
      getServer: (ref: Parameters<typeof context.azure.sql.getServer>[0]) => {
        asked.push(ref.server);
        return context.azure.sql.getServer(ref);
      },
    };
    const counted = { ...context, azure: { ...context.azure, sql } };
    const records = await runGuards(
      geoRedundantGuards(world.config),
      counted,
      observationOf(world),
      'prepare',
    );
    expect(asked.sort()).toEqual(['contoso-sql-blue-dr', 'contoso-sql-green-dr']);
    expect(records.filter((one) => one.verdict !== 'pass')).toEqual([]);
  });
});

describe('sql-permissions in the backup region', () => {
  test('are granted where the database takes writes', async () => {
    const verdict = await check(
      geoGuard('sql-permissions'),
      geo({
        sql: sqlAnswers({
          IS_ROLEMEMBER: (_, __, region) => [
            { name: 'app', owner: region === 'primary' ? 1 : 0, alter_database: 0 },
          ],
        }),
      }),
    );
    expect(verdict).toMatchObject({ kind: 'fail', reason: 'sql-permission-missing' });
    expect(verdict.evidence).toContain('contoso-sql-blue-dr');
    expect(JSON.stringify(verdict)).toContain('-S contoso-sql-blue.database.windows.net');
  });

  tableOf(geoGuard('sql-permissions'), [
    {
      when: 'production has no standby yet',
      world: geo(
        {},
        {
          databases: databases(
            { info: null, links: [], access: 'absent' },
            { info: null, links: [], access: 'absent' },
          ),
        },
      ),
      says: 'pass',
    },
    {
      when: "the stage's copy in the backup region is being seeded",
      world: geo(
        {},
        {
          databases: databases(
            {},
            {
              access: 'unreachable',
              links: [link({ role: 'Secondary', partnerServer: 'contoso-sql-green', state: 'SEEDING' })],
            },
          ),
        },
      ),
      says: 'pass',
    },
  ]);
});
