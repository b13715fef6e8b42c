import { describe } from '@jest/globals';
import { failoverGroup } from '../../src/guards/failover-group.ts';
import { replicationLinks } from '../../src/guards/replication-links.ts';
import { absent, databases, link } from './parts.ts';
import { tableOf } from './verdict-matcher.ts';

const secondaries = (...servers: string[]) => servers.map((partnerServer) => link({ partnerServer }));

describe('replication-links', () => {
  tableOf(replicationLinks, [
    {
      when: 'no links yet',
      world: { databases: databases({ links: [] }, absent) },
      phase: 'prepare',
      says: 'pass',
      telling: [/has no link yet$/],
    },
    {
      when: 'caught up, with disaster recovery of its own',
      world: { databases: databases({ links: [...secondaries('contoso-dr'), link()] }) },
      phase: 'upgrade',
      says: 'pass',
      telling: ['CATCH_UP; left alone: contoso-dr'],
    },
    {
      when: 'seeding, before prepare',
      world: { databases: databases({ links: [link({ state: 'SEEDING', percentComplete: 40 })] }) },
      phase: 'prepare',
      says: 'pass',
      telling: ['SEEDING'],
    },
    {
      when: 'seeding, before upgrade',
      world: { databases: databases({ links: [link({ state: 'SEEDING', percentComplete: 40 })] }) },
      phase: 'upgrade',
      says: 'seeding-not-complete',
      telling: ['40 %'],
      advising: ['prepare'],
    },
    {
      when: 'suspended',
      world: { databases: databases({ links: [link({ state: 'SUSPENDED' })] }) },
      phase: 'upgrade',
      says: 'replication-link-unexpected',
      telling: ['SUSPENDED'],
    },
    {
      when: 'four geo-secondaries and none of them stage',
      world: { databases: databases({ links: secondaries('a', 'b', 'c', 'd') }, absent) },
      phase: 'prepare',
      says: 'geo-secondary-limit',
      telling: ['4 geo-secondaries', 'a, b, c, d'],
      advising: ['az sql db replica delete-link -g contoso-blue -s contoso-sql-blue -n contoso'],
    },
    {
      when: 'four geo-secondaries, stage among them',
      world: { databases: databases({ links: [...secondaries('a', 'b', 'c'), link()] }) },
      phase: 'prepare',
      says: 'pass',
    },
    {
      when: 'four replicas, of which one is a named one',
      world: {
        databases: databases(
          { links: [...secondaries('a', 'b', 'c'), link({ partnerServer: 'd', linkType: 'NAMED' })] },
          absent,
        ),
      },
      phase: 'prepare',
      says: 'pass',
    },
    {
      when: 'production is a secondary itself',
      world: { databases: databases({ links: [link({ role: 'Secondary', partnerServer: 'contoso-old' })] }) },
      phase: 'prepare',
      says: 'replication-link-unexpected',
      telling: ['contoso-old'],
      advising: ['az sql db replica set-primary -g contoso-blue -s contoso-sql-blue -n contoso'],
    },
    {
      when: 'production is being copied',
      world: { databases: databases({ links: [link({ role: 'Source', partnerServer: 'x' }), link()] }) },
      phase: 'upgrade',
      says: 'pass',
    },
    {
      when: 'two links to the stage server',
      world: {
        databases: databases({ links: [link(), link({ id: '2', partnerServer: 'CONTOSO-SQL-GREEN' })] }),
      },
      phase: 'upgrade',
      says: 'replication-link-unexpected',
      telling: ['2 links'],
    },
    {
      when: 'production is not there',
      world: { databases: databases(absent, absent) },
      says: 'not-knowable',
    },
    {
      when: 'an upgrade that is gone on with has removed the link',
      world: { state: 'frozen', databases: databases({ links: [], access: 'read-only' }) },
      phase: 'upgrade',
      says: 'pass',
      telling: ['has removed it'],
    },
  ]);
});

const group = (name: string, server: string, databaseName: string, partners: readonly string[] = []) => ({
  name,
  role: 'Primary',
  partnerServers: partners,
  policy: { failover: 'Manual' as const, graceMinutes: null },
  databaseIds: [
    '/subscriptions/sub/resourceGroups/g/providers/Microsoft.Sql/servers/other/databases/other',
    `/subscriptions/sub/resourceGroups/g/providers/Microsoft.Sql/servers/${server}/databases/${databaseName}`,
  ],
});

describe('failover-group', () => {
  tableOf(failoverGroup, [
    { when: 'no groups', says: 'pass' },
    {
      when: 'a group of other databases',
      world: { failoverGroups: { production: [group('fog', 'contoso-sql-blue', 'warehouse')], stage: [] } },
      says: 'pass',
    },
    {
      when: 'production is a member',
      world: {
        failoverGroups: {
          production: [group('fog', 'CONTOSO-SQL-BLUE', 'Contoso', ['contoso-dr'])],
          stage: [],
        },
      },
      says: 'failover-group-member',
      telling: ['group fog', 'listener'],
      advising: [
        'az sql failover-group update -g contoso-blue -s contoso-sql-blue -n fog --remove-db contoso',
      ],
    },
    {
      when: "the stage server is the group's partner",
      world: {
        failoverGroups: {
          production: [group('fog', 'contoso-sql-blue', 'contoso', ['contoso-dr', 'contoso-sql-green'])],
          stage: [],
        },
      },
      says: 'failover-group-member',
      telling: ['contoso-sql-green is its partner'],
    },
    {
      when: 'the stage database is a member',
      world: { failoverGroups: { production: [], stage: [group('other', 'contoso-sql-green', 'contoso')] } },
      says: 'failover-group-member',
      telling: ['contoso-sql-green'],
      advising: ['-s contoso-sql-green -n other'],
    },
  ]);
});
