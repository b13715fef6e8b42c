import { describe, expect, test } from '@jest/globals';
import { geoRedundantGuards } from '../../src/guards/geo-redundant.ts';
import { chained, geo, geoConfig, geoGuard, regionDown, sides, toStandby, unchained } from './geo-world.ts';
import { absent, link, site } from './parts.ts';
import { tableOf } from './verdict-matcher.ts';
import { check } from './world.ts';

const asSecondary = (partnerServer: string, state = 'CATCH_UP') =>
  link({ role: 'Secondary', partnerServer, state });

describe('standby-protects', () => {
  tableOf(geoGuard('standby-protects'), [
    {
      when: 'both sides say so',
      world: geo(),
      phase: 'upgrade',
      says: 'pass',
      telling: ['CATCH_UP on both sides'],
    },
    {
      when: 'there is no geo-secondary',
      world: geo({ databases: sides({ links: [link()] }) }),
      phase: 'prepare',
      says: 'standby-missing',
      telling: ['no geo-secondary on contoso-sql-blue-dr'],
      advising: [
        'az sql db replica create -g contoso-blue -s contoso-sql-blue -n contoso --partner-resource-group contoso-blue-dr --partner-server contoso-sql-blue-dr',
        'single-region',
      ],
    },
    {
      when: 'production says SEEDING',
      world: geo({
        databases: sides({ links: [toStandby({ state: 'SEEDING', percentComplete: 7 }), link()] }),
      }),
      phase: 'upgrade',
      says: 'standby-not-caught-up',
      telling: ['SEEDING, 7 %'],
    },
    {
      when: 'only the standby says SUSPENDED',
      world: geo({}, { databases: sides({ links: [asSecondary('contoso-sql-blue', 'SUSPENDED')] }) }),
      phase: 'upgrade',
      says: 'standby-not-caught-up',
      telling: ['contoso-sql-blue-dr says SUSPENDED'],
      advising: ['list-links -g contoso-blue -s contoso-sql-blue'],
    },
    {
      when: 'the standby knows of no link',
      world: geo({}, { databases: sides({ links: [] }) }),
      phase: 'prepare',
      says: 'standby-not-caught-up',
      telling: ['knows of no such link'],
    },
    {
      when: 'the backup region is silent',
      world: geo({}, { outage: regionDown }),
      phase: 'prepare',
      says: 'pass',
      telling: [/is CATCH_UP$/],
    },
    {
      when: 'before the switch the stage has none',
      world: geo({ databases: sides({}, { links: [] }) }),
      phase: 'switch',
      says: 'standby-missing',
      telling: ['contoso-sql-green has no geo-secondary', 'after the switch'],
      advising: ['rollback.stage: remove'],
    },
    {
      when: "before the switch production's is gone, and the stage's is in order",
      world: geo({ databases: sides({ links: [] }) }),
      phase: 'switch',
      says: 'pass',
    },
    {
      when: 'before the switch it lags: the switch waits',
      world: geo({ databases: sides({}, { links: [chained({ state: 'SUSPENDED' })] }) }),
      phase: 'switch',
      says: 'not-knowable',
      telling: ['SUSPENDED', 'waits'],
    },
    {
      when: 'production was failed over',
      world: geo({ databases: sides({ links: [toStandby({ role: 'Secondary' })] }) }),
      phase: 'prepare',
      says: 'not-knowable',
    },
  ]);
});

describe('replication-links over two regions', () => {
  tableOf(geoGuard('replication-links'), [
    {
      when: 'nothing but disaster recovery yet',
      world: geo({ databases: sides({ links: [toStandby()] }, absent) }, { databases: sides({}, absent) }),
      phase: 'prepare',
      says: 'pass',
      telling: [
        'contoso-sql-green has no link yet',
        'contoso-sql-green to contoso-sql-green-dr has no link yet',
      ],
    },
    { when: 'all three links', world: geo(), phase: 'upgrade', says: 'pass' },
    {
      when: 'production has one to a third region besides',
      world: geo({ databases: sides({ links: [toStandby(), link(), link({ partnerServer: 'reports' })] }) }),
      phase: 'prepare',
      says: 'pass',
      telling: [/left alone: reports(;|$)/],
    },
    {
      when: "production is linked to the stage's standby",
      world: geo({
        databases: sides({ links: [toStandby(), link(), link({ partnerServer: 'CONTOSO-SQL-GREEN-DR' })] }),
      }),
      phase: 'upgrade',
      says: 'replication-link-unexpected',
      telling: ['contoso-sql-blue is replicated to CONTOSO-SQL-GREEN-DR'],
      // It may protect users, and the file may be what is wrong: no command takes it away.
      advising: [/^(?!.*delete-link)/s, 'whether the configuration file gives every server'],
    },
    {
      when: "production's standby is chained to the stage's",
      world: geo(
        {},
        {
          databases: sides({
            links: [asSecondary('contoso-sql-blue'), link({ partnerServer: 'contoso-sql-green-dr' })],
          }),
        },
      ),
      phase: 'prepare',
      says: 'replication-link-unexpected',
      telling: ['contoso-sql-blue-dr is replicated to contoso-sql-green-dr'],
    },
    {
      when: 'the stage has a second geo-secondary',
      world: geo({ databases: sides({}, { links: [chained(), link({ partnerServer: 'elsewhere' })] }) }),
      phase: 'upgrade',
      says: 'replication-link-unexpected',
      telling: ['contoso-sql-green is replicated to elsewhere'],
    },
    {
      when: 'four geo-secondaries and none of them stage',
      world: geo({
        databases: sides(
          { links: [toStandby(), ...['a', 'b', 'c'].map((name) => link({ partnerServer: name }))] },
          absent,
        ),
      }),
      phase: 'prepare',
      says: 'geo-secondary-limit',
    },
    {
      when: 'the chained one is missing before upgrade',
      world: geo({ databases: sides({}, { links: [] }) }),
      phase: 'upgrade',
      says: 'standby-missing',
      advising: ['prepare'],
    },
    {
      when: 'the chained one is seeding before upgrade',
      world: geo({ databases: sides({}, { links: [chained({ state: 'SEEDING', percentComplete: 30 })] }) }),
      phase: 'upgrade',
      says: 'seeding-not-complete',
      telling: ['contoso-sql-green to contoso-sql-green-dr', '30 %'],
    },
    {
      when: 'it is made after the termination',
      world: geo({
        config: geoConfig({ standbyMode: 'after-termination' }),
        databases: sides({}, { links: [] }),
      }),
      phase: 'upgrade',
      says: 'pass',
    },
    {
      when: 'after the switch V1 has a replica of its own',
      world: geo({
        state: 'switched',
        databases: sides({}, { links: [chained(), link({ partnerServer: 'reports' })] }),
      }),
      phase: 'prepare',
      says: 'pass',
    },
  ]);
});

describe('the list of geo-redundant', () => {
  const idsOf = (...of: Parameters<typeof geoRedundantGuards>) =>
    geoRedundantGuards(...of).map(({ id }) => id);

  test('has every guard once', () => {
    for (const switchMethod of ['traffic-manager', 'slot-swap'] as const) {
      for (const standbyMode of ['chained', 'after-termination'] as const) {
        const ids = idsOf({ switchMethod, standbyMode, freezeMethod: 'read-only' });
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.includes('chaining-possible')).toBe(standbyMode === 'chained');
        expect(ids.includes('longer-read-only')).toBe(standbyMode === 'after-termination');
        expect(ids.includes('connection-string-travels')).toBe(switchMethod === 'slot-swap');
      }
    }
  });

  test.each([
    'prepare',
    'upgrade',
    'switch',
    'cleanup',
  ] as const)('passes before %s where all is in order', async (phase) => {
    const of = {
      switchMethod: 'traffic-manager',
      standbyMode: 'chained',
      freezeMethod: 'read-only',
    } as const;
    for (const guard of geoRedundantGuards(of).filter((one) => one.phases.includes(phase))) {
      expect({ id: guard.id, ...(await check(guard, geo(), phase)) }).toMatchObject({
        id: guard.id,
        kind: 'pass',
      });
    }
  });

  test('refuses nothing before there is a stage', async () => {
    const nothingYet = geo(
      {
        state: 'not-prepared',
        databases: unchained(),
        sites: { production: site('blue'), stage: null },
      },
      { databases: sides({}, absent) },
    );
    const of = {
      switchMethod: 'traffic-manager',
      standbyMode: 'chained',
      freezeMethod: 'read-only',
    } as const;
    for (const guard of geoRedundantGuards(of).filter((one) => one.phases.includes('prepare'))) {
      const verdict = await check(guard, nothingYet, 'prepare');
      expect({ id: guard.id, kind: verdict.kind }).not.toEqual({ id: guard.id, kind: 'fail' });
    }
  });
});
