// (10)(11) V1 goes in both regions: what holds its link, the link, its geo-secondary, then V1 itself. What protects the
// database that serves users is there at every moment.
import { describe, expect, test } from '@jest/globals';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { runSteps } from '../../src/engine/run.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { removeV1Database, removeV1Site } from '../../src/steps/remove-v1.ts';
import { removeV1FailoverGroup } from '../../src/steps/remove-v1-failover-group.ts';
import { removeV1Standby, removeV1StandbySite } from '../../src/steps/remove-v1-standby.ts';
import { entry, type Group, type Options, removalWorld, revived, type World } from './removal-world.ts';

const V1 = entry('1', 'freezing');
const V2 = entry('2', 'serving', { at: '2026-01-01T00:05:00.000Z' });
const GROUP: Group = { name: 'contoso-fog-blue', primary: '1', partner: 'dr', databases: ['contoso'] };

/** Users on green, which is V2; blue is V1, frozen. Each has its geo-secondary. */
function switched(changes: Partial<Options> = {}): Options {
  return {
    production: 'green',
    databases: {
      1: { readOnly: true, entry: V1, createdByTool: false },
      dr: { readOnly: true, entry: V1, createdByTool: false },
      2: { entry: V2 },
      3: { entry: V2 },
    },
    links: [
      ['1', 'dr'],
      ['2', '3'],
    ],
    groups: [GROUP],
    createdSites: ['contoso-1', 'contoso-dr', 'contoso-2', 'contoso-3'],
    ...changes,
  };
}

/** V1 itself, its geo-secondary being gone. */
function onlyV1(): Options['databases'] {
  const { dr: _gone, ...databases } = switched().databases;
  return databases;
}

async function cleanup({ context, clock }: World) {
  const recorder = createRecorder(clock, { started: () => {}, progress: () => {}, ended: () => {} });
  const { signal } = new AbortController();
  const steps = [
    removeV1FailoverGroup,
    removeV1Standby,
    removeV1StandbySite,
    removeV1Database,
    removeV1Site,
  ].map((step: (context: UpgradeContext) => ReturnType<typeof removeV1Standby>) => step(context));
  const running = runSteps(steps, recorder, signal);
  await clock.advance(10 * 60_000);
  const outcome = await running;
  const reason =
    outcome.kind === 'failed' && outcome.error instanceof UpgradeError ? outcome.error.reason : null;
  return { ...outcome, reason };
}

const ORDER = [
  'group contoso-fog-blue deleted',
  '1→dr cut',
  'dr deleted',
  'site contoso-dr deleted',
  '1 deleted',
  'site contoso-1 deleted',
];

function protectedAllTheTime(world: World): void {
  expect(world.links).toContainEqual(expect.objectContaining({ from: '2', to: '3', state: 'CATCH_UP' }));
  expect([...world.databases.keys()]).toEqual(expect.arrayContaining(['2', '3']));
}

test('what holds the link goes first, then the link, the geo-secondary, and V1 last', async () => {
  const world = removalWorld(switched({ after: protectedAllTheTime }));
  expect(await cleanup(world)).toMatchObject({ kind: 'completed', changed: true });
  expect(world.story).toEqual(ORDER);
  expect(await cleanup(world)).toMatchObject({ kind: 'completed', changed: false });
});

test.each(
  ORDER,
)('killed after "%s" and run again: nothing is left, nothing is done twice', async (moment) => {
  const options = switched({
    after: (world, what) => {
      protectedAllTheTime(world);
      if (what === moment) throw new Error('killed');
    },
  });
  const world = removalWorld(options);
  expect(await cleanup(world)).toMatchObject({ kind: 'failed' });
  const again = revived(world, options);
  expect(await cleanup(again)).toMatchObject({ kind: 'completed' });
  expect(again.story).toEqual(ORDER);
  protectedAllTheTime(again);
});

test("V1's geo-secondary goes also where V1's own database is gone already", async () => {
  const { 1: _v1, ...databases } = switched().databases;
  const world = removalWorld(switched({ databases, links: [['2', '3']], groups: [] }));
  expect(await cleanup(world)).toMatchObject({ kind: 'completed' });
  expect(world.story).toEqual(['dr deleted', 'site contoso-dr deleted', 'site contoso-1 deleted']);
});

describe('nothing is removed', () => {
  test.each<[string, Options['links'], string]>([
    ['while V2 has no geo-secondary', [['1', 'dr']], 'standby-not-caught-up'],
    [
      "while V2's geo-secondary is being seeded",
      [
        ['1', 'dr'],
        ['2', '3', 'SEEDING'],
      ],
      'standby-not-caught-up',
    ],
    [
      "while V2's geo-secondary is cut off",
      [
        ['1', 'dr'],
        ['2', '3', 'SUSPENDED'],
      ],
      'standby-not-caught-up',
    ],
    [
      'while V2 itself does not say that its geo-secondary has caught up, whatever Resource Manager says',
      [
        ['1', 'dr'],
        ['2', '3', 'CATCH_UP', 'SUSPENDED'],
      ],
      'standby-not-caught-up',
    ],
    [
      'while Resource Manager does not say so',
      [
        ['1', 'dr'],
        ['2', '3', 'PENDING', 'CATCH_UP'],
      ],
      'standby-not-caught-up',
    ],
  ])('%s: V1 is the last other copy', async (_, links, reason) => {
    for (const groups of [[GROUP], []]) {
      const world = removalWorld(switched({ links: links ?? [], groups }));
      expect(await cleanup(world)).toMatchObject({ kind: 'failed', reason });
      expect(world.story).toEqual([]);
    }
  });

  test('of a server that protects the database that serves users, whatever the configuration calls it', async () => {
    for (const links of [[], [['1', 'dr']]] as const) {
      const world = removalWorld(switched({ links: [...links, ['2', 'dr'], ['2', '3']], groups: [] }));
      expect(await cleanup(world)).toMatchObject({ kind: 'failed', reason: 'database-in-the-way' });
      expect(world.story).toEqual([]);
    }
  });

  test.each<[string, Partial<Options>]>([
    [
      'a database on the standby server that is not of this upgrade',
      {
        databases: { ...switched().databases, dr: { entry: entry('1', 'freezing', { upgradeId: 'u0' }) } },
        links: [['2', '3']],
        groups: [],
      },
    ],
    [
      'one that says nothing',
      { databases: { ...switched().databases, dr: {} }, links: [['2', '3']], groups: [] },
    ],
    [
      'one of an earlier moment than V1',
      {
        databases: {
          ...switched().databases,
          dr: { entry: { ...V1, at: '2025-12-31T00:00:00.000Z' } },
        },
        links: [['2', '3']],
        groups: [],
      },
    ],
    [
      'one that somebody goes on copying',
      {
        links: [
          ['dr', '1'],
          ['2', '3'],
        ],
        groups: [],
      },
    ],
    [
      'V1 while V2 was not seen to serve',
      { databases: { ...switched().databases, 2: { entry: entry('2', 'switching') } } },
    ],
    [
      'what is there after a return to V1',
      {
        production: 'blue',
        databases: {
          1: { entry: entry('1', 'returned') },
          dr: { entry: entry('1', 'returned') },
          2: { readOnly: true, entry: entry('2', 'returning') },
          3: { readOnly: true, entry: entry('2', 'returning') },
        },
        groups: [],
      },
    ],
  ])('of %s', async (_, changes) => {
    const world = removalWorld(switched(changes));
    expect(await cleanup(world)).toMatchObject({ kind: 'failed', reason: 'database-in-the-way' });
    expect(world.story).toEqual([]);
  });

  test.each([
    ['V1', { ...switched().databases, 1: { ...switched().databases[1], unreachable: true } }],
    ['its geo-secondary', { ...switched().databases, dr: { unreachable: true } }],
  ])('while %s cannot be read', async (_, databases) => {
    const world = removalWorld(switched({ databases, links: [['2', '3']], groups: [] }));
    expect(await cleanup(world)).toMatchObject({ kind: 'failed', reason: 'azure-error' });
    expect(world.story).toEqual([]);
  });

  test('without the lock of this run', async () => {
    const left = [{}, { groups: [] }, { groups: [], links: [['2', '3']], databases: onlyV1() }] as const;
    for (const changes of left) {
      const world = removalWorld(switched({ lock: 'taken', createdSites: [], ...changes }));
      expect(await cleanup(world)).toMatchObject({ reason: 'locked-by-another-run' });
      expect(world.story).toEqual([]);
    }
  });
});

describe("V1's failover group", () => {
  test.each<[string, Group, string]>([
    [
      "that holds others' databases too",
      { ...GROUP, databases: ['contoso', 'fabrikam'] },
      'failover-group-member',
    ],
    ['with another partner', { ...GROUP, partner: '3' }, 'failover-group-member'],
    ['that was failed over', { ...GROUP, primary: 'dr', partner: '1' }, 'region-mismatch'],
  ])('%s is left to a person', async (_, group, reason) => {
    const world = removalWorld(switched({ groups: [group] }));
    expect(await cleanup(world)).toMatchObject({ kind: 'failed', reason });
    expect(world.story).toEqual([]);
  });

  test("only V1's: neither V2's nor one of other applications", async () => {
    const others: Group[] = [
      { name: 'contoso-fog-green', primary: '2', partner: '3', databases: ['contoso'] },
      { name: 'fabrikam-fog', primary: '1', partner: 'dr', databases: ['fabrikam'] },
    ];
    // As Azure has it, only a database that is in a group is held by it.
    const world = removalWorld(switched({ groups: [others[0] as Group, GROUP] }));
    expect(await cleanup(world)).toMatchObject({ kind: 'completed' });
    expect(world.groups).toEqual([others[0]]);
    const foreign = removalWorld(switched({ groups: [others[1] as Group] }));
    const { signal } = new AbortController();
    expect(await removeV1FailoverGroup(foreign.context).assess({ signal, progress: () => {} })).toMatchObject(
      {
        kind: 'done',
      },
    );
  });
});
