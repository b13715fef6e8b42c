import { describe, expect, test } from '@jest/globals';
import { createAppService } from '../../src/azure/app-service.ts';
import { rawArm } from '../../src/azure/arm-client.ts';
import { createSqlManagement } from '../../src/azure/arm-sql.ts';
import { AzureError } from '../../src/azure/errors.ts';
import type { BeforeSending, SqlManagement } from '../../src/azure/ports.ts';
import { UpgradeError } from '../../src/reasons.ts';
import { type Reply, stubArm } from './stub-arm.ts';
import { UNASKED } from './unasked.ts';

const ok: Reply = { status: 200, body: { id: '/x', name: 'x' } };
const link = { resourceGroup: 'g', server: 's', database: 'd' };

/** Answers in order; the last one for ever. */
function arm(...replies: Reply[]) {
  return stubArm((_, index) => replies[Math.min(index, replies.length - 1)] ?? ok);
}

describe('reads', () => {
  test.each<[string, Reply]>([
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['429', { status: 429 }],
    ['a reset connection', { network: 'ECONNRESET' }],
    ['no answer in time', { network: 'ETIMEDOUT' }],
  ])('are repeated after %s', async (_, failure) => {
    const stub = arm(failure, ok);
    await expect(rawArm(stub.context).get('/x', '1')).resolves.toEqual(ok.body);
    expect(stub.requests).toHaveLength(2);
    expect(stub.log).toHaveLength(1);
  });

  test('wait as long as Azure asks', async () => {
    const stub = arm({ status: 429, headers: { 'retry-after': '17' } }, ok);
    await rawArm(stub.context).get('/x', '1');
    expect(stub.slept).toEqual([17_000]);
  });

  test('are given up after four attempts', async () => {
    const stub = arm({ status: 500, body: { error: { code: 'Boom', message: 'no' } } });
    await expect(rawArm(stub.context).get('/x', '1')).rejects.toMatchObject({ code: 'Boom', status: 500 });
    expect(stub.requests).toHaveLength(4);
  });

  test('find that there is no such thing', async () => {
    const stub = arm({ status: 404 });
    await expect(rawArm(stub.context).get('/x', '1')).resolves.toBeNull();
    expect(stub.requests).toHaveLength(1);
  });

  test('include listing settings, which App Service does by POST', async () => {
    const stub = arm({ network: 'ECONNRESET' }, { status: 200, body: { properties: { A: 'b' } } });
    const site = { resourceGroup: 'g', site: 's', deploymentSlot: null };
    await expect(createAppService(stub.context, () => {}).listAppSettings(site)).resolves.toEqual({ A: 'b' });
  });
});

describe('writes', () => {
  test.each<[string, Reply]>([
    ['a reset connection', { network: 'ECONNRESET' }],
    ['no answer in time', { network: 'ETIMEDOUT' }],
    ['500', { status: 500 }],
    ['503 without Retry-After', { status: 503 }],
  ])('are sent once where %s leaves open what happened', async (_, failure) => {
    const stub = arm(failure, ok);
    const removal = createSqlManagement(stub.context).removeLink(link, 'guid', UNASKED);
    await expect(removal).rejects.toBeInstanceOf(AzureError);
    await expect(removal).rejects.toMatchObject({ outcomeUnknown: true });
    expect(stub.requests).toHaveLength(1);
  });

  test.each<[string, Reply]>([
    ['429', { status: 429, headers: { 'retry-after': '1' } }],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '1' } }],
    ['a refused connection', { network: 'ECONNREFUSED' }],
  ])('are repeated after %s', async (_, failure) => {
    const stub = arm(failure, { status: 200 });
    await createSqlManagement(stub.context).removeLink(link, 'guid', UNASKED);
    expect(stub.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(2);
  });

  test('that start something anew are not repeated after a 503', async () => {
    const stub = arm({ status: 503, headers: { 'retry-after': '1' } }, ok);
    const site = { resourceGroup: 'g', site: 's', deploymentSlot: null };
    const swap = createAppService(stub.context, () => {}).swapWithProduction(
      site,
      'stage',
      () => {},
      new AbortController().signal,
      UNASKED,
    );
    await expect(swap).rejects.toMatchObject({ outcomeUnknown: true, status: 503 });
    expect(stub.requests).toHaveLength(1);
  });
});

describe('a swap that Azure has made wait', () => {
  const swapped = (stub: ReturnType<typeof arm>, beforeSending: () => Promise<void>) =>
    createAppService(stub.context, () => {}).swapWithProduction(
      { resourceGroup: 'g', site: 's', deploymentSlot: null },
      'stage',
      () => {},
      new AbortController().signal,
      beforeSending,
    );
  const wait: Reply = { status: 429, headers: { 'retry-after': '1' } };

  test('is asked for again only where it may still be sent', async () => {
    const stub = arm(wait, ok);
    let asked = 0;
    const overtaken = new UpgradeError('overtaken-by-another-run', 'another run has acted');
    const beforeSending = async () => {
      if (++asked === 2) throw overtaken;
    };
    // The very error: whoever asked for the swap knows by it that nothing was sent.
    await expect(swapped(stub, beforeSending)).rejects.toBe(overtaken);
    expect([asked, stub.requests.length]).toEqual([2, 1]);
  });

  test('is not sent at all where it must not be', async () => {
    const stub = arm(ok);
    const overtaken = new UpgradeError('overtaken-by-another-run', 'another run has acted');
    await expect(swapped(stub, () => Promise.reject(overtaken))).rejects.toBe(overtaken);
    expect(stub.requests).toEqual([]);
  });
});

test.each<[string, (sql: SqlManagement, before: BeforeSending) => Promise<void>]>([
  ['a database', (sql, before) => sql.deleteDatabase(link, () => {}, before)],
  ['a link', (sql, before) => sql.removeLink(link, 'guid', before)],
  ['a failover group', (sql, before) => sql.deleteFailoverGroup(link, 'group', () => {}, before)],
])('the removal of %s that Azure has made wait is asked for again before it is sent once more', async (_, remove) => {
  const stub = arm({ status: 429, headers: { 'retry-after': '60' } }, { status: 204 });
  const overtaken = new UpgradeError('overtaken-by-another-run', 'another run has acted');
  let asked = 0;
  const before = async () => {
    if (++asked > 1) throw overtaken;
  };
  await expect(remove(createSqlManagement(stub.context), before)).rejects.toBe(overtaken);
  expect(stub.requests).toHaveLength(1);
});

test('every request says who asks and is authorised', async () => {
  const stub = arm(ok);
  await createSqlManagement(stub.context).getDatabase(link);
  await rawArm(stub.context).get('/x', '1');
  for (const { headers } of stub.requests) {
    expect(headers['user-agent']).toMatch(
      /^rolling-upgrade\/0\.0\.0 \(run 7\) azsdk|^rolling-upgrade\/0\.0\.0 \(run 7\)/,
    );
    expect(headers.authorization).toBe('Bearer secret-token');
  }
});
