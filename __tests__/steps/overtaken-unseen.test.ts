// What another run leaves behind is not always to be told by its entry alone: it may have put back what was there before, have been
// killed before it wrote, or have acted on one of several databases.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { ensureRunLock, lockTakings, noteLookedAt } from '../../src/application/run-lock.ts';
import { ensureStillAlone } from '../../src/application/still-alone.ts';
import { sqlTarget, type UpgradeContext } from '../../src/application/upgrade-context.ts';
import { closeDatabase } from '../../src/steps/close-database.ts';
import { freezeProduction } from '../../src/steps/freeze.ts';
import { freezeV2 } from '../../src/steps/return-to-v1.ts';
import { switchTrafficManager } from '../../src/steps/switch-traffic-manager.ts';
import { unfreeze } from '../../src/steps/unfreeze.ts';
import { config, freezing } from '../guards/parts.ts';
import { beganAlone } from './began-alone.ts';
import { contestedLock } from './contested-lock.ts';
import { frozenPair } from './frozen-pair.ts';
import { sessionsWith } from './sessions-with.ts';
import { byProfile } from './switching.ts';
import { entry } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };

test('a return to V1 that another run has taken back meanwhile does not freeze V2 again: V2 says what it said before', async () => {
  const world = byProfile({
    production: 'green',
    green: { entry: entry('green', 'serving') },
    blue: { readOnly: true, entry: entry('blue', 'freezing') },
  });
  const lock = contestedLock(world.context.sessions, 'nobody', async () => {
    const other = { ...world.context, runUrl: 'B', known: createKnownEntries() };
    await unfreeze(other).apply(run); // V2 writable, its entry restored
  });
  const known = createKnownEntries();
  const context = { ...world.context, runUrl: 'A', sessions: lock.sessions, known };
  await beganAlone(context);
  const frozen = Promise.resolve(freezeV2(context).apply(run));
  await world.clock.advance(60_000);
  await frozen;
  expect([world.green.readOnly, world.green.entry?.status]).toEqual([true, 'returning']);
  const stood = lock.loseFree();
  await world.clock.advance(10 * 60_000);
  await stood;
  expect([world.green.readOnly, world.green.entry?.status]).toEqual([false, 'serving']);
  const one = await ensureStillAlone(context).then(
    () => 'goes on',
    ({ reason }) => reason,
  );
  const two = await closeDatabase(context, sqlTarget(context, 'production', 'contoso'), run.signal).then(
    () => 'frozen again',
    ({ reason }) => reason,
  );
  expect([one, two]).toEqual(['overtaken-by-another-run', 'overtaken-by-another-run']);
});

test('a run that stood still between announcing the switch and sending it moves nobody away from a production that takes writes, whatever it says', async () => {
  const world = byProfile();
  // The other one settles where users are, opens production, and is killed (or its connection is cut) before it writes "unfrozen".
  const lock = contestedLock(world.context.sessions, 'nobody', () => {
    world.blue.readOnly = false;
  });
  const known = createKnownEntries();
  const sessions = sessionsWith((target, use) =>
    (target.host.includes('green') ? world.context : lock).sessions.on(target, use),
  );
  const { trafficManager } = world.context.azure;
  const azure = {
    ...world.context.azure,
    trafficManager: {
      ...trafficManager,
      openProfile: async (...ref: Parameters<typeof trafficManager.openProfile>) => {
        const open = await trafficManager.openProfile(...ref);
        const write: typeof open.write = async (changes, beforeSending) => {
          if (Object.keys(changes).length > 0) {
            await world.clock.sleep(60_000);
            await lock.loseFree();
            await beforeSending?.();
          }
          return open.write(changes);
        };
        return { ...open, write };
      },
    },
  };
  const context = { ...world.context, sessions, known, azure };
  await beganAlone(context);
  const outcome = Promise.resolve(switchTrafficManager(context).apply(run)).then(
    () => 'done',
    ({ reason }) => reason,
  );
  await world.clock.advance(10 * 60_000);
  expect([await outcome, world.sent]).toEqual(['drain-failed', []]);
});

test('of two databases the second is not frozen where another run has rolled the first one back', async () => {
  const open = () => frozenPair({ production: { mode: 'READ_WRITE', journal: null, lock: 'free' } });
  const [contoso, billing] = [open(), open()];
  const of = (name: string) => (name === 'contoso' ? contoso : billing);
  const known = createKnownEntries();
  for (const database of ['contoso', 'billing']) known.note({ server: 'contoso-sql-blue', database }, null);
  const context: UpgradeContext = {
    ...contoso.context,
    known,
    runUrl: 'A',
    config: config(),
    databases: ['contoso', 'billing'].flatMap((name) =>
      contoso.context.databases.map((pair) => ({ ...pair, name })),
    ),
    sessions: sessionsWith((target, use) => of(target.database).context.sessions.on(target, use)),
  };
  await ensureRunLock(context, 'production');
  noteLookedAt(context, lockTakings(context));

  let stood = false;
  billing.production.before = async (text) => {
    if (stood || !text.includes('sys.extended_properties') || text.includes('sp_addext')) return;
    // its request is on its way while the machine stands still, until after contoso is announced
    for (let i = 0; i < 50 && contoso.production.journal?.status !== 'freezing'; i++) await Promise.resolve();
    if (contoso.production.journal?.status !== 'freezing') return;
    stood = true;
    // The other run: contoso says "freezing" and is writable: waits for it, says "unfrozen"; billing was never announced.
    contoso.production.journal = {
      ...freezing(),
      status: 'unfrozen',
      at: '2026-01-01T00:05:00.000Z',
      runUrl: 'B',
    };
    contoso.production.lock = 'free';
    // the look is repeated on a new connection
  };
  const outcome = await contoso.ended(Promise.resolve(freezeProduction(context).apply(run))).then(
    () => 'done',
    ({ reason }) => reason,
  );
  expect(stood).toBe(true);
  expect(outcome).toBe('overtaken-by-another-run');
  expect([contoso.production.mode, billing.production.mode]).toEqual(['READ_WRITE', 'READ_WRITE']);
});

test('a copy that lags says what the original has said between two looks: nobody has acted since', async () => {
  // An upgrade went back (drain-failed: the lag): production said "freezing", then "unfrozen"; the copy is behind both.
  const world = byProfile({
    blue: { entry: entry('blue', 'unfrozen', { at: '2026-01-01T00:30:00.000Z' }) },
    green: { readOnly: true, entry: null },
  });
  const lock = contestedLock(world.context.sessions, 'nobody', () => {});
  const known = createKnownEntries();
  const context = { ...world.context, sessions: lock.sessions, known };
  await beganAlone(context);
  world.green.entry = entry('blue', 'freezing', { at: '2026-01-01T00:20:00.000Z' }); // replication comes that far
  await lock.loseFree(); // the connection was cut
  await expect(ensureStillAlone(context)).resolves.toBeUndefined();
});
