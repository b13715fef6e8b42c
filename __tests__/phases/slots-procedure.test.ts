// Two runs of one application at once: whoever got the lock later looks again, also at who is production.
import { expect, test } from '@jest/globals';
import { createReadOnlyWindow } from '../../src/engine/read-only-window.ts';
import { slotsProcedure } from '../../src/phases/slots-procedure.ts';
import { endpoint, profile, server } from '../guards/parts.ts';
import { sessionsWith } from '../steps/sessions-with.ts';
import { byProfile } from '../steps/switching.ts';

type Procedure = ReturnType<typeof slotsProcedure>;

test('V1 is not given back where another run has moved users, also where that cannot be looked at then', async () => {
  const world = byProfile();
  const { context, clock, story } = world;
  const window = createReadOnlyWindow(clock, 60 * 60_000);
  window.open(clock.now());
  let locked = false;
  let seen = 0;
  const sessions = sessionsWith((target, use) =>
    context.sessions.on(target, (connection) =>
      use({
        ...connection,
        query: async (text, ...rest) => {
          if (text.includes('APPLOCK_MODE')) return [{ mode: 'NoLock' }];
          if (!text.includes('sp_getapplock')) return connection.query(text, ...rest);
          locked = true;
          return [{ code: 0 }];
        },
      }),
    ),
  );
  const switched = profile({
    endpoints: [endpoint('blue', { status: 'Disabled' }), endpoint('green', { status: 'Enabled' })],
  });
  const trafficManager = {
    getProfile: async () => {
      if (!locked) return profile({ endpoints: world.endpoints() });
      seen++;
      if (seen > 1) throw new Error('no answer');
      return switched;
    },
  };
  const sql = {
    ...context.azure.sql,
    getServer: async ({ server: name }: { server: string }) => server(name),
    listFailoverGroups: async () => [],
  };
  const failed = { kind: 'failed', why: 'no answer', chain: [] };
  const web = { get: async () => failed, resolve: async () => failed };
  const azure = { ...context.azure, sql, trafficManager, web } as unknown as typeof context.azure;
  const procedure = slotsProcedure({ ...context, azure, sessions, window });
  const run = {
    request: { phases: ['switch'], onFailure: 'rollback', afterSwitch: 'return-to-v1' },
    recorder: { steps: [], rollback: [] },
    signal: new AbortController().signal,
  } as unknown as Parameters<Procedure['act']>[1];
  const acting = procedure.act('switch', run);
  await clock.advance(10 * 60_000);
  const outcome = await acting;
  expect([locked, seen > 1]).toEqual([true, true]);
  expect(outcome).toMatchObject({ kind: 'stopped', result: 'refused' });
  expect(story.filter((what) => what.includes('READ_WRITE'))).toEqual([]);
  await procedure.close();
});
