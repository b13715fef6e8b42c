// Virtual machine scale sets. Writes are PATCHes with the ETag of what was read; how Uniform and Flexible sets differ
// in what can be asked of them is hidden here.
import type { VirtualMachineScaleSet, VirtualMachineScaleSetVM } from '@azure/arm-compute';
import { UpgradeError } from '../reasons.ts';
import {
  type ArmContext,
  all,
  clientOptions,
  equip,
  longRunning,
  request,
  requestOrNull,
} from './arm-client.ts';
import { AzureError } from './errors.ts';
import { lazy } from './lazy.ts';
import type {
  ComputeRef,
  PlatformUpgrade,
  ScaleSet,
  ScaleSetChange,
  ScaleSets,
  ServiceInstance,
} from './ports/compute.ts';
import { partOf } from './resource-id.ts';
import { notCarriedOut, patchOf } from './scale-sets-change.ts';
import { createCores } from './scale-sets-cores.ts';
import { imageExists } from './scale-sets-images.ts';
import {
  automaticRepairsOf,
  flexibleInstance,
  orchestrationOf,
  scaleSetOf,
  uniformInstance,
} from './scale-sets-resources.ts';
import { secretsIn } from './scale-sets-secrets.ts';

/** Machines of a Flexible set are asked one by one; Azure throttles reads by subscription. */
const MACHINES_AT_ONCE = 8;

/** The port ScaleSets over @azure/arm-compute. Every method throws AzureError. */
export function createScaleSets(context: ArmContext, mask: (secret: string) => void): ScaleSets {
  const connect = async (subscriptionId: string) => {
    const { ComputeManagementClient } = await import('@azure/arm-compute');
    return equip(
      new ComputeManagementClient(context.credential, subscriptionId, clientOptions(context)),
      context,
    );
  };
  const client = lazy(() => connect(context.subscriptionId));

  async function read({ resourceGroup, name }: ComputeRef): Promise<VirtualMachineScaleSet | null> {
    const { virtualMachineScaleSets } = await client();
    return requestOrNull(() => virtualMachineScaleSets.get(resourceGroup, name));
  }

  function masked(set: ScaleSet): ScaleSet {
    for (const secret of secretsIn(set.model.extensions)) mask(secret);
    return set;
  }

  async function get(ref: ComputeRef): Promise<ScaleSet | null> {
    const found = await read(ref);
    return found === null ? null : masked(scaleSetOf(found, ref, await automaticRepairs(found, ref)));
  }

  /** Whether they are suspended is in the instance view only, which a Flexible set does not have. */
  async function automaticRepairs(set: VirtualMachineScaleSet, { resourceGroup, name }: ComputeRef) {
    if (automaticRepairsOf(set, null) === 'none' || orchestrationOf(set) === 'Flexible')
      return automaticRepairsOf(set, null);
    const { virtualMachineScaleSets } = await client();
    const view = await request(() => virtualMachineScaleSets.getInstanceView(resourceGroup, name));
    return automaticRepairsOf(set, view.orchestrationServices ?? null);
  }

  async function changeModel(set: ScaleSet, change: ScaleSetChange): Promise<ScaleSet> {
    const { ref, etag } = set;
    // Two runs that both hold the lease would be worse than none.
    if (etag === null)
      throw new UpgradeError(
        'azure-error',
        `Azure tells no ETag of ${ref.name}: it cannot be changed safely.`,
      );
    const { virtualMachineScaleSets } = await client();
    const patch = patchOf(set, change, change.extensions === undefined ? null : await read(ref));
    const written = await longRunning({
      what: `The change of scale set ${ref.name}`,
      begin: async (options) => {
        const { resourceGroup, name } = ref;
        return {
          poller: virtualMachineScaleSets.update(resourceGroup, name, patch, {
            ...options,
            ifMatch: etag,
          }),
        };
      },
    });
    const after = masked(scaleSetOf(written, ref, set.automaticRepairs));
    const wrong = notCarriedOut(change, after);
    if (wrong.length > 0) throw writtenOtherwise(ref, wrong);
    return after;
  }

  async function listInstances(set: Pick<ScaleSet, 'ref' | 'orchestration'>): Promise<ServiceInstance[]> {
    const { virtualMachineScaleSetVMs } = await client();
    const { resourceGroup, name } = set.ref;
    const isUniform = set.orchestration === 'Uniform';
    const expand = isUniform ? { expand: 'instanceView' } : {};
    const found = await all(() => virtualMachineScaleSetVMs.list(resourceGroup, name, expand));
    if (isUniform) return found.map(uniformInstance);
    const instances: ServiceInstance[] = [];
    for (let at = 0; at < found.length; at += MACHINES_AT_ONCE) {
      const some = found.slice(at, at + MACHINES_AT_ONCE);
      const looked = await Promise.all(some.map((vm) => withMachine(vm, resourceGroup)));
      instances.push(...looked.filter((instance) => instance !== null));
    }
    return instances;
  }

  /** Null for one that was removed since it was listed. */
  async function withMachine(vm: VirtualMachineScaleSetVM, group: string): Promise<ServiceInstance | null> {
    const { virtualMachines } = await client();
    const resourceGroup = partOf(vm.virtualMachineResourceId ?? '', 'resourceGroups') ?? group;
    const name = vm.instanceId ?? vm.name ?? '';
    const machine = await requestOrNull(() =>
      virtualMachines.get(resourceGroup, name, { expand: 'instanceView' }),
    );
    return machine === null ? null : flexibleInstance(vm, machine);
  }

  return {
    get,
    listInstances,
    changeModel,

    updateInstances: async ({ resourceGroup, name }, ids, signal) => {
      if (ids.length === 0) return;
      const { virtualMachineScaleSets } = await client();
      await longRunning({
        what: `The update of instances ${ids.join(', ')} of scale set ${name}`,
        begin: async (options) => {
          signal.throwIfAborted();
          const instances = { instanceIds: [...ids] };
          return { poller: virtualMachineScaleSets.updateInstances(resourceGroup, name, instances, options) };
        },
        signal,
      });
    },

    platformUpgrade: async ({ resourceGroup, name }): Promise<PlatformUpgrade | null> => {
      const { virtualMachineScaleSetRollingUpgrades: upgrades } = await client();
      const latest = await requestOrNull(() => upgrades.getLatest(resourceGroup, name)).catch(
        nullIfNotAllowed,
      );
      const { code, startTime } = latest?.runningStatus ?? {};
      return code === undefined ? null : { code, startedAt: startTime ?? null };
    },

    setAutomaticRepairs: async ({ resourceGroup, name }, state) => {
      const { virtualMachineScaleSets } = await client();
      const action = state === 'suspended' ? 'Suspend' : 'Resume';
      await longRunning({
        what: `${action} of the automatic repairs of scale set ${name}`,
        begin: async (options) => {
          const service = { serviceName: 'AutomaticRepairs', action };
          return {
            poller: virtualMachineScaleSets.setOrchestrationServiceState(
              resourceGroup,
              name,
              service,
              options,
            ),
          };
        },
      });
    },

    imageExists: (image, location) =>
      imageExists(image, location, (subscriptionId) =>
        subscriptionId === null || subscriptionId.toLowerCase() === context.subscriptionId.toLowerCase()
          ? client()
          : connect(subscriptionId),
      ),

    ...createCores(client),
  };
}

/** A set that cannot have rolling upgrades has had none. */
function nullIfNotAllowed(error: unknown): null {
  if (error instanceof AzureError && error.status === 409 && error.code === 'OperationNotAllowed')
    return null;
  throw error;
}

function writtenOtherwise({ name }: ComputeRef, wrong: readonly string[]): AzureError {
  const message = `Scale set ${name} was written, but is not as it was to be: ${wrong.join('; ')}.`;
  return new AzureError(message, { status: null, code: null, correlationId: null, outcomeUnknown: true });
}
