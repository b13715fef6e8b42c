import { describe, expect, test } from '@jest/globals';
import { AzureError } from '../../src/azure/errors.ts';
import { geoRedundantGuards } from '../../src/guards/geo-redundant.ts';
import { runGuards } from '../../src/guards/guard.ts';
import {
  backupPart,
  geo,
  geoConfig,
  geoEndpoints,
  geoGuard,
  geoSlot,
  regionDown,
  sides,
  toStandby,
} from './geo-world.ts';
import { databases, endpoint, link, profile, server, site } from './parts.ts';
import { tableOf } from './verdict-matcher.ts';
import { check, sqlAnswers, worldOf } from './world.ts';
import { contextOf, observationOf } from './world-azure.ts';

const forbidden = new AzureError('GET …: HTTP 403 AuthorizationFailed', {
  status: 403,
  code: 'AuthorizationFailed',
  correlationId: null,
  outcomeUnknown: false,
});
const inRegion = (name: string, location: string) => server(name, { location });
const west = { location: 'westeurope' };

describe('two-regions', () => {
  tableOf(geoGuard('two-regions'), [
    {
      when: 'two parts in each of two regions',
      world: geo(),
      says: 'pass',
      telling: [/contoso-sql-green.* in northeurope; .*contoso-sql-green-dr.* in westeurope/],
    },
    {
      when: 'production and its standby in one region',
      world: geo(
        {},
        {
          servers: {
            production: inRegion('contoso-sql-blue-dr', 'northeurope'),
            stage: inRegion('contoso-sql-green-dr', 'northeurope'),
          },
        },
      ),
      says: 'region-mismatch',
      telling: ['both in northeurope'],
      advising: ['slots.blue.backup.sql-server', 'single-region'],
    },
    {
      when: "the stage's standby in a third region",
      world: geo(
        {},
        {
          servers: {
            production: inRegion('contoso-sql-blue-dr', 'westeurope'),
            stage: inRegion('contoso-sql-green-dr', 'France Central'),
          },
        },
      ),
      says: 'region-mismatch',
      telling: ['contoso-sql-green-dr is in France Central, not in westeurope'],
      advising: ['slots.green.backup.sql-server', '-l westeurope'],
    },
    {
      when: "the stage's two servers are mixed up",
      world: geo(
        { servers: { production: server('contoso-sql-blue'), stage: server('contoso-sql-green', west) } },
        {
          servers: { production: server('contoso-sql-blue-dr', west), stage: server('contoso-sql-green-dr') },
        },
      ),
      says: 'region-mismatch',
      telling: ['mixed up'],
      advising: [
        'slots.green.sql-server: contoso-sql-green-dr',
        'slots.green.backup.sql-server: contoso-sql-green.',
      ],
    },
    {
      when: 'a web app far from its database',
      world: geo({ sites: { production: site('blue'), stage: site('green', { location: 'West Europe' }) } }),
      says: 'region-mismatch',
      telling: ['contoso-green is in West Europe, not in northeurope'],
      advising: ['slots.green.web-app'],
    },
    {
      when: 'web apps of the stage that are not there yet',
      world: geo(
        { sites: { production: site('blue'), stage: null } },
        { sites: { production: site('blue-dr', { location: 'West Europe' }), stage: null } },
      ),
      says: 'pass',
    },
    {
      when: 'the database was failed over',
      world: geo({ databases: sides({ links: [toStandby({ role: 'Secondary' })] }) }),
      says: 'region-mismatch',
      telling: ['contoso-sql-blue-dr in the backup region is the primary'],
      advising: [
        'az sql db replica set-primary -g contoso-blue -s contoso-sql-blue -n contoso',
        'slots.blue.backup',
      ],
    },
    {
      when: 'the profile was failed over',
      world: geo({
        profile: profile({
          endpoints: [endpoint('blue', { status: 'Disabled' }), ...geoEndpoints.slice(1)],
        }),
      }),
      says: 'region-mismatch',
      telling: ['sends users to blue-dr first'],
      advising: [/endpoint update .* -n blue .*--endpoint-status Enabled/, 'slots.blue.backup'],
    },
    {
      when: 'the backup region does not answer',
      world: geo({}, { outage: regionDown }),
      says: 'not-knowable',
    },
  ]);

  test('finds production that a run already takes for failed over', async () => {
    // The run has exchanged production's regions; the configuration file still has them as they were.
    const standby = backupPart('blue');
    const guard = geoGuard('two-regions');
    const verdict = await guard.check(
      ...seen({ ...geoSlot('blue'), ...standby, name: 'blue', backup: geoSlot('blue'), failoverGroup: null }),
      'prepare',
    );
    expect(verdict).toMatchObject({ kind: 'fail', reason: 'region-mismatch' });
    expect(JSON.stringify(verdict)).toContain('set-primary -g contoso-blue -s contoso-sql-blue');
  });

  function seen(production: ReturnType<typeof geoSlot>) {
    const world = worldOf(geo());
    const context = contextOf(world);
    return [
      { ...context, production: { ...context.production, config: production } },
      observationOf(world),
    ] as const;
  }
});

describe('backup-region-answers', () => {
  tableOf(geoGuard('backup-region-answers'), [
    { when: 'it does', world: geo(), says: 'pass', telling: ['contoso-sql-green-dr'] },
    {
      when: 'a gateway answers for it',
      world: geo({}, { outage: regionDown }),
      phase: 'upgrade',
      says: 'region-unreachable',
      telling: ['503', 'without protection'],
      advising: ['azure.status.microsoft'],
    },
    {
      when: 'it may not be asked',
      world: geo({}, { outage: forbidden }),
      says: 'not-knowable',
      telling: ['403'],
    },
    {
      when: 'a server is not there',
      world: geo({}, { missing: ['contoso-sql-green-dr'] }),
      says: 'resource-not-found',
      telling: ['contoso-sql-green-dr', 'slot green'],
      advising: ['slots.green.backup.sql-server', 'az sql server list -g contoso-green-dr'],
    },
  ]);
});

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
