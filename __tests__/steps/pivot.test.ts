// The write that moves users: what is made sure before it, and that it is known what became of it before anybody
// may give V1 back. A write whose answer was lost may still take effect.

import { describe, expect, test } from '@jest/globals';
import { settlePivot } from '../../src/application/settle-pivot.ts';
import type { Step } from '../../src/engine/step.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { RETURN_MARKS, SWITCH_MARKS } from '../../src/steps/mark-stage.ts';
import { moveUsers } from '../../src/steps/pivot.ts';
import { switchSlots } from '../../src/steps/switch-slots.ts';
import { switchTrafficManager } from '../../src/steps/switch-traffic-manager.ts';
import { UNASKED } from '../azure/unasked.ts';
import { endpoint, minutesAfterStart, START } from '../guards/parts.ts';
import { answering, lockAnswers } from './sessions-with.ts';
import { byProfile, bySwap, type Switching } from './switching.ts';
import { entry } from './two-servers.ts';

const run = { signal: new AbortController().signal, progress: () => {} };
const LONG = 60 * 60_000;

/** What the promise came to, and after how many seconds. */
async function outcome(world: Switching, what: Promise<unknown>) {
  const ended = what.then(
    (value) => ({ value, seconds: world.seconds() }),
    (error: unknown) => ({
      reason: error instanceof UpgradeError ? error.reason : String(error),
      seconds: world.seconds(),
    }),
  );
  await world.clock.advance(LONG);
  return ended;
}

const pivot = (step: (context: Switching['context']) => Step, world: Switching) =>
  outcome(world, step(world.context).apply(run));
const profileAfter = (world: Switching) =>
  world.endpoints().map(({ name, status, priority }) => `${name} ${status} ${priority}`);

describe('by the profile', () => {
  const SWITCHED = ['blue Disabled 2', 'green Enabled 1'];
  const NOT = ['blue Enabled 1', 'green Disabled 2'];

  test('an answered write is believed once it is read back; nothing is waited for', async () => {
    const world = byProfile();
    expect(await pivot(switchTrafficManager, world)).toMatchObject({ value: expect.any(Array), seconds: 0 });
    expect(profileAfter(world)).toEqual(SWITCHED);
    expect(world.sent).toEqual(['move']);
    expect(world.green.entry?.status).toBe('switching');
  });

  test.each([
    ['at once', 0],
    ['after 5 s', 5],
    ['after 19 s, behind the fence', 19],
  ])('a lost answer of a write that takes effect %s is a switch', async (_when, after) => {
    const world = byProfile({ write: { after, answer: 'lost' } });
    expect(await pivot(switchTrafficManager, world)).toMatchObject({ value: expect.any(Array) });
    expect(profileAfter(world)).toEqual(SWITCHED);
    expect(world.green.entry?.status).toBe('switching');
  });

  test('a lost answer of a write that never takes effect is settled by a fence, and no later run has to ask', async () => {
    const world = byProfile({ write: { after: null, answer: 'lost' } });
    const { reason, seconds } = (await pivot(switchTrafficManager, world)) as Failed;
    expect(reason).toBe('switch-failed');
    expect(seconds).toBeGreaterThanOrEqual(20);
    expect(world.sent).toEqual(['move', 'as it is', 'move', 'as it is']);
    expect(profileAfter(world)).toEqual(NOT);
    expect(world.green.entry?.status).toBe('upgraded');
  });

  test.each([
    ['lost', ['move', 'as it is', 'move'], 22],
    ['refused', ['move', 'move'], 2],
  ] as const)('one %s answer is ridden out, once it is settled that nobody was moved', async (answer, sent, seconds) => {
    const world = byProfile({ write: { after: null, answer }, again: { after: 0, answer: 'success' } });
    expect(await pivot(switchTrafficManager, world)).toMatchObject({ value: expect.any(Array), seconds });
    expect(profileAfter(world)).toEqual(SWITCHED);
    expect(world.sent).toEqual(sent);
    expect(world.green.entry?.status).toBe('switching');
  });

  test('not where users would be read-only for longer than they may', async () => {
    const world = byProfile({
      write: { after: null, answer: 'lost' },
      again: { after: 0, answer: 'success' },
    });
    const seconds = world.context.config.maxReadOnlyMs / 1000;
    world.context.window.report = () => ({ from: 'long ago', to: null, seconds, spentOn: [] });
    expect(await pivot(switchTrafficManager, world)).toMatchObject({ reason: 'switch-failed' });
    expect(world.sent).toEqual(['move', 'as it is']);
    expect(world.green.entry?.status).toBe('upgraded');
  });

  test('a refusal is believed at once', async () => {
    const world = byProfile({ write: { after: null, answer: 'refused' } });
    expect(await pivot(switchTrafficManager, world)).toEqual({ reason: 'switch-failed', seconds: 2 });
    expect(world.sent).toEqual(['move', 'move']);
    expect(world.green.entry?.status).toBe('upgraded');
  });

  test('a refusal is believed also where it cannot be seen any more where users are', async () => {
    const world = byProfile({ write: { after: null, answer: 'refused' }, silent: true });
    expect(await pivot(switchTrafficManager, world)).toEqual({ reason: 'switch-failed', seconds: 2 });
    expect(world.green.entry?.status).toBe('upgraded');
  });

  test.each([
    'success',
    'not-as-written',
  ] as const)('a switch that was carried out (%s), with users back on V1 since, is held: they may have written to V2', async (answer) => {
    const world = byProfile({ write: { after: null, answer } });
    expect(await pivot(switchTrafficManager, world)).toMatchObject({ reason: 'switch-outcome-unknown' });
    expect(world.sent).toEqual(['move']); // a profile that was not read up to date, written as it is, would take users back
    expect(world.green.entry?.status).toBe('moved');
  });

  test('a profile that somebody changed meanwhile is not written, and that is told', async () => {
    const world = byProfile({ write: { after: null, answer: 'profile-changed' } });
    expect(await pivot(switchTrafficManager, world)).toEqual({ reason: 'profile-changed', seconds: 0 });
    expect(profileAfter(world)).toEqual(NOT);
    expect(world.green.entry?.status).toBe('upgraded');
  });

  test('but not where an earlier try may take effect yet: the run holds', async () => {
    const green = { entry: entry('green', 'switching') };
    const world = byProfile({ green, write: { after: null, answer: 'refused' }, silent: true });
    expect(await pivot(switchTrafficManager, world)).toMatchObject({ reason: 'switch-outcome-unknown' });
    expect(world.green.entry?.status).toBe('switching');
  });

  test('where the profile cannot be read nothing is tried, and nothing has to be found out', async () => {
    const world = byProfile({ silent: 'from-the-beginning' });
    const ended = await pivot(switchTrafficManager, world);
    expect(ended).toEqual({ reason: expect.stringContaining('no answer'), seconds: 0 });
    expect([world.sent, world.story]).toEqual([[], []]);
  });

  test('where the fence is refused as well, it is watched for longer than Azure carries a request', async () => {
    const world = byProfile({ write: { after: 70, answer: 'lost' }, fence: 'refused' });
    expect(await pivot(switchTrafficManager, world)).toMatchObject({ value: expect.any(Array), seconds: 70 });
  });

  test.each([
    ['no question is answered', { silent: true }],
    ['the fence gets lost, again and again', { fence: 'lost' }],
  ] as const)('unknown where %s: the run holds, and says in the journal that it tried', async (_what, world) => {
    const silent = byProfile({ write: { after: null, answer: 'lost' }, ...world });
    const ended = (await pivot(switchTrafficManager, silent)) as Failed;
    expect(ended.reason).toBe('switch-outcome-unknown');
    expect(ended.seconds).toBeLessThan(5 * 60);
    expect(silent.green.entry?.status).toBe('switching');
  });

  test.each([
    [
      'V2 is Enabled already, behind V1',
      endpoint('blue'),
      endpoint('green', { status: 'Enabled' }),
      SWITCHED,
    ],
    [
      'V2 has the lower priority already',
      endpoint('blue', { priority: 7 }),
      endpoint('green', { priority: 3 }),
      ['blue Disabled 7', 'green Enabled 3'],
    ],
    [
      'no priority was ever given',
      endpoint('blue', { priority: null }),
      endpoint('green', { priority: null }),
      SWITCHED,
    ],
  ])('V2 online and first, V1 offline and behind, also where %s', async (_where, blue, green, after) => {
    const world = byProfile({ endpoints: [blue, green] });
    expect(await switchTrafficManager(world.context).assess(run)).toMatchObject({ kind: 'to-do' });
    await pivot(switchTrafficManager, world);
    expect(profileAfter(world)).toEqual(after);
    expect(await switchTrafficManager(world.context).assess(run)).toMatchObject({ kind: 'done' });
  });
});

interface Failed {
  readonly reason: string;
  readonly seconds: number;
}

describe('by a swap of slots', () => {
  test('a swap that Azure carries on after the answer got lost is waited for', async () => {
    const world = bySwap({ write: { after: 60, answer: 'lost' }, inProgress: 60 });
    expect(await pivot(switchSlots, world)).toMatchObject({ value: expect.any(Array), seconds: 60 });
  });

  test('settings that name V2 already do not count while Azure is at it', async () => {
    const world = bySwap({ write: { after: 10, answer: 'lost' }, inProgress: 60 });
    expect(await pivot(switchSlots, world)).toMatchObject({ value: expect.any(Array), seconds: 60 });
  });

  test('a swap that ends without effect is a failure, once nothing is in progress', async () => {
    const world = bySwap({ write: { after: null, answer: 'lost' }, inProgress: 60 });
    const ended = (await pivot(switchSlots, world)) as Failed;
    expect(ended.reason).toBe('switch-failed');
    expect(ended.seconds).toBeGreaterThanOrEqual(80);
    expect(world.green.entry?.status).toBe('upgraded');
  });

  test('a swap that was never sent is a failure after a while without any sign of it', async () => {
    const world = bySwap({ write: { after: null, answer: 'lost' } });
    expect(await pivot(switchSlots, world)).toMatchObject({ reason: 'switch-failed' });
    expect(world.sent).toEqual(['move']);
  });

  test.each([
    ['that goes on for ever', 24 * 3600, { reason: 'switch-outcome-unknown' }, 19 * 60],
    ['that nothing shows', 0, { reason: 'switch-outcome-unknown' }, 19 * 60],
    ['that ends after 16 minutes, without effect,', 16 * 60, { reason: 'switch-failed' }, 16 * 60 + 20],
    ['that has taken effect', 0, { value: expect.any(Array) }, 15 * 60],
  ])('an operation of Azure %s is not waited for without end', async (what, inProgress, ends, within) => {
    const isDone = what === 'that has taken effect';
    const world = bySwap({ inProgress, write: { after: isDone ? 0 : null, answer: 'success' } });
    const { appService } = world.context.azure;
    const { swapWithProduction } = appService;
    const neverAnswered: typeof swapWithProduction = async (...args) => {
      await swapWithProduction(...args);
      return new Promise<never>(() => {});
    };
    Object.assign(world.context.azure, { appService: { ...appService, swapWithProduction: neverAnswered } });
    const ended = await pivot(switchSlots, world);
    expect(ended).toMatchObject(ends);
    expect(ended.seconds).toBe(within);
  });

  test('one that does not end is unknown: the run holds', async () => {
    const world = bySwap({ write: { after: null, answer: 'lost' }, inProgress: 3600 });
    expect(await pivot(switchSlots, world)).toMatchObject({ reason: 'switch-outcome-unknown' });
    expect(world.green.entry?.status).toBe('switching');
  });

  test('refused, and not seen whether somebody else is swapping: the run holds', async () => {
    const world = bySwap({ write: { after: null, answer: 'refused' }, silent: true });
    expect(await pivot(switchSlots, world)).toMatchObject({ reason: 'switch-outcome-unknown' });
  });

  test('refused because somebody else is swapping: it is waited where that leads', async () => {
    const world = bySwap({ write: { after: 30, answer: 'refused' }, inProgress: 30 });
    expect(await pivot(switchSlots, world)).toMatchObject({ value: expect.any(Array), seconds: 30 });
  });

  test('refused, and somebody else’s swap comes before it is sent again: users are not swapped back', async () => {
    const world = bySwap({ write: { after: 1, answer: 'refused' } });
    expect(await pivot(switchSlots, world)).toMatchObject({ value: expect.any(Array) });
    expect(world.sent).toEqual(['move']);
  });

  test('the lock was lost, and another run has swapped meanwhile: users are not swapped back', async () => {
    const world = bySwap({ connected: 'green' });
    const sessions = answering(world.context.sessions, lockAnswers(0));
    const context = { ...world.context, sessions };
    expect(await pivot(switchSlots, { ...world, context })).toMatchObject({ value: expect.any(Array) });
    expect(world.sent).toEqual([]);
  });
});

describe.each([
  ['the profile', byProfile, switchTrafficManager],
  ['a swap', bySwap, switchSlots],
] as const)('nothing is sent by %s', (_method, make, step) => {
  test('where production takes writes again', async () => {
    const world = make({ blue: { readOnly: false, entry: entry('blue', 'freezing') } });
    expect(await pivot(step, world)).toMatchObject({ reason: 'drain-failed' });
    expect([world.sent, world.green.entry?.status]).toEqual([[], 'upgraded']);
  });

  test('where production was written since the freeze', async () => {
    const world = make();
    const sessions = answering(world.context.sessions, (text) =>
      text.includes('dm_db_index_usage_stats')
        ? [{ last_write: minutesAfterStart(60), server_time: minutesAfterStart(60) }]
        : null,
    );
    const context = { ...world.context, sessions };
    expect(await pivot(step, { ...world, context })).toMatchObject({ reason: 'production-frozen-elsewhere' });
    expect(world.sent).toEqual([]);
  });

  test.each(['blue', 'green'])('where the lock on %s is another run’s', async (color) => {
    const world = make();
    const sessions = answering(world.context.sessions, (text, target) =>
      target.host.includes(color) ? lockAnswers(-1)(text, target) : null,
    );
    const context = { ...world.context, sessions };
    expect(await pivot(step, { ...world, context })).toMatchObject({ reason: 'locked-by-another-run' });
    expect(world.sent).toEqual([]);
  });
});

test.each([
  ['to V2', SWITCH_MARKS],
  ['back to V1', RETURN_MARKS],
])('nothing is sent %s where that database was deleted while the rest was looked at', async (_, marks) => {
  const world = byProfile();
  let sent = 0;
  const prepare = async () => {
    await world.clock.sleep(1_000); // by then the locks were asked for
    Object.assign(world.green, { exists: false, unreachable: true });
    return async () => void sent++;
  };
  const moved = await outcome(world, moveUsers(world.context, marks, run, prepare));
  expect(moved).toMatchObject({ reason: expect.stringContaining('green cannot be reached') });
  expect(sent).toBe(0);
});

describe('before anything is given back', () => {
  const justTried = { entry: entry('green', 'switching', { at: minutesAfterStart(60).toISOString() }) };
  const longAgo = { entry: entry('green', 'switching', { at: new Date(START).toISOString() }) };

  test('a switch that was not tried is not waited for', async () => {
    const world = byProfile();
    expect(await outcome(world, settlePivot(world.context))).toEqual({ value: 'production', seconds: 0 });
    expect(world.sent).toEqual([]);
  });

  test('a profile that was tried is fenced', async () => {
    const world = byProfile({ green: justTried });
    const { value, seconds } = (await outcome(world, settlePivot(world.context))) as Settled;
    expect([value, world.sent]).toEqual(['production', ['as it is']]);
    expect(seconds).toBeGreaterThanOrEqual(20);
  });

  test('a swap that a killed run left under way is waited for', async () => {
    const world = bySwap({ green: justTried, write: { after: 45, answer: 'success' }, inProgress: 45 });
    await world.context.azure.appService.swapWithProduction(
      world.context.production.site,
      'staging',
      () => {},
      run.signal,
      UNASKED,
    );
    expect(await outcome(world, settlePivot(world.context))).toEqual({ value: 'stage', seconds: 45 });
  });

  test('of a try that is long over nothing comes any more', async () => {
    const world = byProfile({ green: longAgo });
    expect(await outcome(world, settlePivot(world.context))).toEqual({ value: 'production', seconds: 0 });
    expect(world.sent).toEqual([]);
  });

  test('a stage whose journal cannot be read may say anything', async () => {
    const world = byProfile({ green: { unreachable: true } });
    await outcome(world, settlePivot(world.context));
    expect(world.sent).toEqual(['as it is']);
  });

  test('a second try is as young as it is, not as the first one', async () => {
    const world = byProfile({ green: longAgo, write: { after: null, answer: 'lost' }, silent: true });
    await pivot(switchTrafficManager, world);
    expect(Date.parse(world.green.entry?.at ?? '')).toBeGreaterThanOrEqual(minutesAfterStart(60).getTime());
  });
});

interface Settled {
  readonly value: unknown;
  readonly seconds: number;
}
