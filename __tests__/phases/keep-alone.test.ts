// The lock while a seeding of hours is waited for.
import { describe, expect, test } from '@jest/globals';
import { keepAlone } from '../../src/phases/keep-alone.ts';
import { frozenPair, run } from '../steps/frozen-pair.ts';
import { sessionsWith } from '../steps/sessions-with.ts';

/** Another session gives the lock back to whoever waits for so long. */
function lockHeldFor(heldMs: number) {
  const app = frozenPair();
  let isOurs = false;
  const sessions = sessionsWith((target, use) =>
    app.context.sessions.on(target, (connection) =>
      use({
        ...connection,
        query: async (text, parameters = {}, ...rest) => {
          if (text.includes('APPLOCK_MODE')) return [{ mode: isOurs ? 'Exclusive' : 'NoLock' }];
          if (text.includes('sp_getapplock')) {
            isOurs = Number(parameters.wait) >= heldMs;
            return [{ code: isOurs ? 0 : -1 }];
          }
          if (text.includes('sys.dm_tran_locks')) return [];
          return connection.query(text, parameters, ...rest);
        },
      }),
    ),
  );
  return { ...app, context: { ...app.context, sessions } };
}

describe('a seeding of six minutes', () => {
  test('goes on where a session of this run that was lost keeps the lock for half a minute', async () => {
    const { context, clock, ended } = lockHeldFor(30_000);
    const work = (signal: AbortSignal) => clock.sleep(360_000, signal).then(() => 'seeded');
    expect(await ended(keepAlone(context, run.signal, work))).toBe('seeded');
  });

  test('ends where another run has the lock and keeps it', async () => {
    const { context, clock, ended } = lockHeldFor(3_600_000);
    const work = (signal: AbortSignal) => clock.sleep(360_000, signal);
    await expect(ended(keepAlone(context, run.signal, work))).rejects.toMatchObject({
      reason: 'locked-by-another-run',
    });
  });
});
