// A write that is sent long after its announcement is announced anew: who comes next goes by that moment.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { settlePivot } from '../../src/application/settle-pivot.ts';
import { switchTrafficManager } from '../../src/steps/switch-traffic-manager.ts';
import { beganAlone } from './began-alone.ts';
import { contestedLock } from './contested-lock.ts';
import { byProfile } from './switching.ts';

const run = { signal: new AbortController().signal, progress: () => {} };

test('a switch sent after its machine stood still for 20 minutes is waited for by whoever comes next', async () => {
  const world = byProfile();
  const lock = contestedLock(world.context.sessions, 'nobody', () => {});
  const known = createKnownEntries();
  const { trafficManager } = world.context.azure;
  const azure = {
    ...world.context.azure,
    trafficManager: {
      ...trafficManager,
      openProfile: async (...ref: Parameters<typeof trafficManager.openProfile>) => {
        const open = await trafficManager.openProfile(...ref);
        const write: typeof open.write = async (changes, beforeSending) => {
          if (Object.keys(changes).length === 0) return open.write(changes);
          await world.clock.sleep(20 * 60_000); // stands still
          await lock.loseFree();
          await beforeSending?.(); // nobody has acted
          // Sent; its answer is lost, the process dies, and Traffic Manager carries it out 10 s later.
          void world.clock.sleep(10_000).then(() => open.write(changes));
          return new Promise<never>(() => {});
        };
        return { ...open, write };
      },
    },
  };
  const context = { ...world.context, sessions: lock.sessions, known, azure };
  await beganAlone(context);
  void Promise.resolve(switchTrafficManager(context).apply(run)).catch(() => {});
  await world.clock.advance(20 * 60_000 + 1_000);
  // The next run, which is to give production back.
  const settled = settlePivot({ ...world.context, known: createKnownEntries() });
  await world.clock.advance(10 * 60_000);
  expect(await settled).toBe('stage');
});
