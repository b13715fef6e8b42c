// The client of scale sets against answers that are hard to get from a whole Azure.
import { describe, expect, test } from '@jest/globals';
import type { ScaleSet } from '../../src/azure/ports/compute.ts';
import { createScaleSets } from '../../src/azure/scale-sets.ts';
import { type Reply, type SeenRequest, stubArm } from './stub-arm.ts';

const ref = { resourceGroup: 'contoso', name: 'web' };
const COMPUTE = '/subscriptions/sub-1/resourceGroups/contoso/providers/Microsoft.Compute';
const SET = `${COMPUTE}/virtualMachineScaleSets/web`;
const OPERATION = `https://management.azure.com/subscriptions/sub-1/providers/Microsoft.Compute/locations/northeurope/operations/op-1?api-version=2026-04-01`;
const IMAGE = `${COMPUTE}/galleries/contoso/images/service/versions`;
const never = new AbortController().signal;

const script = {
  publisher: 'Microsoft.Azure.Extensions',
  type: 'CustomScript',
  typeHandlerVersion: '2.1',
  settings: { fileUris: ['https://store.example/app.zip?sv=1&sig=abcdef0123'], account_key: 'k3y-k3y-k3y' },
};
const health = {
  publisher: 'Microsoft.ManagedServices',
  type: 'ApplicationHealthLinux',
  typeHandlerVersion: '2.0',
  settings: { port: 80 },
};

/** As Azure sends a set; some versions of the API show a secret as null. */
const body = (change: { image?: object; sku?: string; extensions?: object[] } = {}) => ({
  id: SET,
  name: 'web',
  location: 'northeurope',
  etag: '"7"',
  tags: { app: 'orders' },
  sku: { name: change.sku ?? 'Standard_D2s_v5', tier: 'Standard', capacity: 14 },
  properties: {
    upgradePolicy: { mode: 'Manual' },
    provisioningState: 'Succeeded',
    virtualMachineProfile: {
      osProfile: { computerNamePrefix: 'web', adminUsername: 'contoso' },
      storageProfile: { imageReference: change.image ?? { id: `${IMAGE}/1.0.0` } },
      extensionProfile: {
        extensions: change.extensions ?? [
          { name: 'health', properties: { ...health, provisioningState: 'Succeeded' } },
          {
            name: 'app',
            properties: {
              ...script,
              protectedSettings: null,
              provisionAfterExtensions: ['health'],
              autoUpgradeMinorVersion: true,
            },
          },
        ],
      },
    },
  },
});

const set: ScaleSet = {
  id: SET,
  ref,
  location: 'northeurope',
  orchestration: 'Uniform',
  upgradeMode: 'Manual',
  provisioningState: 'Succeeded',
  capacity: 14,
  model: {
    sku: { name: 'Standard_D2s_v5', tier: 'Standard' },
    image: `${IMAGE}/1.0.0`,
    extensions: { health, app: script },
  },
  etag: '"7"',
  tags: { app: 'orders' },
  tellsHealth: true,
  automaticRepairs: 'none',
};

const headers = { 'azure-asyncoperation': OPERATION, 'x-ms-correlation-request-id': 'corr-1' };
const isPoll = ({ path }: SeenRequest) => path.includes('/operations/');

/** Writes answer 200 with an operation behind them, other orders 202; reads show `after`. */
function azure(operation: unknown, after: object = body()) {
  return stubArm((request: SeenRequest): Reply => {
    if (isPoll(request)) return { status: 200, body: operation };
    if (request.method === 'PATCH') return { status: 200, headers, body: after };
    if (request.method === 'POST') return { status: 202, headers };
    return { status: 200, body: after };
  });
}

const SUCCEEDED = { name: 'op-1', status: 'Succeeded' };
const clientOf = (stub: ReturnType<typeof stubArm>, masked: string[] = []) =>
  createScaleSets(stub.context, (secret) => masked.push(secret));
const requestOf = (stub: ReturnType<typeof stubArm>, method: string) =>
  stub.requests.filter((request) => request.method === method);

describe('a change of the model', () => {
  test('sends what changes and no more, and only if nobody else has written', async () => {
    const stub = azure(SUCCEEDED, body({ image: { id: `${IMAGE}/2.0.0` } }));
    const after = await clientOf(stub).changeModel(set, { image: `${IMAGE}/2.0.0` });
    const [patch, ...more] = requestOf(stub, 'PATCH');
    expect(patch?.path).toBe(SET);
    expect(patch?.headers['if-match']).toBe('"7"');
    expect(patch?.body).toEqual({
      properties: {
        virtualMachineProfile: { storageProfile: { imageReference: { id: `${IMAGE}/2.0.0` } } },
      },
    });
    expect(more).toEqual([]);
    expect(after.model.image).toBe(`${IMAGE}/2.0.0`);
  });

  test('of an extension sends the others as they are, and nothing in place of protected settings', async () => {
    const stub = azure(SUCCEEDED);
    await clientOf(stub).changeModel(set, { extensions: { health: { ...health, settings: { port: 81 } } } });
    expect(requestOf(stub, 'PATCH')[0]?.body).toEqual({
      properties: {
        virtualMachineProfile: {
          extensionProfile: {
            extensions: [
              { name: 'health', properties: { ...health, settings: { port: 81 } } },
              {
                name: 'app',
                properties: {
                  ...script,
                  provisionAfterExtensions: ['health'],
                  autoUpgradeMinorVersion: true,
                },
              },
            ],
          },
        },
      },
    });
  });

  test('of tags, mode and size leaves the profile alone', async () => {
    const stub = azure(SUCCEEDED, { ...body({ sku: 'Standard_D4s_v5' }), tags: { lease: 'one' } });
    const change = {
      tags: { APP: null, lease: 'one' },
      upgradeMode: 'Manual',
      skuName: 'Standard_D4s_v5',
    } as const;
    await clientOf(stub).changeModel(set, change);
    expect(requestOf(stub, 'PATCH')[0]?.body).toEqual({
      tags: { lease: 'one' },
      sku: { name: 'Standard_D4s_v5', capacity: 14 },
      properties: { upgradePolicy: { mode: 'Manual' } },
    });
  });

  test.each([
    ['Contoso:Service:gen2:1.0.0', { publisher: 'Contoso', offer: 'Service', sku: 'gen2', version: '1.0.0' }],
    [
      '/SharedGalleries/c/Images/s/Versions/1.0.0',
      {
        sharedGalleryImageId: '/SharedGalleries/c/Images/s/Versions/1.0.0',
      },
    ],
    [
      '/CommunityGalleries/c/Images/s/Versions/1.0.0',
      {
        communityGalleryImageId: '/CommunityGalleries/c/Images/s/Versions/1.0.0',
      },
    ],
  ])('to image %s names it as Azure does', async (image, reference) => {
    const stub = azure(SUCCEEDED, body({ image: reference }));
    const after = await clientOf(stub).changeModel(set, { image });
    expect(requestOf(stub, 'PATCH')[0]?.body).toHaveProperty(
      'properties.virtualMachineProfile.storageProfile.imageReference',
      reference,
    );
    expect(after.model.image).toBe(image);
  });

  test('that Azure has merged into something else is no success', async () => {
    const mixed = { id: `${IMAGE}/1.0.0`, publisher: 'c', offer: 'o', sku: 's', version: '2.0.0' };
    const stub = azure(SUCCEEDED, body({ image: mixed }));
    await expect(clientOf(stub).changeModel(set, { image: 'c:o:s:2.0.0' })).rejects.toMatchObject({
      name: 'AzureError',
      outcomeUnknown: true,
      message: expect.stringContaining(`${IMAGE}/1.0.0 instead of c:o:s:2.0.0`),
    });
  });

  test.each([
    ['that was to go and has stayed', { 'rolling-upgrade-2': null }, 'tag rolling-upgrade-2 still there'],
    ['that was not written', { team: 'orders' }, 'tag team not as it was written'],
  ])('of a tag %s is no success', async (_, tags, words) => {
    const stub = azure(SUCCEEDED, { ...body({}), tags: { 'rolling-upgrade-2': 'chunk' } });
    await expect(clientOf(stub).changeModel(set, { tags })).rejects.toMatchObject({
      outcomeUnknown: true,
      message: expect.stringContaining(words),
    });
  });

  test('refused with 412 is not sent again', async () => {
    const stub = stubArm(() => ({
      status: 412,
      body: { error: { code: 'PreconditionFailed', message: 'another etag' } },
    }));
    await expect(clientOf(stub).changeModel(set, { tags: { a: 'b' } })).rejects.toMatchObject({
      status: 412,
      code: 'PreconditionFailed',
      outcomeUnknown: false,
    });
    expect(stub.requests).toHaveLength(1);
  });

  test('without an ETag to hold it against is not sent', async () => {
    const stub = azure(SUCCEEDED);
    await expect(clientOf(stub).changeModel({ ...set, etag: null }, { tags: {} })).rejects.toMatchObject({
      reason: 'azure-error',
    });
    expect(stub.requests).toHaveLength(0);
  });

  test('whose operation fails behind the 200 says why', async () => {
    const failed = {
      name: 'op-1',
      status: 'Failed',
      error: { code: 'InternalExecutionError', message: 'An internal error.' },
    };
    await expect(clientOf(azure(failed)).changeModel(set, { tags: {} })).rejects.toMatchObject({
      name: 'AzureError',
      code: 'InternalExecutionError',
      correlationId: 'corr-1',
      outcomeUnknown: false,
    });
  });

  test('after a lost answer is unknown, and not sent again', async () => {
    const stub = stubArm(() => ({ network: 'ECONNRESET' }));
    await expect(clientOf(stub).changeModel(set, { tags: {} })).rejects.toMatchObject({
      outcomeUnknown: true,
    });
    expect(stub.requests).toHaveLength(1);
  });
});

describe('an update of instances', () => {
  const update = (stub: ReturnType<typeof stubArm>, signal = never) =>
    clientOf(stub).updateInstances(ref, ['0', '5'], signal);

  test('names them, and waits for Azure', async () => {
    const stub = azure(SUCCEEDED);
    await update(stub);
    const [post] = stub.requests;
    expect([post?.method, post?.path]).toEqual(['POST', `${SET}/manualupgrade`]);
    expect(post?.body).toEqual({ instanceIds: ['0', '5'] });
    expect(stub.requests.filter(isPoll).length).toBeGreaterThan(0);
  });

  test('of none asks nothing: without ids Azure would mean all or refuse', async () => {
    const stub = azure(SUCCEEDED);
    await clientOf(stub).updateInstances(ref, [], never);
    expect(stub.requests).toHaveLength(0);
  });

  test('is sent again where Azure was too busy to take it, as late as it asks', async () => {
    let sent = 0;
    const stub = stubArm((request): Reply => {
      if (isPoll(request)) return { status: 200, body: SUCCEEDED };
      if (request.method === 'GET') return { status: 200 };
      if (++sent === 1) return { status: 429, headers: { 'retry-after': '7' } };
      return { status: 202, headers };
    });
    await update(stub);
    expect([sent, stub.slept[0]]).toEqual([2, 7_000]);
  });

  test.each<[string, Reply]>([
    ['a lost answer', { network: 'ECONNRESET' }],
    ['a 503', { status: 503, headers: { 'retry-after': '1' } }],
  ])('after %s is unknown, and instances are not stopped twice', async (_, reply) => {
    const stub = stubArm(() => reply);
    await expect(update(stub)).rejects.toMatchObject({ name: 'AzureError', outcomeUnknown: true });
    expect(stub.requests).toHaveLength(1);
  });

  test('that failed keeps Azure’s code, which the SDK hides in a sentence', async () => {
    const failed = {
      status: 'Failed',
      error: { code: 'VMExtensionProvisioningError', message: 'web_5 has failed.' },
    };
    await expect(update(azure(failed))).rejects.toMatchObject({
      code: 'VMExtensionProvisioningError',
      outcomeUnknown: false,
      message: expect.stringContaining('instances 0, 5 of scale set web'),
    });
  });

  test('of instances that are being updated is refused as Azure does', async () => {
    const stub = stubArm(() => ({ status: 409, body: { error: { code: 'Conflict', message: 'busy' } } }));
    await expect(update(stub)).rejects.toMatchObject({
      status: 409,
      code: 'Conflict',
      outcomeUnknown: false,
    });
  });

  test('is not begun after the signal; given up while it is sent, it still tells that Azure took it', async () => {
    const unsent = azure(SUCCEEDED);
    await expect(update(unsent, AbortSignal.abort())).rejects.toMatchObject({ outcomeUnknown: false });
    expect(unsent.requests).toHaveLength(0);
    const stop = new AbortController();
    const stub = stubArm(({ method }) => {
      if (method === 'POST') stop.abort();
      return { status: 202, headers };
    });
    await expect(update(stub, stop.signal)).rejects.toMatchObject({
      outcomeUnknown: true,
      correlationId: 'corr-1',
      message: expect.stringContaining('goes on in Azure'),
    });
  });
});

describe('instances', () => {
  const status = (code: string) => ({ code, level: 'Info', time: '2026-11-21T10:00:00Z' });
  const vm = (id: string, view: object, more: object = {}) => ({
    instanceId: id,
    name: `web_${id}`,
    location: 'northeurope',
    zones: ['2'],
    properties: { provisioningState: 'Succeeded', latestModelApplied: false, instanceView: view, ...more },
  });

  test.each([
    ['HealthState/Healthy', 'healthy'],
    ['HealthState/UNHEALTHY', 'unhealthy'],
    ['HealthState/Initializing', 'initializing'],
    ['HealthState/Unknown', 'unknown'],
    ['HealthState/somethingNew', 'unknown'],
  ])('with health code %s are %s', async (code, expected) => {
    const value = [vm('0', { platformUpdateDomain: 4, vmHealth: { status: status(code) } })];
    const [zero] = await clientOf(stubArm(() => ({ status: 200, body: { value } }))).listInstances(set);
    expect(zero).toMatchObject({
      health: expected,
      healthAt: new Date('2026-11-21T10:00:00Z'),
      updateDomain: 4,
    });
  });

  test('of which nobody tells the health are not taken for healthy, nor for running', async () => {
    const value = [vm('0', { vmHealth: {} }), { instanceId: '1', location: 'x', properties: {} }];
    const found = await clientOf(stubArm(() => ({ status: 200, body: { value } }))).listInstances(set);
    for (const instance of found)
      expect(instance).toMatchObject({
        health: 'none',
        healthAt: null,
        powerState: 'unknown',
        updateDomain: null,
        exactVersion: null,
        isProtected: false,
      });
  });

  test('are taken from every page, with their power state and zone', async () => {
    const nextLink = `https://management.azure.com${SET}/virtualMachines?page=2&api-version=2026-04-01`;
    const view = { statuses: [status('ProvisioningState/succeeded'), status('powerstate/Deallocated')] };
    const stub = stubArm((_, index) => ({
      status: 200,
      body: index === 0 ? { value: [vm('0', view)], nextLink } : { value: [vm('1', view)] },
    }));
    const found = await clientOf(stub).listInstances(set);
    expect(found.map(({ id, powerState, zone }) => [id, powerState, zone])).toEqual([
      ['0', 'deallocated', '2'],
      ['1', 'deallocated', '2'],
    ]);
    expect(stub.requests[0]?.query.get('$expand')).toBe('instanceView');
  });

  test('of a Flexible set are what their machines say; one that was removed meanwhile is left out', async () => {
    const value = ['a', 'b'].map((id) =>
      vm(id, {}, { virtualMachineResourceId: `${COMPUTE}/virtualMachines/${id}` }),
    );
    const machine = {
      location: 'northeurope',
      properties: {
        provisioningState: 'Updating',
        storageProfile: { imageReference: { exactVersion: '2.0.0' } },
        instanceView: { platformUpdateDomain: 3, platformFaultDomain: 1, statuses: [] },
      },
    };
    const stub = stubArm(({ path }) => {
      if (path === `${COMPUTE}/virtualMachines/a`) return { status: 200, body: machine };
      if (path === `${COMPUTE}/virtualMachines/b`) return { status: 404 };
      return { status: 200, body: { value } };
    });
    const found = await clientOf(stub).listInstances({ ...set, orchestration: 'Flexible' });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      id: 'a',
      updateDomain: null,
      faultDomain: 1,
      exactVersion: '2.0.0',
      latestModelApplied: false,
      provisioningState: 'Updating',
    });
  });
});

test('keys and signed addresses in public settings are masked, other settings are not', async () => {
  const masked: string[] = [];
  await clientOf(azure(SUCCEEDED), masked).get(ref);
  expect(masked.toSorted()).toEqual(['https://store.example/app.zip?sv=1&sig=abcdef0123', 'k3y-k3y-k3y']);
});

test('a set that only a load balancer’s probe looks after tells health too; one nobody looks after does not', async () => {
  const plain = body({ extensions: [] });
  const probed = structuredClone(plain);
  Object.assign(probed.properties.virtualMachineProfile, {
    networkProfile: { healthProbe: { id: '/probe' } },
  });
  await expect(clientOf(azure(SUCCEEDED, plain)).get(ref)).resolves.toMatchObject({ tellsHealth: false });
  await expect(clientOf(azure(SUCCEEDED, probed)).get(ref)).resolves.toMatchObject({ tellsHealth: true });
});

describe('an image', () => {
  const NOT_FOUND: Reply = { status: 404, body: { error: { code: 'NotFound', message: 'no' } } };
  const exists = async (image: string, answer: (request: SeenRequest) => Reply) => {
    const stub = stubArm(answer);
    return [await clientOf(stub).imageExists(image, 'North Europe'), stub.requests[0]?.path] as const;
  };
  const replicated = (state: string) => ({
    location: 'westeurope',
    properties: {
      provisioningState: 'Succeeded',
      publishingProfile: { targetRegions: [{ name: 'North Europe' }] },
      replicationStatus: { summary: [{ region: 'North Europe', state }] },
    },
  });

  test('of a gallery in another subscription is asked for there', async () => {
    const id = `${IMAGE}/2.0.0`.replace('sub-1', 'sub-of-images');
    const [found, path] = await exists(id, () => ({ status: 200, body: replicated('Completed') }));
    expect([found, path]).toEqual([true, id]);
  });

  test('that is still being copied to the region is not there yet', async () => {
    const [found] = await exists(`${IMAGE}/2.0.0`, () => ({ status: 200, body: replicated('Replicating') }));
    expect(found).toBe(false);
  });

  test.each([
    [
      'Contoso:Service:gen2:1.0.0',
      '/subscriptions/sub-1/providers/Microsoft.Compute/locations/northeurope/publishers/Contoso/artifacttypes/vmimage/offers/Service/skus/gen2/versions/1.0.0',
    ],
    [
      '/SharedGalleries/c/Images/s/Versions/1.0.0',
      '/subscriptions/sub-1/providers/Microsoft.Compute/locations/northeurope/sharedGalleries/c/images/s/versions/1.0.0',
    ],
    [
      '/CommunityGalleries/c/Images/s/Versions/1.0.0',
      '/subscriptions/sub-1/providers/Microsoft.Compute/locations/northeurope/communityGalleries/c/images/s/versions/1.0.0',
    ],
  ])('%s is looked for where Azure has it', async (image, expected) => {
    const there = await exists(image, () => ({ status: 200, body: { location: 'northeurope' } }));
    expect(there).toEqual([true, expected]);
    const [missing] = await exists(image, () => NOT_FOUND);
    expect(missing).toBe(false);
  });

  test('that we may not look for is not called missing', async () => {
    const refused: Reply = { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } };
    await expect(exists(`${IMAGE}/2.0.0`, () => refused)).rejects.toMatchObject({ status: 403 });
  });
});

test('a set that cannot have rolling upgrades has had none; one that we may not ask is not said to have none', async () => {
  const answering = (status: number, code: string) =>
    clientOf(stubArm(() => ({ status, body: { error: { code, message: 'no' } } }))).platformUpgrade(ref);
  await expect(answering(404, 'RollingUpgradeNotFound')).resolves.toBeNull();
  await expect(answering(409, 'OperationNotAllowed')).resolves.toBeNull();
  await expect(answering(403, 'AuthorizationFailed')).rejects.toMatchObject({ status: 403 });
});

test('the sizes of a region are listed once; a list that failed is asked for again', async () => {
  const value = [{ name: 'Standard_D2s_v5', numberOfCores: 2 }];
  const stub = stubArm((_, at) => (at === 0 ? { status: 403, body: {} } : { status: 200, body: { value } }));
  const sets = clientOf(stub);
  await expect(sets.coresOf('Standard_D2s_v5', 'northeurope')).rejects.toMatchObject({ status: 403 });
  await expect(sets.coresOf('standard_d2s_v5', 'North Europe')).resolves.toBe(2);
  await expect(sets.coresOf('Standard_D4s_v5', 'northeurope')).resolves.toBeNull();
  expect(stub.requests).toHaveLength(2);
});
