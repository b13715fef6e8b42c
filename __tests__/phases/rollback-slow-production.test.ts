// Phase rollback on a production that answers slowly: when users can write again.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import type { SqlConnection } from '../../src/azure/ports.ts';
import { createSessions } from '../../src/azure/tsql/sessions.ts';
import { createReadOnlyWindow } from '../../src/engine/read-only-window.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { slotsProcedure } from '../../src/phases/slots-procedure.ts';
import { profile, server, site } from '../guards/parts.ts';
import { byProfile } from '../steps/switching.ts';
import { entry } from '../steps/two-servers.ts';

test('users write again no later than without a second look', async () => {
  const world = byProfile({ green: { entry: entry('green', 'upgrading') } });
  const { context, clock } = world;
  const began = clock.now();
  let openAt = 0;
  const holders = new Map<string, boolean>();
  const connect = async (target: { host: string }) => {
    const base = await new Promise<SqlConnection>((resolve) => {
      void context.sessions.on(target as never, async (c) => resolve(c));
    });
    const slow = target.host.includes('blue') ? 4_000 : 0;
    return {
      ...base,
      query: async (text: string, ...rest: never[]) => {
        if (slow) await clock.sleep(slow);
        if (text.includes('APPLOCK_MODE'))
          return [{ mode: holders.get(target.host) ? 'Exclusive' : 'NoLock' }];
        if (text.includes('sp_getapplock')) {
          holders.set(target.host, true);
          return [{ code: 0 }];
        }
        return base.query(text, ...rest);
      },
      batch: async (text: string, ...rest: never[]) => {
        if (text.includes('READ_WRITE') && target.host.includes('blue')) openAt ||= clock.now();
        return base.batch(text, ...(rest as unknown as [never]));
      },
    };
  };
  const failed = { kind: 'failed', why: 'no answer', chain: [] };
  const azure = {
    ...context.azure,
    sql: {
      ...context.azure.sql,
      getServer: async ({ server: n }: { server: string }) => server(n),
      listFailoverGroups: async () => [],
    },
    trafficManager: { getProfile: async () => profile({ endpoints: world.endpoints() }) },
    appService: { getSite: async () => site('blue') },
    web: { get: async () => failed, resolve: async () => failed },
  } as unknown as typeof context.azure;
  const parts = {
    ...context,
    known: createKnownEntries(),
    azure,
    sessions: createSessions({ connect } as never, clock),
    window: createReadOnlyWindow(clock, 60 * 60_000),
  };
  const procedure = slotsProcedure(parts as never);
  const acting = procedure.act('rollback', {
    request: { phases: ['rollback'], onFailure: 'rollback', afterSwitch: 'leave' },
    recorder: createRecorder(clock, { started: () => {}, progress: () => {}, ended: () => {} }),
    signal: new AbortController().signal,
  } as never);
  await clock.advance(60 * 60_000);
  await acting;
  expect(world.blue.readOnly).toBe(false);
  expect((openAt - began) / 1000).toBeLessThanOrEqual(40); // as it was before the second look
});
