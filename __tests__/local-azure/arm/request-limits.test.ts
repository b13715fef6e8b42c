// Resource manager's buckets of requests, as Azure documents them, on a clock that only the test moves.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ArmError } from '../../../local-azure/arm/core/errors.ts';
import { createRequestLimits, type RequestLimits } from '../../../local-azure/arm/core/request-limits.ts';
import { systemClock } from '../../../local-azure/clock.ts';
import { APP_ID, BLUE_SQL, OBJECT_ID, SUBSCRIPTION, startTestArm } from './support/test-arm.ts';

const CALLER = { objectId: OBJECT_ID, appId: APP_ID };
const SOMEBODY_ELSE = { objectId: APP_ID, appId: APP_ID };

let now: number;
beforeEach(() => {
  now = Date.UTC(2026, 0, 1);
});

const limitsAt = (pace: number | null) =>
  createRequestLimits(SUBSCRIPTION, { ...systemClock(), now: () => new Date(now) }, pace);

/** How many of so many at once are let through. */
function admitted(limits: RequestLimits, count: number, method = 'GET', caller = CALLER): number {
  let through = 0;
  for (let sent = 0; sent < count; sent++) {
    try {
      limits.take(caller, method);
      through++;
    } catch (error) {
      expect(error).toBeInstanceOf(ArmError);
    }
  }
  return through;
}

describe('at the pace of Azure', () => {
  test.each([
    ['GET', 250, 25],
    ['PUT', 200, 10],
    ['POST', 200, 10],
    ['DELETE', 200, 10],
  ])('%s: %i at once, then %i a second, never more than at first', (method, size, aSecond) => {
    const limits = limitsAt(1);
    expect(admitted(limits, 400, method)).toBe(size);
    now += 3_000;
    expect(admitted(limits, 400, method)).toBe(3 * aSecond);
    now += 3_600_000;
    expect(admitted(limits, 400, method)).toBe(size);
  });

  test('kinds and principals have buckets of their own', () => {
    const limits = limitsAt(1);
    admitted(limits, 300);
    expect(admitted(limits, 1, 'DELETE')).toBe(1);
    expect(admitted(limits, 1, 'GET', SOMEBODY_ELSE)).toBe(1);
    expect(limits.counts()).toEqual({ reads: 251, writes: 0, deletes: 1, refused: 50 });
  });
});

test('a faster pace refills faster, not larger', () => {
  const limits = limitsAt(20);
  expect(admitted(limits, 300)).toBe(250);
  now += 100;
  expect(admitted(limits, 300)).toBe(50);
});

test('without limits nobody is refused', () => {
  expect(admitted(limitsAt(null), 1_000)).toBe(1_000);
});

test('over the wire: what is left is told, and who comes too often is refused as Azure does it', async () => {
  const azure = await startTestArm({ clock: { ...systemClock(), now: () => new Date(now) } });
  const path = `${BLUE_SQL}/databases/none/replicationLinks/none?api-version=2021-02-01-preview`;
  try {
    for (let sent = 1; sent <= 200; sent++) {
      const answer = await azure.call('DELETE', path);
      expect(answer.headers['x-ms-ratelimit-remaining-subscription-deletes']).toBe(String(200 - sent));
      // What nobody is known for takes no token.
      if (sent === 1) await azure.call('DELETE', path, { token: 'forged' });
    }
    const refused = await azure.call('DELETE', path);
    expect(refused).toMatchObject({ status: 429, code: 'SubscriptionRequestsThrottled' });
    expect(refused.headers).toMatchObject({
      'retry-after': '1',
      'x-ms-failure-cause': 'gateway',
      'x-ms-ratelimit-remaining-subscription-deletes': '0',
    });
    expect(JSON.stringify(refused.body)).toContain(
      `Number of 'delete' requests for subscription '${SUBSCRIPTION}' actor '${OBJECT_ID}' exceeded.`,
    );
    expect(azure.arm.requests()).toMatchObject({ deletes: 200, refused: 1 });
  } finally {
    await azure.close();
  }
});
