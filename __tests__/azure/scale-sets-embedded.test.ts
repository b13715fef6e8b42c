// The client of scale sets against the embedded Azure, over real sockets.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ScaleSet, ScaleSets } from '../../src/azure/ports/compute.ts';
import { createScaleSets } from '../../src/azure/scale-sets.ts';
import { FLEX, GROUP, imageId, profile, WEB } from '../local-azure/arm/compute/support/compute-arm.ts';
import { type EmbeddedCompute, startEmbeddedCompute } from './scale-sets-embedded.ts';

const web = { resourceGroup: GROUP, name: WEB };
const never = new AbortController().signal;
const V2 = imageId('2.0.0');

let azure: EmbeddedCompute;
let sets: ScaleSets;

beforeEach(async () => {
  azure = await startEmbeddedCompute();
  sets = createScaleSets(azure.context, () => {});
});
afterEach(() => azure.close());

async function read(name = WEB): Promise<ScaleSet> {
  const set = await sets.get({ ...web, name });
  if (set === null) throw new Error(`${name} is gone`);
  return set;
}

const secretsOf = (id: string) =>
  Object.keys(azure.compute.instance(azure.role, id)?.model.settings ?? {}).filter((name) =>
    name.startsWith('app.'),
  );

describe('a scale set', () => {
  test('is read with its model, and without what is secret', async () => {
    const set = await read();
    expect(set).toMatchObject({
      id: azure.role,
      ref: web,
      location: 'northeurope',
      orchestration: 'Uniform',
      upgradeMode: 'Manual',
      provisioningState: 'Succeeded',
      capacity: 14,
      etag: expect.stringMatching(/.+/),
      tellsHealth: true,
      automaticRepairs: 'none',
      model: { sku: { name: 'Standard_D2s_v5', tier: 'Standard' }, image: imageId('1.0.0') },
    });
    expect(set.model.extensions).toEqual({
      health: {
        publisher: 'Microsoft.ManagedServices',
        type: 'ApplicationHealthLinux',
        typeHandlerVersion: '2.0',
        settings: { protocol: 'http', port: 80, requestPath: '/health' },
      },
      app: {
        publisher: 'Microsoft.Azure.Extensions',
        type: 'CustomScript',
        typeHandlerVersion: '2.1',
        settings: { script: 'start' },
      },
    });
    expect(JSON.stringify(set)).not.toContain('not-a-secret');
    await expect(sets.get({ ...web, name: 'nothing' })).resolves.toBeNull();
  });

  test('spreads its instances over update domains, each with its version and health', async () => {
    const instances = await sets.listInstances(await read());
    const inDomain = (domain: number) => instances.filter((each) => each.updateDomain === domain).length;
    expect([0, 1, 2, 3, 4].map(inDomain)).toEqual([3, 3, 3, 3, 2]);
    expect(instances[0]).toEqual({
      id: '0',
      updateDomain: 0,
      faultDomain: expect.any(Number),
      zone: null,
      exactVersion: '1.0.0',
      latestModelApplied: true,
      provisioningState: 'Succeeded',
      powerState: 'running',
      health: 'healthy',
      healthAt: expect.any(Date),
      isProtected: false,
      skuName: 'Standard_D2s_v5',
      extensions: {
        app: { typeHandlerVersion: '2.1', settings: { script: 'start' } },
        health: {
          typeHandlerVersion: '2.0',
          settings: { protocol: 'http', port: 80, requestPath: '/health' },
        },
      },
    });
  });

  test('gets a new image, and the named instances get it, and those only', async () => {
    azure.arm.compute.setProtection(WEB, '3', { fromScaleIn: false, fromScaleSetActions: true });
    const before = await read();
    const after = await sets.changeModel(before, { image: V2, tags: { lease: 'run-1' } });
    expect(after.model.image).toBe(V2);
    expect(after.tags).toEqual({ lease: 'run-1' });
    expect(after.etag).not.toBe(before.etag);
    expect(new Set(azure.versions())).toEqual(new Set(['1.0.0']));
    await sets.updateInstances(web, ['0', '5'], never);
    const instances = await sets.listInstances(after);
    const updated = instances.filter(({ exactVersion }) => exactVersion === '2.0.0');
    expect(updated.map(({ id }) => id)).toEqual(['0', '5']);
    expect(updated.every(({ latestModelApplied }) => latestModelApplied === true)).toBe(true);
    expect(instances.filter(({ isProtected }) => isProtected).map(({ id }) => id)).toEqual(['3']);
  });

  test('that somebody else has changed since it was read is not written', async () => {
    const mine = await read();
    const theirs = await sets.changeModel(await read(), { tags: { lease: 'theirs' } });
    await expect(sets.changeModel(mine, { image: V2, tags: { lease: 'mine' } })).rejects.toMatchObject({
      name: 'AzureError',
      status: 412,
      outcomeUnknown: false,
    });
    await expect(read()).resolves.toEqual(theirs);
  });

  test('keeps protected settings and other extensions when one extension changes, also on the way back', async () => {
    const before = await read();
    const { app } = before.model.extensions;
    if (app === undefined) throw new Error('no extension app');
    const changed = await sets.changeModel(before, {
      extensions: { app: { ...app, settings: { script: 'start-v2' } } },
    });
    expect(changed.model.extensions).toEqual({
      ...before.model.extensions,
      app: { ...app, settings: { script: 'start-v2' } },
    });
    await sets.updateInstances(web, ['0'], never);
    await sets.changeModel(changed, { extensions: { app } });
    await sets.updateInstances(web, ['0'], never);
    expect(secretsOf('0')).toEqual(expect.arrayContaining(['app.script', 'app.storageAccountKey']));
    expect((await read()).model).toEqual(before.model);
  });

  test('gets an extension, and loses it again', async () => {
    const before = await read();
    const agent = { publisher: 'Contoso', type: 'Agent', typeHandlerVersion: '1.0', settings: {} };
    const more = await sets.changeModel(before, { extensions: { agent } });
    expect(more.model.extensions).toEqual({ ...before.model.extensions, agent });
    const less = await sets.changeModel(more, { extensions: { agent: null } });
    expect(less.model).toEqual(before.model);
  });

  test('keeps its capacity when the size changes, and other tags when one does', async () => {
    const tagged = await sets.changeModel(await read(), { tags: { app: 'orders', lease: 'one' } });
    const changed = await sets.changeModel(tagged, {
      skuName: 'Standard_D4s_v5',
      tags: { Lease: null, stage: 'two' },
    });
    expect(changed).toMatchObject({ capacity: 14, model: { sku: { name: 'Standard_D4s_v5' } } });
    expect(changed.tags).toEqual({ app: 'orders', stage: 'two' });
    // Scaled meanwhile: what was read is old, and its capacity must not come back.
    await azure.arm.compute.setCapacity(WEB, 15);
    await expect(sets.changeModel(changed, { skuName: 'Standard_D2s_v5' })).rejects.toMatchObject({
      status: 412,
    });
    expect(azure.arm.compute.capacity(WEB)).toBe(15);
  });

  test('with a write whose answer was lost is unknown, and was written', async () => {
    const before = await read();
    azure.faults.add({ at: 'arm PATCH .*virtualMachineScaleSets', fault: { kind: 'drop-after' } });
    await expect(sets.changeModel(before, { image: V2 })).rejects.toMatchObject({ outcomeUnknown: true });
    expect((await read()).model.image).toBe(V2);
  });

  test('of an image that is not there keeps Azure’s words', async () => {
    await expect(sets.changeModel(await read(), { image: imageId('5.0.0') })).rejects.toMatchObject({
      status: 404,
      code: 'GalleryImageNotFound',
      outcomeUnknown: false,
    });
  });
});

describe('an update of instances', () => {
  test('of which one never starts fails with Azure’s code; the others are done', async () => {
    azure.compute.setInstanceBehaviour(azure.role, '1', { neverStarts: true });
    const set = await sets.changeModel(await read(), { image: V2 });
    await expect(sets.updateInstances(web, ['0', '1'], never)).rejects.toMatchObject({
      name: 'AzureError',
      code: 'OSProvisioningTimedOut',
      outcomeUnknown: false,
      message: expect.stringContaining('contoso-web_1'),
    });
    const [zero, one] = await sets.listInstances(set);
    expect(zero).toMatchObject({ provisioningState: 'Succeeded', health: 'healthy' });
    expect(one).toMatchObject({ provisioningState: 'Failed', powerState: 'starting', health: 'unknown' });
  });

  test('that is no longer waited for goes on; meanwhile Azure refuses another of the same instance', async () => {
    azure.compute.setInstanceBehaviour(azure.role, '0', { slowStartMs: 3_000 });
    const set = await sets.changeModel(await read(), { image: V2 });
    const stop = new AbortController();
    const update = sets.updateInstances(web, ['0'], stop.signal);
    const end = expect(update).rejects.toMatchObject({ outcomeUnknown: true });
    const state = () => azure.compute.instance(azure.role, '0')?.state;
    while (state() !== 'starting') await azure.context.clock.sleep(5);
    await expect(sets.updateInstances(web, ['0'], never)).rejects.toMatchObject({ status: 409 });
    stop.abort();
    await end;
    while (state() !== 'running') await azure.context.clock.sleep(20);
    const [zero] = await sets.listInstances(set);
    expect(zero).toMatchObject({ id: '0', exactVersion: '2.0.0' });
  });

  test('to a version that breaks succeeds for Azure, and is unhealthy', async () => {
    const set = await sets.changeModel(await read(), { image: imageId('3.0.0') });
    await sets.updateInstances(web, ['0'], never);
    const [zero] = await sets.listInstances(set);
    expect(zero).toMatchObject({ provisioningState: 'Succeeded', health: 'unhealthy' });
  });
});

describe('a Flexible scale set', () => {
  beforeEach(() => azure.addFlexible());

  test('has machines by name, without update domains, each with its own view', async () => {
    const set = await read(FLEX);
    expect(set).toMatchObject({ orchestration: 'Flexible', upgradeMode: null, capacity: 10 });
    const instances = await sets.listInstances(set);
    expect(instances).toHaveLength(10);
    for (const instance of instances)
      expect(instance).toMatchObject({
        id: expect.stringMatching(/^contoso-flex_[0-9a-f]{8}$/),
        updateDomain: null,
        exactVersion: '1.0.0',
        powerState: 'running',
        health: 'healthy',
        skuName: 'Standard_D2s_v5',
        extensions: { app: { typeHandlerVersion: '2.1', settings: { script: 'start' } } },
      });
    expect(new Set(instances.map(({ faultDomain }) => faultDomain))).toEqual(new Set([0, 1, 2]));
  });

  test('is updated machine by machine', async () => {
    const set = await sets.changeModel(await read(FLEX), { image: V2 });
    const [first] = await sets.listInstances(set);
    await sets.updateInstances(set.ref, [first?.id ?? ''], never);
    const updated = (await sets.listInstances(set)).filter(({ exactVersion }) => exactVersion === '2.0.0');
    expect(updated.map(({ id }) => id)).toEqual([first?.id]);
  });
});

describe('what the platform does by itself', () => {
  const createRepaired = () =>
    azure.arm.compute.createScaleSet({
      name: 'contoso-repaired',
      group: GROUP,
      location: 'northeurope',
      sku: { name: 'Standard_D2s_v5', capacity: 2 },
      properties: {
        upgradePolicy: { mode: 'Rolling' },
        automaticRepairsPolicy: { enabled: true },
        virtualMachineProfile: profile('1.0.0'),
      },
    });

  test('repairs are suspended and given back', async () => {
    createRepaired();
    const ref = { ...web, name: 'contoso-repaired' };
    const repairs = async () => (await read(ref.name)).automaticRepairs;
    expect(await repairs()).toBe('running');
    await sets.setAutomaticRepairs(ref, 'suspended');
    expect(await repairs()).toBe('suspended');
    await sets.setAutomaticRepairs(ref, 'running');
    expect(await repairs()).toBe('running');
    await expect(sets.setAutomaticRepairs(web, 'suspended')).rejects.toMatchObject({ status: 409 });
  });

  test('a rolling upgrade is seen; where there never was one, there is none', async () => {
    await expect(sets.platformUpgrade(web)).resolves.toBeNull();
    createRepaired();
    await sets.changeModel(await read('contoso-repaired'), { image: V2 });
    await expect(sets.platformUpgrade({ ...web, name: 'contoso-repaired' })).resolves.toMatchObject({
      code: expect.stringMatching(/^(RollingForward|Completed)$/),
      startedAt: expect.any(Date),
    });
  });
});

describe('before an upgrade', () => {
  test('an image exists where a replica of its version is in the region', async () => {
    azure.arm.compute.addImageVersion({
      group: GROUP,
      gallery: 'contoso',
      image: 'service',
      version: '6.0.0',
      location: 'westeurope',
      regions: ['West Europe'],
    });
    await expect(sets.imageExists(V2, 'North Europe')).resolves.toBe(true);
    await expect(sets.imageExists(imageId('5.0.0'), 'northeurope')).resolves.toBe(false);
    await expect(sets.imageExists(imageId('6.0.0'), 'northeurope')).resolves.toBe(false);
    await expect(sets.imageExists(imageId('6.0.0'), 'westeurope')).resolves.toBe(true);
    await expect(sets.imageExists(imageId(''), 'northeurope')).resolves.toBe(true);
    await expect(sets.imageExists(imageId(''), 'eastus')).resolves.toBe(false);
  });

  test('the cores in use are counted against the limit of the region', async () => {
    azure.arm.compute.quota.setLimit('northeurope', 30);
    await expect(sets.coreUsage('North Europe')).resolves.toEqual({ used: 28, limit: 30 });
  });

  test('a size tells its cores, and one that the region does not have tells none', async () => {
    await expect(sets.coresOf('standard_D4s_V5', 'North Europe')).resolves.toBe(4);
    await expect(sets.coresOf('Standard_D2s_v5', 'northeurope')).resolves.toBe(2);
    await expect(sets.coresOf('Standard_NC96', 'northeurope')).resolves.toBeNull();
  });
});
