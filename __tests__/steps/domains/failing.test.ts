// What holds a walk up, and what follows from it.
import { describe, expect, test } from '@jest/globals';
import { AzureError } from '../../../src/azure/errors.ts';
import type { Minimum } from '../../../src/config/service-config.ts';
import { followsFrom } from '../../../src/steps/domains/what-follows.ts';
import type { Behaviour } from './fake-machine.ts';
import {
  back,
  begin,
  contextOf,
  errorOf,
  forward,
  goOn,
  MINUTE,
  prepare,
  role,
  type Scene,
  scene,
  upgrade,
} from './rolling.ts';

const TWO_OF_THREE: Minimum = { kind: 'percent', percent: 66 };

/** These instances, once they run the new version. */
function behaves(at: Scene, keys: readonly string[], behaviour: Behaviour): void {
  at.service.behaviourOf = (key, version) => (version === '2.0.0' && keys.includes(key) ? behaviour : 'good');
}

const walkedBy = (at: Scene) => at.service.walks.map(({ domain }) => domain);

describe('a domain that does not become healthy', () => {
  test('stops the walk: the next one is not touched, and the error says what users have', async () => {
    const at = scene();
    behaves(at, ['web/6'], 'unhealthy');
    const outcome = await upgrade(at);
    const error = errorOf(outcome);
    expect(walkedBy(at)).toEqual([0, 1]);
    expect(error.message).toMatch(/Domain 1 was updated.*web\/6/s);
    expect(error.message).toContain('users are served by both versions');
    expect(error.advice.join('\n')).toContain(
      'az vmss get-instance-view --resource-group contoso --name contoso-web --instance-id 6',
    );
  });

  test('counts with the minimum of its role: one of three may be missing', async () => {
    const at = scene({ roles: [role('web', 14, 5, TWO_OF_THREE)] });
    behaves(at, ['web/6'], 'unhealthy');
    expect((await upgrade(at)).kind).toBe('completed');
  });

  test('counts once it was good, too: one that breaks later stops the walk at the domain that is walked then', async () => {
    const at = scene({ roles: [role('web', 40, 20)] });
    behaves(at, ['web/0'], 'breaks');
    const error = errorOf(await upgrade(at));
    expect(error.reason).toBe('update-failed');
    expect(error.message).toMatch(/web\/0: it was healthy, and broke/);
    expect(walkedBy(at).length).toBeGreaterThan(2);
    expect(walkedBy(at).length).toBeLessThan(20);
  });

  test('fails at once where Azure says that an instance could not be provisioned', async () => {
    const at = scene();
    behaves(at, ['web/0'], 'fails');
    const began = at.clock.now();
    const error = errorOf(await upgrade(at));
    expect(error.reason).toBe('update-failed');
    expect(at.clock.now() - began).toBeLessThan(4 * MINUTE);
    expect(followsFrom(contextOf(at).config, error)).toBe('rollback');
  });
});

describe('a stuck update', () => {
  test.each([
    ['rollback', 'rollback'],
    ['supersede', 'hold'],
    ['hold', 'hold'],
  ] as const)('with on-stuck: %s ends in %s', async (onStuck, follows) => {
    const at = scene({ walk: { onStuck } });
    behaves(at, ['web/0', 'web/5'], 'unhealthy');
    const error = errorOf(await upgrade(at));
    expect(error.reason).toBe('update-stuck');
    expect(error.message).toMatch(/Domain 0 .*web\/0 and web\/5: it tells that it is unhealthy/);
    expect(followsFrom(contextOf(at).config, error)).toBe(follows);
  });

  test('is not one as long as instances have their time to start', async () => {
    const at = scene({ walk: { stuckAfterMs: MINUTE, startTimeoutMs: 30 * MINUTE } });
    behaves(at, ['web/0'], 'never-starts');
    const began = at.clock.now();
    const error = errorOf(await upgrade(at));
    expect(error.reason).toBe('instance-start-timeout');
    expect(at.clock.now() - began).toBeGreaterThanOrEqual(30 * MINUTE);
  });

  test('is superseded by a fresh update over it: what is down first, and the version before stays the same', async () => {
    const at = scene({ walk: { onStuck: 'supersede' } });
    behaves(at, ['web/1', 'web/6', 'web/11'], 'unhealthy');
    errorOf(await upgrade(at));
    at.service.wanted = '2.0.1';
    const outcome = await goOn(at);
    expect(outcome.kind).toBe('completed');
    expect(walkedBy(at)).toEqual([0, 1, 1, 0, 2, 3, 4]);
    expect(new Set(Object.values(at.service.versions()))).toEqual(new Set(['2.0.1']));
  });

  test('superseded one domain a run: the last domain that was stuck is not the last of the fresh update', async () => {
    const at = scene({ walk: { onStuck: 'supersede' } });
    behaves(at, ['web/4'], 'unhealthy');
    errorOf(await upgrade(at));
    at.service.wanted = '2.0.1';
    expect((await goOn(at, 'next')).kind).toBe('completed');
    expect([at.service.walks.at(-1)?.domain, at.service.record === null]).toEqual([4, false]);
    expect((await goOn(at)).kind).toBe('completed');
    expect(new Set(Object.values(at.service.versions()))).toEqual(new Set(['2.0.1']));
  });

  test('is not superseded by who does not ask for it', async () => {
    const at = scene({ walk: { onStuck: 'hold' } });
    behaves(at, ['web/1'], 'unhealthy');
    errorOf(await upgrade(at));
    at.service.wanted = '2.0.1';
    const writes = at.service.writes.length;
    const outcome = await prepare(at);
    expect(errorOf(outcome).reason).toBe('update-in-progress');
    expect(at.service.writes).toHaveLength(writes);
  });
});

describe('an instance that does not start in its time', () => {
  test.each([
    ['rollback', 'rollback'],
    ['fail', 'hold'],
  ] as const)('with on-start-timeout: %s ends in %s', async (onStartTimeout, follows) => {
    const at = scene({ roles: [role('web', 14, 5, TWO_OF_THREE)], walk: { onStartTimeout } });
    behaves(at, ['web/1'], 'never-starts');
    const error = errorOf(await upgrade(at));
    expect(error.reason).toBe('instance-start-timeout');
    expect(error.message).toMatch(/Domain 1 .*1 instance \(web\/1\) had not started after 30 min/);
    expect(followsFrom(contextOf(at).config, error)).toBe(follows);
    expect(walkedBy(at)).toEqual([0, 1]);
  });

  test('with continue the walk goes on with the next, where the minimum allows it', async () => {
    const at = scene({ roles: [role('web', 14, 5, TWO_OF_THREE)], walk: { onStartTimeout: 'continue' } });
    behaves(at, ['web/1'], 'never-starts');
    await upgrade(at);
    expect(walkedBy(at)).toEqual([0, 1, 2, 3, 4]);
    const [, second, third] = at.service.walks;
    expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThanOrEqual(30 * MINUTE);
  });

  test('with continue the minimum still holds', async () => {
    const at = scene({ walk: { onStartTimeout: 'continue' } });
    behaves(at, ['web/1'], 'never-starts');
    const error = errorOf(await upgrade(at));
    expect(error.reason).toBe('update-failed');
    expect(walkedBy(at)).toEqual([0, 1]);
  });
});

describe('a look that Azure does not answer', () => {
  /** From the so-manieth look after the first walk on. Tells whether there were so many. */
  function unanswered(at: Scene, looks: number, status: number, forMs = 1): () => boolean {
    let left = looks;
    let from = Number.POSITIVE_INFINITY;
    at.service.onCall = (call) => {
      if (call !== 'look' || at.service.walks.length === 0) return;
      if (--left < 0) from = Math.min(from, at.clock.now());
      if (left < 0 && at.clock.now() - from < forMs) {
        throw new AzureError('no', { status, code: null, correlationId: null, outcomeUnknown: false });
      }
    };
    return () => left < 0;
  }

  test('takes no update back, whenever that is', async () => {
    for (let looks = 0; ; looks += 3) {
      const at = scene({ roles: [role('web', 4, 2)] });
      const hasFailed = unanswered(at, looks, 503);
      const outcome = await upgrade(at);
      if (!hasFailed()) break;
      // Giving automation back comes after the update, and can be done again.
      if (outcome.kind === 'failed' && outcome.step.id === 'finish-update') continue;
      expect([looks, outcome.kind]).toEqual([looks, 'completed']);
    }
  });

  test('holds no way back up either', async () => {
    for (let looks = 0, hasFailed = () => true; hasFailed(); looks++) {
      const at = scene({ roles: [role('web', 4, 2)] });
      behaves(at, ['web/1'], 'fails');
      const { plan, ...outcome } = await upgrade(at);
      errorOf(outcome);
      hasFailed = unanswered(at, looks, 503);
      expect([looks, (await back(at, plan.whole)).kind]).toEqual([looks, 'rolled-back']);
      expect(new Set(Object.values(at.service.versions()))).toEqual(new Set(['1.0.0']));
    }
  });

  test('for longer than health may take, or for want of a right, ends it', async () => {
    const [long, forbidden] = [scene(), scene()];
    unanswered(long, 0, 503, 20 * MINUTE);
    expect(await upgrade(long)).toMatchObject({ kind: 'failed', error: { status: 503 } });
    const began = forbidden.clock.now();
    unanswered(forbidden, 12, 403, 60 * MINUTE);
    expect(await upgrade(forbidden)).toMatchObject({ kind: 'failed', error: { status: 403 } });
    expect(forbidden.clock.now() - began).toBeLessThan(30 * MINUTE);
  });
});

test('a cancelled run stops, and leaves Azure to finish what it has begun', async () => {
  const at = scene();
  await prepare(at);
  const cancelled = new AbortController();
  at.service.onCall = (call) => {
    if (call === 'look' && at.service.walks.length === 2) cancelled.abort(new Error('cancelled'));
  };
  const { context, plan } = await begin(at);
  const outcome = await forward(at, plan.upgrade, cancelled.signal);
  expect(outcome).toMatchObject({ kind: 'failed', error: new Error('cancelled') });
  expect(context.history.walks.map((walk) => walk.outcome)).toEqual(['good', 'cut-off']);
  expect(walkedBy(at)).toEqual([0, 1]);
});
