// What Azure refuses or does not show: images, quota, secrets, rights, versions.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { OBJECT_ID } from '../support/test-arm.ts';
import type { ComputeArm } from './support/compute-arm.ts';
import {
  COMPUTE,
  GROUP,
  image,
  imageId,
  profile,
  setPath,
  startComputeArm,
  V,
  WEB,
} from './support/compute-arm.ts';

describe('limits of scale sets', () => {
  let azure: ComputeArm;
  beforeEach(async () => {
    azure = await startComputeArm();
  });
  afterEach(() => azure.close());

  const scale = (capacity: number, name = 'Standard_D2s_v5') =>
    azure.client.virtualMachineScaleSets.update(GROUP, WEB, { sku: { name, capacity } });
  const settingsOf = (id: string) =>
    Object.keys(azure.compute.instance(azure.role, id)?.model.settings ?? {});

  test('a version of an image is there, with the regions it was replicated to, or is not', async () => {
    const { galleryImageVersions } = azure.client;
    const there = await galleryImageVersions.get(GROUP, 'contoso', 'service', '2.0.0', {
      expand: 'ReplicationStatus',
    });
    expect(there).toMatchObject({ provisioningState: 'Succeeded', location: 'northeurope' });
    expect(there.replicationStatus?.aggregatedState).toBe('Completed');
    await expect(galleryImageVersions.get(GROUP, 'contoso', 'service', '5.0.0')).rejects.toMatchObject({
      statusCode: 404,
      code: 'ResourceNotFound',
    });
  });

  test('a model cannot name an image that is not there, or not in this region', async () => {
    azure.arm.compute.addImageVersion({
      group: GROUP,
      gallery: 'contoso',
      image: 'service',
      version: '6.0.0',
      location: 'westeurope',
      regions: ['West Europe'],
    });
    for (const version of ['5.0.0', '6.0.0'])
      await expect(azure.setImage(version)).rejects.toMatchObject({
        statusCode: 404,
        code: 'GalleryImageNotFound',
      });
    const set = await azure.client.virtualMachineScaleSets.get(GROUP, WEB);
    expect(set.virtualMachineProfile?.storageProfile?.imageReference?.id).toBe(imageId('1.0.0'));
  });

  test('an image without version is the newest there is when the instance gets it', async () => {
    await azure.setImage('');
    azure.arm.compute.removeImageVersion({
      group: GROUP,
      gallery: 'contoso',
      image: 'service',
      version: '4.0.0',
    });
    await azure.upgrade(['0']);
    azure.arm.compute.removeImageVersion({
      group: GROUP,
      gallery: 'contoso',
      image: 'service',
      version: '3.0.0',
    });
    await azure.upgrade(['1']);
    expect(azure.versions().slice(0, 3)).toEqual(['3.0.0', '2.0.0', '1.0.0']);
    const [zero] = await azure.instances();
    expect(zero?.storageProfile?.imageReference).toMatchObject({ id: imageId(''), exactVersion: '3.0.0' });
  });

  test('a write beyond the quota is refused as a whole', async () => {
    azure.arm.compute.quota.setLimit('northeurope', 30);
    await expect(scale(16)).rejects.toMatchObject({
      statusCode: 409,
      code: 'OperationNotAllowed',
      message:
        'Operation results in exceeding quota limits of Core. Maximum allowed: 30, Current in use: 28, Additional requested: 4.',
    });
    await expect(scale(14, 'Standard_D4s_v5')).rejects.toMatchObject({ code: 'OperationNotAllowed' });
    await scale(15);
    const usages = new Map<string, [number, number]>();
    for await (const { name, currentValue, limit } of azure.client.usage.list('northeurope'))
      usages.set(name.value ?? '', [currentValue, limit]);
    expect(usages.get('cores')).toEqual([30, 30]);
    expect(usages.get('standardDSv5Family')).toEqual([30, 30]);
  });

  test('secrets are never shown; a PATCH keeps them, a PUT of what was read loses them', async () => {
    const set = await azure.call('GET', `${setPath(WEB)}?${V}`);
    const vms = await azure.call('GET', `${setPath(WEB)}/virtualMachines?$expand=instanceView&${V}`);
    for (const { text } of [set, vms])
      expect(text).not.toMatch(/adminPassword|customData|protectedSettings|not-a-secret/);
    await azure.setImage('2.0.0');
    await azure.upgrade(['0']);
    expect(settingsOf('0')).toContain('app.storageAccountKey');
    const putBack = async () => {
      const { virtualMachineScaleSets } = azure.client;
      await virtualMachineScaleSets.createOrUpdate(GROUP, WEB, await virtualMachineScaleSets.get(GROUP, WEB));
    };
    await putBack();
    await azure.upgrade(['1']);
    // Once they are lost, the same again is no new model.
    await putBack();
    expect((await azure.instances())[1]?.latestModelApplied).toBe(true);
    expect(settingsOf('1')).toContain('app.script');
    expect(settingsOf('1')).not.toContain('app.storageAccountKey');
  });

  test('what can never be changed, and a disk that would shrink', async () => {
    const write = (body: object) =>
      azure.call('PATCH', `${setPath(WEB)}?${V}`, { body: { properties: body } as never });
    expect(await write({ orchestrationMode: 'Flexible' })).toMatchObject({
      status: 409,
      code: 'PropertyChangeNotAllowed',
    });
    const smaller = { virtualMachineProfile: { storageProfile: { osDisk: { diskSizeGB: 20 } } } };
    expect(await write(smaller)).toMatchObject({ status: 409, code: 'OperationNotAllowed' });
    const larger = { virtualMachineProfile: { storageProfile: { osDisk: { diskSizeGB: 64 } } } };
    expect(await write(larger)).toMatchObject({ status: 200 });
  });

  test('a new set: 201, an operation behind it, and instances that run', async () => {
    const created = await azure.call('PUT', `${setPath('contoso-new')}?${V}`, {
      body: {
        location: 'North Europe',
        sku: { name: 'Standard_DS1_v2', capacity: 2 },
        properties: { upgradePolicy: { mode: 'Manual' }, virtualMachineProfile: profile('2.0.0') },
      },
    });
    expect(created).toMatchObject({ status: 201, body: { properties: { provisioningState: 'Updating' } } });
    await azure.call('GET', String(created.headers['azure-asyncoperation']).replace(azure.endpoint, ''));
    const states = azure.compute.instances(`${COMPUTE}/virtualMachineScaleSets/contoso-new`);
    expect(states.map(({ state, health }) => [state, health])).toEqual([
      ['running', 'healthy'],
      ['running', 'healthy'],
    ]);
    await azure.client.virtualMachineScaleSets.delete(GROUP, 'contoso-new');
    expect((await azure.call('GET', `${setPath('contoso-new')}?${V}`)).code).toBe('ResourceNotFound');
  });

  test('rights are asked for each action; versions that Azure has not are refused', async () => {
    const scope = COMPUTE.replace(/\/providers.*/, '');
    azure.arm.setGrants(OBJECT_ID, [
      {
        scope,
        actions: ['Microsoft.Compute/*/read', 'Microsoft.Compute/virtualMachineScaleSets/write'],
        notActions: [],
      },
    ]);
    await azure.setImage('2.0.0');
    await expect(azure.upgrade(['0'])).rejects.toMatchObject({
      statusCode: 403,
      message: expect.stringContaining('Microsoft.Compute/virtualMachineScaleSets/manualupgrade/action'),
    });
    const old = await azure.call('GET', `${setPath(WEB)}?api-version=2015-01-01`);
    expect(old).toMatchObject({ status: 400, code: 'NoRegisteredProviderFound' });
  });

  test('on the wire: a write answers 200 and an update 202, both with an operation to poll', async () => {
    const write = await azure.call('PATCH', `${setPath(WEB)}?${V}`, { body: { properties: image('2.0.0') } });
    expect(write.status).toBe(200);
    expect(write.headers.location).toBeUndefined();
    const operation =
      /\/providers\/Microsoft\.Compute\/locations\/northeurope\/operations\/[0-9a-f-]+\?api-version=/;
    expect(write.headers['azure-asyncoperation']).toMatch(operation);
    const path = (url: string | undefined) => (url ?? '').replace(azure.endpoint, '');
    const poll = await azure.call('GET', path(String(write.headers['azure-asyncoperation'])));
    expect(poll.body).toMatchObject({
      status: 'Succeeded',
      name: expect.any(String),
      endTime: expect.any(String),
    });
    const update = await azure.call('POST', `${setPath(WEB)}/manualupgrade?${V}`, {
      body: { instanceIds: ['0'] },
    });
    expect([update.status, update.text]).toEqual([202, '']);
    expect(update.headers.location).toContain('monitor=true');
    const end = await azure.call('GET', path(update.headers.location));
    expect([end.status, end.text]).toEqual([200, '']);
  });
});
