// Two runs: what one has read while the other was at work is old once it has the lock, and V1 is not opened by it.
import { expect, test } from '@jest/globals';
import { ensureRunLock, lockTakings, noteLookedAt } from '../../src/application/run-lock.ts';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { createReadOnlyWindow } from '../../src/engine/read-only-window.ts';
import { createRecorder } from '../../src/engine/recorder.ts';
import { type Step, toDo } from '../../src/engine/step.ts';
import { actForward, switchAtOnce } from '../../src/phases/act.ts';
import { actRollback } from '../../src/phases/act-rollback.ts';
import { RolesExchanged } from '../../src/phases/begin-alone.ts';
import type { Acting } from '../../src/phases/go-back.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { singleRegion } from '../../src/topologies/single-region.ts';
import { site } from '../guards/parts.ts';
import { contestedLock, otherRunSwitches } from '../steps/contested-lock.ts';
import { byProfile, type Switching } from '../steps/switching.ts';
import { entry } from '../steps/two-servers.ts';

function acting(world: Switching, context: UpgradeContext, verify?: Step): Acting {
  const topology = { ...singleRegion(context, null), guards: [] };
  return {
    context,
    topology: verify ? { ...topology, switch: [verify, ...topology.switch.slice(1)] } : topology,
    recorder: createRecorder(world.clock, { started: () => {}, progress: () => {}, ended: () => {} }),
    signal: new AbortController().signal,
    onFailure: 'rollback',
    next: null,
  };
}

const OPENED = 'blue READ_WRITE';

test.each([
  'prepare',
  'switch',
] as const)('%s, which looks for so long that the run that was at work has ended, mends nothing', async (phase) => {
  const world = byProfile({ green: { entry: entry('green', 'upgrading') } });
  let hasEnded = false;
  const appService = {
    // Resource Manager makes this one wait; the databases have been read by then.
    getSite: async () => {
      if (!hasEnded) await world.clock.sleep(60_000);
      if (!hasEnded) await otherRunSwitches(world);
      hasEnded = true;
      return site('green');
    },
  };
  const context = {
    ...world.context,
    sessions: contestedLock(world.context.sessions, 'nobody', () => {}).sessions,
    azure: { ...world.context.azure, appService },
  } as unknown as UpgradeContext;
  const ended = actForward(acting(world, context), phase).catch((error: unknown) => error);
  await world.clock.advance(10 * 60_000);
  expect(await ended).toMatchObject({ result: 'held', error: { reason: 'point-of-no-return-passed' } });
  expect(world.story).not.toContain(OPENED);
});

test.each([
  'free',
  'waited-for',
] as const)('a switch that fails after its lock was lost (%s) to a run that has moved users is held', async (how) => {
  const world = byProfile();
  const window = createReadOnlyWindow(world.clock, 30 * 60_000);
  window.open(world.clock.now());
  const lock = contestedLock(world.context.sessions, 'nobody', () => otherRunSwitches(world));
  const context = { ...world.context, sessions: lock.sessions, window };
  await ensureRunLock(context, 'production');
  noteLookedAt(context, lockTakings(context));
  const [verify] = singleRegion(context, null).switch;
  const unhealthy = {
    ...(verify as Step),
    assess: async () => toDo(),
    apply: async () => {
      if (how === 'free') await lock.loseFree();
      else lock.loseWaited();
      throw new UpgradeError('stage-unhealthy', 'V2 did not answer');
    },
  };
  const ended = switchAtOnce(acting(world, context, unhealthy));
  await world.clock.advance(10 * 60_000);
  expect(await ended).toMatchObject({
    kind: 'stopped',
    result: 'held',
    error: { reason: 'point-of-no-return-passed' },
    also: [{ reason: 'stage-unhealthy' }],
  });
  expect(world.story).not.toContain(OPENED);
});

test.each([
  ['prepare', 'success', 25],
  ['prepare', 'refused', 95],
  ['rollback', 'success', 25],
] as const)('%s after a run that was killed, with a V2 that is silent (the fence is a %s), asks once where users are', async (phase, fence, within) => {
  let openedAt = Number.POSITIVE_INFINITY;
  const world = byProfile({
    fence,
    green: { entry: entry('green', 'upgrading'), unreachable: true },
    before: (what) => {
      if (what === OPENED) openedAt = world.seconds();
    },
  });
  const { sessions } = contestedLock(world.context.sessions, 'nobody', () => {});
  const context = { ...world.context, sessions };
  const acted =
    phase === 'rollback'
      ? actRollback(acting(world, context), 'return-to-v1')
      : actForward(acting(world, context), phase);
  await world.clock.advance(10 * 60_000);
  await acted;
  expect(openedAt).toBeLessThanOrEqual(within);
});

test('rollback that had read where users were before another run moved them does not say that somebody has sent them back', async () => {
  const world = byProfile();
  await otherRunSwitches(world);
  const { sessions } = contestedLock(world.context.sessions, 'nobody', () => {});
  const ended = actRollback(acting(world, { ...world.context, sessions }), 'return-to-v1');
  await expect(ended).rejects.toBeInstanceOf(RolesExchanged);
});
