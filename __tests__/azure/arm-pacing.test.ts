// Our own haste is no reason to be refused: requests beyond what Azure takes wait, and what Azure says counts.
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { describe, expect, test } from '@jest/globals';
import { createRequestLimits } from '../../local-azure/arm/core/request-limits.ts';
import { createPacing } from '../../src/azure/arm-pacing.ts';
import type { Clock } from '../../src/clock.ts';

const CALLER = { objectId: 'o', appId: 'a' };

/** Time passes by sleeping only; whoever sleeps least wakes first. */
function steppedClock() {
  let now = 0;
  const sleeping: { until: number; wake: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        sleeping.push({ until: now + ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
  const runToEnd = async () => {
    for (;;) {
      await new Promise((turn) => setImmediate(turn));
      const next = sleeping.sort((a, b) => a.until - b.until).shift();
      if (next === undefined) return now;
      now = Math.max(now, next.until);
      next.wake();
    }
  };
  return { clock, runToEnd };
}

function againstAzure({
  used = 0,
  travelMs = 0,
}: {
  readonly used?: number;
  readonly travelMs?: number;
} = {}) {
  const { clock, runToEnd } = steppedClock();
  const azure = createRequestLimits('s', { ...unusedClock, now: () => new Date(clock.now()) }, 1);
  for (let sent = 0; sent < used; sent++) azure.take(CALLER, 'GET');
  const pacing = createPacing(clock);
  const send = async (method: 'GET' | 'DELETE') => {
    await pacing.turn({ method });
    await clock.sleep(travelMs);
    const left = azure.take(CALLER, method);
    await clock.sleep(travelMs);
    const kind = method === 'DELETE' ? 'deletes' : 'reads';
    const headers = createHttpHeaders({ [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(left) });
    pacing.ended({ method }, { headers });
  };
  return { send, runToEnd, azure };
}

const unusedClock = {
  sleep: () => Promise.reject(new Error('unused')),
  schedule: () => () => {},
};

describe('against the limits that Azure documents', () => {
  test.each([
    ['GET', 1_000, 0, 35],
    ['DELETE', 500, 0, 36],
    ['GET', 1_000, 5_000, 56],
    ['DELETE', 500, 5_000, 56],
  ] as const)('%s: %i at once are all taken, %i ms away, within %i s', async (method, count, travelMs, seconds) => {
    const { send, runToEnd, azure } = againstAzure({ travelMs });
    const sent = Promise.all(Array.from({ length: count }, () => send(method)));
    expect((await runToEnd()) / 1000).toBeLessThan(seconds);
    await sent;
    expect(azure.counts().refused).toBe(0);
  });

  test('few requests wait for nothing', async () => {
    const { send, runToEnd } = againstAzure();
    const sent = Promise.all(Array.from({ length: 200 }, () => send('GET')));
    expect(await runToEnd()).toBe(0);
    await sent;
  });

  test('what an earlier run or somebody else has used up is known from the first answer on', async () => {
    const { send, runToEnd, azure } = againstAzure({ used: 245 });
    const sent = send('GET').then(() => Promise.all(Array.from({ length: 100 }, () => send('GET'))));
    await runToEnd();
    await sent;
    expect(azure.counts().refused).toBe(0);
  });
});

test('who is told to stop while waiting stops', async () => {
  const { clock } = steppedClock();
  const pacing = createPacing(clock);
  for (let sent = 0; sent < 225; sent++) await pacing.turn({ method: 'GET' });
  const stop = new AbortController();
  const waiting = pacing.turn({ method: 'GET' }, stop.signal);
  stop.abort(new Error('stop'));
  await expect(waiting).rejects.toThrow('stop');
});

test('who gave up waiting holds up nobody', async () => {
  const { clock, runToEnd } = steppedClock();
  const pacing = createPacing(clock);
  for (let sent = 0; sent < 225; sent++) {
    await pacing.turn({ method: 'GET' });
    pacing.ended({ method: 'GET' }, null);
  }
  const stop = new AbortController();
  const first = pacing.turn({ method: 'GET' }, stop.signal);
  const second = pacing.turn({ method: 'GET' });
  await Promise.resolve();
  stop.abort(new Error('stop'));
  await expect(first).rejects.toThrow('stop');
  await runToEnd();
  await expect(second).resolves.toBeUndefined();
});

test('answers that tell nothing change nothing', async () => {
  const { clock, runToEnd } = steppedClock();
  const pacing = createPacing(clock);
  for (const headers of [{}, { 'x-ms-ratelimit-remaining-subscription-reads': 'many' }]) {
    pacing.ended({ method: 'GET' }, { headers: createHttpHeaders(headers) });
  }
  await pacing.turn({ method: 'GET' });
  expect(await runToEnd()).toBe(0);
});
