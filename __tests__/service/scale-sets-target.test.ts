// The driver for scale sets on real ones: what it reads, what it holds and gives back, the model it writes, and which
// instances get it.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Domain } from '../../src/service/domains.ts';
import { spreadOverDomains } from '../../src/service/domains.ts';
import type { ServiceLook, ServiceTarget } from '../../src/service/target.ts';
import { roleInstance } from './instances.ts';
import {
  configOf,
  type EmbeddedService,
  FLEX,
  GROUP,
  imageId,
  leaseOf,
  never,
  recordOf,
  role,
  serviceOf,
  startEmbeddedService,
  TWO_ROLES,
  V2,
  WEB,
  WEB_SERVICE,
  WORKER,
} from './scale-sets-embedded.ts';

let service: EmbeddedService;
beforeEach(async () => {
  service = await startEmbeddedService();
});
afterEach(() => service.close());

const versionsIn = ({ roles }: ServiceLook, name: string) =>
  roles.find(({ role: each }) => each === name)?.instances.map(({ exactVersion }) => exactVersion) ?? [];

async function domainsOf(target: ServiceTarget): Promise<readonly Domain[]> {
  const { roles } = await target.look();
  return spreadOverDomains(
    roles.filter(({ chosen }) => chosen),
    5,
  ).domains;
}

async function firstDomain(target: ServiceTarget): Promise<Domain> {
  const [domain] = await domainsOf(target);
  if (domain === undefined) throw new Error('no domain');
  return domain;
}

/** As a run does it before it walks. */
async function withModel(target: ServiceTarget, signal = never) {
  const models = await target.models(await target.look());
  const record = recordOf({ ...models, roles: Object.keys(models.models) });
  await target.keep(leaseOf('1'), record);
  return target.writeModel(record, 'target', signal);
}

describe('a look', () => {
  test('shows every role with its set and its instances, and nothing of an update where none is', async () => {
    const look = await service.target(TWO_ROLES).look();
    expect(look).toMatchObject({
      roles: [
        { role: 'worker', resource: WORKER, placement: 'platform', chosen: true, tellsHealth: true },
        { role: 'web', resource: WEB, placement: 'platform', chosen: true, tellsHealth: true },
      ],
      resources: [
        { name: WEB, provisioningState: 'Succeeded', platformUpgrade: null },
        { name: WORKER, provisioningState: 'Succeeded', platformUpgrade: null },
      ],
      record: null,
      lease: null,
      usersOn: null,
    });
    expect(look.roles.map(({ instances }) => instances.length)).toEqual([4, 14]);
  });

  test('names the scale set that is not there, and how to see which are', async () => {
    const target = service.target(configOf(serviceOf(role('web', 'contoso-wbe'))));
    await expect(target.look()).rejects.toMatchObject({
      reason: 'resource-not-found',
      message: expect.stringMatching(`contoso-wbe in resource group ${GROUP} of subscription [0-9a-f-]{36}`),
      advice: [expect.stringMatching(/az vmss list .*--subscription [0-9a-f-]{36}/)],
    });
  });
});

describe('the models of an update', () => {
  test('hold what changes and nothing else, also of extensions', async () => {
    const change = {
      size: 'Standard_D4s_v5',
      extensions: { app: { version: null, settings: { script: 'start-v2' } } },
    };
    const target = service.target(configOf(serviceOf(role('web', WEB, change))));
    const look = await target.look();
    const models = await target.models(look);
    const app = { publisher: 'Microsoft.Azure.Extensions', type: 'CustomScript', typeHandlerVersion: '2.1' };
    expect(models.models).toEqual({
      web: {
        previous: {
          image: imageId('1.0.0'),
          skuName: 'Standard_D2s_v5',
          extensions: { app: { ...app, settings: { script: 'start' } } },
        },
        target: {
          image: V2,
          skuName: 'Standard_D4s_v5',
          extensions: { app: { ...app, settings: { script: 'start-v2' } } },
        },
      },
    });
    expect(target.standing(look, models)).toEqual(new Map([['web', 'previous']]));
    const { changes, notKnowable } = await target.changes(look);
    expect(changes.map(({ kind }) => kind)).toEqual(['image', 'size', 'extension']);
    expect(notKnowable.join()).toContain('protected settings');
    // 14 machines of two cores become 14 of four.
    expect(await target.cores(look, models, 'target')).toEqual({ more: 28, usage: { used: 36, limit: 100 } });
    expect(await target.cores(look, models, 'previous')).toMatchObject({ more: 0 });
  });

  test('are empty where all is as it is to be: then the target’s stands', async () => {
    const target = service.target(
      configOf(serviceOf(role('web', WEB, { image: imageId('1.0.0').toUpperCase() }))),
    );
    const look = await target.look();
    const models = await target.models(look);
    expect(models.models).toEqual({ web: { previous: {}, target: {} } });
    expect(target.standing(look, models)).toEqual(new Map([['web', 'target']]));
    expect((await target.changes(look)).changes).toEqual([]);
  });

  test('are told by instances where version, size or handler differ, not where only settings do', () => {
    const target = service.target(WEB_SERVICE);
    const app = { publisher: 'p', type: 't', typeHandlerVersion: '2.1', settings: {} };
    const told = (previous: object, after: object) =>
      target.tellsVersions({ models: { web: { previous, target: after } }, cloud: null });
    expect(told({ image: imageId('1.0.0') }, { image: V2 })).toBe(true);
    expect(told({ image: imageId('1.0.0') }, { image: imageId('1.0.0').replace('service', 'other') })).toBe(
      false,
    );
    expect(told({ skuName: 'Standard_D2s_v5' }, { skuName: 'Standard_D4s_v5' })).toBe(true);
    expect(
      told({ extensions: { app } }, { extensions: { app: { ...app, typeHandlerVersion: '2.2' } } }),
    ).toBe(true);
    expect(told({ extensions: { app } }, { extensions: { app: { ...app, settings: { a: 1 } } } })).toBe(
      false,
    );
    expect(told({}, {})).toBe(true);
  });

  test('of which one is not there any more are missed in words', async () => {
    const target = service.target(
      configOf(serviceOf(role('web', WEB, { image: imageId('5.0.0'), size: 'Standard_NC96' }))),
    );
    const models = await target.models(await target.look());
    expect(await target.missing(models, 'target')).toEqual([
      expect.stringContaining('versions/5.0.0'),
      expect.stringContaining('Standard_NC96'),
    ]);
    expect(await target.missing(models, 'previous')).toEqual([]);
    expect(await target.cores(await target.look(), models, 'target')).toBeNull();
  });
});

describe('a walk', () => {
  test('gives the new model to one domain of all roles, and the previous one back to those that had it', async () => {
    const target = service.target(TWO_ROLES);
    await target.hold(await target.findAutomation(await target.look()));
    const record = await withModel(target);
    expect(new Set(versionsIn(await target.look(), 'web'))).toEqual(new Set(['1.0.0']));
    const domain = await firstDomain(target);
    await target.walk(domain, never);
    const walked = await target.look();
    expect(versionsIn(walked, 'web').filter((version) => version === '2.0.0')).toHaveLength(3);
    expect(versionsIn(walked, 'worker').filter((version) => version === '2.0.0')).toHaveLength(2);
    expect(target.standing(walked, record)).toEqual(
      new Map([
        ['worker', 'target'],
        ['web', 'target'],
      ]),
    );
    const stopped = new Set<string>();
    service.azure.compute.onChange(({ state, id }) => {
      if (state === 'stopping') stopped.add(id);
    });
    await target.writeModel(record, 'previous', never);
    await target.walk(domain, never);
    const back = await target.look();
    expect(new Set([...versionsIn(back, 'web'), ...versionsIn(back, 'worker')])).toEqual(new Set(['1.0.0']));
    expect(stopped.size).toBe(new Set(domain.instances.map(({ id }) => id)).size);
  });

  test('leaves out instances that are gone', async () => {
    const target = service.target(WEB_SERVICE);
    await withModel(target);
    const { number, instances } = await firstDomain(target);
    const gone = roleInstance('web', '99');
    await target.walk({ number, instances: [...instances, gone] }, never);
    await target.walk({ number, instances: [gone] }, never);
    expect(versionsIn(await target.look(), 'web').filter((version) => version === '2.0.0')).toHaveLength(3);
  });

  test('whose request was answered by nobody is seen to its end, and asked for once', async () => {
    const target = service.target(WEB_SERVICE);
    await withModel(target);
    service.azure.compute.setInstanceBehaviour(service.azure.role, '0', { slowStartMs: 300 });
    service.azure.faults.add({ at: 'arm POST .*manualupgrade', fault: { kind: 'drop-after' } });
    let asked = 0;
    service.azure.faults.onCall((call) => {
      if (/POST .*manualupgrade/i.test(call)) asked++;
    });
    const domain = await firstDomain(target);
    await target.walk(domain, never);
    expect(asked).toBe(1);
    const { roles } = await target.look();
    const walked = roles[0]?.instances.filter(({ updateDomain }) => updateDomain === 0) ?? [];
    expect(walked).toHaveLength(3);
    for (const instance of walked)
      expect(instance).toMatchObject({ exactVersion: '2.0.0', provisioningState: 'Succeeded' });
  });

  test('waits for an update that a killed run has left behind', async () => {
    const target = service.target(WEB_SERVICE);
    await withModel(target);
    service.azure.compute.setInstanceBehaviour(service.azure.role, '0', { slowStartMs: 500 });
    const stop = new AbortController();
    const domain = await firstDomain(target);
    const killed = expect(target.walk(domain, stop.signal)).rejects.toThrow('killed');
    while (service.azure.compute.instance(service.azure.role, '0')?.state !== 'starting')
      await service.azure.context.clock.sleep(5);
    stop.abort(new Error('killed'));
    await killed;
    const next = service.target(WEB_SERVICE);
    await expect(next.walk(domain, never)).rejects.toMatchObject({ reason: 'locked-by-another-run' });
    await target.walk(domain, never);
    const { roles } = await target.look();
    expect(roles[0]?.instances.filter(({ exactVersion }) => exactVersion === '2.0.0')).toHaveLength(3);
  });

  test('of an instance that never starts fails with Azure’s words, when the others are done', async () => {
    const target = service.target(WEB_SERVICE);
    await withModel(target);
    service.azure.compute.setInstanceBehaviour(service.azure.role, '0', { neverStarts: true });
    await expect(target.walk(await firstDomain(target), never)).rejects.toMatchObject({
      code: 'OSProvisioningTimedOut',
    });
    const { roles } = await target.look();
    const states = roles[0]?.instances
      .filter(({ updateDomain }) => updateDomain === 0)
      .map(({ provisioningState }) => provisioningState);
    expect(states?.toSorted()).toEqual(['Failed', 'Succeeded', 'Succeeded']);
  });

  test('of Flexible machines goes by their names', async () => {
    service.azure.addFlexible();
    const target = service.target(configOf(serviceOf(role('flex', FLEX))));
    await withModel(target);
    const domain = await firstDomain(target);
    await target.walk(domain, never);
    const { roles } = await target.look();
    const updated = roles[0]?.instances.filter(({ exactVersion }) => exactVersion === '2.0.0');
    expect(updated?.map(({ id }) => id).toSorted()).toEqual(domain.instances.map(({ id }) => id).toSorted());
  });
});

describe('a model', () => {
  test('is written against what is there now: a capacity that somebody has changed stays', async () => {
    const { changeModel } = service.compute.scaleSets;
    let isScaled = false;
    const target = service.target(
      configOf(serviceOf(role('web', WEB, { image: null, size: 'Standard_D4s_v5' }))),
      {
        changeModel: async (set, change) => {
          if (!isScaled && change.skuName) await service.azure.arm.compute.setCapacity(WEB, 15);
          isScaled ||= change.skuName !== undefined;
          return changeModel(set, change);
        },
      },
    );
    await withModel(target);
    expect(await service.set(WEB)).toMatchObject({
      capacity: 15,
      model: { sku: { name: 'Standard_D4s_v5' } },
    });
  });

  test('whose write was answered by nobody is read back; one that stands is not written again', async () => {
    const target = service.target(WEB_SERVICE);
    const record = await withModel(target);
    const { etag } = await service.set(WEB);
    await target.writeModel(record, 'target', never);
    expect((await service.set(WEB)).etag).toBe(etag);
    service.azure.faults.add({ at: 'arm PATCH .*virtualMachineScaleSets', fault: { kind: 'drop-after' } });
    await target.writeModel(record, 'previous', never);
    expect((await service.set(WEB)).model.image).toBe(imageId('1.0.0'));
  });

  test('that Azure refuses for good is refused at once, with its words', async () => {
    const target = service.target(configOf(serviceOf(role('web', WEB, { image: imageId('5.0.0') }))));
    await expect(withModel(target)).rejects.toMatchObject({ code: 'GalleryImageNotFound' });
    service.azure.arm.compute.quota.setLimit('northeurope', 40);
    const larger = service.target(
      configOf(serviceOf(role('web', WEB, { image: null, size: 'Standard_D8s_v5' }))),
    );
    await expect(withModel(larger)).rejects.toThrow(/exceeding quota limits/);
  });
});

describe('automation', () => {
  const createAutoscale = () =>
    service.azure.arm.insights.createSetting({
      name: 'worker-autoscale',
      group: GROUP,
      location: 'northeurope',
      enabled: true,
      targetResourceId: service.azure.arm.compute.scaleSetId(WORKER),
      minimum: 2,
      maximum: 8,
    });
  const workerAutoscale = async () => {
    const { id } = await service.set(WORKER);
    const [setting] = await service.compute.autoscale.settingsOf(GROUP, id);
    if (setting === undefined) throw new Error('no setting');
    return setting;
  };

  test('is found, held, and given back as it was', async () => {
    createAutoscale();
    const target = service.target(TWO_ROLES);
    await target.keep(leaseOf('1'), null);
    const held = await target.findAutomation(await target.look());
    expect(held).toEqual({
      autoscale: [expect.stringMatching(/worker-autoscale$/)],
      repairs: ['worker'],
      modes: { worker: 'Rolling' },
    });
    expect(target.describeHeld(held)).toEqual([
      'autoscale setting worker-autoscale',
      'automatic repairs of worker (contoso-worker)',
      'upgrade mode Rolling of worker (contoso-worker)',
    ]);
    for (let twice = 0; twice < 2; twice++) {
      await target.hold(held);
      expect(await service.set(WORKER)).toMatchObject({
        upgradeMode: 'Manual',
        automaticRepairs: 'suspended',
      });
      expect((await workerAutoscale()).isEnabled).toBe(false);
    }
    expect(await target.findAutomation(await target.look())).toEqual({
      autoscale: [],
      repairs: [],
      modes: {},
    });
    for (let twice = 0; twice < 2; twice++) {
      await target.giveBack(held);
      expect(await service.set(WORKER)).toMatchObject({
        upgradeMode: 'Rolling',
        automaticRepairs: 'running',
      });
      expect((await workerAutoscale()).isEnabled).toBe(true);
    }
  });

  test('that somebody has changed meanwhile stays as they have it', async () => {
    const target = service.target(TWO_ROLES);
    const held = await target.findAutomation(await target.look());
    await target.hold(held);
    await service.compute.scaleSets.changeModel(await service.set(WORKER), { upgradeMode: 'Automatic' });
    await target.giveBack(held);
    expect((await service.set(WORKER)).upgradeMode).toBe('Automatic');
  });

  test('is not given back by a run that has lost the service to another one', async () => {
    createAutoscale();
    const [dead, next] = [service.target(TWO_ROLES), service.target(TWO_ROLES)];
    const until = new Date(Date.now() - 1).toISOString();
    await dead.keep(leaseOf('1', { until }), null);
    const { autoscale } = await dead.findAutomation(await dead.look());
    const held = { autoscale, repairs: [], modes: {} };
    await dead.hold(held);
    await next.keep(leaseOf('2'), null);
    await expect(dead.giveBack(held)).rejects.toMatchObject({ reason: 'locked-by-another-run' });
    expect((await workerAutoscale()).isEnabled).toBe(false);
  });

  test('of a role that is not updated is left alone', async () => {
    const target = service.target({ ...TWO_ROLES, walk: { ...TWO_ROLES.walk, roles: ['web'] } });
    expect(await target.findAutomation(await target.look())).toEqual({
      autoscale: [],
      repairs: [],
      modes: {},
    });
  });
});
