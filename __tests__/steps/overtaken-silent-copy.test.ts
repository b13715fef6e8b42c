// A copy that does not answer cannot say whether another run has acted: nothing is done as if none had.
import { expect, test } from '@jest/globals';
import { createKnownEntries } from '../../src/application/known-entries.ts';
import { ensureRunLock } from '../../src/application/run-lock.ts';
import { switchSlots } from '../../src/steps/switch-slots.ts';
import { switchTrafficManager } from '../../src/steps/switch-traffic-manager.ts';
import { unfreeze } from '../../src/steps/unfreeze.ts';
import { beganAlone } from './began-alone.ts';
import { contestedLock, otherRunSwitches } from './contested-lock.ts';
import { sessionsWith } from './sessions-with.ts';
import { byProfile, bySwap } from './switching.ts';
import { entry } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };
const THEIRS = { runUrl: 'https://github.com/contoso/infrastructure/actions/runs/77' };

test('a swap that Azure makes wait is not sent once more where another run has swapped meanwhile, and V2 does not answer at that moment', async () => {
  const world = bySwap();
  const { appService } = world.context.azure;
  const lock = contestedLock(world.context.sessions, 'nobody', async () => {
    await appService.swapWithProduction(
      world.context.production.site,
      'staging',
      () => {},
      run.signal,
      async () => {},
    );
    Object.assign(world.green, { entry: entry('green', 'serving', THEIRS), unreachable: true });
  });
  const known = createKnownEntries();
  const sessions = sessionsWith((target, use) =>
    (target.host.includes('green') ? world.context : lock).sessions.on(target, use),
  );
  const swapWithProduction: typeof appService.swapWithProduction = async (...args) => {
    await world.clock.sleep(60_000); // 429
    await lock.loseFree();
    return appService.swapWithProduction(...args);
  };
  const azure = { ...world.context.azure, appService: { ...appService, swapWithProduction } };
  const context = { ...world.context, sessions, known, azure };
  await beganAlone(context);
  const outcome = Promise.resolve(switchSlots(context).apply(run)).then(
    () => 'done',
    ({ reason }) => reason,
  );
  await world.clock.advance(30 * 60_000);
  expect(await outcome).not.toBe('done');
  expect(world.sent).toEqual(['move']); // the other run's
});

test('production is not opened where another run has moved users, and V2 did not answer when this one was to move them', async () => {
  const world = byProfile();
  let lost = false;
  const lock = contestedLock(world.context.sessions, 'nobody', async () => {
    await otherRunSwitches(world);
    world.green.entry = entry('green', 'serving', THEIRS);
  });
  const known = createKnownEntries();
  const sessions = sessionsWith((target, use) =>
    (target.host.includes('green') ? world.context : lock).sessions.on(target, use),
  );
  const context = { ...world.context, sessions, known };
  await beganAlone(context);
  await lock.loseFree();
  // Its lock on the copy is had; then the copy does not answer any more.
  const flaky = sessionsWith(async (target, use) => {
    const seen = await sessions.on(target, use);
    if (target.host.includes('green') && !lost) {
      lost = true;
      world.green.unreachable = true;
    }
    return seen;
  });
  const one = { ...context, sessions: flaky };
  await ensureRunLock(one, 'production').catch(() => {});
  const failed = Promise.resolve(switchTrafficManager(one).apply(run)).then(
    () => 'done',
    () => 'failed',
  );
  await world.clock.advance(10 * 60_000);
  expect(await failed).toBe('failed');
  const back = Promise.resolve(unfreeze(one).apply(run)).then(
    () => 'opened',
    ({ reason }) => reason,
  );
  await world.clock.advance(10 * 60_000);
  expect(await back).not.toBe('opened');
  expect(world.blue.readOnly).toBe(true);
});
