// What the embedded Azure does not answer: members that are new or missing, broken connections, other operations.
import { describe, expect, test } from '@jest/globals';
import { createCloudServices } from '../../src/azure/cloud-services.ts';
import type { CloudService, CloudServiceChange } from '../../src/azure/compute-ports.ts';
import { type Reply, type SeenRequest, type StubArm, stubArm } from './stub-arm.ts';

const PROVIDERS = '/subscriptions/sub-1/resourceGroups/contoso/providers';
const PATH = `${PROVIDERS}/Microsoft.Compute/cloudServices/cloud`;
const PARTNER = `${PROVIDERS}/Microsoft.Compute/cloudServices/stage`;
const OPERATION =
  'https://management.azure.com/subscriptions/sub-1/providers/Microsoft.Compute/locations/northeurope/CsOperations/op-1?api-version=2024-11-04';
const ref = { resourceGroup: 'contoso', name: 'cloud' };
const never = new AbortController().signal;

const web = (capacity: number) => ({
  name: 'WebRole',
  sku: { name: 'Standard_D1_v2', tier: 'Standard', capacity },
});
const networkProfile = {
  loadBalancerConfigurations: [{ name: 'lb', properties: { frontendIPConfigurations: [{ name: 'fe' }] } }],
  swappableCloudService: { id: PARTNER },
};
const extensionProfile = { extensions: [{ name: 'RDP', properties: { settings: '<PublicConfig/>' } }] };
const document = {
  id: PATH,
  name: 'cloud',
  type: 'Microsoft.Compute/cloudServices',
  location: 'northeurope',
  zones: ['1'],
  tags: { team: 'orders' },
  systemData: { createdBy: 'somebody' },
  properties: {
    configuration: '<old/>',
    upgradeMode: 'Auto',
    allowModelOverride: true,
    roleProfile: { roles: [web(2)] },
    osProfile: { secrets: [{ sourceVault: { id: '/vault' } }] },
    networkProfile: { ...networkProfile, slotType: 'Production' },
    extensionProfile,
    provisioningState: 'Succeeded',
    uniqueId: 'unique',
    memberOfTomorrow: { kept: true },
  },
};
const change: CloudServiceChange = {
  packageUrl: 'https://blobs/new.cspkg?sig=not-a-secret',
  configuration: '<new/>',
  roles: [
    { name: 'webrole', skuName: 'Standard_D2_v2', capacity: 3 },
    { name: 'NewRole', skuName: 'Standard_D1_v2', capacity: 2 },
  ],
  tags: { team: 'orders', run: '7' },
};

const servicesOf = (stub: StubArm) => createCloudServices(stub.context);

async function read(stub: StubArm): Promise<CloudService> {
  const service = await servicesOf(stub).get(ref);
  if (service === null) throw new Error('not there');
  return service;
}

/** Reads as given, writes as given. */
function answering(
  put: Reply | ((request: SeenRequest) => Reply),
  reads: Record<string, unknown> = {},
): StubArm {
  const bodies: Record<string, unknown> = { [PATH]: document, ...reads };
  return stubArm((request): Reply => {
    if (request.method === 'PUT') return typeof put === 'function' ? put(request) : put;
    const body = bodies[request.path];
    return body === undefined
      ? { status: 404, body: { error: { code: 'ResourceNotFound' } } }
      : { status: 200, body };
  });
}

const accepted: Reply = {
  status: 202,
  headers: { 'azure-asyncoperation': OPERATION, 'x-ms-correlation-request-id': 'corr-1' },
};
const operationPath = new URL(OPERATION).pathname;

describe('an update', () => {
  test('says the whole service again, but for what Azure alone writes', async () => {
    const stub = answering(
      { status: 200, headers: { 'azure-asyncoperation': OPERATION }, body: document },
      {
        [operationPath]: { status: 'Succeeded' },
      },
    );
    await servicesOf(stub).update(await read(stub), change, never);
    const put = stub.requests.find(({ method }) => method === 'PUT');
    expect(put?.query.get('api-version')).toBe('2024-11-04');
    expect(put?.body).toEqual({
      location: 'northeurope',
      zones: ['1'],
      tags: change.tags,
      properties: {
        packageUrl: change.packageUrl,
        configuration: '<new/>',
        upgradeMode: 'Manual',
        allowModelOverride: true,
        roleProfile: {
          roles: [
            { name: 'webrole', sku: { name: 'Standard_D2_v2', tier: 'Standard', capacity: 3 } },
            { name: 'NewRole', sku: { name: 'Standard_D1_v2', tier: 'Standard', capacity: 2 } },
          ],
        },
        osProfile: document.properties.osProfile,
        networkProfile: document.properties.networkProfile,
        extensionProfile,
        memberOfTomorrow: { kept: true },
      },
    });
  });

  test('that is answered without an operation is followed on the service itself', async () => {
    let reads = 0;
    const state = (provisioningState: string) => ({
      ...document,
      properties: { ...document.properties, provisioningState },
    });
    const stub = stubArm(({ method }): Reply => {
      if (method === 'PUT') return { status: 200, body: state('Updating') };
      return { status: 200, body: state(++reads < 3 ? 'Succeeded' : 'Failed') };
    });
    await expect(servicesOf(stub).update(await read(stub), change, never)).rejects.toMatchObject({
      outcomeUnknown: false,
      message: expect.stringContaining('The update of cloud service cloud failed'),
    });
  });

  test('of a service that is gone is not sent', async () => {
    let gone = false;
    const stub = stubArm(() => (gone ? { status: 404 } : { status: 200, body: document }));
    const service = await read(stub);
    gone = true;
    await expect(servicesOf(stub).update(service, change, never)).rejects.toMatchObject({ status: 412 });
    expect(stub.requests.map(({ method }) => method)).not.toContain('PUT');
  });

  test('that is refused keeps the package’s signature out of the message', async () => {
    const body = { error: { code: 'OperationNotAllowed', message: 'Another operation is in progress.' } };
    const stub = answering({ status: 409, headers: { 'x-ms-request-id': 'corr-9' }, body });
    const refused = servicesOf(stub).update(await read(stub), change, never);
    await expect(refused).rejects.toMatchObject({
      status: 409,
      code: 'OperationNotAllowed',
      correlationId: 'corr-9',
      outcomeUnknown: false,
      message: expect.not.stringContaining('not-a-secret'),
    });
  });
});

describe('a walk', () => {
  const walk = (stub: StubArm) => servicesOf(stub).walk(ref, 1, never);

  test('whose connection broke is unknown and is not sent again', async () => {
    const stub = answering({ network: 'ECONNRESET' });
    await expect(walk(stub)).rejects.toMatchObject({
      name: 'AzureError',
      status: null,
      outcomeUnknown: true,
    });
    expect(stub.requests).toHaveLength(1);
  });

  test('that could not be sent is sent again', async () => {
    let tries = 0;
    const stub = answering(() => (++tries === 1 ? { network: 'ECONNREFUSED' } : { status: 200 }));
    await expect(walk(stub)).resolves.toBeUndefined();
    expect(stub.requests.map(({ path }) => path)).toEqual([
      `${PATH}/updateDomains/1`,
      `${PATH}/updateDomains/1`,
    ]);
  });

  test('whose end is not seen was accepted, and is unknown', async () => {
    const stub = stubArm(({ method }) => (method === 'PUT' ? accepted : { status: 403 }));
    await expect(walk(stub)).rejects.toMatchObject({
      correlationId: 'corr-1',
      outcomeUnknown: true,
      message: expect.stringContaining('goes on in Azure'),
    });
  });

  test.each([
    [
      { status: 'Failed', error: { code: 'UpdateNotCompleted', message: 'It is stuck.' } },
      'UpdateNotCompleted',
      'It is stuck.',
    ],
    [{ status: 'Failed' }, null, 'gave no reason'],
    [{ status: 'Canceled' }, null, 'was cancelled'],
  ])('that ends as %j has failed for certain', async (end, code, why) => {
    const stub = answering(accepted, { [operationPath]: end });
    await expect(walk(stub)).rejects.toMatchObject({
      code,
      outcomeUnknown: false,
      message: expect.stringContaining(why),
    });
  });

  test('that is followed by its Location only ends with it', async () => {
    const stub = answering({ status: 202, headers: { location: OPERATION } }, { [operationPath]: {} });
    await expect(walk(stub)).resolves.toBeUndefined();
  });
});

describe('a swap', () => {
  test('of a service that is in no slot, or has a partner in transition, is not sent', async () => {
    const { properties } = document;
    const stub = answering(
      { status: 200 },
      {
        [PARTNER]: { ...document, properties: { ...properties, provisioningState: 'Deleting' } },
      },
    );
    const service = await read(stub);
    await expect(servicesOf(stub).swapAddresses(service, never)).rejects.toMatchObject({
      outcomeUnknown: false,
    });
    const alone = { ...service, slotType: null };
    await expect(servicesOf(stub).swapAddresses(alone, never)).rejects.toMatchObject({
      outcomeUnknown: false,
    });
    expect(stub.requests.map(({ method }) => method)).not.toContain('PUT');
  });
});

describe('what Azure tells of a service', () => {
  test('the slot is asked of Microsoft.Network where Microsoft.Compute leaves it out', async () => {
    const slot = `${PATH}/providers/Microsoft.Network/cloudServiceSlots/swap`;
    const stub = answering(
      { status: 500 },
      {
        [PATH]: { ...document, properties: { ...document.properties, networkProfile } },
        [slot]: { properties: { slotType: 'Staging' } },
      },
    );
    await expect(read(stub)).resolves.toMatchObject({ slotType: 'Staging', swappableWith: PARTNER });
  });

  test('what is missing and not needed is no error, and nothing good is assumed of it', async () => {
    const { location } = document;
    const bare = { location, properties: { roleProfile: { roles: [web(2)] } } };
    await expect(read(answering({ status: 500 }, { [PATH]: bare }))).resolves.toEqual({
      id: PATH,
      ref,
      location,
      upgradeMode: 'Auto',
      provisioningState: 'Unknown',
      roles: [{ name: 'WebRole', skuName: 'Standard_D1_v2', capacity: 2 }],
      configuration: null,
      slotType: null,
      swappableWith: null,
      tags: {},
    });
  });

  test('a service without roles cannot be read: a walk of it would pass by all instances', async () => {
    const stub = answering({ status: 500 }, { [PATH]: { location: 'x', properties: {} } });
    await expect(read(stub)).rejects.toMatchObject({
      name: 'AzureError',
      message: expect.stringContaining('roleProfile'),
    });
  });
});

describe('instances', () => {
  const instance = (name: string, ...codes: string[]) => ({
    name,
    properties: {
      instanceView: {
        platformUpdateDomain: 1,
        platformFaultDomain: 0,
        statuses: codes.map((code) => ({ code, time: '2026-11-21T10:00:00Z' })),
      },
    },
  });
  const list = async (...value: unknown[]) => {
    const stub = answering({ status: 500 }, { [`${PATH}/roleInstances`]: { value } });
    return servicesOf(stub).listInstances(await read(stub));
  };

  test.each([
    ['RoleStateStarted', 'running', 'healthy', 'Succeeded'],
    ['RoleStateStarting', 'starting', 'initializing', 'Succeeded'],
    ['RoleStateBusy', 'starting', 'initializing', 'Succeeded'],
    ['RoleStateStopping', 'stopping', 'unknown', 'Succeeded'],
    ['RoleStateStopped', 'stopped', 'unknown', 'Succeeded'],
    ['RoleStateUnknown', 'unknown', 'unknown', 'Succeeded'],
    ['RoleStateDestroyed', 'deallocated', 'unknown', 'Deleting'],
    ['RoleStateOfTomorrow', 'unknown', 'unknown', 'Succeeded'],
  ])('in %s are %s and %s', async (state, powerState, health, provisioningState) => {
    await expect(list(instance('WebRole_IN_0', `RoleState/${state}`))).resolves.toMatchObject([
      {
        id: 'WebRole_IN_0',
        role: 'WebRole',
        updateDomain: 1,
        faultDomain: 0,
        powerState,
        health,
        provisioningState,
        healthAt: new Date('2026-11-21T10:00:00Z'),
        latestModelApplied: null,
        isProtected: false,
      },
    ]);
  });

  test('that tell no state are never healthy; a provisioning state is taken as it is told', async () => {
    const [silent, updating] = await list(
      instance('webrole_IN_0'),
      instance('Other_Role_IN_12', 'ProvisioningState/updating', 'RoleState/RoleStateStarted'),
    );
    expect(silent).toMatchObject({
      role: 'WebRole',
      health: 'unknown',
      powerState: 'unknown',
      healthAt: null,
    });
    expect(updating).toMatchObject({ role: 'Other_Role', provisioningState: 'Updating', health: 'healthy' });
  });

  test('listed without their view are asked for it one by one; those that are gone by then are left out', async () => {
    const path = `${PATH}/roleInstances`;
    const stub = answering(
      { status: 500 },
      {
        [path]: { value: [{ name: 'WebRole_IN_0' }, { name: 'WebRole_IN_1', properties: {} }] },
        [`${path}/WebRole_IN_1/instanceView`]: {
          platformUpdateDomain: 0,
          statuses: [{ code: 'RoleState/RoleStateStarted' }],
        },
      },
    );
    await expect(servicesOf(stub).listInstances(await read(stub))).resolves.toMatchObject([
      { id: 'WebRole_IN_1', updateDomain: 0, faultDomain: null, health: 'healthy' },
    ]);
    const listing = stub.requests.find((request) => request.path === path);
    expect(listing?.query.get('$expand')).toBe('instanceView');
    expect(listing?.query.get('api-version')).toBe('2024-11-04');
  });

  test('and domains come from all pages; a domain without a number is an error', async () => {
    const path = `${PATH}/updateDomains`;
    const pages = (last: string) =>
      stubArm(({ query }) => ({
        status: 200,
        body: query.has('page')
          ? { value: [{ name: '0' }] }
          : { value: [{ name: last }], nextLink: `https://management.azure.com${path}?page=2` },
      }));
    await expect(servicesOf(pages('10')).listUpdateDomains(ref)).resolves.toEqual([0, 10]);
    await expect(servicesOf(pages('first')).listUpdateDomains(ref)).rejects.toMatchObject({
      name: 'AzureError',
    });
  });
});
