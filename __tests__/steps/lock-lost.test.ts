// A run that had to take the lock anew: another one may have acted meanwhile, and what was seen before is not believed any more.
import { describe, expect, test } from '@jest/globals';
import { ensureRunLock, lockTakings, noteLookedAt } from '../../src/application/run-lock.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { removeStage } from '../../src/steps/remove-stage.ts';
import { removeSiteOfV1, removeV1Database } from '../../src/steps/remove-v1.ts';
import { unfreeze } from '../../src/steps/unfreeze.ts';
import { site } from '../guards/parts.ts';
import { type ContestedLock, contestedLock, otherRunSwitches } from './contested-lock.ts';
import { sessionsWith } from './sessions-with.ts';
import { byProfile, lost, type Switching } from './switching.ts';
import { entry, linked, type Servers, servers } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };

describe('production stays closed', () => {
  function contested(): { world: Switching; lock: ContestedLock; context: UpgradeContext } {
    const world = byProfile();
    const lock = contestedLock(world.context.sessions, 'nobody', () => otherRunSwitches(world));
    return { world, lock, context: { ...world.context, sessions: lock.sessions } };
  }

  /** The run begins: it takes the lock, and looks at the application. */
  async function begin({ context }: ReturnType<typeof contested>): Promise<void> {
    await ensureRunLock(context, 'production');
    noteLookedAt(context, lockTakings(context));
  }

  /** What becomes of giving production back, by the reason of its refusal. */
  async function givenBack({ world, context }: ReturnType<typeof contested>) {
    const ended = unfreeze(context)
      .apply(run)
      .then(
        ({ kind }) => kind,
        ({ reason }) => reason,
      );
    await world.clock.advance(10 * 60_000);
    return { ended: await ended, isOpened: world.story.includes('blue READ_WRITE') };
  }

  test.each([
    'free',
    'waited-for',
  ] as const)('where another run has moved users: the lock was %s', async (how) => {
    const one = contested();
    await begin(one);
    if (how === 'free') await one.lock.loseFree();
    else one.lock.loseWaited();
    expect(await givenBack(one)).toEqual({ ended: 'point-of-no-return-passed', isOpened: false });
  });

  test('where that was before something else has taken the lock anew', async () => {
    const one = contested();
    await begin(one);
    await one.lock.loseFree();
    await ensureRunLock(one.context, 'production');
    expect(await givenBack(one)).toEqual({ ended: 'point-of-no-return-passed', isOpened: false });
  });

  test('and is opened where the lock was lost, and nobody has moved users', async () => {
    const world = byProfile();
    const lock = contestedLock(world.context.sessions, 'nobody', () => {});
    const one = { world, lock, context: { ...world.context, sessions: lock.sessions } };
    await begin(one);
    await lock.loseFree();
    expect(await givenBack(one)).toEqual({ ended: 'undone', isOpened: true });
  });

  test('of several databases all of them, where the lock is first taken on the way back', async () => {
    const world = byProfile();
    const lock = contestedLock(world.context.sessions, 'the other', () => otherRunSwitches(world));
    const databases = twoDatabases(world);
    let isFirstLook = true;
    // It asks for the lock when the first one has it.
    const sessions = sessionsWith(async (target, use) => {
      if (target.database === 'second' && isFirstLook) {
        isFirstLook = false;
        await world.clock.sleep(5_000);
      }
      return lock.sessions.on(target, use);
    });
    const context = { ...world.context, databases, sessions };
    expect(await givenBack({ world, lock, context })).toEqual({
      ended: 'point-of-no-return-passed',
      isOpened: false,
    });
  });

  test('also a second one whose own connection is cut when it is about to be opened', async () => {
    const world = byProfile();
    const lock = contestedLock(world.context.sessions, 'nobody', () => otherRunSwitches(world));
    let turns = 0;
    const opened: string[] = [];
    const sessions = sessionsWith(async (target, use) => {
      const isSecond = target.database === 'second' && target.host.includes('blue');
      // It is looked at, and opened: in that turn its connection is opened anew, and the lock's session is gone by then.
      if (isSecond && ++turns === 2) await lock.loseFree();
      return lock.sessions.on(target, (connection) =>
        use({
          ...connection,
          batch: (text, options) => {
            if (isSecond) opened.push(text);
            return connection.batch(text, options);
          },
        }),
      );
    });
    const context = { ...world.context, databases: twoDatabases(world), sessions };
    await begin({ world, lock, context });
    await givenBack({ world, lock, context });
    expect(turns).toBeGreaterThanOrEqual(2);
    expect(opened).toEqual([]);
  });

  test('where the lock is lost again while it is asked where users are', async () => {
    const one = contested();
    await begin(one);
    const { sessions } = one.context;
    let isSlow = true;
    const slow = sessionsWith(async (target, use) => {
      if (isSlow && target.host.includes('green')) {
        isSlow = false;
        const seen = await sessions.on(target, use);
        await one.lock.loseFree();
        return seen;
      }
      return sessions.on(target, use);
    });
    const context = { ...one.context, sessions: slow };
    noteLookedAt(context, -1); // its sessions are others here: it has looked at nothing since
    expect(await givenBack({ ...one, context })).toEqual({
      ended: 'point-of-no-return-passed',
      isOpened: false,
    });
  });
});

function twoDatabases({ context }: Switching): UpgradeContext['databases'] {
  const [first] = context.databases;
  if (!first) throw new Error('there is no database');
  const second = {
    name: 'second',
    production: { ...first.production, database: 'second' },
    stage: { ...first.stage, database: 'second' },
  };
  return [first, second];
}

describe('nothing is deleted that has come into use while the lock was waited for:', () => {
  const V2_SERVES = {
    production: 'green',
    green: { entry: entry('green', 'serving') },
    blue: { readOnly: true, entry: entry('blue', 'freezing') },
  } as const;
  const returned = ({ green, blue }: Servers) => {
    Object.assign(green, { readOnly: true, entry: entry('green', 'returning') });
    Object.assign(blue, { readOnly: false, entry: entry('blue', 'returned') });
  };
  const waiting = (world: Servers, otherActs: (world: Servers) => void) => ({
    ...world.context,
    sessions: contestedLock(world.context.sessions, 'the other', () => otherActs(world)).sessions,
  });

  test("V1's database, which users were taken back to", async () => {
    const world = servers(V2_SERVES);
    await expect(
      Promise.resolve(removeV1Database(waiting(world, returned)).apply(run)),
    ).rejects.toMatchObject({ reason: expect.any(String) });
    expect(world.story).toEqual([]);
  });

  test("V1's site", async () => {
    const world = servers(V2_SERVES);
    const deleted: string[] = [];
    const deleteSite = async () => void deleted.push('site');
    const appService = { getSite: async () => site('blue'), deleteSite };
    Object.assign(world.context.azure, { appService });
    const context = waiting(world, returned);
    const [told = ''] = await removeSiteOfV1(context, context.stage, 'remove', "V1's site").apply(run);
    expect(told).toContain('contoso-blue is kept: there is no V1');
    expect(deleted).toEqual([]);
  });

  test('the stage database, which users were moved to', async () => {
    const links = linked('blue');
    const world = servers({
      production: 'blue',
      blue: { links: links.primary },
      green: { readOnly: true, links: links.secondary },
    });
    const context = waiting(world, ({ blue, green }) => {
      Object.assign(blue, { readOnly: true, entry: entry('blue', 'freezing'), links: [] });
      Object.assign(green, { readOnly: false, entry: entry('green', 'serving'), links: [] });
    });
    expect(await removeStage(context).apply(run)).toMatchObject({ kind: 'kept' });
    expect(world.story).toEqual([]);
  });
});

describe('nothing is deleted a second time that another run has put in its place:', () => {
  /** The first deletion's answer is lost, and the lock with it; another run acts, and what it leaves is there again. */
  function lostAtTheDeletion(world: Servers, otherActs: () => void) {
    const lock = contestedLock(world.context.sessions, 'nobody', otherActs);
    const { sql } = world.context.azure;
    let tries = 0;
    const deleteDatabase: typeof sql.deleteDatabase = async (...asked) => {
      await asked[2]();
      tries++;
      await lock.loseFree();
      throw lost();
    };
    const azure = { ...world.context.azure, sql: { ...sql, deleteDatabase } };
    return { context: { ...world.context, azure, sessions: lock.sessions }, tries: () => tries };
  }

  async function ended(world: Servers, doing: Promise<unknown>) {
    const outcome = doing.then(
      (value) => value,
      ({ reason }) => reason,
    );
    await world.clock.advance(10 * 60_000);
    return outcome;
  }

  test("V1's database, which users were taken back to", async () => {
    const world = servers({
      production: 'green',
      green: { entry: entry('green', 'serving') },
      blue: { readOnly: true, entry: entry('blue', 'freezing') },
    });
    const { context, tries } = lostAtTheDeletion(world, () => {
      Object.assign(world.green, { readOnly: true, entry: entry('green', 'returning') });
      Object.assign(world.blue, { readOnly: false, entry: entry('blue', 'returned') });
    });
    await ensureRunLock(context, 'production');
    const told = await ended(world, Promise.resolve(removeV1Database(context).apply(run)));
    expect([told, tries(), world.blue.exists]).toEqual([expect.any(String), 1, true]);
  });

  test('the stage database, which users were moved to', async () => {
    const links = linked('blue');
    const world = servers({
      production: 'blue',
      blue: { links: links.primary },
      green: { readOnly: true, links: links.secondary },
    });
    const { context, tries } = lostAtTheDeletion(world, () => {
      Object.assign(world.blue, { readOnly: true, entry: entry('blue', 'freezing'), links: [] });
      Object.assign(world.green, { readOnly: false, entry: entry('green', 'serving'), links: [] });
    });
    await ensureRunLock(context, 'production');
    expect(await ended(world, removeStage(context).apply(run))).toMatchObject({ kind: 'kept' });
    expect([tries(), world.green.exists]).toEqual([1, true]);
  });

  test('and it is tried again where the lock was held all the time', async () => {
    const world = servers({
      production: 'green',
      green: { entry: entry('green', 'serving') },
      blue: { readOnly: true, entry: entry('blue', 'freezing') },
    });
    const { sql } = world.context.azure;
    let tries = 0;
    const deleteDatabase: typeof sql.deleteDatabase = async (...asked) => {
      if (++tries === 1) throw lost();
      return sql.deleteDatabase(...asked);
    };
    const context = { ...world.context, azure: { ...world.context.azure, sql: { ...sql, deleteDatabase } } };
    await ended(world, Promise.resolve(removeV1Database(context).apply(run)));
    expect([tries, world.blue.exists]).toEqual([2, false]);
  });
});
