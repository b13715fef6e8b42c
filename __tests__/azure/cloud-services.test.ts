import tls from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  renderConfiguration,
  servicePackageUrl,
} from '../../local-azure/arm/compute/cloud-services/packages.ts';
import { createCloudServices } from '../../src/azure/cloud-services.ts';
import type { CloudService, CloudServiceChange, CloudServices } from '../../src/azure/compute-ports.ts';
import { parseAzureEnvironment } from '../../src/azure/environment.ts';
import { systemClock } from '../../src/clock.ts';
import {
  addressOf,
  CLOUD,
  type CloudArm,
  STAGE,
  servicePath,
  startCloudArm,
} from '../local-azure/arm/compute/support/cloud-arm.ts';
import { SUBSCRIPTION } from '../local-azure/arm/support/test-arm.ts';

const refOf = (name: string) => ({ resourceGroup: 'contoso-service', name });
const never = new AbortController().signal;

let azure: CloudArm;
let services: CloudServices;

async function connect(pace: number | null = null): Promise<void> {
  azure = await startCloudArm(pace);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), azure.connection.options.tlsOptions.ca]);
  services = createCloudServices({
    credential: azure.connection.credential,
    environment: parseAzureEnvironment(
      JSON.stringify({
        name: 'LocalAzure',
        resourceManager: azure.endpoint,
        authority: 'https://localhost:1',
      }),
    ),
    subscriptionId: SUBSCRIPTION,
    userAgent: 'rolling-upgrade/test',
    clock: systemClock,
    log: () => {},
  });
}

async function read(name = CLOUD): Promise<CloudService> {
  const service = await services.get(refOf(name));
  if (service === null) throw new Error(`${name} is not there`);
  return service;
}

/** To a version, everything else as it is. */
function to(version: string, { roles, tags }: CloudService): CloudServiceChange {
  return {
    packageUrl: `${servicePackageUrl(version)}?sig=not-a-secret`,
    configuration: renderConfiguration({ WebRole: 8, WorkerRole: 9 }, { Version: version }),
    roles,
    tags: { ...tags, version },
  };
}

async function updateTo(version: string): Promise<void> {
  const service = await read();
  await services.update(service, to(version, service), never);
}

const instances = async () => services.listInstances(await read());
const behind = (address: string) => azure.arm.cloudServices.roleBehind(addressOf(address), 'WebRole');

describe('a cloud service', () => {
  beforeEach(() => connect());
  afterEach(() => azure.close());

  test('is read as it is; one that is not there is null', async () => {
    await expect(read()).resolves.toMatchObject({
      id: servicePath(CLOUD),
      location: 'northeurope',
      upgradeMode: 'Manual',
      provisioningState: 'Succeeded',
      roles: [
        { name: 'WebRole', skuName: 'Standard_D2_v2', capacity: 8 },
        { name: 'WorkerRole', skuName: 'Standard_D2_v2', capacity: 9 },
      ],
      configuration: expect.stringContaining('<Instances count="9" />'),
      slotType: 'Production',
      swappableWith: servicePath(STAGE),
      tags: {},
    });
    await expect(services.get(refOf('nobody'))).resolves.toBeNull();
  });

  test('has its instances in update domains, by role, all of them well', async () => {
    const found = await instances();
    const sizes = ['WebRole', 'WorkerRole'].map((role) =>
      [0, 1].map(
        (domain) => found.filter((each) => each.role === role && each.updateDomain === domain).length,
      ),
    );
    expect(sizes).toEqual([
      [4, 4],
      [5, 4],
    ]);
    for (const instance of found)
      expect(instance).toMatchObject({ powerState: 'running', health: 'healthy', exactVersion: null });
    await expect(services.listUpdateDomains(refOf(CLOUD))).resolves.toEqual([0, 1]);
  });

  test('is updated, touching no instance, and walked domain by domain; and back, with the package before', async () => {
    await updateTo('2.0.0');
    expect(azure.versions()).toEqual([['1.0.0'], ['1.0.0']]);
    await expect(read()).resolves.toMatchObject({
      upgradeMode: 'Manual',
      configuration: expect.stringContaining('2.0.0'),
      tags: { version: '2.0.0' },
      slotType: 'Production',
      swappableWith: servicePath(STAGE),
    });
    await services.walk(refOf(CLOUD), 0, never);
    expect(azure.versions()).toEqual([['2.0.0'], ['1.0.0']]);
    await updateTo('1.0.0');
    await services.walk(refOf(CLOUD), 0, never);
    expect(azure.versions()).toEqual([['1.0.0'], ['1.0.0']]);
  });

  test('whose new version never starts has instances that are starting, after a walk that ended', async () => {
    await updateTo('4.0.0');
    await services.walk(refOf(CLOUD), 1, never);
    const found = await instances();
    expect(new Set(found.filter((each) => each.updateDomain === 1).map((each) => each.health))).toEqual(
      new Set(['initializing']),
    );
    expect(new Set(found.filter((each) => each.updateDomain === 0).map((each) => each.health))).toEqual(
      new Set(['healthy']),
    );
  });

  test('whose new version breaks has no instance that counts as healthy in the walked domain', async () => {
    await updateTo('3.0.0');
    await services.walk(refOf(CLOUD), 0, never);
    const walked = (await instances()).filter((each) => each.updateDomain === 0);
    expect(walked).toHaveLength(9);
    expect(walked.filter((each) => each.health === 'healthy')).toEqual([]);
  });

  test('that somebody else changed since it was read is not written', async () => {
    const service = await read();
    await services.update(service, to('2.0.0', service), never);
    await expect(services.update(service, to('1.0.0', service), never)).rejects.toMatchObject({
      name: 'AzureError',
      status: 412,
      outcomeUnknown: false,
      message: expect.stringContaining('configuration and tags'),
    });
    await expect(read()).resolves.toMatchObject({ tags: { version: '2.0.0' } });
  });

  test.each([
    ['2.2.0', 'upgrade domain count'],
    ['5.0.0', 'could not be downloaded'],
  ])('is not updated to %s, and Azure says why', async (version, why) => {
    await expect(updateTo(version)).rejects.toMatchObject({
      name: 'AzureError',
      status: 400,
      code: 'InvalidParameter',
      outcomeUnknown: false,
      message: expect.stringContaining(why),
    });
  });

  test('whose domain is not there is not walked', async () => {
    await expect(services.walk(refOf(CLOUD), 7, never)).rejects.toMatchObject({ status: 404 });
  });

  test('an update whose answer was lost is unknown, and was done', async () => {
    azure.faults.add({ at: `arm PUT .*cloudServices/${CLOUD}`, fault: { kind: 'drop-after' } });
    await expect(updateTo('2.0.0')).rejects.toMatchObject({ name: 'AzureError', outcomeUnknown: true });
    await expect(read()).resolves.toMatchObject({ tags: { version: '2.0.0' } });
  });

  test('a walk that ends as Failed says why', async () => {
    azure.faults.add({
      at: 'arm PUT .*updateDomains/0',
      fault: { kind: 'operation-fails', code: 'AllocationFailed', message: 'There is no room.' },
    });
    await expect(services.walk(refOf(CLOUD), 0, never)).rejects.toMatchObject({
      code: 'AllocationFailed',
      outcomeUnknown: false,
      correlationId: expect.any(String),
      message:
        'The walk of update domain 0 of cloud service contoso-cloud failed: AllocationFailed: There is no room.',
    });
  });
});

describe('a VIP swap', () => {
  beforeEach(() => connect());
  afterEach(() => azure.close());

  test('exchanges the addresses, and the same again does nothing', async () => {
    const service = await read();
    await services.swapAddresses(service, never);
    expect(behind(CLOUD)).toBe(`${servicePath(STAGE)}/roles/WebRole`);
    await services.swapAddresses(service, never);
    expect(behind(CLOUD)).toBe(`${servicePath(STAGE)}/roles/WebRole`);
    await expect(read()).resolves.toMatchObject({ slotType: 'Staging' });
  });

  test('back brings the addresses back, and the swapped services can still be updated', async () => {
    await services.swapAddresses(await read(), never);
    await updateTo('2.0.0');
    await services.swapAddresses(await read(), never);
    expect(behind(CLOUD)).toBe(`${servicePath(CLOUD)}/roles/WebRole`);
  });

  test('is refused by Azure while an instance does not run', async () => {
    await azure.compute.stop(`${servicePath(STAGE)}/roles/WorkerRole`, 'WorkerRole_IN_4');
    await expect(services.swapAddresses(await read(), never)).rejects.toMatchObject({
      status: 409,
      code: 'OperationNotAllowed',
      message: expect.stringContaining('WorkerRole_IN_4'),
    });
  });
});

describe('while a walk is under way', () => {
  beforeEach(() => connect(0.05));
  afterEach(() => azure.close());

  test('no swap is sent, which would break both services, and no second walk is accepted', async () => {
    await azure.settled(await azure.put('2.0.0', { service: STAGE, partner: CLOUD }));
    const walking = await azure.walk(0, STAGE);
    await expect(services.swapAddresses(await read(), never)).rejects.toMatchObject({
      name: 'AzureError',
      outcomeUnknown: false,
      message: expect.stringContaining('contoso-cloud-stage is Updating'),
    });
    await expect(services.walk(refOf(STAGE), 1, never)).rejects.toMatchObject({
      status: 409,
      code: 'OperationNotAllowed',
    });
    await expect(azure.settled(walking)).resolves.toMatchObject({ status: 'Succeeded' });
  });

  test('aborting stops the waiting only: the walk goes on', async () => {
    await updateTo('2.0.0');
    const stop = new AbortController();
    azure.compute.onChange(() => stop.abort());
    await expect(services.walk(refOf(CLOUD), 0, stop.signal)).rejects.toMatchObject({ outcomeUnknown: true });
    const deadline = Date.now() + 20_000;
    while ((await read()).provisioningState === 'Updating' && Date.now() < deadline)
      await azure.clock.sleep(20);
    expect(azure.versions()).toEqual([['2.0.0'], ['1.0.0']]);
  });
});
