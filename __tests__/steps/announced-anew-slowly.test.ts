// A swap that Azure has made wait; nobody else is at work, the lock is held all the time, production answers, slowly.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { switchSlots } from '../../src/steps/switch-slots.ts';
import { beganAlone } from './began-alone.ts';
import { contestedLock } from './contested-lock.ts';
import { sessionsWith } from './sessions-with.ts';
import { bySwap } from './switching.ts';

const run = { signal: new AbortController().signal, progress: () => {} };

test.each([4_000, 6_000])('a look at production that takes %s ms', async (ms) => {
  const world = bySwap();
  const lock = contestedLock(world.context.sessions, 'nobody', () => {});
  const known = createKnownEntries();
  const { appService } = world.context.azure;
  const sessions = sessionsWith((target, use) =>
    lock.sessions.on(target, (connection) =>
      use({
        ...connection,
        query: async (text, ...rest) => {
          if (target.host.includes('blue') && text.includes('dm_db_index_usage_stats'))
            await world.clock.sleep(ms);
          return connection.query(text, ...rest);
        },
      }),
    ),
  );
  const swapWithProduction: typeof appService.swapWithProduction = async (...args) => {
    await world.clock.sleep(60_000); // 429, Retry-After: 60
    return appService.swapWithProduction(...args);
  };
  const azure = { ...world.context.azure, appService: { ...appService, swapWithProduction } };
  const context = { ...world.context, sessions, known, azure };
  await beganAlone(context);
  const outcome = Promise.resolve(switchSlots(context).apply(run)).then(
    () => 'done',
    ({ reason, message }) => `${reason ?? ''}: ${message}`,
  );
  await world.clock.advance(30 * 60_000);
  expect([await outcome, world.sent]).toEqual(['done', ['move']]);
});
