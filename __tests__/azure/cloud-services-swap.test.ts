import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CLOUD, STAGE, servicePath } from '../local-azure/arm/compute/support/cloud-arm.ts';
import { type EmbeddedCloud, never, refOf, startEmbeddedCloud } from './cloud-services-embedded.ts';

let cloud: EmbeddedCloud;
const start = async (pace: number | null = null) => {
  cloud = await startEmbeddedCloud(pace);
};

describe('a VIP swap', () => {
  beforeEach(() => start());
  afterEach(() => cloud.azure.close());

  test('exchanges the addresses, and the same again does nothing', async () => {
    const service = await cloud.read();
    await cloud.services.swapAddresses(service, never);
    expect(cloud.behind(CLOUD)).toBe(`${servicePath(STAGE)}/roles/WebRole`);
    await cloud.services.swapAddresses(service, never);
    expect(cloud.behind(CLOUD)).toBe(`${servicePath(STAGE)}/roles/WebRole`);
    await expect(cloud.read()).resolves.toMatchObject({ slotType: 'Staging' });
  });

  test('back brings the addresses back, and the swapped services can still be updated', async () => {
    await cloud.services.swapAddresses(await cloud.read(), never);
    await cloud.updateTo('2.0.0');
    await cloud.services.swapAddresses(await cloud.read(), never);
    expect(cloud.behind(CLOUD)).toBe(`${servicePath(CLOUD)}/roles/WebRole`);
  });

  test('is refused by Azure while an instance does not run', async () => {
    await cloud.azure.compute.stop(`${servicePath(STAGE)}/roles/WorkerRole`, 'WorkerRole_IN_4');
    await expect(cloud.services.swapAddresses(await cloud.read(), never)).rejects.toMatchObject({
      status: 409,
      code: 'OperationNotAllowed',
      message: expect.stringContaining('WorkerRole_IN_4'),
    });
  });
});

describe('while a walk is under way', () => {
  beforeEach(() => start(0.05));
  afterEach(() => cloud.azure.close());

  test('no swap is sent, which would break both services, and no second walk is accepted', async () => {
    await cloud.azure.settled(await cloud.azure.put('2.0.0', { service: STAGE, partner: CLOUD }));
    const walking = await cloud.azure.walk(0, STAGE);
    await expect(cloud.services.swapAddresses(await cloud.read(), never)).rejects.toMatchObject({
      name: 'AzureError',
      outcomeUnknown: false,
      message: expect.stringContaining('contoso-cloud-stage is Updating'),
    });
    await expect(cloud.services.walk(refOf(STAGE), 1, never)).rejects.toMatchObject({
      status: 409,
      code: 'OperationNotAllowed',
    });
    await expect(cloud.azure.settled(walking)).resolves.toMatchObject({ status: 'Succeeded' });
  });

  test('aborting stops the waiting only: the walk goes on', async () => {
    await cloud.updateTo('2.0.0');
    const stop = new AbortController();
    cloud.azure.compute.onChange(() => stop.abort());
    await expect(cloud.services.walk(refOf(CLOUD), 0, stop.signal)).rejects.toMatchObject({
      outcomeUnknown: true,
    });
    const deadline = Date.now() + 20_000;
    while ((await cloud.read()).provisioningState === 'Updating' && Date.now() < deadline)
      await cloud.azure.clock.sleep(20);
    expect(cloud.azure.versions()).toEqual([['2.0.0'], ['1.0.0']]);
  });
});
