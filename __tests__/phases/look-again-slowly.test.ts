// The look that a report is made of, where what is looked at takes its time.
import { expect, test } from '@jest/globals';
import { createReadOnlyWindow } from '../../src/engine/read-only-window.ts';
import { lookAgain, lookBriefly } from '../../src/phases/look-around.ts';
import { completed } from '../../src/phases/phase-outcome.ts';
import { slotsProcedure } from '../../src/phases/slots-procedure.ts';
import { profile, server, site } from '../guards/parts.ts';
import { byProfile } from '../steps/switching.ts';

function slow(ms: number, options: { failsAfter?: number } = {}) {
  const world = byProfile({ blue: { readOnly: true, entry: byProfile().blue.entry } });
  const { context, clock } = world;
  let rounds = 0;
  let looked = 0;
  const answered = { kind: 'failed', why: 'no answer', chain: [] };
  const azure = {
    ...context.azure,
    sql: {
      ...context.azure.sql,
      getServer: async ({ server: name }: { server: string }) => {
        if (options.failsAfter !== undefined && looked >= options.failsAfter) throw new Error('HTTP 500');
        return server(name);
      },
      listFailoverGroups: async () => [],
    },
    trafficManager: {
      getProfile: async () => {
        if (options.failsAfter !== undefined && looked >= options.failsAfter) throw new Error('HTTP 500');
        return profile({ endpoints: world.endpoints() });
      },
    },
    appService: { getSite: async () => site('blue') },
    web: {
      get: async () => {
        rounds++;
        await clock.sleep(ms); // a V2 that hangs: why somebody cancels
        looked++;
        return answered;
      },
      resolve: async () => answered,
    },
  } as unknown as typeof context.azure;
  const window = createReadOnlyWindow(clock, 60 * 60_000);
  return { world, clock, parts: { ...context, azure, window }, rounds: () => rounds };
}

test('what a first look has seen is not thrown away where the second one fails', async () => {
  const { clock, parts, world } = slow(6_000, { failsAfter: 1 });
  world.blue.unreachable = false;
  // By then production does not answer either.
  const asked = lookAgain(parts as never, new AbortController().signal);
  await clock.advance(5_999);
  world.blue.unreachable = true;
  world.green.unreachable = true;
  await clock.advance(60_000);
  const seen = await asked;
  expect(seen?.observed.databases[0]?.production.access).toBe('read-only');
});

test('a cancelled job: the report is there within the 10 s of the runner where a site hangs for 6 s', async () => {
  const { clock, parts } = slow(6_000);
  const began = clock.now();
  let at = 0;
  const asked = lookAgain(parts as never, AbortSignal.abort()).then(() => {
    at = clock.now();
  });
  await clock.advance(60_000);
  await asked;
  expect(at - began).toBeLessThanOrEqual(9_000);
});

test('a rollback that has waited 5 s for the look does not look a second time while it gives production back', async () => {
  const { clock, parts, rounds } = slow(6_000);
  const asked = lookBriefly(parts as never);
  await clock.advance(5_000);
  expect(await asked).toBeNull();
  const sofar = rounds();
  await clock.advance(60_000);
  expect(rounds()).toBe(sofar);
});

test('the headline after a switch that was seen by the first look', async () => {
  const { clock, parts, world } = slow(6_000, { failsAfter: 1 });
  const procedure = slotsProcedure(parts as never);
  const reported = procedure.report(
    {
      request: {
        phases: ['upgrade'],
        topology: 'single-region',
        onFailure: 'hold',
        afterSwitch: 'leave',
        product: {},
      },
      recorder: { steps: [], rollback: [] },
      signal: new AbortController().signal,
      startedAt: clock.now(),
      notes: [],
      changed: true,
    } as never,
    completed(true),
  );
  await clock.advance(5_999);
  world.blue.unreachable = true;
  world.green.unreachable = true;
  await clock.advance(60_000);
  const report = await reported;
  expect(report.verdict.headline).toContain('PRODUCTION IS READ-ONLY');
  expect(report.state).toBe('upgraded');
});
