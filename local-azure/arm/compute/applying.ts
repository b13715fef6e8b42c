// Bringing instances to a model: what resource manager notes of each, around what the fabric does.
import { StartTimedOut, Superseded } from '../../compute/fabric.ts';
import type { ArmCall } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import type { Operation, Work } from '../core/operations.ts';
import { profileOf } from './document.ts';
import type { ScaleSet, ScaleSetVm } from './model.ts';
import { imageReferenceOf } from './profile.ts';
import type { ComputeRegistry } from './registry.ts';

/** What an instance was given. */
export type AppliedModel = Pick<
  ScaleSetVm,
  'generation' | 'tagging' | 'skuName' | 'profile' | 'exactVersion'
>;

/** What an instance of the set gets now. Throws as Images.exactVersion does. */
export function latestModel(registry: ComputeRegistry, set: ScaleSet): AppliedModel {
  const profile = profileOf(set.document);
  return {
    generation: set.generation,
    tagging: set.tagging,
    skuName: set.document.sku.name,
    profile,
    exactVersion: registry.images.exactVersion(imageReferenceOf(profile), set.location),
  };
}

export const appliedModel = ({
  generation,
  tagging,
  skuName,
  profile,
  exactVersion,
}: ScaleSetVm): AppliedModel => ({
  generation,
  tagging,
  skuName,
  profile,
  exactVersion,
});

/** An operation on the set; while it is under way the set is Updating, and where it fails, Failed. */
export function startOperation(
  registry: ComputeRegistry,
  call: ArmCall,
  set: ScaleSet,
  operation: { readonly name: string; readonly work: Work; readonly undo?: () => void },
): Operation {
  const work: Work = async (signal) => {
    await operation.work(signal);
    set.failed = false;
  };
  return registry.context.operations.start(call, operation.name, set.id, work, () => {
    set.failed = true;
    operation.undo?.();
  });
}

/** All at once. Rejects with the first failure, when all have ended. */
export async function applyToAll(
  registry: ComputeRegistry,
  set: ScaleSet,
  vms: readonly ScaleSetVm[],
  model: AppliedModel,
  signal?: AbortSignal,
): Promise<void> {
  await allOf(vms.map((vm) => applyModel(registry, set, vm, model, signal)));
}

/** An instance that runs just this already is not stopped for it. Rejects with an ArmError. */
export async function applyModel(
  registry: ComputeRegistry,
  set: ScaleSet,
  vm: ScaleSetVm,
  model: AppliedModel,
  signal?: AbortSignal,
): Promise<void> {
  const { compute } = registry.context;
  const wanted = registry.modelOf(model);
  const runs = () => compute.instance(set.id, vm.id)?.model;
  const isUp = compute.instance(set.id, vm.id)?.state === 'running';
  await working(registry, vm, 'Updating', async () => {
    try {
      if (!isUp || !isSame(runs(), wanted)) await compute.update(set.id, vm.id, wanted, signal);
    } finally {
      // Also where it did not start any more: the model is on it.
      if (isSame(runs(), wanted)) Object.assign(vm, model);
    }
  });
}

/** Notes the state of an instance while something is done to it, and how that ended. Rejects with an ArmError. */
export async function working(
  registry: ComputeRegistry,
  vm: ScaleSetVm,
  state: 'Creating' | 'Updating' | 'Deleting',
  work: () => Promise<void>,
): Promise<void> {
  vm.provisioningState = state;
  vm.version++;
  try {
    await work();
    vm.provisioningState = 'Succeeded';
  } catch (error) {
    vm.provisioningState = 'Failed';
    throw asArmError(error);
  } finally {
    vm.provisionedAt = registry.context.clock.now();
    vm.version++;
  }
}

/** Waits for all, then rejects with the first failure. */
export async function allOf(works: readonly Promise<void>[]): Promise<void> {
  for (const { status, reason } of (await Promise.allSettled(works)).map(asFailure))
    if (status === 'rejected') throw reason;
}

const asFailure = (settled: PromiseSettledResult<void>) =>
  settled.status === 'rejected' ? settled : { status: settled.status, reason: null };

function asArmError(error: unknown): unknown {
  if (error instanceof StartTimedOut) return new ArmError(409, 'OSProvisioningTimedOut', error.message);
  if (error instanceof Superseded) return new ArmError(409, 'OperationPreempted', error.message);
  return error;
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
