// (13)(14) with rollback.stage: remove, in both regions: the stage's geo-secondary before the stage database, whatever
// moment the upgrade was left at; never production's own geo-secondary, nor what users are or were on.
import { describe, expect, test } from '@jest/globals';
import type { UndoOutcome } from '../../src/engine/step.ts';
import { removeStage } from '../../src/steps/remove-stage.ts';
import { START } from '../guards/parts.ts';
import { type Database, entry, type Options, removalWorld, revived, type World } from './removal-world.ts';

const run = { signal: new AbortController().signal, progress: () => {} };
const later = { at: '2026-01-01T00:30:00.000Z' };
const FROZEN = entry('1', 'freezing');
const GIVEN_BACK = { entry: entry('1', 'unfrozen', later) };

async function remove(world: World): Promise<UndoOutcome> {
  const removing = removeStage(world.context).apply(run);
  await world.clock.advance(10 * 60_000);
  return removing;
}

/** Users on blue, whose geo-secondary is not touched; green is the stage slot. */
function upgrading(
  databases: Options['databases'],
  links: Options['links'],
  rest: Partial<Options> = {},
): Options {
  return {
    production: 'blue',
    databases: { 1: {}, dr: {}, ...databases },
    links: [['1', 'dr'], ...(links ?? [])],
    ...rest,
  };
}

const MOMENTS: readonly [string, Options][] = [
  [
    'prepared',
    upgrading({ 2: {}, 3: {} }, [
      ['1', '2'],
      ['2', '3'],
    ]),
  ],
  [
    'prepared, by an application that was upgraded before',
    upgrading(
      {
        1: { entry: entry('1', 'serving') },
        dr: { entry: entry('1', 'serving') },
        2: { entry: entry('1', 'serving') },
        3: { entry: entry('1', 'serving') },
      },
      [
        ['1', '2'],
        ['2', '3'],
      ],
    ),
  ],
  [
    'while the chained one is being seeded',
    upgrading({ 2: {}, 3: {} }, [
      ['1', '2'],
      ['2', '3', 'SEEDING'],
    ]),
  ],
  [
    'frozen, the link cut',
    upgrading({ 1: { readOnly: true, entry: FROZEN }, 2: { entry: FROZEN }, 3: { entry: FROZEN } }, [
      ['2', '3'],
    ]),
  ],
  [
    'the script failed, production given back',
    upgrading(
      { 1: GIVEN_BACK, 2: { entry: entry('2', 'upgrading') }, 3: { entry: entry('2', 'upgrading') } },
      [['2', '3']],
    ),
  ],
  [
    'the backup region is behind',
    upgrading({ 1: GIVEN_BACK, 2: { entry: entry('2', 'scripted') }, 3: { entry: FROZEN } }, [
      ['2', '3', 'SUSPENDED'],
    ]),
  ],
  [
    'upgraded, and not switched to',
    upgrading({ 1: GIVEN_BACK, 2: { entry: entry('2', 'upgraded') }, 3: { entry: entry('2', 'upgraded') } }, [
      ['2', '3'],
    ]),
  ],
];
const ORDER = ['2→3 cut', '3 deleted', '2 deleted'];

function productionIsProtected(world: World): void {
  expect(world.links).toContainEqual(expect.objectContaining({ from: '1', to: 'dr', state: 'CATCH_UP' }));
  expect([...world.databases.keys()]).toEqual(expect.arrayContaining(['1', 'dr']));
}

describe.each(MOMENTS)('%s', (_, options) => {
  test('both go, the geo-secondary first', async () => {
    const world = removalWorld({ ...options, after: productionIsProtected });
    expect(await remove(world)).toMatchObject({ kind: 'undone' });
    expect(world.story).toEqual(ORDER);
    expect(await remove(world)).toMatchObject({ kind: 'nothing-to-undo' });
  });

  test.each(ORDER)('killed after "%s" and run again: both are gone', async (moment) => {
    const world = removalWorld({
      ...options,
      after: (_world, what) => {
        if (what === moment) throw new Error('killed');
      },
    });
    await expect(remove(world)).rejects.toThrow('killed');
    const again = revived(world, options);
    await remove(again);
    expect(again.story).toEqual(ORDER);
    productionIsProtected(again);
  });

  test('rollback.stage: keep leaves both', async () => {
    const world = removalWorld({ ...options, rollbackStage: 'keep' });
    expect(await remove(world)).toMatchObject({
      kind: 'kept',
      evidence: [expect.stringContaining('contoso-sql-3')],
      unconfirmed: null,
    });
    expect(world.story).toEqual([]);
  });

  test('nothing goes without the lock of this run', async () => {
    const world = removalWorld({ ...options, lock: 'taken' });
    const refused = expect(removeStage(world.context).apply(run)).rejects.toMatchObject({
      reason: 'locked-by-another-run',
    });
    await world.clock.advance(10 * 60_000);
    await refused;
    expect(world.story).toEqual([]);
  });
});

describe('where only one of the two is left', () => {
  test.each<[string, Options['databases'], Options['links'], string[]]>([
    ['the stage database alone', { 1: GIVEN_BACK, 2: { entry: entry('2', 'upgrading') } }, [], ['2 deleted']],
    [
      'its copy in the backup region alone',
      { 1: GIVEN_BACK, 3: { entry: entry('2', 'upgraded') } },
      [],
      ['3 deleted'],
    ],
    [
      'a stage database that is being seeded, with nothing chained to it yet',
      { 2: {} },
      [['1', '2', 'SEEDING']],
      ['2 deleted'],
    ],
  ])('%s goes', async (_, databases, links, story) => {
    const world = removalWorld(upgrading(databases, links));
    expect(await remove(world)).toMatchObject({ kind: 'undone' });
    expect(world.story).toEqual(story);
  });

  test('a database of somebody else on the standby server stays, the stage database goes', async () => {
    const world = removalWorld(
      upgrading({ 1: GIVEN_BACK, 2: { entry: entry('2', 'upgraded') }, 3: { createdByTool: false } }, []),
    );
    const outcome = await remove(world);
    expect(outcome).toMatchObject({ kind: 'undone' });
    expect(outcome.evidence.join('; ')).toContain(
      'contoso on contoso-sql-3 is kept: this tool has not created it',
    );
    expect(world.story).toEqual(['2 deleted']);
  });
});

describe('the two were cut apart by hand, and carry the same entry', () => {
  const V2 = entry('2', 'upgraded');
  const minutes = (count: number) => new Date(START + count * 60_000);
  const cut = (three: Partial<Database>, two: Partial<Database> = {}, rest: Partial<Options> = {}) =>
    removalWorld(
      upgrading({ 1: GIVEN_BACK, 2: { entry: V2, ...two }, 3: { entry: V2, ...three } }, [], rest),
    );

  test.each<[string, Partial<Database>, Partial<Database>, string[]]>([
    ['contoso-sql-3', { lastWrite: minutes(20) }, {}, ['2 deleted']],
    ['contoso-sql-2', {}, { lastWrite: minutes(20) }, []],
  ])('what users wrote on %s stays until somebody confirms', async (server, three, two, story) => {
    const world = cut(three, two);
    const outcome = await remove(world);
    expect(world.story).toEqual(story);
    expect(outcome.evidence.join('; ')).toContain(
      `contoso on ${server} is kept: it was written at 2026-01-01T00:20:00.000Z`,
    );
    expect(outcome.evidence.join('; ')).toContain('confirm: "remove green"');
    const confirmed = cut(three, two, { confirm: 'remove green' });
    await remove(confirmed);
    expect(confirmed.story).toEqual(['3 deleted', '2 deleted']);
  });

  test("the script's writes, before its entry, are nobody's", async () => {
    const world = cut({}, { lastWrite: minutes(-1) });
    await remove(world);
    expect(world.story).toEqual(['3 deleted', '2 deleted']);
  });

  test('nor are those of a script that has not come to its end', async () => {
    const upgradingEntry = entry('2', 'upgrading');
    const world = cut({ entry: upgradingEntry }, { entry: upgradingEntry, lastWrite: minutes(1) });
    await remove(world);
    expect(world.story).toEqual(['3 deleted', '2 deleted']);
  });
});

describe('stays, in both regions', () => {
  const V1 = { readOnly: true, entry: entry('2', 'freezing') };
  test.each<[string, Options]>([
    [
      "V1 after the switch, and its geo-secondary, which is V1's disaster recovery",
      upgrading({ 1: { entry: entry('1', 'serving') }, 2: V1, 3: V1 }, [['2', '3']]),
    ],
    [
      'V1 whose link to its geo-secondary is gone',
      upgrading({ 1: { entry: entry('1', 'serving') }, 2: V1, 3: V1 }, []),
    ],
    [
      "V1's geo-secondary, V1 itself being gone",
      upgrading({ 1: { entry: entry('1', 'serving') }, 3: V1 }, []),
    ],
    [
      'what protects production, whatever the configuration calls it',
      upgrading({ 1: GIVEN_BACK, 3: { entry: entry('1', 'unfrozen', later) } }, [['1', '3']]),
    ],
    [
      'the same where it is chained to the stage database besides',
      upgrading({ 2: {}, 3: {} }, [
        ['1', '2'],
        ['2', '3'],
        ['1', '3'],
      ]),
    ],
    [
      'a stage database that this tool has not created, with what is chained to it',
      upgrading({ 2: { createdByTool: false }, 3: {} }, [
        ['1', '2'],
        ['2', '3'],
      ]),
    ],
    [
      'what was failed over to after a disaster and may have served users, with its geo-secondary',
      upgrading(
        {
          1: GIVEN_BACK,
          2: { readOnly: true, entry: entry('2', 'upgraded') },
          3: { entry: entry('2', 'upgraded') },
        },
        [['3', '2']],
      ),
    ],
    [
      'what may be the stage slot of a production that cannot be read',
      upgrading({ 1: { unreachable: true }, 2: { entry: entry('2', 'upgraded') }, 3: {} }, [['2', '3']]),
    ],
  ])('%s', async (_, options) => {
    const world = removalWorld(options);
    expect(await remove(world)).toMatchObject({ kind: 'kept', unconfirmed: null });
    expect(world.story).toEqual([]);
  });

  const written = upgrading(
    {
      1: GIVEN_BACK,
      2: { entry: entry('2', 'switching') },
      // The forced removal of the link has lost what came last.
      3: { entry: entry('2', 'upgraded') },
    },
    [['2', '3']],
  );

  test('what users may have written, until that is confirmed by its name', async () => {
    for (const links of [written.links ?? [], []]) {
      const world = removalWorld({ ...written, links });
      expect(await remove(world)).toMatchObject({
        kind: 'kept',
        unconfirmed: { reason: 'confirmation-missing', advice: [expect.stringContaining('"remove green"')] },
      });
      expect(world.story).toEqual([]);
    }
    const confirmed = removalWorld({ ...written, confirm: 'Remove green' });
    expect(await remove(confirmed)).toMatchObject({ kind: 'undone' });
    expect(confirmed.story).toEqual(ORDER);
  });
});

test('the stage database stays where production is failed over to it while its geo-secondary is removed', async () => {
  const world = removalWorld(
    upgrading(
      { 2: {}, 3: {} },
      [
        ['1', '2'],
        ['2', '3'],
      ],
      {
        rollbackStage: 'remove',
        after: ({ links }, what) => {
          const index = links.findIndex(({ from, to }) => from === '1' && to === '2');
          const link = links[index];
          if (what === '3 deleted' && link) links[index] = { ...link, from: '2', to: '1' };
        },
      },
    ),
  );
  const outcome = await remove(world);
  expect(world.story).toContain('3 deleted');
  expect(world.story).not.toContain('2 deleted');
  expect(outcome.evidence.join()).toContain('production was failed over to it');
});
