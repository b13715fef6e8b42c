// Between the look and the lock another run has gone on to the end: users are on V2, and the roles are read anew.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { createReadOnlyWindow } from '../../src/engine/read-only-window.ts';
import { actForward } from '../../src/phases/act.ts';
import { site } from '../guards/parts.ts';
import { contestedLock, otherRunSwitches } from '../steps/contested-lock.ts';
import { byProfile } from '../steps/switching.ts';
import { entry } from '../steps/two-servers.ts';
import { acting } from './acting.ts';

const THEIRS = { runUrl: 'https://github.com/contoso/infrastructure/actions/runs/77' };

test.each([
  'prepare',
  'cleanup',
] as const)('%s is not told that the upgrade waits for its switch', async (phase) => {
  const world = byProfile({ green: { entry: entry('green', 'upgrading') } });
  let isOver = false;
  const appService = {
    getSite: async () => {
      if (!isOver) {
        await world.clock.sleep(20_000);
        await otherRunSwitches(world);
        world.green.entry = entry('green', 'serving', THEIRS);
        isOver = true;
      }
      return site('green');
    },
  };
  const web = {
    get: async () => ({
      kind: 'answered',
      status: 200,
      headers: {},
      body: '{"version":"2.0.0"}',
      chain: [site('green').defaultHostName],
    }),
  };
  const context = {
    ...world.context,
    known: createKnownEntries(),
    window: createReadOnlyWindow(world.clock, 30 * 60_000),
    sessions: contestedLock(world.context.sessions, 'nobody', () => {}).sessions,
    azure: { ...world.context.azure, appService, web },
  } as unknown as UpgradeContext;
  const ended = actForward(acting(world, context), phase).then(
    (one) => JSON.stringify(one).slice(0, 300),
    (error: unknown) => `thrown ${String(error)}`,
  );
  await world.clock.advance(30 * 60_000);
  expect([world.blue.readOnly, world.blue.exists, world.green.exists]).toEqual([true, true, true]);
  expect(await ended).not.toContain('phase-not-applicable'); // users are on V2: the roles are to be read anew
});
