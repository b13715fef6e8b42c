// The walk forward: one domain after another, each only when the ones before are good.
import { describe, expect, test } from '@jest/globals';
import { errorOf, goOn, MINUTE, prepare, role, scene, upgrade } from './rolling.ts';

const domainsOf = (walks: readonly { readonly domain: number }[]) => walks.map(({ domain }) => domain);

describe('an update of every domain', () => {
  test('walks them in ascending order, and every instance runs the new version', async () => {
    const at = scene();
    const outcome = await upgrade(at);
    expect(outcome.kind).toBe('completed');
    expect(domainsOf(at.service.walks)).toEqual([0, 1, 2, 3, 4]);
    expect(at.service.walks.map(({ keys }) => keys.length)).toEqual([3, 3, 3, 3, 2]);
    expect(new Set(Object.values(at.service.versions()))).toEqual(new Set(['2.0.0']));
  });

  test('takes a domain of all roles together', async () => {
    const at = scene({ roles: [role('front', 8, 2), role('worker', 9, 2)] });
    await upgrade(at);
    expect(at.service.walks.map(({ keys }) => keys.length)).toEqual([9, 8]);
  });

  test('touches no instance before its model is written, and the record comes before both', async () => {
    const at = scene();
    await upgrade(at);
    expect(at.service.writes.slice(0, 6)).toEqual(['keep', 'keep', 'hold', 'model 2.0.0', 'keep', 'walk 0']);
  });

  test('gives back what it has held, and takes the update off the record', async () => {
    const at = scene();
    await prepare(at);
    expect([at.service.isAutoscaleOn, at.service.record?.updateId]).toEqual([true, 'update-to-2.0.0']);
    await goOn(at, 0);
    expect(at.service.isAutoscaleOn).toBe(false);
    await goOn(at);
    expect([at.service.isAutoscaleOn, at.service.record]).toEqual([true, null]);
  });

  test('begins a domain only after the minimum was seen three times in a row', async () => {
    const at = scene();
    await upgrade(at);
    const [first, second] = at.service.walks;
    // One minute of the platform, 20 s until healthy, and three looks that are ten seconds apart.
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(60_000 + 20_000 + 20_000);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(2 * MINUTE + 10_000);
  });

  test('looks that count are apart, also where the platform says in between that it is done', async () => {
    const at = scene();
    at.service.answersLateMs = 25_000;
    await upgrade(at);
    const [first, second] = at.service.walks;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(60_000 + 20_000 + 20_000);
  });

  test('is done when it is run again', async () => {
    const at = scene();
    await upgrade(at);
    const before = at.service.writes.length;
    expect(await goOn(at)).toMatchObject({ kind: 'completed', changed: false });
    expect(at.service.writes).toHaveLength(before);
  });

  test('tells how far it is, in few lines', async () => {
    const at = scene();
    await upgrade(at);
    expect(at.lines.some((line) => /^domain 1 of 5: .*3 of 3 instances updated/.test(line))).toBe(true);
    expect(at.lines.length).toBeLessThanOrEqual(5 * 5);
  });

  test('reports each walk with what of it was the platform’s', async () => {
    const at = scene();
    const { context } = await upgrade(at);
    expect(context.history.walks.map(({ outcome }) => outcome)).toEqual(Array(5).fill('good'));
    for (const { platformSeconds } of context.history.walks) {
      expect(platformSeconds).toBeGreaterThanOrEqual(60);
      expect(platformSeconds).toBeLessThan(70);
    }
  });

  test('renews the lease after each domain, and never while the platform is at it', async () => {
    const at = scene();
    await upgrade(at);
    const { writes } = at.service;
    const after = writes.flatMap((write, place) => (write.startsWith('walk') ? [writes[place + 1]] : []));
    expect(after).toEqual(Array(5).fill('keep'));
    expect(at.service.waits).toBe(0);
  });
});

describe('of a service whose instances do not tell what they run', () => {
  test('a walk is written down before it begins and when it is done', async () => {
    const at = scene({ tells: false });
    const records: string[] = [];
    at.service.onCall = (call) => {
      if (call === 'walk') records.push(JSON.stringify(at.service.record?.walk.at(-1)));
    };
    expect((await upgrade(at)).kind).toBe('completed');
    expect(records).toEqual(
      [0, 1, 2, 3, 4].map((domain) => JSON.stringify({ domain, to: 'target', state: 'begun' })),
    );
    expect(new Set(Object.values(at.service.versions()))).toEqual(new Set(['2.0.0']));
  });

  test('a walk that was begun and not seen to its end is walked again, whole', async () => {
    const at = scene({ tells: false });
    await prepare(at);
    at.service.onCall = (call) => {
      if (call === 'keep' && at.service.walks.length === 2) throw new Error('killed');
    };
    await goOn(at);
    at.service.onCall = () => {};
    await at.clock.advance(5 * MINUTE);
    expect((await goOn(at)).kind).toBe('completed');
    expect(domainsOf(at.service.walks)).toEqual([0, 1, 1, 2, 3, 4]);
  });
});

describe('one domain a run', () => {
  test('the next one, until the last finishes the update', async () => {
    const at = scene({ walk: { mode: 'manual' } });
    await prepare(at);
    for (const domain of [0, 1, 2, 3, 4]) {
      expect(at.service.record).not.toBeNull();
      expect((await goOn(at)).kind).toBe('completed');
      expect(at.service.walks.at(-1)?.domain).toBe(domain);
    }
    expect([at.service.record, at.service.isAutoscaleOn]).toEqual([null, true]);
  });

  test('the one that is asked for; "next" is then the first that is left', async () => {
    const at = scene();
    await upgrade(at, 3);
    await goOn(at, 'next');
    expect(domainsOf(at.service.walks)).toEqual([3, 0]);
    expect(await goOn(at, 3)).toMatchObject({ kind: 'completed', changed: false });
  });

  test('one that is not there is refused with those that are, and nothing is touched', async () => {
    const at = scene();
    const outcome = await upgrade(at, 7);
    expect(errorOf(outcome).reason).toBe('input-invalid');
    expect(errorOf(outcome).message).toContain('0, 1, 2, 3 and 4');
    expect(at.service.writes).toEqual(['keep']);
  });
});

describe('instances that come and go', () => {
  test('one that vanishes while its domain is walked holds nothing up', async () => {
    const at = scene();
    at.service.onCall = (call) => {
      const [web] = at.service.roles;
      if (call === 'look' && at.service.walks.length === 2 && web)
        web.machines = web.machines.filter(({ id }) => id !== '6');
    };
    expect((await upgrade(at)).kind).toBe('completed');
    expect(Object.keys(at.service.versions())).not.toContain('web/6');
  });

  test('one that appears with the version before is found, and walked by the next run', async () => {
    const at = scene();
    at.service.onCall = (call) => {
      const [web] = at.service.roles;
      if (call === 'walk' && at.service.walks.length === 3 && web) {
        web.machines = [...web.machines, { ...late, domain: 0 }];
        at.service.onCall = () => {};
      }
    };
    const outcome = await upgrade(at);
    expect(errorOf(outcome).reason).toBe('instances-differ');
    expect(errorOf(outcome).message).toContain('web/99');
    expect((await goOn(at)).kind).toBe('completed');
    expect(at.service.walks.at(-1)?.keys).toEqual(['web/99']);
  });
});

const late = { id: '99', version: '1.0.0', update: null, isStopped: false };

test('a domain waits as long as another one is down, and says which', async () => {
  const at = scene();
  await prepare(at);
  for (const one of at.service.machines.filter(({ domain }) => domain === 4)) one.isStopped = true;
  // The domain that is down comes first: no second one is taken down.
  expect((await goOn(at)).kind).toBe('completed');
  expect(domainsOf(at.service.walks)).toEqual([4, 0, 1, 2, 3]);
});

test('a domain that was asked for is not touched while another one is down', async () => {
  const at = scene();
  await prepare(at);
  for (const one of at.service.machines.filter(({ domain }) => domain === 4)) one.isStopped = true;
  const error = errorOf(await goOn(at, 0));
  expect(error.reason).toBe('update-stuck');
  expect(error.message).toMatch(/Domain 0 was not touched.*domain 4 is down/);
  expect(at.service.walks).toEqual([]);
});
