// Real sessions: one that is opened anew regains the lock by itself before it changes anything, also in the very turn in which
// production is opened. By then another run may have had it.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { ensureRunLock, lockTakings, noteLookedAt } from '../../src/application/run-lock.ts';
import { sqlTarget } from '../../src/application/upgrade-context.ts';
import type { SqlConnection, SqlConnector } from '../../src/azure/ports.ts';
import { createSessions } from '../../src/azure/tsql/sessions.ts';
import { unfreeze } from '../../src/steps/unfreeze.ts';
import { otherRunSwitches } from './contested-lock.ts';
import { eachLook } from './each-look.ts';
import { byProfile, type Switching } from './switching.ts';
import { entry } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };

/** Connections of the world; production's first one is cut once it has said, being asked for the second time, that it has the lock. */
function cutAfterTheQuestion(world: Switching, whenCut: () => void): Pick<SqlConnector, 'connect'> {
  let opened = 0;
  let asked = 0;
  let holder = 0;
  return {
    connect: async (target) => {
      const id = ++opened;
      const isFirst = id === 1;
      if (!isFirst && target.host.includes('blue')) await world.clock.sleep(40_000);
      const base = await new Promise<SqlConnection>((resolve) => {
        void world.context.sessions.on(target, async (connection) => resolve(connection));
      });
      let isOpen = true;
      const lockMode = () => {
        const mode = holder === id ? 'Exclusive' : 'NoLock';
        if (isFirst && ++asked === 2) {
          isOpen = false;
          holder = 0;
          whenCut();
        }
        return [{ mode }];
      };
      return {
        ...base,
        get isOpen() {
          return isOpen;
        },
        close: async () => {},
        query: (text, ...rest) =>
          eachLook(text, (statement) => {
            if (statement.includes('APPLOCK_MODE')) return lockMode();
            if (!statement.includes('sp_getapplock')) return base.query(statement, ...rest);
            holder = id;
            return [{ code: 0 }];
          }),
      };
    },
  };
}

test('production stays closed where another run has moved users between the question for the lock and the statement', async () => {
  const world = byProfile();
  const connector = cutAfterTheQuestion(world, () => {
    void world.clock.sleep(10_000).then(() => otherRunSwitches(world));
  });
  const context = { ...world.context, sessions: createSessions(connector as SqlConnector, world.clock) };
  await ensureRunLock(context, 'production');
  noteLookedAt(context, lockTakings(context));
  const ended = unfreeze(context)
    .apply(run)
    .catch(({ reason }) => reason);
  for (let turn = 0; turn < 60; turn++) await world.clock.advance(5_000);
  expect(await ended).toBe('point-of-no-return-passed');
  expect(world.story).not.toContain('blue READ_WRITE');
});

test.each([
  ['nothing is written where another run has acted meanwhile', 'overtaken-by-another-run'],
  ['it is written where nobody has', 'done'],
] as const)('by a session that is opened anew %s', async (_, outcome) => {
  const world = byProfile();
  const known = createKnownEntries();
  let isOpen = true;
  let holder = 0;
  let opened = 0;
  const connector: Pick<SqlConnector, 'connect'> = {
    connect: async (target) => {
      const id = ++opened;
      const base = await new Promise<SqlConnection>((resolve) => {
        void world.context.sessions.on(target, async (connection) => resolve(connection));
      });
      return {
        ...base,
        get isOpen() {
          return id > 1 || isOpen;
        },
        close: async () => {},
        query: (text, ...rest) =>
          eachLook(text, (statement) => {
            if (statement.includes('APPLOCK_MODE')) return [{ mode: holder === id ? 'Exclusive' : 'NoLock' }];
            if (!statement.includes('sp_getapplock')) return base.query(statement, ...rest);
            holder = id;
            return [{ code: 0 }];
          }),
      };
    },
  };
  const sessions = createSessions(connector as SqlConnector, world.clock);
  const context = { ...world.context, known, sessions };
  await ensureRunLock(context, 'production');
  known.note({ server: 'contoso-sql-blue', database: 'contoso' }, world.blue.entry);
  isOpen = false;
  holder = 0;
  if (outcome !== 'done')
    world.blue.entry = entry('blue', 'unfrozen', { runUrl: 'https://github.com/a/b/actions/runs/77' });
  const target = sqlTarget(context, 'production', 'contoso');
  const written = sessions
    .on(target, (connection) =>
      connection.batch('ALTER DATABASE [contoso] SET READ_WRITE WITH ROLLBACK IMMEDIATE;', {
        timeoutMs: 1_000,
      }),
    )
    .then(
      () => 'done',
      ({ reason }) => reason,
    );
  await world.clock.advance(60_000);
  expect(await written).toBe(outcome);
  expect(world.story.length > 0).toBe(outcome === 'done');
});
