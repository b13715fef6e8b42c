// Microsoft.Compute as a whole, without cloud services: its routes, and the seeds with which a topology is set up.
import type { Route } from '../core/call.ts';
import type { ArmContext } from '../core/context.ts';
import { parseId, sameName } from '../core/ids.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import type { Locate } from '../core/outage.ts';
import { latestModel } from './applying.ts';
import { automaticRepairRoutes, repairAutomatically } from './automatic-repairs.ts';
import { scaleTo, seedVm } from './capacity.ts';
import { documentOf } from './document.ts';
import { createImages, type ImageVersion, type PlatformImage } from './images.ts';
import { instanceActionRoutes } from './instance-actions.ts';
import { instanceRoutes } from './instances.ts';
import type { ScaleSet } from './model.ts';
import { operationRoutes } from './operation-answers.ts';
import { createQuota, type Quota } from './quota.ts';
import { createComputeRegistry } from './registry.ts';
import { rollingUpgradeRoutes } from './rolling-upgrade-routes.ts';
import { provisioningState } from './scale-set-body.ts';
import { newScaleSet, scaleSetRoutes } from './scale-sets.ts';
import { vmSize, vmSizeRoute } from './vm-sizes.ts';

export interface NewScaleSet {
  readonly name: string;
  readonly group: string;
  readonly location: string;
  readonly sku: { readonly name: string; readonly capacity: number };
  readonly tags?: Readonly<Record<string, string>>;
  readonly zones?: readonly string[];
  /** As in a PUT: virtualMachineProfile, upgradePolicy, orchestrationMode, automaticRepairsPolicy, … */
  readonly properties: JsonObject;
  /** Default 5, as Uniform sets have; a Flexible set has none. */
  readonly updateDomains?: number;
  /** Default 5, and 3 for a Flexible set. */
  readonly faultDomains?: number;
}

export interface ComputeProvider {
  readonly routes: readonly Route[];
  readonly locate: Locate;
  readonly quota: Pick<Quota, 'addConsumer' | 'setLimit' | 'used' | 'require'>;
  addImageVersion(version: ImageVersion): void;
  removeImageVersion(version: Pick<ImageVersion, 'group' | 'gallery' | 'image' | 'version'>): void;
  addPlatformImage(image: PlatformImage): void;
  /** Its instances run already. Throws an ArmError where Azure would refuse such a set. */
  createScaleSet(set: NewScaleSet): void;
  /** Resource id of a scale set, which is also the name of its role in the fabric. Throws where there is none. */
  scaleSetId(name: string): string;
  capacity(set: string): number;
  /** Somebody else scales: autoscale, a person. Resolves when the instances have started, or are gone. */
  setCapacity(set: string, capacity: number): Promise<void>;
  setProtection(
    set: string,
    instance: string,
    protection: { readonly fromScaleIn: boolean; readonly fromScaleSetActions: boolean },
  ): void;
  /** Somebody writes tags, and nothing else of the set. */
  setTags(set: string, tags: Readonly<Record<string, string>>): void;
  removeGroup(group: string): void;
  state(): JsonValue;
}

export function createComputeProvider(context: ArmContext): ComputeProvider {
  const images = createImages(context);
  const quota = createQuota();
  const registry = createComputeRegistry(context, images, quota);
  repairAutomatically(registry);

  const find = (name: string): ScaleSet => {
    const set = registry.sets.values().find((each) => sameName(each.name, name) || sameName(each.id, name));
    if (set === undefined) throw new Error(`There is no scale set ${name}.`);
    return set;
  };
  const state = (set: ScaleSet): JsonObject => ({
    name: set.name,
    resourceGroup: set.group,
    orchestration: set.orchestration,
    capacity: set.document.sku.capacity,
    provisioningState: provisioningState(registry, set),
    generation: set.generation,
    tags: set.document.tags,
    repairs: set.repairs,
    rollingUpgrade: set.rollingUpgrade?.code ?? null,
    instances: set.vms.values().map((vm) => {
      const instance = context.compute.instance(set.id, vm.id);
      return {
        id: vm.id,
        updateDomain: instance?.updateDomain ?? null,
        faultDomain: instance?.faultDomain ?? null,
        version: instance?.model.version ?? null,
        generation: vm.generation,
        state: instance?.state ?? null,
        health: instance?.health ?? null,
        inService: instance?.inService ?? false,
        provisioningState: vm.provisioningState,
        // names only: values may be secret
        settings: Object.keys(instance?.model.settings ?? {}),
      };
    }),
  });

  return {
    routes: [
      ...operationRoutes(context, 'operations'),
      ...quota.routes,
      vmSizeRoute,
      ...images.routes,
      ...rollingUpgradeRoutes(registry),
      ...automaticRepairRoutes(registry),
      ...instanceActionRoutes(registry),
      ...instanceRoutes(registry),
      ...scaleSetRoutes(registry),
    ],
    locate: (id) => {
      const { group = '', types: [type = ''] = [], names: [name = ''] = [] } = parseId(id) ?? {};
      if (!sameName(type, 'virtualMachineScaleSets')) return null;
      return registry.sets.get(registry.setId(group, name))?.location ?? null;
    },
    quota,
    addImageVersion: images.addVersion,
    removeImageVersion: images.removeVersion,
    addPlatformImage: images.addPlatformImage,
    createScaleSet: ({ sku, tags = {}, zones = [], properties, ...options }) => {
      const document = documentOf({ sku, tags, zones, properties });
      vmSize(sku.name);
      const set = newScaleSet(registry, { ...options, document });
      const model = latestModel(registry, set);
      registry.sets.set(set.id, set);
      for (let at = 0; at < sku.capacity; at++) seedVm(registry, set, model);
    },
    scaleSetId: (name) => find(name).id,
    capacity: (name) => find(name).document.sku.capacity,
    setCapacity: async (name, capacity) => {
      const set = find(name);
      const { sku } = set.document;
      quota.require(set.location, vmSize(sku.name).cores * (capacity - sku.capacity));
      set.document = { ...set.document, sku: { ...sku, capacity } };
      set.version++;
      await scaleTo(registry, set, capacity);
    },
    setProtection: (name, instance, { fromScaleIn, fromScaleSetActions }) => {
      const vm = find(name).vms.get(instance);
      if (vm === undefined) throw new Error(`There is no instance ${instance} of ${name}.`);
      vm.protectFromScaleIn = fromScaleIn;
      vm.protectFromScaleSetActions = fromScaleSetActions;
    },
    setTags: (name, tags) => {
      const set = find(name);
      set.document = { ...set.document, tags };
      set.version++;
    },
    removeGroup: (group) => {
      for (const set of registry.inGroup(group)) {
        context.compute.removeRole(set.id);
        registry.sets.delete(set.id);
      }
    },
    state: () => registry.sets.values().map(state),
  };
}
