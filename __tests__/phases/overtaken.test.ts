// A run that another one has overtaken stops and gives nothing back. One that only comes late, or has waited for another to end, is
// not overtaken.
import { describe, expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import type { DatabaseObservation } from '../../src/application/observe.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { SqlError } from '../../src/azure/errors.ts';
import { createReadOnlyWindow } from '../../src/engine/read-only-window.ts';
import { type Step, toDo } from '../../src/engine/step.ts';
import { actForward, switchAtOnce } from '../../src/phases/act.ts';
import { windowOf } from '../../src/phases/window-of-run.ts';
import { endpoint, site } from '../guards/parts.ts';
import { beganAlone } from '../steps/began-alone.ts';
import { contestedLock, otherRunSwitches } from '../steps/contested-lock.ts';
import { sessionsWith } from '../steps/sessions-with.ts';
import { byProfile, type Switching } from '../steps/switching.ts';
import { entry } from '../steps/two-servers.ts';
import { acting } from './acting.ts';

const THEIRS = { runUrl: 'https://github.com/contoso/infrastructure/actions/runs/77' };

describe('a switch that stood still while another run acted', () => {
  /**
   * @param otherActs while this run verifies V2
   * @param begun as a phase of its own, which looks at the application; or right after the upgrade of the same run
   */
  async function overtaken(
    otherActs: (world: Switching) => void,
    begun: 'by itself' | 'at once' = 'by itself',
  ) {
    const world = byProfile();
    const lock = contestedLock(world.context.sessions, 'nobody', () => otherActs(world));
    // The stage database's own lock is free all the time.
    const sessions = sessionsWith((target, use) =>
      (target.host.includes('green') ? world.context : lock).sessions.on(target, use),
    );
    const window = createReadOnlyWindow(world.clock, 30 * 60_000);
    window.open(world.clock.now());
    const context = { ...world.context, sessions, window, known: createKnownEntries() };
    if (begun === 'at once') {
      await beganAlone(context);
    }
    const one = acting(world, context);
    const [verify, ...others] = one.topology.switch;
    const standing: Step = {
      ...(verify as Step),
      assess: async () => toDo(),
      apply: async () => {
        await lock.loseFree();
        return [];
      },
    };
    const topology = { ...one.topology, switch: [standing, ...others] };
    const standingStill = { ...one, topology };
    const ended = begun === 'at once' ? switchAtOnce(standingStill) : actForward(standingStill, 'switch');
    await world.clock.advance(10 * 60_000);
    return { world, window, outcome: await ended };
  }

  test.each([
    'by itself',
    'at once',
  ] as const)('is held where production was given back: nobody is moved, and its window is over (begun %s)', async (begun) => {
    const { world, window, outcome } = await overtaken(({ blue }) => {
      Object.assign(blue, { readOnly: false, entry: entry('blue', 'unfrozen', THEIRS) });
    }, begun);
    expect(outcome).toMatchObject({ result: 'held', error: { reason: 'overtaken-by-another-run' } });
    expect([world.sent, window.report()?.to]).toEqual([[], expect.any(String)]);
  });

  test('gives nothing back that the other one has frozen anew', async () => {
    const { world, outcome } = await overtaken(({ blue }) => {
      Object.assign(blue, {
        readOnly: true,
        entry: entry('blue', 'freezing', { ...THEIRS, upgradeId: 'u2' }),
      });
    });
    expect(outcome).toMatchObject({ result: 'held', error: { reason: 'overtaken-by-another-run' } });
    expect([world.sent, world.blue.readOnly]).toEqual([[], true]);
  });
});

test('what another run has frozen anew is told as read-only until now, although this run has closed its own window', async () => {
  const { clock } = byProfile();
  const window = createReadOnlyWindow(clock, 30 * 60_000);
  window.open(clock.now());
  await clock.advance(60_000);
  window.close();
  const journal = entry('blue', 'freezing', { at: new Date(clock.now()).toISOString() });
  const frozen = {
    production: { access: 'read-only', journal },
    stage: { journal: null },
  } as unknown as DatabaseObservation;
  await clock.advance(5_000);
  expect(windowOf({ clock, window }, { state: 'frozen', databases: [frozen] })).toMatchObject({
    to: null,
    seconds: 5,
  });
  expect(windowOf({ clock, window }, { state: 'prepared', databases: [] })).toMatchObject({ seconds: 60 });
});

test('prepare gives production back that a run has frozen further between the look and the lock, and was killed', async () => {
  const world = byProfile({ green: { entry: entry('green', 'upgrading') } });
  let isKilled = false;
  const appService = {
    // Resource Manager makes this run wait; the databases have been read by then.
    getSite: async () => {
      if (!isKilled) {
        await world.clock.sleep(20_000);
        world.blue.entry = entry('blue', 'freezing', { at: '2026-01-01T00:50:00.000Z', ...THEIRS });
        isKilled = true;
      }
      return site('green');
    },
  };
  const context = {
    ...world.context,
    known: createKnownEntries(),
    window: createReadOnlyWindow(world.clock, 30 * 60_000),
    sessions: contestedLock(world.context.sessions, 'nobody', () => {}).sessions,
    azure: { ...world.context.azure, appService },
  } as unknown as UpgradeContext;
  const ended = actForward(acting(world, context), 'prepare');
  await world.clock.advance(10 * 60_000);
  await ended;
  expect(world.blue.readOnly).toBe(false);
});

test.each([
  'moved',
  'serving',
] as const)('a second switch that waits for the first one to see V2 serve is done (it has read "%s")', async (says) => {
  const world = byProfile({
    production: 'green',
    endpoints: [
      endpoint('blue', { status: 'Disabled', priority: 2 }),
      endpoint('green', { status: 'Enabled', priority: 1 }),
    ],
    green: { entry: entry('green', says) },
    blue: { readOnly: true, entry: entry('blue', 'freezing') },
  });
  const { sessions } = contestedLock(world.context.sessions, 'the other', () => {
    world.green.entry = entry('green', 'serving', { ...THEIRS, at: '2026-01-01T00:09:00.000Z' });
  });
  const web = {
    get: async () => ({
      kind: 'answered',
      status: 200,
      headers: {},
      body: '{"version":"2.0.0"}',
      chain: [site('green').defaultHostName],
    }),
  };
  const azure = { ...world.context.azure, appService: { getSite: async () => site('green') }, web };
  const context = {
    ...world.context,
    known: createKnownEntries(),
    sessions,
    azure,
  } as unknown as UpgradeContext;
  const ended = actForward(acting(world, context), 'switch');
  await world.clock.advance(20 * 60_000);
  expect(await ended).toMatchObject({ kind: 'completed' });
});

test('prepare gives production back that a run has frozen further, also where its first question after the lock is not answered', async () => {
  const world = byProfile({ green: { entry: entry('green', 'upgrading') } });
  let isKilled = false;
  let isSilent = false;
  const appService = {
    getSite: async () => {
      if (!isKilled) {
        await world.clock.sleep(20_000);
        world.blue.entry = entry('blue', 'freezing', { at: '2026-01-01T00:50:00.000Z', ...THEIRS });
        isKilled = true;
      }
      return site('green');
    },
  };
  const locked = contestedLock(world.context.sessions, 'nobody', () => {}).sessions;
  const sessions = sessionsWith((target, use) =>
    locked.on(target, (connection) =>
      use({
        ...connection,
        query: async (text, ...rest) => {
          if (isSilent && text.includes('sys.extended_properties')) {
            isSilent = false;
            throw new SqlError('The login has timed out', 'login', []);
          }
          const rows = await connection.query(text, ...rest);
          if (text.includes('sp_getapplock')) isSilent = true; // once
          return rows;
        },
      }),
    ),
  );
  const context = {
    ...world.context,
    known: createKnownEntries(),
    window: createReadOnlyWindow(world.clock, 30 * 60_000),
    sessions,
    azure: { ...world.context.azure, appService },
  } as unknown as UpgradeContext;
  const ended = actForward(acting(world, context), 'prepare');
  await world.clock.advance(30 * 60_000);
  expect(await ended).toMatchObject({ error: { reason: 'interrupted' } });
  expect(world.blue.readOnly).toBe(false);
});

test('a switch that stood still does not open V1 where another run has moved users, and V2 did not answer for a moment', async () => {
  const world = byProfile();
  let isCopySilent = false;
  const lock = contestedLock(world.context.sessions, 'nobody', async () => {
    await otherRunSwitches(world);
    world.green.entry = entry('green', 'serving', THEIRS);
    isCopySilent = true;
  });
  const sessions = sessionsWith((target, use) =>
    target.host.includes('green')
      ? world.context.sessions.on(target, (connection) =>
          use({
            ...connection,
            query: async (text, ...rest) => {
              // Its lock is held as before; from then on it does not answer.
              if (isCopySilent && !text.includes('APPLOCK'))
                throw new SqlError('green does not answer', 'login', []);
              return connection.query(text, ...rest);
            },
          }),
        )
      : lock.sessions.on(target, use),
  );
  const window = createReadOnlyWindow(world.clock, 30 * 60_000);
  const context = { ...world.context, sessions, window, known: createKnownEntries() };
  const one = acting(world, context);
  const [verify, pivot, ...others] = one.topology.switch as readonly Step[];
  if (!verify || !pivot) throw new Error('no steps');
  const verified: Step = { ...verify, assess: async () => toDo(), apply: async () => [] };
  // It stands still once it has seen that users are on V1.
  const standing: Step = {
    ...pivot,
    apply: async (...args) => {
      await lock.loseFree();
      return pivot.apply(...args);
    },
  };
  const topology = { ...one.topology, switch: [verified, standing, ...others] };
  const ended = actForward({ ...one, topology }, 'switch');
  await world.clock.advance(30 * 60_000);
  expect(await ended).toMatchObject({ kind: 'stopped', result: 'held' });
  expect(world.blue.readOnly).toBe(true);
});

test('an upgrade that was completed between the look and the lock is not thrown away', async () => {
  const world = byProfile({ green: { entry: entry('green', 'upgrading') } });
  let isOver = false;
  const appService = {
    getSite: async () => {
      if (!isOver) {
        await world.clock.sleep(20_000);
        world.green.entry = entry('green', 'upgraded', { at: '2026-01-01T00:50:00.000Z', ...THEIRS });
        isOver = true;
      }
      return site('green');
    },
  };
  const context = {
    ...world.context,
    known: createKnownEntries(),
    window: createReadOnlyWindow(world.clock, 30 * 60_000),
    sessions: contestedLock(world.context.sessions, 'nobody', () => {}).sessions,
    azure: { ...world.context.azure, appService },
  } as unknown as UpgradeContext;
  const ended = actForward(acting(world, context), 'prepare');
  await world.clock.advance(10 * 60_000);
  expect(await ended).toMatchObject({ kind: 'stopped', result: 'refused' });
  expect(world.story).toEqual([]);
});
