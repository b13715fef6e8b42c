import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addressOf, CLOUD, type CloudArm, STAGE, servicePath, startCloudArm } from './support/cloud-arm.ts';

describe('a VIP swap', () => {
  let azure: CloudArm;
  beforeEach(async () => {
    azure = await startCloudArm();
  });
  afterEach(() => azure.close());

  const behind = (address: string) => azure.arm.cloudServices.roleBehind(addressOf(address), 'WebRole');
  const slot = async (service: string) => {
    const path = `${servicePath(service)}/providers/Microsoft.Network/cloudServiceSlots/swap`;
    return (await azure.call('GET', path)).body.properties;
  };

  test('exchanges addresses and slots, and stops no instance; the same again brings them back', async () => {
    const before = JSON.stringify(azure.instances());
    expect(behind(CLOUD)).toBe(`${servicePath(CLOUD)}/roles/WebRole`);
    expect(await azure.settled(await azure.swap('Production', STAGE))).toEqual({ status: 'Succeeded' });
    expect(behind(CLOUD)).toBe(`${servicePath(STAGE)}/roles/WebRole`);
    expect(behind(STAGE)).toBe(`${servicePath(CLOUD)}/roles/WebRole`);
    expect([await slot(CLOUD), await slot(STAGE)]).toEqual([
      { slotType: 'Staging' },
      { slotType: 'Production' },
    ]);
    expect(JSON.stringify(azure.instances())).toBe(before);
    await azure.settled(await azure.swap('Production', CLOUD));
    expect(behind(CLOUD)).toBe(`${servicePath(CLOUD)}/roles/WebRole`);
  });

  test('to the slot that the service is in already does nothing', async () => {
    expect((await azure.swap('Production', CLOUD)).status).toBe(200);
    expect(behind(CLOUD)).toBe(`${servicePath(CLOUD)}/roles/WebRole`);
  });

  test('needs a partner, and every instance of both running', async () => {
    const role = `${servicePath(STAGE)}/roles/WorkerRole`;
    await azure.compute.stop(role, 'WorkerRole_IN_4');
    const refused = await azure.swap('Staging');
    expect([refused.status, refused.message]).toEqual([409, expect.stringContaining('WorkerRole_IN_4')]);
    await azure.compute.start(role, 'WorkerRole_IN_4');
    await azure.settled(await azure.call('DELETE', servicePath(STAGE)));
    expect((await azure.swap('Staging')).code).toBe('SwappableCloudServicePropertyNotSet');
    expect(behind(CLOUD)).toBe(`${servicePath(CLOUD)}/roles/WebRole`);
  });
});

describe('a VIP swap that meets another operation', () => {
  test.each(['the swap first', 'the other first'])('%s: the service is beyond repair', async (order) => {
    // Long enough for the second call to come meanwhile, on a machine that has much else to do.
    const azure = await startCloudArm(0.03);
    try {
      await azure.settled(await azure.put('2.0.0'));
      const calls = [() => azure.swap('Staging'), () => azure.walk(0)];
      const [first, second] = order === 'the swap first' ? calls : calls.toReversed();
      const accepted = await first?.();
      expect(accepted?.status).toBe(202);
      expect(await second?.()).toMatchObject({ status: 409, code: 'InternalOperationError' });
      if (accepted !== undefined) expect(await azure.settled(accepted)).toMatchObject({ status: 'Failed' });
      expect((await azure.walk(0)).code).toBe('InternalOperationError');
      expect(await azure.read()).toMatchObject({ provisioningState: 'Failed' });
      await azure.settled(await azure.call('DELETE', servicePath(CLOUD)));
      expect((await azure.call('GET', servicePath(CLOUD))).status).toBe(404);
    } finally {
      await azure.close();
    }
  });
});
