// What is done to instances of a scale set, some or all: brought to its model, reimaged, restarted, stopped, deleted.
import type { ArmAnswer, ArmCall, Route } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import { asList, asText } from '../core/json.ts';
import { allOf, appliedModel, applyToAll, latestModel, startOperation, working } from './applying.ts';
import { removeVm } from './capacity.ts';
import { requireVm } from './instances.ts';
import type { ScaleSet, ScaleSetVm } from './model.ts';
import { INSTANCE, SCALE_SET } from './model.ts';
import { accepted } from './operation-answers.ts';
import { imageReferenceOf } from './profile.ts';
import { refuseBusy, refuseWhileWritten } from './refusals.ts';
import type { ComputeRegistry } from './registry.ts';

type Act = (set: ScaleSet, vms: readonly ScaleSetVm[], signal: AbortSignal) => Promise<void>;

export function instanceActionRoutes(registry: ComputeRegistry): Route[] {
  const { compute } = registry.context;
  const each =
    (work: (set: ScaleSet, vm: ScaleSetVm, signal: AbortSignal) => Promise<void>): Act =>
    (set, vms, signal) =>
      allOf(vms.map((vm) => working(registry, vm, 'Updating', () => work(set, vm, signal))));

  const acts: Readonly<Record<string, Act>> = {
    manualupgrade: (set, vms, signal) => {
      const outdated = vms.filter(
        (vm) =>
          vm.generation !== set.generation || vm.tagging !== set.tagging || vm.provisioningState === 'Failed',
      );
      return applyToAll(registry, set, outdated, latestModel(registry, set), signal);
    },
    reimage: each((set, vm, signal) => reimage(registry, set, vm, signal)),
    restart: each((set, vm, signal) => compute.restart(set.id, vm.id, signal)),
    start: each((set, vm, signal) => compute.start(set.id, vm.id, signal)),
    poweroff: each((set, vm, signal) => compute.stop(set.id, vm.id, signal)),
    deallocate: each((set, vm, signal) => compute.stop(set.id, vm.id, signal)),
    delete: async (set, vms, signal) => {
      const { sku } = set.document;
      const capacity = Math.max(0, sku.capacity - vms.length);
      set.document = { ...set.document, sku: { ...sku, capacity } };
      await allOf(vms.map((vm) => removeVm(registry, set, vm, signal)));
    },
  };

  const begin = (call: ArmCall, name: string, act: Act, set: ScaleSet, vms: readonly ScaleSetVm[]) => {
    refuseWhileWritten(registry, set, name);
    refuseBusy(vms);
    if (name === 'manualupgrade') latestModel(registry, set); // refused at once where its image is gone
    const operation = startOperation(registry, call, set, { name, work: (signal) => act(set, vms, signal) });
    return accepted(registry.context, { call, operation, location: set.location });
  };
  const onSet =
    (name: string, act: Act) =>
    (call: ArmCall): ArmAnswer => {
      const set = registry.set(call);
      const named = selected(set, call.body.instanceIds, ['manualupgrade', 'delete'].includes(name));
      // Those that are protected never get what is done to the set.
      return begin(
        call,
        name,
        act,
        set,
        named.filter((vm) => !vm.protectFromScaleSetActions),
      );
    };
  const onOne =
    (name: string, act: Act) =>
    (call: ArmCall): ArmAnswer => {
      const { set, vm } = requireVm(registry, call);
      return begin(call, name, act, set, [vm]);
    };

  const action = 'Microsoft.Compute/virtualMachineScaleSets';
  const { manualupgrade: _, delete: remove, ...onInstances } = acts;
  return [
    ...Object.entries(acts).map(
      ([name, act]): Route => ({
        method: 'POST',
        template: `${SCALE_SET}/${name}`,
        action: `${action}/${name}/action`,
        handle: onSet(name, act),
      }),
    ),
    ...Object.entries(onInstances).map(
      ([name, act]): Route => ({
        method: 'POST',
        template: `${INSTANCE}/${name}`,
        action: `${action}/virtualMachines/${name}/action`,
        handle: onOne(name, act),
      }),
    ),
    ...(remove === undefined
      ? []
      : [
          {
            method: 'DELETE',
            template: INSTANCE,
            action: `${action}/virtualMachines/delete`,
            handle: onOne('delete', remove),
          } satisfies Route,
        ]),
  ];
}

/**
 * A new disk from the image of the instance's own model; where that names no version, from the newest. It has not got
 * the set's model thereby (azure-cli #28008).
 */
async function reimage(
  registry: ComputeRegistry,
  set: ScaleSet,
  vm: ScaleSetVm,
  signal: AbortSignal,
): Promise<void> {
  const own = appliedModel(vm);
  const exactVersion = registry.images.exactVersion(imageReferenceOf(own.profile), set.location);
  const model = { ...own, exactVersion };
  await registry.context.compute.update(set.id, vm.id, registry.modelOf(model), signal);
  Object.assign(vm, model);
}

/** Throws 400 InvalidParameter for an id that the set has not, or where ids are required and missing. */
function selected(set: ScaleSet, instanceIds: JsonValue, required: boolean): ScaleSetVm[] {
  const ids = asList(instanceIds)
    .map(asText)
    .filter((id) => id !== null);
  if (ids.length === 0 && required)
    throw new ArmError(400, 'InvalidParameter', "Required parameter 'instanceIds' is missing (null).");
  if (ids.length === 0 || ids.includes('*')) return set.vms.values();
  return [...new Set(ids)].map((id) => {
    const vm = set.vms.get(id);
    if (vm !== undefined) return vm;
    throw new ArmError(
      400,
      'InvalidParameter',
      `The provided instanceId ${id} is not an active Virtual Machine Scale Set VM instanceId.`,
    );
  });
}
