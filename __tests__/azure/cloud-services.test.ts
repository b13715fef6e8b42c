import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CLOUD, STAGE, servicePath } from '../local-azure/arm/compute/support/cloud-arm.ts';
import { type EmbeddedCloud, never, refOf, startEmbeddedCloud, to } from './cloud-services-embedded.ts';

let cloud: EmbeddedCloud;
const start = async () => {
  cloud = await startEmbeddedCloud();
};
const instances = async () => cloud.services.listInstances(await cloud.read());

describe('a cloud service', () => {
  beforeEach(() => start());
  afterEach(() => cloud.azure.close());

  test('is read as it is; one that is not there is null', async () => {
    await expect(cloud.read()).resolves.toMatchObject({
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
    await expect(cloud.services.get(refOf('nobody'))).resolves.toBeNull();
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
  });

  test('is updated, touching no instance, and walked domain by domain; and back, with the package before', async () => {
    await cloud.updateTo('2.0.0');
    expect(cloud.azure.versions()).toEqual([['1.0.0'], ['1.0.0']]);
    await expect(cloud.read()).resolves.toMatchObject({
      upgradeMode: 'Manual',
      configuration: expect.stringContaining('2.0.0'),
      tags: { version: '2.0.0' },
      slotType: 'Production',
      swappableWith: servicePath(STAGE),
    });
    await cloud.services.walk(refOf(CLOUD), 0, never);
    expect(cloud.azure.versions()).toEqual([['2.0.0'], ['1.0.0']]);
    await cloud.updateTo('1.0.0');
    await cloud.services.walk(refOf(CLOUD), 0, never);
    expect(cloud.azure.versions()).toEqual([['1.0.0'], ['1.0.0']]);
  });

  test('whose new version never starts has instances that are starting, after a walk that ended', async () => {
    await cloud.updateTo('4.0.0');
    await cloud.services.walk(refOf(CLOUD), 1, never);
    const found = await instances();
    expect(new Set(found.filter((each) => each.updateDomain === 1).map((each) => each.health))).toEqual(
      new Set(['initializing']),
    );
    expect(new Set(found.filter((each) => each.updateDomain === 0).map((each) => each.health))).toEqual(
      new Set(['healthy']),
    );
  });

  test('whose new version breaks has no instance that counts as healthy in the walked domain', async () => {
    await cloud.updateTo('3.0.0');
    await cloud.services.walk(refOf(CLOUD), 0, never);
    const walked = (await instances()).filter((each) => each.updateDomain === 0);
    expect(walked).toHaveLength(9);
    expect(walked.filter((each) => each.health === 'healthy')).toEqual([]);
  });

  test('that somebody else changed since it was read is not written', async () => {
    const service = await cloud.read();
    await cloud.services.update(service, to('2.0.0', service), never);
    await expect(cloud.services.update(service, to('1.0.0', service), never)).rejects.toMatchObject({
      name: 'AzureError',
      status: 412,
      outcomeUnknown: false,
      message: expect.stringContaining('configuration and tags'),
    });
    await expect(cloud.read()).resolves.toMatchObject({ tags: { version: '2.0.0' } });
  });

  test.each([
    ['2.2.0', 'upgrade domain count'],
    ['5.0.0', 'could not be downloaded'],
  ])('is not updated to %s, and Azure says why', async (version, why) => {
    await expect(cloud.updateTo(version)).rejects.toMatchObject({
      name: 'AzureError',
      status: 400,
      code: 'InvalidParameter',
      outcomeUnknown: false,
      message: expect.stringContaining(why),
    });
  });

  test('whose domain is not there is not walked', async () => {
    await expect(cloud.services.walk(refOf(CLOUD), 7, never)).rejects.toMatchObject({ status: 404 });
  });

  test('an update whose answer was lost is unknown, and was done', async () => {
    cloud.azure.faults.add({ at: `arm PUT .*cloudServices/${CLOUD}`, fault: { kind: 'drop-after' } });
    await expect(cloud.updateTo('2.0.0')).rejects.toMatchObject({ name: 'AzureError', outcomeUnknown: true });
    await expect(cloud.read()).resolves.toMatchObject({ tags: { version: '2.0.0' } });
  });

  test('a walk that ends as Failed says why', async () => {
    cloud.azure.faults.add({
      at: 'arm PUT .*updateDomains/0',
      fault: { kind: 'operation-fails', code: 'AllocationFailed', message: 'There is no room.' },
    });
    await expect(cloud.services.walk(refOf(CLOUD), 0, never)).rejects.toMatchObject({
      code: 'AllocationFailed',
      outcomeUnknown: false,
      correlationId: expect.any(String),
      message:
        'The walk of update domain 0 of cloud service contoso-cloud failed: AllocationFailed: There is no room.',
    });
  });
});
