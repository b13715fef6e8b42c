import { describe, expect, test } from '@jest/globals';
import { createAppService } from '../../src/azure/app-service.ts';
import { runtimeOf } from '../../src/azure/app-service-configuration.ts';
import type { NewSite } from '../../src/azure/ports.ts';
import { type Reply, type SeenRequest, stubArm } from './stub-arm.ts';
import { UNASKED } from './unasked.ts';

const GROUP = '/subscriptions/sub-1/resourceGroups';
const blue = { resourceGroup: 'blue', site: 'contoso-blue', deploymentSlot: null };
const green = { resourceGroup: 'green', site: 'contoso-green', deploymentSlot: null };
const BLUE = `${GROUP}/blue/providers/Microsoft.Web/sites/contoso-blue`;
const GREEN = `${GROUP}/green/providers/Microsoft.Web/sites/contoso-green`;
const BLUE_PLAN = `${GROUP}/blue/providers/Microsoft.Web/serverfarms/plan-blue`;
const GREEN_PLAN = `${GROUP}/green/providers/Microsoft.Web/serverfarms/plan-green`;

const site = {
  id: BLUE,
  name: 'contoso-blue',
  location: 'North Europe',
  kind: 'app,linux',
  identity: {
    type: 'SystemAssigned, UserAssigned',
    userAssignedIdentities: { '/id/app': { clientId: 'c' } },
  },
  properties: {
    state: 'Running',
    defaultHostName: 'contoso-blue.azurewebsites.net',
    hostNames: ['contoso-blue.azurewebsites.net', 'www.contoso.example'],
    serverFarmId: BLUE_PLAN,
    reserved: true,
    httpsOnly: true,
    clientAffinityEnabled: false,
    homeStamp: 'waws-prod-db3-101',
  },
};
const config = {
  properties: {
    linuxFxVersion: 'DOCKER|contoso.azurecr.io/orders@sha256:abc',
    alwaysOn: true,
    minTlsVersion: '1.2',
    healthCheckPath: '/health',
    publishingUsername: '$contoso-blue',
  },
};
const plan = {
  id: BLUE_PLAN,
  location: 'North Europe',
  kind: 'linux',
  sku: { name: 'P1v3', tier: 'PremiumV3', size: 'P1v3', family: 'Pv3', capacity: 2 },
  properties: { reserved: true, numberOfSites: 1, status: 'Ready' },
};

function azure({ method, path }: SeenRequest): Reply {
  if (method === 'PUT') return { status: 200, body: { id: path, location: 'North Europe', properties: {} } };
  if (path === GREEN_PLAN)
    return { status: 404, body: { error: { code: 'ResourceNotFound', message: 'no plan' } } };
  if (path.includes('serverfarms')) return { status: 200, body: plan };
  if (path.endsWith('/config/web')) return { status: 200, body: config };
  return { status: 200, body: site };
}

const newSite: NewSite = {
  ref: green,
  template: blue,
  planName: 'plan-green',
  appSettings: { WEBSITE_RUN_FROM_PACKAGE: 'https://packages.contoso.example/contoso-1.0.0.zip' },
  connectionStrings: { Database: { value: 'Server=green', type: 'SQLAzure' } },
  tags: { by: 'us' },
};

const service = (stub: ReturnType<typeof stubArm>, secrets: string[] = []) =>
  createAppService(stub.context, (secret) => secrets.push(secret));

describe('a site', () => {
  test('tells its deployment unit, which the SDK leaves out', async () => {
    await expect(service(stubArm(azure)).getSite(blue)).resolves.toMatchObject({
      homeStamp: 'waws-prod-db3-101',
      defaultHostName: 'contoso-blue.azurewebsites.net',
      planId: BLUE_PLAN,
    });
  });

  test.each([
    ['c0ffee00-0000-4000-8000-000000000001', true],
    [null, false],
  ])('with the pending operation %s is being changed: %s', async (inProgressOperationId, operationInProgress) => {
    const busy = { ...site, properties: { ...site.properties, inProgressOperationId } };
    const stub = stubArm(() => ({ status: 200, body: busy }));
    await expect(service(stub).getSite(blue)).resolves.toMatchObject({ operationInProgress });
  });

  test('that is not there is null', async () => {
    const stub = stubArm(() => ({
      status: 404,
      body: { error: { code: 'ResourceNotFound', message: 'no' } },
    }));
    await expect(service(stub).getSite(blue)).resolves.toBeNull();
  });

  test('is a deployment slot where the reference names one', async () => {
    const stub = stubArm(azure);
    await service(stub).getSite({ ...blue, deploymentSlot: 'stage' });
    expect(stub.requests[0]?.path).toBe(`${BLUE}/slots/stage`);
  });

  test('is compared by its runtime, not by its image', async () => {
    const compared = await service(stubArm(azure)).getConfiguration(blue);
    expect(compared).toMatchObject({
      linuxFxVersion: 'DOCKER',
      alwaysOn: true,
      httpsOnly: true,
      nodeVersion: null,
    });
    expect(compared).not.toHaveProperty('publishingUsername');
  });

  test.each([
    ['NODE|20-lts', 'NODE|20-lts'],
    ['DOCKER|image:tag', 'DOCKER'],
    ['compose|aGVsbG8=', 'COMPOSE'],
    ['', null],
    [undefined, null],
  ])('runtime of %s', (fxVersion, runtime) => {
    expect(runtimeOf(fxVersion)).toBe(runtime);
  });
});

test('secrets of a site are masked before anybody has them; switches are not', async () => {
  const secrets: string[] = [];
  const stub = stubArm(({ path }) =>
    path.includes('appsettings')
      ? { status: 200, body: { properties: { KEY: 'a-long-secret', FLAG: '1' } } }
      : { status: 200, body: { properties: { Db: { value: 'Password=hunter22', type: 'SQLAzure' } } } },
  );
  await service(stub, secrets).listAppSettings(blue);
  await service(stub, secrets).listConnectionStrings(blue);
  expect(secrets).toEqual(['a-long-secret', 'Password=hunter22']);
});

describe('creating a site by parts', () => {
  async function created() {
    const stub = stubArm(azure);
    await service(stub).createSite(newSite, () => {});
    return stub.requests.filter(({ method }) => method === 'PUT');
  }

  test('makes a plan like the template’s, then site, settings, connection strings, configuration', async () => {
    const puts = await created();
    expect(puts.map(({ path }) => path)).toEqual([
      GREEN_PLAN,
      GREEN,
      `${GREEN}/config/appsettings`,
      `${GREEN}/config/connectionstrings`,
      `${GREEN}/config/web`,
    ]);
    const [planPut, sitePut, settings, strings, web] = puts.map(({ body }) => body);
    expect(planPut).toEqual({
      location: 'North Europe',
      kind: 'linux',
      sku: plan.sku,
      properties: { reserved: true },
    });
    expect(sitePut).toMatchObject({
      kind: 'app,linux',
      tags: { by: 'us' },
      identity: { type: 'UserAssigned', userAssignedIdentities: { '/id/app': {} } },
      properties: { serverFarmId: GREEN_PLAN, reserved: true, httpsOnly: true, clientAffinityEnabled: false },
    });
    expect(sitePut).not.toHaveProperty('properties.cloningInfo');
    expect(settings).toMatchObject({ properties: newSite.appSettings });
    expect(strings).toMatchObject({ properties: newSite.connectionStrings });
    expect(web).toEqual({
      properties: {
        linuxFxVersion: 'DOCKER|contoso.azurecr.io/orders@sha256:abc',
        alwaysOn: true,
        minTlsVersion: '1.2',
        healthCheckPath: '/health',
      },
    });
  });

  test('uses a plan that exists as it is', async () => {
    const stub = stubArm((seen) =>
      seen.method === 'GET' && seen.path === GREEN_PLAN
        ? { status: 200, body: { ...plan, id: GREEN_PLAN } }
        : azure(seen),
    );
    await service(stub).createSite(newSite, () => {});
    expect(stub.requests.filter(({ method, path }) => method === 'PUT' && path === GREEN_PLAN)).toEqual([]);
  });
});

test('deleting a site leaves its plan', async () => {
  const stub = stubArm(() => ({ status: 200 }));
  await service(stub).deleteSite(green, UNASKED);
  expect(stub.requests[0]).toMatchObject({ method: 'DELETE', path: GREEN });
  expect(stub.requests[0]?.query.get('deleteEmptyServerFarm')).toBe('false');
});

describe('a swap', () => {
  const RESULT = `https://management.azure.com${BLUE}/operationresults/op-1?api-version=2025-05-01`;
  const swap = (stub: ReturnType<typeof stubArm>, signal = new AbortController().signal) =>
    service(stub).swapWithProduction(blue, 'stage', () => {}, signal, UNASKED);

  test('is sent once and waited for to its end', async () => {
    let polls = 0;
    const stub = stubArm(({ method }) => {
      if (method === 'POST') return { status: 202, headers: { location: RESULT } };
      return ++polls < 2 ? { status: 202, headers: { location: RESULT } } : { status: 200, body: site };
    });
    await swap(stub);
    expect(polls).toBe(2);
    expect(
      stub.requests.filter(({ method }) => method === 'POST').map(({ path, body }) => [path, body]),
    ).toEqual([[`${BLUE}/slotsswap`, { targetSlot: 'stage', preserveVnet: true }]]);
  });

  test('that Azure refuses with capitals in its error keeps code and text', async () => {
    const stub = stubArm(() => ({
      status: 409,
      body: {
        Code: 'Conflict',
        Message: 'Cannot modify this site because another operation is in progress.',
      },
    }));
    await expect(swap(stub)).rejects.toMatchObject({
      code: 'Conflict',
      outcomeUnknown: false,
      message: expect.stringContaining('another operation is in progress'),
    });
  });

  test('that is no longer waited for is unknown', async () => {
    const controller = new AbortController();
    const stub = stubArm(({ method }) => {
      if (method === 'GET') controller.abort();
      return { status: 202, headers: { location: RESULT } };
    });
    await expect(swap(stub, controller.signal)).rejects.toMatchObject({ outcomeUnknown: true });
  });
});
