// The way back: the model first, then the domains in reverse order, and only what was updated.
import { describe, expect, test } from '@jest/globals';
import { AzureError } from '../../../src/azure/errors.ts';
import { observeService } from '../../../src/service/observe-service.ts';
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

const allOn = (at: Scene, version: string) =>
  expect(new Set(Object.values(at.service.versions()))).toEqual(new Set([version]));

/** These break with the new version. */
function breaks(at: Scene, ...keys: string[]): void {
  at.service.behaviourOf = (key, version) =>
    version === '2.0.0' && keys.includes(key) ? 'unhealthy' : 'good';
}

async function stateOf(at: Scene) {
  return (await observeService(contextOf(at))).state;
}

describe('the way back of a run that has failed in domain 2', () => {
  test('puts the model back first, and takes domains 2, 1 and 0 back; 3 and 4 are left alone', async () => {
    const at = scene();
    breaks(at, 'web/2');
    const { plan, ...outcome } = await upgrade(at);
    errorOf(outcome);
    const before = at.service.writes.length;
    expect((await back(at, plan.whole)).kind).toBe('rolled-back');
    const writes = at.service.writes.slice(before).filter((write) => write !== 'keep');
    expect(writes).toEqual(['model 1.0.0', 'walk 2', 'walk 1', 'walk 0', 'give back']);
    allOn(at, '1.0.0');
    expect(at.service.machines.filter(({ update }) => update === null).map(({ key }) => key)).toEqual(
      [3, 4, 8, 9, 13].map((id) => `web/${id}`),
    );
    expect([at.service.record, at.service.isAutoscaleOn]).toEqual([null, true]);
    expect(await stateOf(at)).toBe('not-prepared');
  });

  test('waits for the health of each domain before the next one', async () => {
    const at = scene();
    breaks(at, 'web/2');
    const { plan } = await upgrade(at);
    await back(at, plan.whole);
    const times = at.service.walks.slice(3).map((walk) => walk.at);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(100_000);
  });

  test('takes back only the instances of a domain that have the new version', async () => {
    const at = scene();
    await prepare(at);
    const [web] = at.service.roles;
    const { context, plan } = await begin(at);
    // Written, and one instance of domain 0 was updated by hand.
    await forward(at, plan.upgrade.slice(0, 2));
    const first = web?.machines[0];
    if (first) first.version = '2.0.0';
    await back(at, plan.whole);
    expect(at.service.walks.map(({ keys }) => keys)).toEqual([['web/0']]);
    expect(context.history.walks).toMatchObject([{ domain: 0, direction: 'back', outcome: 'good' }]);
  });

  test('is told as it goes', async () => {
    const at = scene();
    breaks(at, 'web/2');
    const { plan } = await upgrade(at);
    await back(at, plan.whole);
    expect(at.lines.some((line) => /^domain 2 of 5, on the way back: /.test(line))).toBe(true);
  });
});

test('of the last domain, too: the update was not finished', async () => {
  const at = scene();
  breaks(at, 'web/4');
  const { plan, ...outcome } = await upgrade(at);
  errorOf(outcome);
  expect((await back(at, plan.whole)).kind).toBe('rolled-back');
  expect(at.service.walks.slice(5).map(({ domain }) => domain)).toEqual([4, 3, 2, 1, 0]);
  allOn(at, '1.0.0');
});

test('what is only prepared is taken off the record, and no instance is touched', async () => {
  const at = scene();
  await prepare(at);
  const { plan } = await begin(at);
  expect((await back(at, plan.whole)).kind).toBe('rolled-back');
  expect([at.service.record, at.service.walks]).toEqual([null, []]);
  expect(at.service.writes.some((write) => write.startsWith('model'))).toBe(false);
});

test('a finished update is not undone: nothing says what was before', async () => {
  const at = scene();
  const { plan } = await upgrade(at);
  const walks = at.service.walks.length;
  expect(await back(at, plan.whole)).toMatchObject({ kind: 'rolled-back', changed: false });
  expect(at.service.walks).toHaveLength(walks);
});

test('gone on with by the next run, it waits for the domain that the run before has taken back last', async () => {
  const at = scene();
  breaks(at, 'web/2');
  const { plan } = await upgrade(at);
  // Killed when the platform is done with domain 2, and nobody has seen its health.
  at.service.behaviourOf = (key, version) =>
    version === '1.0.0' && key === 'web/2' ? 'unhealthy' : version === '2.0.0' ? 'unhealthy' : 'good';
  const killed = new Error('killed');
  at.service.onCall = () => {
    if (at.service.walks.at(-1)?.to === '1.0.0' && at.service.versions()['web/2'] === '1.0.0') throw killed;
  };
  await back(at, plan.whole);
  at.service.onCall = () => {};
  expect(at.service.walks.slice(3).map(({ domain }) => domain)).toEqual([2]);
  const next = await begin(at, null, 'run-2');
  await at.clock.advance(60 * MINUTE);
  expect((await back(at, next.plan.whole)).kind).toBe('failed');
  expect(at.service.walks.slice(3).map(({ domain }) => domain)).toEqual([2]);
});

test('a domain that does not come back stops it: no other one is taken down', async () => {
  const at = scene();
  at.service.behaviourOf = (key, version) =>
    (version === '2.0.0' && key === 'web/2') || (version === '1.0.0' && key === 'web/7')
      ? 'unhealthy'
      : 'good';
  const { plan } = await upgrade(at);
  const outcome = await back(at, plan.whole);
  expect(outcome.kind).toBe('failed');
  expect(at.service.walks.slice(3).map(({ domain }) => domain)).toEqual([2]);
  expect(outcome).toMatchObject({
    errors: [{ reason: 'update-stuck' }, { reason: 'update-stuck' }, { reason: 'update-stuck' }],
  });
  expect(at.service.record).not.toBeNull();
});

test('domains that are broken by the new version do not hold it up', async () => {
  const at = scene({ walk: { onStuck: 'hold' } });
  at.service.behaviourOf = (_, version) => (version === '2.0.0' ? 'breaks' : 'good');
  await prepare(at);
  for (const domain of [0, 1, 2]) await goOn(at, domain);
  await at.clock.advance(30 * MINUTE);
  const { plan } = await begin(at);
  expect((await back(at, plan.whole)).kind).toBe('rolled-back');
  allOn(at, '1.0.0');
});

test('over an update that has superseded another one it leads to the version before the first', async () => {
  const at = scene({ walk: { onStuck: 'supersede' } });
  at.service.behaviourOf = (key, version) => (version !== '1.0.0' && key === 'web/1' ? 'unhealthy' : 'good');
  errorOf(await upgrade(at));
  at.service.wanted = '2.0.1';
  const { plan, ...outcome } = await goOn(at);
  expect(errorOf(outcome).reason).toBe('update-stuck');
  expect(new Set(Object.values(at.service.versions()))).toEqual(new Set(['1.0.0', '2.0.0', '2.0.1']));
  expect((await back(at, plan.whole)).kind).toBe('rolled-back');
  allOn(at, '1.0.0');
  expect(at.service.record).toBeNull();
});

test('a cloud service goes back by what was written down, domain by domain', async () => {
  const at = scene({ tells: false, roles: [role('web', 8, 2), role('worker', 9, 2)] });
  breaks(at, 'worker/1');
  const { plan, ...outcome } = await upgrade(at);
  errorOf(outcome);
  expect((await back(at, plan.whole)).kind).toBe('rolled-back');
  expect(at.service.walks.map(({ domain, to }) => [domain, to])).toEqual([
    [0, '2.0.0'],
    [1, '2.0.0'],
    [1, '1.0.0'],
    [0, '1.0.0'],
  ]);
  allOn(at, '1.0.0');
});

test('somebody else’s model is not written over', async () => {
  const at = scene();
  breaks(at, 'web/0');
  const { plan } = await upgrade(at);
  const [web] = at.service.roles;
  if (web) web.model = '9.9.9';
  const outcome = await back(at, plan.whole);
  expect(outcome).toMatchObject({ kind: 'failed', errors: [{ reason: 'instances-differ' }] });
  expect(web?.model).toBe('9.9.9');
});

describe('a swap', () => {
  test('moves users once every instance of the other service is updated, and back', async () => {
    const at = scene({ switchMethod: 'swap', tells: false });
    expect((await upgrade(at)).kind).toBe('completed');
    expect([at.service.usersOn, at.service.isAutoscaleOn, at.service.record === null]).toEqual([
      'other',
      true,
      false,
    ]);
    expect(await stateOf(at)).toBe('upgraded');
    const { plan } = await begin(at);
    expect((await forward(at, plan.switch)).kind).toBe('completed');
    expect(await stateOf(at)).toBe('switched');
    expect((await forward(at, plan.swapBack)).kind).toBe('completed');
    expect(at.service.usersOn).toBe('other');
  });

  const refusal = (code: string) =>
    new AzureError('Not now.', { status: 409, code, correlationId: null, outcomeUnknown: false });

  /** Azure answers the first swaps so. */
  async function refused(at: Scene, failure: AzureError, times: number, first: () => void = () => {}) {
    await upgrade(at);
    const { plan } = await begin(at);
    let sent = 0;
    at.service.onCall = (call) => {
      if (call !== 'swap' || ++sent > times) return;
      first();
      throw failure;
    };
    const outcome = await forward(at, plan.switch);
    return [outcome.kind, at.service.usersOn, sent];
  }
  const swapping = () => scene({ switchMethod: 'swap', tells: false });

  test('that Azure refuses for now is sent once more', async () => {
    expect(await refused(swapping(), refusal('Conflict'), 1)).toEqual(['completed', 'this', 2]);
    expect(await refused(swapping(), refusal('Conflict'), 9)).toEqual(['failed', 'other', 2]);
  });

  test('is not sent again where what Azure was busy with has moved users', async () => {
    const at = swapping();
    const somebodySwaps = () => {
      at.service.usersOn = 'this';
    };
    expect(await refused(at, refusal('Conflict'), 9, somebodySwaps)).toEqual(['completed', 'this', 1]);
  });

  test('that will never be possible is not sent again', async () => {
    expect(await refused(swapping(), refusal('OperationNotAllowed'), 9)).toEqual(['failed', 'other', 1]);
  });

  test('is not tried before every instance is updated', async () => {
    const at = scene({ switchMethod: 'swap', tells: false });
    await upgrade(at, 0);
    const { plan } = await begin(at);
    expect((await forward(at, plan.switch)).kind).toBe('failed');
    expect(at.service.writes).not.toContain('swap');
  });

  test('ends with the record', async () => {
    const at = scene({ switchMethod: 'swap', tells: false });
    await upgrade(at);
    const { plan } = await begin(at);
    await forward(at, plan.switch);
    expect((await forward(at, plan.cleanup)).kind).toBe('completed');
    expect(at.service.record).toBeNull();
  });
});
