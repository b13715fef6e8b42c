import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { TestArm } from './support/test-arm.ts';
import {
  APP_ID,
  BLUE_SQL,
  OBJECT_ID,
  PROFILE,
  SUBSCRIPTION,
  startTestArm,
  TENANT,
} from './support/test-arm.ts';

const SQL = 'api-version=2022-08-01-preview';
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/contoso-blue`;

describe('resource manager, before any provider', () => {
  let azure: TestArm;
  beforeEach(async () => {
    azure = await startTestArm();
  });
  afterEach(() => azure.close());

  test.each([
    [null, 'AuthenticationFailed'],
    ['expired', 'ExpiredAuthenticationToken'],
    ['for sql', 'InvalidAuthenticationTokenAudience'],
    ['forged', 'InvalidAuthenticationToken'],
  ])('token %p: 401 %s', async (token, code) => {
    const answer = await azure.call('GET', `${BLUE_SQL}?${SQL}`, { token });
    expect(answer).toMatchObject({ status: 401, code });
    expect(answer.headers['www-authenticate']).toContain(`authorization_uri="https://localhost/${TENANT}"`);
  });

  test.each([
    [`${BLUE_SQL}`, 400, 'MissingApiVersionParameter'],
    [`${BLUE_SQL}?api-version=2099-01-01`, 400, 'NoRegisteredProviderFound'],
    [`${GROUP}?api-version=2099-01-01`, 400, 'InvalidApiVersionParameter'],
    [`${GROUP}x/providers/Microsoft.Sql/servers/a?${SQL}`, 404, 'ResourceGroupNotFound'],
    [`${GROUP}/providers/Microsoft.Sql/servers/nothing?${SQL}`, 404, 'ResourceNotFound'],
    [`${GROUP}/providers/Microsoft.Sql/nothings/a?${SQL}`, 404, 'InvalidResourceType'],
    [`${GROUP}/providers/Microsoft.Nothing/things/a?${SQL}`, 404, 'InvalidResourceNamespace'],
    [`/subscriptions/${TENANT}/resourceGroups?api-version=2021-04-01`, 404, 'SubscriptionNotFound'],
  ])('GET %s: %i %s', async (path, status, code) => {
    const answer = await azure.call('GET', path);
    expect(answer).toMatchObject({ status, code });
    expect(answer.headers['x-ms-failure-cause']).toBe('gateway');
  });

  test('the headers of every answer', async () => {
    const { headers } = await azure.call('GET', `${BLUE_SQL}?${SQL}`);
    expect(headers['x-ms-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers['x-ms-correlation-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(Number(headers['x-ms-ratelimit-remaining-subscription-reads'])).toBeGreaterThan(0);
  });

  test('tenants and subscriptions are listed for az login', async () => {
    expect((await azure.call('GET', '/tenants?api-version=2016-06-01')).body).toMatchObject({
      value: [{ tenantId: TENANT }],
    });
    expect((await azure.call('GET', '/subscriptions?api-version=2019-11-01')).body).toMatchObject({
      value: [{ subscriptionId: SUBSCRIPTION, state: 'Enabled' }],
    });
  });

  test('a resource group goes with everything in it', async () => {
    const deleted = await azure.call('DELETE', `${GROUP}?api-version=2021-04-01`);
    expect(deleted.status).toBe(202);
    await azure.call('GET', String(deleted.headers.location));
    expect((await azure.call('GET', `${GROUP}?api-version=2021-04-01`)).status).toBe(404);
    expect(azure.web.sites.has('contoso-blue')).toBe(false);
    expect(azure.fabric.hosts().map((host) => host.serverName)).toEqual(['contoso-sql-green']);
  });
});

describe('rights', () => {
  let azure: TestArm;
  beforeEach(async () => {
    azure = await startTestArm();
  });
  afterEach(() => azure.close());

  test('what was not granted is refused in Azure’s words, and what was taken out too', async () => {
    azure.arm.setGrants(OBJECT_ID, [
      {
        scope: GROUP,
        actions: ['Microsoft.Sql/servers/*'],
        notActions: ['Microsoft.Sql/servers/databases/delete'],
      },
    ]);
    expect((await azure.call('GET', `${BLUE_SQL}/databases?${SQL}`)).status).toBe(200);
    const path = `${BLUE_SQL}/databases/contoso`;
    expect(await azure.call('DELETE', `${path}?${SQL}`)).toMatchObject({
      status: 403,
      code: 'AuthorizationFailed',
      message: `The client '${APP_ID}' with object id '${OBJECT_ID}' does not have authorization to perform action 'Microsoft.Sql/servers/databases/delete' over scope '${path}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    });
    expect((await azure.call('GET', `${PROFILE}?api-version=2022-04-01`)).status).toBe(403);
  });

  test('a caller can ask for its rights at a resource', async () => {
    azure.arm.setGrants(OBJECT_ID, [
      { scope: GROUP, actions: ['Microsoft.Sql/servers/*'], notActions: [] },
      { scope: `${GROUP}-other`, actions: ['*'], notActions: [] },
    ]);
    const path = `${BLUE_SQL}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`;
    expect((await azure.call('GET', path)).body).toMatchObject({
      value: [{ actions: ['Microsoft.Sql/servers/*'], notActions: [] }],
    });
  });

  test('polls need rights of their own', async () => {
    azure.arm.setGrants(OBJECT_ID, [{ scope: GROUP, actions: ['Microsoft.Sql/servers/*'], notActions: [] }]);
    const body = { location: 'northeurope', tags: { a: 'b' } };
    const accepted = await azure.call('PUT', `${BLUE_SQL}/databases/contoso?${SQL}`, { body });
    expect(accepted.status).toBe(202);
    const poll = await azure.call('GET', String(accepted.headers['azure-asyncoperation']));
    expect(poll).toMatchObject({ status: 403, code: 'AuthorizationFailed' });
  });
});

describe('faults', () => {
  let azure: TestArm;
  beforeEach(async () => {
    azure = await startTestArm();
  });
  afterEach(() => azure.close());

  const path = `${BLUE_SQL}/databases/second?${SQL}`;
  const body = { location: 'northeurope', sku: { name: 'S1' } };
  const at = 'arm PUT .*/databases/second$';
  const created = async () => {
    await azure.call('GET', `${BLUE_SQL}/databases?${SQL}`);
    return azure.fabric.hasDatabase('contoso-sql-blue', 'second');
  };

  test('an error with its headers, once', async () => {
    const fault = {
      kind: 'error',
      status: 429,
      code: 'SubscriptionTooManyRequests',
      message: 'Slow down.',
    } as const;
    azure.faults.add({ at, fault: { ...fault, headers: { 'Retry-After': '7' } } });
    const refused = await azure.call('PUT', path, { body });
    expect(refused).toMatchObject({ status: 429, code: 'SubscriptionTooManyRequests' });
    expect(refused.headers['retry-after']).toBe('7');
    expect((await azure.call('PUT', path, { body })).status).toBe(202);
  });

  test('a dropped connection, before the work and after it', async () => {
    azure.faults.add({ at, fault: { kind: 'drop' } });
    await expect(azure.call('PUT', path, { body })).rejects.toThrow();
    expect(await created()).toBe(false);
    azure.faults.add({ at, fault: { kind: 'drop-after' } });
    await expect(azure.call('PUT', path, { body })).rejects.toThrow();
    expect(await created()).toBe(true);
  });

  test('a late success and a hang are never answered; one has done the work', async () => {
    azure.faults.add({ at, fault: { kind: 'hang' } });
    azure.call('PUT', path, { body }).catch(() => {});
    await azure.call('GET', `${BLUE_SQL}?${SQL}`);
    expect(await created()).toBe(false);
    azure.faults.add({ at, fault: { kind: 'late-success' } });
    let answered = false;
    azure.call('PUT', path, { body }).then(
      () => {
        answered = true;
      },
      () => {},
    );
    while (!(await created()));
    expect(answered).toBe(false);
  });
});
