// A machine that is paused by its hypervisor does not see time pass: its clock goes on where it stopped.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { ensureRunLock, lockTakings, noteLookedAt } from '../../src/application/run-lock.ts';
import { switchSlots } from '../../src/steps/switch-slots.ts';
import { switchTrafficManager } from '../../src/steps/switch-traffic-manager.ts';
import { beganAlone } from './began-alone.ts';
import { contestedLock } from './contested-lock.ts';
import { sessionsWith } from './sessions-with.ts';
import { byProfile, bySwap, lost } from './switching.ts';
import { entry } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };
const THEIRS = { runUrl: 'https://github.com/contoso/infrastructure/actions/runs/77' };

test.each([
  'profile',
  'swap',
] as const)('users are not moved by a machine whose clock stood still with it, between announcing the switch and sending it (%s)', async (method) => {
  const world = method === 'profile' ? byProfile() : bySwap();
  // The other run has settled where users are, and gives production back: they write.
  const lock = contestedLock(world.context.sessions, 'nobody', () => {
    Object.assign(world.blue, { readOnly: false, entry: entry('blue', 'unfrozen', THEIRS) });
  });
  const known = createKnownEntries();
  const sessions = sessionsWith((target, use) =>
    (target.host.includes('green') ? world.context : lock).sessions.on(target, use),
  );
  const { trafficManager, appService } = world.context.azure;
  const azure = {
    ...world.context.azure,
    trafficManager: trafficManager && {
      ...trafficManager,
      openProfile: async (...ref: Parameters<typeof trafficManager.openProfile>) => {
        const open = await trafficManager.openProfile(...ref);
        const write: typeof open.write = async (changes, beforeSending) => {
          if (Object.keys(changes).length === 0) return open.write(changes);
          await lock.loseFree(); // paused for an hour
          await beforeSending?.();
          return open.write(changes);
        };
        return { ...open, write };
      },
    },
    appService: appService && {
      ...appService,
      swapWithProduction: async (...args: Parameters<typeof appService.swapWithProduction>) => {
        await lock.loseFree();
        return appService.swapWithProduction(...args);
      },
    },
  } as typeof world.context.azure;
  const context = { ...world.context, sessions, known, azure };
  await beganAlone(context);
  const step = method === 'profile' ? switchTrafficManager(context) : switchSlots(context);
  const outcome = Promise.resolve(step.apply(run)).then(
    () => 'done',
    ({ reason }) => reason,
  );
  await world.clock.advance(10 * 60_000);
  expect([await outcome, world.sent]).toEqual(['overtaken-by-another-run', []]);
});

test('a switch that Azure has answered with nothing, and that is not sent once more, is settled: it may have been carried out', async () => {
  const world = byProfile();
  const lock = contestedLock(world.context.sessions, 'nobody', () => {});
  const { trafficManager } = world.context.azure;
  const openProfile: typeof trafficManager.openProfile = async (ref) => {
    const open = await trafficManager.openProfile(ref);
    const write: typeof open.write = async (changes, beforeSending) => {
      if (Object.keys(changes).length === 0) return open.write(changes);
      await beforeSending?.();
      await open.write(changes); // done, and answered 503; it is asked before it is sent once more
      world.blue.readOnly = false; // a person
      await world.clock.sleep(60_000);
      await beforeSending?.().catch(() => {});
      throw lost();
    };
    return { ...open, write };
  };
  const azure = { ...world.context.azure, trafficManager: { ...trafficManager, openProfile } };
  const context = { ...world.context, sessions: lock.sessions, known: createKnownEntries(), azure };
  await ensureRunLock(context, 'production');
  noteLookedAt(context, lockTakings(context));
  const ended = Promise.resolve(switchTrafficManager(context).apply(run)).then(
    () => 'done',
    ({ reason }) => reason,
  );
  await world.clock.advance(10 * 60_000);
  expect(await ended).toBe('done');
});
