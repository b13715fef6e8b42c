// A change that goes by a swap: the service that users are not on is updated, then the addresses are exchanged.
import { describe, expect, test } from '@jest/globals';
import { AzureError } from '../../../src/azure/errors.ts';
import type { Phase } from '../../../src/engine/report.ts';
import { INSTANCES, run, running, type World, world } from './fake-service.ts';

const OLD = `1.0.0 × ${INSTANCES}`;
const NEW = `2.0.0 × ${INSTANCES}`;
const bySwap = (one: World, ...phases: Phase[]) => run(one, { phases, method: 'swap' });

/** Users are on the other one, and this one has the new version. */
async function staged(): Promise<World> {
  const one = world({ usersOn: 'other' });
  await bySwap(one, 'prepare', 'upgrade');
  one.calls.length = 0;
  return one;
}

describe('a staged update', () => {
  test('waits for its switch; automation is on again, and the way back stays written down', async () => {
    const one = world({ usersOn: 'other' });
    const { report } = await bySwap(one, 'prepare', 'upgrade');
    expect(report).toMatchObject({ result: 'succeeded', state: 'upgraded' });
    expect(running(one)).toBe(NEW);
    expect(one).toMatchObject({ lease: null, automation: 'on', usersOn: 'other' });
    expect(one.record).not.toBeNull();
    expect(report.verdict.next[0]).toBe('To move users to the new version: phase: switch.');
  });

  test('is switched, and cleaned up', async () => {
    const one = await staged();
    const switched = await bySwap(one, 'switch');
    expect(switched.report).toMatchObject({ result: 'succeeded', state: 'switched' });
    expect(one.usersOn).toBe('this');
    expect(switched.report.service?.rollbackAllowed).toEqual({
      allowed: false,
      refusals: ['Users were moved by a swap. Phase rollback swaps the addresses back.'],
    });
    const cleaned = await bySwap(one, 'cleanup');
    expect(cleaned.report.result).toBe('succeeded');
    expect(one).toMatchObject({ record: null, lease: null, usersOn: 'this' });
  });

  test('the same in one run', async () => {
    const one = world({ usersOn: 'other' });
    const { report } = await bySwap(one, 'prepare', 'upgrade', 'switch');
    expect(report).toMatchObject({ result: 'succeeded', state: 'switched' });
  });

  test('switched twice, users are not sent back', async () => {
    const one = await staged();
    await bySwap(one, 'switch');
    const { report } = await bySwap(one, 'switch');
    expect(report).toMatchObject({ state: 'switched' });
    expect(one.usersOn).toBe('this');
    expect(one.calls.filter((call) => call === 'swap')).toHaveLength(1);
  });

  test('is never switched before every instance has the new version', async () => {
    const one = world({ usersOn: 'other' });
    for (const phase of ['prepare', 'switch'] as const) await bySwap(one, phase);
    const { report } = await bySwap(one, 'switch');
    expect(report).toMatchObject({
      result: 'refused',
      reasonCode: 'phase-not-applicable',
      state: 'prepared',
    });
    expect(one.calls).not.toContain('swap');
  });

  test('a switch that Azure refuses leaves users where they are, and nothing is undone by itself', async () => {
    const one = await staged();
    const details = { status: 409, code: 'Conflict', correlationId: null, outcomeUnknown: false };
    one.failing.set('swap', new AzureError('Another operation is under way.', details));
    const { report } = await bySwap(one, 'switch');
    expect(report).toMatchObject({ result: 'held', reasonCode: 'swap-failed', state: 'upgraded' });
    expect(one).toMatchObject({ usersOn: 'other', lease: null });
    expect(running(one)).toBe(NEW);
  });
});

describe('the way back of a staged update', () => {
  test('after the switch swaps the addresses back, and touches no instance', async () => {
    const one = await staged();
    await bySwap(one, 'switch');
    const { report } = await bySwap(one, 'rollback');
    expect(report).toMatchObject({ result: 'succeeded', state: 'upgraded' });
    expect(one).toMatchObject({ usersOn: 'other', lease: null });
    expect(one.calls.filter((call) => call.startsWith('walk'))).toEqual([]);
    expect(running(one)).toBe(NEW);
  });

  test('before the switch, or once more after it, gives the update up', async () => {
    const one = await staged();
    const { report } = await bySwap(one, 'rollback');
    expect(report).toMatchObject({ result: 'succeeded', state: 'not-prepared' });
    expect(running(one)).toBe(OLD);
    expect(one).toMatchObject({ usersOn: 'other', lease: null, record: null });
  });

  test('of one that breaks while it is walked is taken by the run itself', async () => {
    const one = world({ usersOn: 'other', broken: new Set(['2.0.0']) });
    const { report } = await bySwap(one, 'prepare', 'upgrade', 'switch');
    expect(report).toMatchObject({ result: 'rolled-back', state: 'not-prepared' });
    expect(one.usersOn).toBe('other');
    expect(running(one)).toBe(OLD);
  });
});

test('in place there is nothing to switch and nothing to clean up', async () => {
  const one = world();
  const { report } = await run(one, { phases: ['prepare', 'upgrade', 'switch', 'cleanup'] });
  expect(report).toMatchObject({ result: 'succeeded', state: 'updated' });
  const again = await run(one, { phases: ['switch', 'cleanup'] });
  expect(again.report.result).toBe('nothing-to-do');
  expect(again.report.verdict.headline).toContain('needs no switch');
});

describe('what is shown', () => {
  test('names the service it is of, wherever users are, and what rollback does', async () => {
    const one = await staged();
    const waiting = await bySwap(one, 'status');
    expect(waiting.report.service?.progress).toMatch(/every instance runs the new version/);
    expect(waiting.report.service?.rollbackAllowed.refusals.join()).toContain('Phase rollback gives that up');
    await bySwap(one, 'switch');
    const switched = await bySwap(one, 'status');
    expect(switched.report.service?.rollbackAllowed.refusals.join()).toContain('swaps the addresses back');
  });
});
