// Scale sets: reading, writing and deleting them.
import type { ArmAnswer, ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { refusedByGateway } from '../core/errors.ts';
import { locationName, NameMap } from '../core/ids.ts';
import { requireLocation } from '../core/location.ts';
import { applyToAll, latestModel, startOperation } from './applying.ts';
import { scaleTo } from './capacity.ts';
import { documentOf, patched, profileOf, replaced, sameModel, sameTags, upgradeModeOf } from './document.ts';
import type { ScaleSet, ScaleSetDocument } from './model.ts';
import { etagOf, SCALE_SET, SCALE_SETS } from './model.ts';
import { accepted, written } from './operation-answers.ts';
import { imageReferenceOf } from './profile.ts';
import { refuseWhileInstancesUpdate, refuseWhileWritten, requireEtag, requirePossible } from './refusals.ts';
import type { ComputeRegistry } from './registry.ts';
import { startRollingUpgrade } from './rolling-upgrade.ts';
import { scaleSetBody, scaleSetInstanceView } from './scale-set-body.ts';
import { vmSize } from './vm-sizes.ts';

export function scaleSetRoutes(registry: ComputeRegistry): Route[] {
  const { context } = registry;
  const list = (sets: readonly ScaleSet[]) => ok({ value: sets.map((set) => scaleSetBody(registry, set)) });

  const get = (call: ArmCall) => {
    const set = registry.set(call);
    return ok(scaleSetBody(registry, set), { etag: etagOf(set) });
  };

  const put = (call: ArmCall): ArmAnswer => {
    const [group, name] = [call.param('group'), call.param('set')];
    const existing = registry.sets.get(registry.setId(group, name)) ?? null;
    requireEtag(call, existing);
    const location = requireLocation(call.body, { name, group, location: existing?.location ?? null });
    const document = documentOf(call.body);
    if (existing !== null) return write(call, existing, replaced(existing.document, document));
    requirePossible({ name }, null, document);
    registry.images.exactVersion(imageReferenceOf(profileOf(document)), location);
    registry.quota.require(location, coresOf(document));
    const set = newScaleSet(registry, { group, name, location, document });
    registry.sets.set(set.id, set);
    const operation = startOperation(registry, call, set, {
      name: 'CreateOrUpdate',
      work: (signal) => scaleTo(registry, set, document.sku.capacity, signal),
    });
    const body = scaleSetBody(registry, set);
    return written(context, { call, operation, location, isNew: true, body });
  };

  const patch = (call: ArmCall): ArmAnswer => {
    const set = registry.set(call);
    requireEtag(call, set);
    return write(call, set, patched(set.document, call));
  };

  const write = (call: ArmCall, set: ScaleSet, document: ScaleSetDocument): ArmAnswer => {
    refuseWhileWritten(registry, set, call.method === 'PUT' ? 'CreateOrUpdate' : 'Update');
    refuseWhileInstancesUpdate(registry, set);
    requirePossible(set, set.document, document);
    const isNewModel = !sameModel(set.document, document);
    if (isNewModel) registry.images.exactVersion(imageReferenceOf(profileOf(document)), set.location);
    registry.quota.require(set.location, coresOf(document) - coresOf(set.document));
    const before = { document: set.document, generation: set.generation, tagging: set.tagging };
    set.document = document;
    set.version++;
    if (isNewModel) set.generation++;
    if (!sameTags(before.document, document)) set.tagging++;
    const operation = startOperation(registry, call, set, {
      name: call.method === 'PUT' ? 'CreateOrUpdate' : 'Update',
      work: async (signal) => {
        await context.clock.sleep(context.latency.of('scale-set-write'), signal);
        await scaleTo(registry, set, document.sku.capacity, signal);
        await rollOut(registry, set, signal);
      },
      undo: () => {
        // Refused before anything came of it; what has begun is not taken back.
        if (call.operationFault === null) return;
        Object.assign(set, before);
      },
    });
    const body = scaleSetBody(registry, set);
    return written(context, { call, operation, location: set.location, isNew: false, body });
  };

  const remove = (call: ArmCall): ArmAnswer => {
    const set = registry.sets.get(registry.setId(call.param('group'), call.param('set')));
    if (set === undefined) return { status: 204 };
    const operation = startOperation(registry, call, set, {
      name: 'Delete',
      work: async (signal) => {
        await scaleToNothing(registry, set, signal);
        registry.sets.delete(set.id);
      },
    });
    return accepted(context, { call, operation, location: set.location });
  };

  const view = (call: ArmCall) => {
    const set = registry.set(call);
    if (set.orchestration === 'Uniform') return ok(scaleSetInstanceView(registry, set));
    throw refusedByGateway(
      409,
      'OperationNotAllowed',
      `Operation 'Get Instance View' is not allowed on Virtual Machine Scale Set '${set.name}' since it has orchestrationMode Flexible.`,
    );
  };

  const route = (
    method: Route['method'],
    template: string,
    verb: string,
    handle: Route['handle'],
  ): Route => ({
    method,
    template,
    action: `Microsoft.Compute/virtualMachineScaleSets/${verb}`,
    handle,
  });
  return [
    route(
      'GET',
      '/subscriptions/{subscription}/providers/Microsoft.Compute/virtualMachineScaleSets',
      'read',
      () => list(registry.sets.values()),
    ),
    route('GET', SCALE_SETS, 'read', (call) => list(registry.inGroup(call.param('group')))),
    route('GET', SCALE_SET, 'read', get),
    route('PUT', SCALE_SET, 'write', put),
    route('PATCH', SCALE_SET, 'write', patch),
    route('DELETE', SCALE_SET, 'delete', remove),
    route('GET', `${SCALE_SET}/instanceView`, 'instanceView/read', view),
  ];
}

/** What the upgrade policy does with a model that was just written. */
async function rollOut(registry: ComputeRegistry, set: ScaleSet, signal: AbortSignal): Promise<void> {
  const outdated = set.vms
    .values()
    .filter((vm) => vm.generation !== set.generation && !vm.protectFromScaleSetActions);
  const mode = upgradeModeOf(set.document);
  if (mode === 'Manual' || outdated.length === 0) return;
  // Automatic: "may take down all VMs at the same time".
  if (mode === 'Automatic') await applyToAll(registry, set, outdated, latestModel(registry, set), signal);
  else startRollingUpgrade(registry, set);
}

async function scaleToNothing(registry: ComputeRegistry, set: ScaleSet, signal: AbortSignal): Promise<void> {
  const { context } = registry;
  await context.clock.sleep(context.latency.of('instance-stop'), signal);
  context.compute.removeRole(set.id);
  for (const vm of set.vms.values()) set.vms.delete(vm.id);
}

const coresOf = ({ sku }: ScaleSetDocument): number => vmSize(sku.name).cores * sku.capacity;

export function newScaleSet(
  registry: ComputeRegistry,
  options: {
    readonly group: string;
    readonly name: string;
    readonly location: string;
    readonly document: ScaleSetDocument;
    readonly updateDomains?: number;
    readonly faultDomains?: number;
  },
): ScaleSet {
  const { group, name, location, document } = options;
  const flexible = document.properties.orchestrationMode === 'Flexible';
  return {
    id: registry.setId(group, name),
    name,
    group,
    location: locationName(location),
    orchestration: flexible ? 'Flexible' : 'Uniform',
    updateDomains: flexible ? null : (options.updateDomains ?? 5),
    faultDomains: options.faultDomains ?? (flexible ? 3 : 5),
    uniqueId: registry.context.random.guid(),
    placementGroupId: registry.context.random.guid(),
    document,
    generation: 1,
    tagging: 1,
    version: 1,
    nextInstance: 0,
    vms: new NameMap(),
    rollingUpgrade: null,
    repairs: 'Running',
    failed: false,
  };
}
