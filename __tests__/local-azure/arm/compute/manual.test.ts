import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ComputeArm } from './support/compute-arm.ts';
import { FLEX, GROUP, image, imageId, setPath, startComputeArm, V, WEB } from './support/compute-arm.ts';

describe('a scale set with upgrade mode Manual', () => {
  let azure: ComputeArm;
  beforeEach(async () => {
    azure = await startComputeArm();
  });
  afterEach(() => azure.close());

  const isUp = (code: string | undefined) => code === 'PowerState/running';
  const ids = (vms: readonly { instanceId?: string }[]) => vms.map((vm) => vm.instanceId);

  test('its instances tell domain, power, health and version', async () => {
    const vms = await azure.instances();
    const domains = vms.map((vm) => vm.instanceView?.platformUpdateDomain);
    expect([0, 1, 2, 3, 4].map((domain) => domains.filter((each) => each === domain).length)).toEqual([
      3, 3, 3, 3, 2,
    ]);
    for (const vm of vms) {
      expect(isUp(vm.instanceView?.statuses?.at(-1)?.code)).toBe(true);
      expect(vm.instanceView?.vmHealth?.status?.code).toBe('HealthState/healthy');
      expect(vm.instanceView?.vmHealth?.status?.time).toBeInstanceOf(Date);
      expect(vm.storageProfile?.imageReference).toMatchObject({
        id: imageId('1.0.0'),
        exactVersion: '1.0.0',
      });
    }
    expect((await azure.instances(WEB, false)).every((vm) => vm.instanceView === undefined)).toBe(true);
    const view = await azure.client.virtualMachineScaleSets.getInstanceView(GROUP, WEB);
    expect(view.virtualMachine?.statusesSummary).toEqual([
      { code: 'ProvisioningState/succeeded', count: 14 },
    ]);
  });

  test('a new model changes no instance before it is told to', async () => {
    await azure.setImage('2.0.0');
    expect(new Set(azure.versions())).toEqual(new Set(['1.0.0']));
    expect((await azure.instances()).every((vm) => vm.latestModelApplied === false)).toBe(true);
    await azure.upgrade(['0', '5', '10']);
    const vms = await azure.instances();
    const updated = vms.filter((vm) => vm.storageProfile?.imageReference?.exactVersion === '2.0.0');
    expect(ids(updated)).toEqual(['0', '5', '10']);
    expect(updated.every((vm) => vm.latestModelApplied)).toBe(true);
    const filter = 'properties/latestModelApplied eq false';
    const left: string[] = [];
    for await (const vm of azure.client.virtualMachineScaleSetVMs.list(GROUP, WEB, { filter }))
      left.push(vm.instanceId ?? '');
    expect(left).toHaveLength(11);
  });

  test('after the model was put back, an untouched instance does not count as latest, and is not stopped for it', async () => {
    await azure.setImage('2.0.0');
    await azure.upgrade(['0']);
    await azure.setImage('1.0.0');
    const stopped: string[] = [];
    azure.compute.onChange((instance) => {
      if (instance.state === 'stopping') stopped.push(instance.id);
    });
    expect((await azure.instances()).some((vm) => vm.latestModelApplied)).toBe(false);
    await azure.upgrade(['*']);
    expect(stopped).toEqual(['0']);
    expect((await azure.instances()).every((vm) => vm.latestModelApplied)).toBe(true);
  });

  test('a write with an etag that is not the newest is refused, and changes nothing', async () => {
    const { etag } = await azure.client.virtualMachineScaleSets.get(GROUP, WEB);
    await azure.client.virtualMachineScaleSets.update(
      GROUP,
      WEB,
      { tags: { lease: 'one' } },
      { ifMatch: etag ?? '' },
    );
    await expect(azure.setImage('2.0.0', { ifMatch: etag ?? '' })).rejects.toMatchObject({
      statusCode: 412,
      code: 'PreconditionFailed',
    });
    const after = await azure.client.virtualMachineScaleSets.get(GROUP, WEB);
    expect(after.tags).toEqual({ lease: 'one' });
    expect(after.virtualMachineProfile?.storageProfile?.imageReference?.id).toBe(imageId('1.0.0'));
  });

  test('tags are part of the model: no instance counts as latest after they changed, and none is stopped for it', async () => {
    const setTags = (tags: Record<string, string>) =>
      azure.client.virtualMachineScaleSets.update(GROUP, WEB, { tags });
    const latest = async () => (await azure.instances()).filter((vm) => vm.latestModelApplied).length;
    await setTags({ lease: 'one' });
    expect(await latest()).toBe(0);
    const stopped: string[] = [];
    azure.compute.onChange((instance) => {
      if (instance.state === 'stopping') stopped.push(instance.id);
    });
    await azure.upgrade(['*']);
    expect(stopped).toEqual([]);
    expect(await latest()).toBe(14);
    await setTags({ lease: 'one' });
    await azure.setImage('1.0.0');
    expect(await latest()).toBe(14);
  });

  test('more tags than Azure takes, and longer ones, are refused', async () => {
    const setTags = (tags: Record<string, string>) =>
      azure.client.virtualMachineScaleSets.update(GROUP, WEB, { tags });
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`tag-${at}`, '']));
    await expect(setTags(many)).rejects.toMatchObject({ statusCode: 400 });
    await expect(setTags({ note: 'x'.repeat(257) })).rejects.toMatchObject({ statusCode: 400 });
    await expect(setTags({ note: 'x'.repeat(256) })).resolves.toBeDefined();
  });

  test('an instance that never starts fails the operation and stays in starting; the others are done', async () => {
    azure.compute.setInstanceBehaviour(azure.role, '1', { neverStarts: true });
    await azure.setImage('2.0.0');
    await expect(azure.upgrade(['0', '1'])).rejects.toThrow(/OSProvisioningTimedOut.*contoso-web_1/s);
    const [zero, one] = await azure.instances();
    expect(zero).toMatchObject({ provisioningState: 'Succeeded', latestModelApplied: true });
    expect(one?.provisioningState).toBe('Failed');
    expect(one?.instanceView?.statuses?.at(-1)?.code).toBe('PowerState/starting');
    expect(one?.instanceView?.vmHealth?.status?.code).toBe('HealthState/unknown');
    expect(azure.compute.instance(azure.role, '1')?.inService).toBe(false);
  });

  test('a version that breaks is started, and then reported unhealthy', async () => {
    await azure.setImage('3.0.0');
    await azure.upgrade(['0']);
    const [zero] = await azure.instances();
    expect(zero).toMatchObject({ provisioningState: 'Succeeded', latestModelApplied: true });
    expect(zero?.instanceView?.vmHealth?.status?.code).toBe('HealthState/unhealthy');
  });

  test('without health extension there is no health, rather than a good one', async () => {
    const script = { name: 'app', type: 'CustomScript', typeHandlerVersion: '2.1' };
    await azure.client.virtualMachineScaleSets.update(GROUP, WEB, {
      virtualMachineProfile: { extensionProfile: { extensions: [script] } },
    });
    await azure.upgrade(['0']);
    const [zero, one] = await azure.instances();
    expect(zero?.instanceView?.vmHealth).toBeUndefined();
    expect(one?.instanceView?.vmHealth?.status?.code).toBe('HealthState/healthy');
  });

  test('a protected instance never gets the model; an unknown one is refused', async () => {
    azure.arm.compute.setProtection(WEB, '3', { fromScaleIn: false, fromScaleSetActions: true });
    await azure.setImage('2.0.0');
    await azure.upgrade(['*']);
    const left = (await azure.instances()).filter((vm) => vm.latestModelApplied === false);
    expect(ids(left)).toEqual(['3']);
    expect(left[0]?.protectionPolicy?.protectFromScaleSetActions).toBe(true);
    await expect(azure.upgrade(['99'])).rejects.toMatchObject({ statusCode: 400, code: 'InvalidParameter' });
  });

  test('while instances are updated, neither they nor the model can be written; others can be updated', async () => {
    await azure.setImage('2.0.0');
    azure.compute.setInstanceBehaviour(azure.role, '0', { slowStartMs: 500 });
    const first = azure.upgrade(['0']);
    await first.submitted();
    expect((await azure.client.virtualMachineScaleSets.get(GROUP, WEB)).provisioningState).toBe('Updating');
    await expect(azure.upgrade(['0'])).rejects.toMatchObject({ statusCode: 409, code: 'Conflict' });
    await expect(azure.setImage('1.0.0')).rejects.toMatchObject({ statusCode: 409, code: 'Conflict' });
    await azure.upgrade(['1']);
    await first;
    expect((await azure.client.virtualMachineScaleSets.get(GROUP, WEB)).provisioningState).toBe('Succeeded');
    await azure.setImage('1.0.0');
  });

  test('an operation that fails after it was accepted leaves the model as it was', async () => {
    azure.faults.add({
      at: 'arm PATCH .*/virtualMachineScaleSets/',
      fault: { kind: 'operation-fails', code: 'InternalExecutionError', message: 'An internal error.' },
    });
    await expect(azure.setImage('2.0.0')).rejects.toThrow(/InternalExecutionError/);
    const set = await azure.client.virtualMachineScaleSets.get(GROUP, WEB);
    expect(set.virtualMachineProfile?.storageProfile?.imageReference?.id).toBe(imageId('1.0.0'));
    expect(set.provisioningState).toBe('Failed');
    expect((await azure.instances()).every((vm) => vm.latestModelApplied)).toBe(true);
  });

  test('instances are restarted, reimaged and deleted; a deleted one leaves a smaller set', async () => {
    await azure.setImage('2.0.0');
    await azure.client.virtualMachineScaleSets.restart(GROUP, WEB, { vmInstanceIDs: { instanceIds: ['0'] } });
    await azure.client.virtualMachineScaleSets.reimage(GROUP, WEB, {
      vmScaleSetReimageInput: { instanceIds: ['1'] },
    });
    expect(azure.versions().slice(0, 2)).toEqual(['1.0.0', '1.0.0']);
    await azure.client.virtualMachineScaleSets.deleteInstances(GROUP, WEB, { instanceIds: ['0'] });
    await azure.client.virtualMachineScaleSetVMs.delete(GROUP, WEB, '1');
    expect((await azure.client.virtualMachineScaleSets.get(GROUP, WEB)).sku?.capacity).toBe(12);
    const gone = await azure.call('GET', `${setPath(WEB)}/virtualMachines/0?${V}`);
    expect(gone.status).toBe(404);
  });

  test('Flexible: names for ids, no update domain, no instance view of the set or in the list', async () => {
    azure.addFlexible();
    const vms = await azure.instances(FLEX);
    expect(vms).toHaveLength(10);
    expect(vms.every((vm) => /^contoso-flex_[0-9a-f]{8}$/.test(vm.instanceId ?? ''))).toBe(true);
    expect(vms.every((vm) => vm.instanceView === undefined)).toBe(true);
    const id = vms[0]?.instanceId ?? '';
    const one = await azure.client.virtualMachineScaleSetVMs.get(GROUP, FLEX, id, { expand: 'instanceView' });
    expect(one.instanceView?.platformUpdateDomain).toBeUndefined();
    expect(one.instanceView?.platformFaultDomain).toBe(0);
    expect(one.instanceView?.vmHealth?.status?.code).toBe('HealthState/healthy');
    const machine = await azure.client.virtualMachines.get(GROUP, id, { expand: 'instanceView' });
    expect(machine.instanceView?.vmHealth?.status?.code).toBe('HealthState/healthy');
    await expect(azure.client.virtualMachineScaleSets.getInstanceView(GROUP, FLEX)).rejects.toMatchObject({
      statusCode: 409,
    });
    await azure.client.virtualMachineScaleSets.update(GROUP, FLEX, image('2.0.0'));
    await azure.upgrade([id], FLEX);
    const updated = (await azure.instances(FLEX)).filter((vm) => vm.latestModelApplied);
    expect(ids(updated)).toEqual([id]);
  });
});

test('where tags are not part of the model, an instance stays the latest', async () => {
  const azure = await startComputeArm({ behaviour: { tagsAreModel: false } });
  try {
    await azure.client.virtualMachineScaleSets.update(GROUP, WEB, { tags: { lease: 'one' } });
    expect((await azure.instances()).every((vm) => vm.latestModelApplied)).toBe(true);
  } finally {
    await azure.close();
  }
});

test('latestModelApplied by content: an untouched instance is latest again once the model is back', async () => {
  const azure = await startComputeArm({ behaviour: { latestModelApplied: 'content' } });
  await azure.setImage('2.0.0');
  await azure.upgrade(['0']);
  await azure.setImage('1.0.0');
  const latest = (await azure.instances()).filter((vm) => vm.latestModelApplied);
  expect(latest).toHaveLength(13);
  await azure.close();
});
