import { beforeEach, describe, expect, test } from '@jest/globals';
import { createComputeFabric } from '../../../local-azure/compute/create-fabric.ts';
import type { ComputeFabric, InstanceModel } from '../../../local-azure/compute/fabric.ts';
import { StartTimedOut, Superseded } from '../../../local-azure/compute/fabric.ts';
import { nextDomain } from '../../../local-azure/compute/spread.ts';
import { createLatency } from '../../../local-azure/latency.ts';
import { type ManualClock, manualClock } from './support/manual-clock.ts';

const ROLE = 'web';
const MINUTE = 60_000;

function model(version: string, healthMonitored = true): InstanceModel {
  return { version, sku: 'Standard_D2s_v5', extensions: {}, settings: {}, healthMonitored };
}

describe('instances at the pace of Azure', () => {
  let clock: ManualClock;
  let fabric: ComputeFabric;
  const state = (id: string) => fabric.instance(ROLE, id)?.state;
  const health = (id: string) => fabric.instance(ROLE, id)?.health;
  const outcome = (work: Promise<void>) =>
    work.then(
      () => 'done',
      (error: unknown) => error,
    );

  beforeEach(() => {
    clock = manualClock();
    fabric = createComputeFabric({ clock, latency: createLatency('typical', 1) });
    for (const id of ['0', '1'])
      fabric.add(
        ROLE,
        { id, name: `web_${id}`, updateDomain: Number(id), faultDomain: 0, zone: null },
        model('1.0.0'),
      );
  });

  test('an update takes the instance out of service until it has started; the others answer meanwhile', async () => {
    const update = fabric.update(ROLE, '0', model('2.0.0'));
    const seen: string[] = [];
    for (let second = 0; second < 60; second++) {
      await clock.pass(1000);
      const answer = fabric.request(ROLE);
      seen.push(answer.kind === 'answered' ? answer.instance.id : 'refused');
    }
    await update;
    expect(seen.slice(0, 59)).toEqual(Array.from({ length: 59 }, () => '1'));
    expect(fabric.instance(ROLE, '0')).toMatchObject({ state: 'running', model: { version: '2.0.0' } });
    expect(fabric.counts(ROLE)).toEqual({ answered: 60, refused: 0 });
  });

  test('requests go round the instances in service, and are refused where there is none', async () => {
    const ids = Array.from({ length: 4 }, () => {
      const answer = fabric.request(ROLE);
      return answer.kind === 'answered' ? answer.instance.id : 'refused';
    });
    expect(new Set(ids)).toEqual(new Set(['0', '1']));
    const stops = [fabric.stop(ROLE, '0'), fabric.stop(ROLE, '1')];
    expect(fabric.request(ROLE)).toEqual({ kind: 'refused' });
    await clock.pass(MINUTE);
    await Promise.all(stops);
    expect(fabric.counts(ROLE)).toEqual({ answered: 4, refused: 1 });
  });

  test('health still shows the old value, with its old time, for a moment after an update', async () => {
    fabric.setVersionBehaviour('2.0.0', { unhealthyAfterMs: 0 });
    const before = fabric.instance(ROLE, '0')?.healthAt;
    const update = fabric.update(ROLE, '0', model('2.0.0'));
    await clock.pass(MINUTE);
    await update;
    expect(fabric.instance(ROLE, '0')).toMatchObject({
      health: 'healthy',
      healthAt: before,
      inService: false,
    });
    await clock.pass(5000);
    expect(health('0')).toBe('unhealthy');
  });

  test('an instance that becomes unhealthy after a while was healthy first', async () => {
    fabric.setVersionBehaviour('3.0.0', { unhealthyAfterMs: 2 * MINUTE });
    const update = fabric.update(ROLE, '0', model('3.0.0'));
    await clock.pass(MINUTE + 10_000);
    await update;
    expect(fabric.instance(ROLE, '0')).toMatchObject({ health: 'healthy', inService: true });
    await clock.pass(2 * MINUTE);
    expect(fabric.instance(ROLE, '0')).toMatchObject({ health: 'unhealthy', inService: false });
  });

  test('initializing is reported, and no request taken, until it is over', async () => {
    fabric.setInstanceBehaviour(ROLE, '1', { initializingMs: 30_000 });
    const restart = fabric.restart(ROLE, '1');
    await clock.pass(30_000);
    await restart;
    expect(fabric.instance(ROLE, '1')).toMatchObject({ health: 'initializing', inService: false });
    await clock.pass(30_000);
    expect(fabric.instance(ROLE, '1')).toMatchObject({ health: 'healthy', inService: true });
  });

  test('a start that never ends: unknown, given up after forty minutes, and mended by another version', async () => {
    fabric.setVersionBehaviour('4.0.0', { neverStarts: true });
    const update = outcome(fabric.update(ROLE, '0', model('4.0.0')));
    await clock.pass(2 * MINUTE);
    expect([state('0'), health('0')]).toEqual(['starting', 'unknown']);
    await clock.pass(40 * MINUTE);
    expect(await update).toBeInstanceOf(StartTimedOut);
    expect(state('0')).toBe('starting');
    const back = fabric.update(ROLE, '0', model('1.0.0'));
    await clock.pass(2 * MINUTE);
    await back;
    expect([state('0'), health('0')]).toEqual(['running', 'healthy']);
  });

  test('an instance may break with one version and work with the one before', async () => {
    fabric.setInstanceBehaviour(ROLE, '0', { unhealthyAfterMs: 0 }, '3.0.0');
    for (const [version, expected] of [
      ['3.0.0', 'unhealthy'],
      ['1.0.0', 'healthy'],
    ] as const) {
      const update = fabric.update(ROLE, '0', model(version));
      await clock.pass(2 * MINUTE);
      await update;
      expect(fabric.instance(ROLE, '0')).toMatchObject({
        health: expected,
        inService: expected === 'healthy',
      });
    }
  });

  test('a later update takes over from one that hangs', async () => {
    fabric.setVersionBehaviour('4.0.0', { neverStarts: true });
    const hanging = outcome(fabric.update(ROLE, '0', model('4.0.0')));
    await clock.pass(5 * MINUTE);
    const back = fabric.update(ROLE, '0', model('1.0.0'));
    await clock.pass(2 * MINUTE);
    expect(await hanging).toBeInstanceOf(Superseded);
    await back;
    expect(fabric.instance(ROLE, '0')?.model.version).toBe('1.0.0');
  });

  test('what nobody monitors has no health', async () => {
    fabric.add(
      'silent',
      { id: '0', name: 'silent_0', updateDomain: null, faultDomain: 0, zone: null },
      model('1.0.0', false),
    );
    expect(fabric.instance('silent', '0')).toMatchObject({ health: 'none', healthAt: null, inService: true });
    const update = fabric.update(ROLE, '0', model('2.0.0', false));
    await clock.pass(2 * MINUTE);
    await update;
    expect(health('0')).toBe('none');
  });
});

test.each([
  [14, 5, [3, 3, 3, 3, 2]],
  [8, 2, [4, 4]],
  [9, 2, [5, 4]],
  [10, 5, [2, 2, 2, 2, 2]],
])('%i instances over %i domains', (instances, domains, sizes) => {
  const taken: number[] = [];
  for (let at = 0; at < instances; at++) taken.push(nextDomain(taken, domains));
  expect(sizes.map((_, domain) => taken.filter((each) => each === domain).length)).toEqual(sizes);
});
