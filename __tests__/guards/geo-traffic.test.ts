import { describe } from '@jest/globals';
import type { FailoverGroup } from '../../src/azure/ports.ts';
import { geo, geoConfig, geoEndpoints, geoGuard, geoSlot, regionDown } from './geo-world.ts';
import { endpoint, profile } from './parts.ts';
import { tableOf } from './verdict-matcher.ts';

const withEndpoints = (...changed: ReturnType<typeof endpoint>[]) =>
  geo({
    profile: profile({
      endpoints: geoEndpoints.map((one) => changed.find(({ name }) => name === one.name) ?? one),
    }),
  });

describe('priority-routing over four endpoints', () => {
  tableOf(geoGuard('priority-routing'), [
    {
      when: 'all as it should be',
      world: geo(),
      phase: 'upgrade',
      says: 'pass',
      telling: ['blue-dr stands by'],
    },
    {
      when: "the stage's standby is enabled",
      world: withEndpoints(endpoint('green-dr', { status: 'Enabled', priority: 4 })),
      phase: 'upgrade',
      says: 'production-slot-unclear',
      telling: ['stage endpoint green-dr'],
      advising: [/-n green-dr .*--endpoint-status Disabled/],
    },
    {
      when: 'the standby comes first',
      world: withEndpoints(
        endpoint('blue-dr', { status: 'Disabled', priority: 1 }),
        endpoint('blue', { priority: 2 }),
      ),
      phase: 'prepare',
      says: 'routing-not-priority',
      telling: ['blue-dr of contoso is the standby'],
    },
    {
      when: 'the profile has no endpoint in the backup region',
      world: geo({ profile: profile() }),
      phase: 'prepare',
      says: 'standby-missing',
      telling: ['no endpoint blue-dr'],
      advising: [/endpoint create .* -n blue-dr --type externalEndpoints .*--endpoint-status Enabled/],
    },
    {
      when: 'the standby is disabled',
      world: withEndpoints(endpoint('blue-dr', { priority: 2 })),
      phase: 'prepare',
      says: 'pass',
      telling: ['blue-dr is disabled'],
    },
    {
      when: 'a standby is always served',
      world: withEndpoints(endpoint('green-dr', { priority: 4, alwaysServe: 'Enabled' })),
      phase: 'prepare',
      says: 'routing-not-priority',
      telling: ['green-dr'],
    },
  ]);
});

const group = (
  name: string,
  server: string,
  partners: readonly string[],
  changes: Partial<FailoverGroup> = {},
): FailoverGroup => ({
  name,
  role: 'Primary',
  partnerServers: partners,
  databaseIds: [
    `/subscriptions/sub/resourceGroups/g/providers/Microsoft.Sql/servers/${server}/databases/contoso`,
  ],
  policy: { failover: 'Manual', graceMinutes: null },
  ...changes,
});
const ofBlue = (changes: Partial<FailoverGroup> = {}) =>
  group('fog-blue', 'contoso-sql-blue', ['contoso-sql-blue-dr'], changes);
const production = (...groups: FailoverGroup[]) => ({ failoverGroups: { production: groups, stage: [] } });
const stage = (...groups: FailoverGroup[]) => ({ failoverGroups: { production: [], stage: groups } });
const named = geoConfig({
  slots: [geoSlot('blue', { failoverGroup: 'fog-blue' }), geoSlot('green', { failoverGroup: 'fog-green' })],
});

describe('failover-group over two regions', () => {
  tableOf(geoGuard('failover-group'), [
    { when: 'no groups', world: geo(), says: 'pass' },
    {
      when: 'none yet, and one is named',
      world: geo({ config: named }),
      says: 'pass',
      telling: ['fog-green is made'],
    },
    {
      when: "production's pair, and both are named",
      world: geo({ config: named, ...production(ofBlue()) }),
      says: 'not-knowable',
      telling: ['fog-green is made', 'listeners of fog-blue', 'FailoverGroupAlreadySetup'],
    },
    {
      when: 'it fails over by itself',
      world: geo({
        config: named,
        ...production(ofBlue({ policy: { failover: 'Automatic', graceMinutes: 60 } })),
      }),
      says: 'not-knowable',
      telling: [
        'az sql failover-group update -g contoso-blue -s contoso-sql-blue -n fog-blue --failover-policy Manual',
      ],
    },
    {
      when: 'none is named',
      world: geo(production(ofBlue())),
      says: 'failover-group-member',
      telling: ['no group for V2'],
      advising: ['slots.green.failover-group', '--remove-db contoso'],
    },
    {
      when: 'another one is named',
      world: geo({ config: named, ...production(group('fog', 'contoso-sql-blue', ['contoso-sql-blue-dr'])) }),
      says: 'failover-group-member',
      telling: ['slots.blue.failover-group names fog-blue'],
    },
    {
      when: 'the stage server is the partner',
      world: geo({
        config: named,
        ...production(group('fog-blue', 'contoso-sql-blue', ['contoso-sql-green-dr'])),
      }),
      says: 'failover-group-member',
      telling: ['contoso-sql-green-dr'],
      advising: ['--remove-db contoso'],
    },
    {
      when: 'the stage database is in a group',
      world: geo({
        config: named,
        ...stage(group('fog-green', 'contoso-sql-green', ['contoso-sql-green-dr'])),
      }),
      says: 'failover-group-member',
      telling: ['before users are on that slot'],
    },
    {
      when: 'after the switch V1 is in its own',
      world: geo({
        state: 'switched',
        config: named,
        ...stage(group('fog-green', 'contoso-sql-green', ['contoso-sql-green-dr'])),
      }),
      says: 'pass',
    },
    {
      when: 'the name is taken by another pair',
      world: geo({
        config: named,
        ...stage(group('FOG-green', 'contoso-sql-green', ['elsewhere'], { databaseIds: [] })),
      }),
      says: 'failover-group-member',
      telling: ['is there already', 'elsewhere'],
      advising: ['slots.green.failover-group'],
    },
    {
      when: 'the name is taken in the backup region',
      world: geo(
        { config: named },
        stage(group('fog-green', 'contoso-sql-green-dr', ['elsewhere'], { databaseIds: [] })),
      ),
      says: 'failover-group-member',
      telling: ['on contoso-sql-green-dr with elsewhere'],
    },
    {
      when: 'the group of the new pair is there without databases',
      world: geo(
        {
          config: named,
          ...stage(group('fog-green', 'contoso-sql-green', ['contoso-sql-green-dr'], { databaseIds: [] })),
        },
        stage(group('fog-green', 'contoso-sql-green-dr', ['contoso-sql-green'], { databaseIds: [] })),
      ),
      says: 'pass',
    },
    {
      when: "V2 is connected by V1's listener",
      world: geo({
        config: named,
        ...production(ofBlue()),
        connectionStrings: {
          production: { Orders: 'Server=fog-blue.database.windows.net;Password=hidden' },
          stage: { Orders: 'Server=fog-blue.database.windows.net;Password=hidden' },
        },
      }),
      says: 'stage-site-differs',
      telling: ['contoso-green names the listener of failover group fog-blue in connection string Orders'],
      advising: ['contoso-sql-green.database.windows.net'],
    },
    {
      when: 'the backup region is silent',
      world: geo({ config: named }, { outage: regionDown }),
      says: 'pass',
    },
  ]);
});
