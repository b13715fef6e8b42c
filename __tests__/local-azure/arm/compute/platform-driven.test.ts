// What the platform does by itself: upgrade modes Automatic and Rolling, automatic repairs, scaling.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ComputeArm } from './support/compute-arm.ts';
import { GROUP, setPath, startComputeArm, V, WEB } from './support/compute-arm.ts';

describe('what the platform does by itself', () => {
  let azure: ComputeArm;
  beforeEach(async () => {
    azure = await startComputeArm();
  });
  afterEach(() => azure.close());

  const setPolicy = (upgradePolicy: { mode: 'Rolling' | 'Automatic'; rollingUpgradePolicy?: object }) =>
    azure.client.virtualMachineScaleSets.update(GROUP, WEB, { upgradePolicy });
  const latest = () => azure.client.virtualMachineScaleSetRollingUpgrades.getLatest(GROUP, WEB);
  const untilEnded = async () => {
    for (;;) {
      const status = await latest();
      if (!/^Rolling/.test(status.runningStatus?.code ?? '')) return status;
    }
  };
  /** The least instances that were in service at any moment from now on. */
  const watchService = () => {
    const least = { inService: 14 };
    azure.compute.onChange(() => {
      const inService = azure.compute.instances(azure.role).filter((each) => each.inService).length;
      least.inService = Math.min(least.inService, inService);
    });
    return least;
  };

  test('Automatic: the write of a model takes all instances down at once', async () => {
    await setPolicy({ mode: 'Automatic' });
    const least = watchService();
    await azure.setImage('2.0.0');
    expect(new Set(azure.versions())).toEqual(new Set(['2.0.0']));
    expect(least.inService).toBe(0);
  });

  test('Rolling: the write of a model rolls, a batch at a time, to the end', async () => {
    await setPolicy({ mode: 'Rolling', rollingUpgradePolicy: { maxBatchInstancePercent: 20 } });
    const least = watchService();
    await azure.setImage('2.0.0');
    const status = await untilEnded();
    expect(status.runningStatus).toMatchObject({ code: 'Completed', lastAction: 'Start' });
    expect(status.progress).toEqual({
      successfulInstanceCount: 14,
      failedInstanceCount: 0,
      inProgressInstanceCount: 0,
      pendingInstanceCount: 0,
    });
    expect(new Set(azure.versions())).toEqual(new Set(['2.0.0']));
    expect(least.inService).toBe(12);
  });

  test('Rolling: a version that breaks ends it after the first batch', async () => {
    await setPolicy({ mode: 'Rolling' });
    await azure.setImage('3.0.0');
    const status = await untilEnded();
    expect(status.runningStatus?.code).toBe('Faulted');
    expect(status.error?.code).toBe('MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade');
    expect(azure.versions().filter((version) => version === '3.0.0')).toHaveLength(2);
  });

  test('Rolling: what failed goes back where the policy says so', async () => {
    await setPolicy({
      mode: 'Rolling',
      rollingUpgradePolicy: { rollbackFailedInstancesOnPolicyBreach: true },
    });
    await azure.setImage('3.0.0');
    expect((await untilEnded()).runningStatus?.code).toBe('Faulted');
    expect(new Set(azure.versions())).toEqual(new Set(['1.0.0']));
    expect(
      (await azure.instances()).every(
        (vm) => vm.instanceView?.vmHealth?.status?.code === 'HealthState/healthy',
      ),
    ).toBe(true);
  });

  test('Rolling: nothing else is written meanwhile; a cancelled one stops after its batch', async () => {
    await setPolicy({ mode: 'Rolling' });
    azure.compute.setVersionBehaviour('2.0.0', { slowStartMs: 200 });
    await azure.setImage('2.0.0');
    await expect(azure.setImage('1.0.0')).rejects.toMatchObject({
      statusCode: 409,
      code: 'OperationNotAllowed',
    });
    await expect(azure.upgrade(['13'])).rejects.toMatchObject({
      statusCode: 409,
      code: 'OperationNotAllowed',
    });
    await azure.client.virtualMachineScaleSetRollingUpgrades.cancel(GROUP, WEB);
    expect((await latest()).runningStatus).toMatchObject({ code: 'Cancelled', lastAction: 'Cancel' });
    const updated = azure.versions().filter((version) => version === '2.0.0');
    expect(updated.length).toBeGreaterThan(0);
    expect(updated.length).toBeLessThan(14);
  });

  test('Rolling needs somebody who looks at health', async () => {
    const refused = azure.client.virtualMachineScaleSets.update(GROUP, WEB, {
      upgradePolicy: { mode: 'Rolling' },
      virtualMachineProfile: { extensionProfile: { extensions: [] } },
    });
    await expect(refused).rejects.toMatchObject({ statusCode: 400, code: 'BadRequest' });
  });

  test('without a rolling upgrade there is no latest one, and none to cancel', async () => {
    expect(await azure.call('GET', `${setPath(WEB)}/rollingUpgrades/latest?${V}`)).toMatchObject({
      status: 404,
      code: 'NotFound',
    });
    expect(await azure.call('POST', `${setPath(WEB)}/rollingUpgrades/cancel?${V}`)).toMatchObject({
      status: 409,
      code: 'OperationNotAllowed',
      message: 'There is no ongoing Rolling Upgrade to cancel.',
    });
  });

  test('scaling out places new instances in the smallest domains, with the newest model; in takes the newest', async () => {
    await azure.setImage('2.0.0');
    await azure.client.virtualMachineScaleSets.update(GROUP, WEB, {
      sku: { name: 'Standard_D2s_v5', capacity: 16 },
    });
    const added = (await azure.instances()).slice(14);
    expect(added.map((vm) => [vm.instanceView?.platformUpdateDomain, vm.latestModelApplied])).toEqual([
      [4, true],
      [0, true],
    ]);
    expect(azure.versions().slice(13)).toEqual(['1.0.0', '2.0.0', '2.0.0']);
    await azure.arm.compute.setCapacity(WEB, 13);
    expect((await azure.instances()).map((vm) => vm.instanceId)).not.toContain('13');
    await azure.arm.compute.setCapacity(WEB, 14);
    expect((await azure.instances()).at(-1)?.instanceId).toBe('16');
  });
});

describe('automatic repairs', () => {
  let azure: ComputeArm;
  beforeEach(async () => {
    azure = await startComputeArm();
    await azure.client.virtualMachineScaleSets.update(GROUP, WEB, {
      automaticRepairsPolicy: { enabled: true, gracePeriod: 'PT10M' },
    });
  });
  afterEach(() => azure.close());

  const act = (action: 'Suspend' | 'Resume') =>
    azure.client.virtualMachineScaleSets.setOrchestrationServiceState(GROUP, WEB, {
      serviceName: 'AutomaticRepairs',
      action,
    });
  const service = async () => {
    const view = await azure.client.virtualMachineScaleSets.getInstanceView(GROUP, WEB);
    return view.orchestrationServices?.[0]?.serviceState;
  };
  const ids = () => azure.compute.instances(azure.role).map((instance) => instance.id);
  const settled = async (isSo: () => boolean) => {
    for (let look = 0; look < 200 && !isSo(); look++) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  test('an unhealthy instance is replaced by one with the newest model', async () => {
    await azure.setImage('2.0.0');
    azure.compute.setWorking(azure.role, '2', false);
    await settled(() => azure.compute.instance(azure.role, '14')?.state === 'running');
    expect(ids()).not.toContain('2');
    expect(azure.compute.instance(azure.role, '14')?.model.version).toBe('2.0.0');
    expect(ids()).toHaveLength(14);
  });

  test('held, it leaves the instance alone', async () => {
    await act('Suspend');
    expect(await service()).toBe('Suspended');
    azure.compute.setWorking(azure.role, '2', false);
    await settled(() => !ids().includes('2'));
    expect(ids()).toContain('2');
    await act('Resume');
    expect(await service()).toBe('Running');
  });

  test('can only be held where they are enabled', async () => {
    await azure.client.virtualMachineScaleSets.update(GROUP, WEB, {
      automaticRepairsPolicy: { enabled: false },
    });
    expect(await service()).toBe('NotRunning');
    await expect(act('Suspend')).rejects.toMatchObject({ statusCode: 409, code: 'OperationNotAllowed' });
  });
});
