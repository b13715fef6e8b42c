// Operations that end otherwise than the embedded Azure's: broken connections, refusals, other ways to tell the end.
import { describe, expect, test } from '@jest/globals';
import type { CloudServiceChange } from '../../src/azure/ports/compute.ts';
import {
  answering,
  document,
  extensionProfile,
  PARTNER,
  PATH,
  read,
  ref,
  servicesOf,
} from './cloud-services-stub.ts';
import { type Reply, type StubArm, stubArm } from './stub-arm.ts';

const OPERATION =
  'https://management.azure.com/subscriptions/sub-1/providers/Microsoft.Compute/locations/northeurope/CsOperations/op-1?api-version=2024-11-04';
const never = new AbortController().signal;
const change: CloudServiceChange = {
  packageUrl: 'https://blobs/new.cspkg?sig=not-a-secret',
  configuration: '<new/>',
  roles: [
    { name: 'webrole', skuName: 'Standard_D2_v2', capacity: 3 },
    { name: 'NewRole', skuName: 'Standard_D1_v2', capacity: 2 },
  ],
  tags: { team: 'orders', run: '7' },
};

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

  test('ends with its operation: that the domain cannot be read then is no failure', async () => {
    const stub = answering(accepted, { [operationPath]: { status: 'Succeeded' } });
    await expect(walk(stub)).resolves.toBeUndefined();
    expect(stub.requests.map(({ method }) => method)).toEqual(['PUT', 'GET']);
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
