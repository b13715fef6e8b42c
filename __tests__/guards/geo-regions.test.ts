import { describe, expect, test } from '@jest/globals';
import { AzureError } from '../../src/azure/errors.ts';
import {
  backupPart,
  geo,
  geoEndpoints,
  geoGuard,
  geoSlot,
  regionDown,
  sides,
  toStandby,
} from './geo-world.ts';
import { endpoint, profile, server, site } from './parts.ts';
import { tableOf } from './verdict-matcher.ts';
import { worldOf } from './world.ts';
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
      advising: [
        'slots.green.backup.sql-server',
        "az sql server list --query '[?name=='\\''contoso-sql-green-dr'\\''].resourceGroup' -o tsv",
      ],
    },
  ]);
});
