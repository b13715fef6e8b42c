// Instances of a scale set come and go: where a new one is placed, which goes first.
import type { Placement } from '../../compute/fabric.ts';
import { nextDomain } from '../../compute/spread.ts';
import { sameName } from '../core/ids.ts';
import { type AppliedModel, allOf, latestModel, working } from './applying.ts';
import type { ScaleSet, ScaleSetVm } from './model.ts';
import type { ComputeRegistry } from './registry.ts';

/** Adds instances with the newest model, or removes some: those with the highest number, none that is protected. */
export async function scaleTo(
  registry: ComputeRegistry,
  set: ScaleSet,
  capacity: number,
  signal?: AbortSignal,
): Promise<void> {
  const vms = set.vms.values();
  const surplus = vms
    .filter((vm) => !vm.protectFromScaleIn && !vm.protectFromScaleSetActions)
    .reverse()
    .slice(0, Math.max(0, vms.length - capacity));
  const lacking = Math.max(0, capacity - vms.length);
  // Only where one is made does its image have to be there.
  const model = lacking > 0 ? latestModel(registry, set) : null;
  const added = Array.from({ length: lacking }, () => model && createVm(registry, set, model, signal));
  await allOf([
    ...surplus.map((vm) => removeVm(registry, set, vm, signal)),
    ...added.filter((work) => work !== null),
  ]);
}

export async function removeVm(
  registry: ComputeRegistry,
  set: ScaleSet,
  vm: ScaleSetVm,
  signal?: AbortSignal,
): Promise<void> {
  await working(registry, vm, 'Deleting', () => registry.context.compute.remove(set.id, vm.id, signal));
  set.vms.delete(vm.id);
}

async function createVm(
  registry: ComputeRegistry,
  set: ScaleSet,
  model: AppliedModel,
  signal?: AbortSignal,
): Promise<void> {
  const { vm, placement } = newVm(registry, set, model);
  await working(registry, vm, 'Creating', () =>
    registry.context.compute.create(set.id, placement, registry.modelOf(model), signal),
  );
}

/** One that runs already: for a set that is seeded. */
export function seedVm(registry: ComputeRegistry, set: ScaleSet, model: AppliedModel): void {
  const { placement } = newVm(registry, set, model);
  registry.context.compute.add(set.id, placement, registry.modelOf(model));
}

function newVm(
  registry: ComputeRegistry,
  set: ScaleSet,
  model: AppliedModel,
): { vm: ScaleSetVm; placement: Placement } {
  const { clock, random } = registry.context;
  const number = set.nextInstance++;
  const flexible = set.orchestration === 'Flexible';
  const name = `${set.name}_${flexible ? random.hex(8) : number}`;
  const vm: ScaleSetVm = {
    ...model,
    id: flexible ? name : String(number),
    name,
    vmId: random.guid(),
    protectFromScaleIn: false,
    protectFromScaleSetActions: false,
    provisioningState: 'Succeeded',
    provisionedAt: clock.now(),
    version: 1,
  };
  const placement = placed(registry, set, vm);
  set.vms.set(vm.id, vm);
  return { vm, placement };
}

function placed(registry: ComputeRegistry, set: ScaleSet, { id, name }: ScaleSetVm): Placement {
  const there = registry.context.compute.instances(set.id);
  const updateDomains = there.map((each) => each.updateDomain).filter((domain) => domain !== null);
  const { zones } = set.document;
  const zoneNumbers = there.map((each) => zones.findIndex((zone) => sameName(zone, each.zone ?? '')));
  return {
    id,
    name,
    updateDomain: set.updateDomains === null ? null : nextDomain(updateDomains, set.updateDomains),
    faultDomain: nextDomain(
      there.map((each) => each.faultDomain),
      set.faultDomains,
    ),
    zone: zones.length === 0 ? null : (zones[nextDomain(zoneNumbers, zones.length)] ?? null),
  };
}
