// Automatic repairs: an instance that stays unhealthy is replaced by a new one, with the newest model, by the platform
// itself (documentation "automatic instance repairs"). Held and let go by setOrchestrationServiceState.
import type { Instance } from '../../compute/fabric.ts';
import type { ArmCall, Route } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import { asObject, asText } from '../core/json.ts';
import { startOperation } from './applying.ts';
import { removeVm, scaleTo } from './capacity.ts';
import type { ScaleSet } from './model.ts';
import { SCALE_SET } from './model.ts';
import { accepted } from './operation-answers.ts';
import { pace } from './pace.ts';
import { underWay } from './refusals.ts';
import type { ComputeRegistry } from './registry.ts';

/** How often it looks again while it is held, or something else is done to the set. */
const HELD_MS = 500;
const GRACE_MINUTES = 10; // documentation: the least there is, and the default

export function automaticRepairRoutes(registry: ComputeRegistry): Route[] {
  const set = (call: ArmCall) => {
    const target = registry.set(call);
    const [service, wanted] = [asText(call.body.serviceName), asText(call.body.action)];
    if (service !== 'AutomaticRepairs') throw invalid('serviceName', service);
    if (wanted !== 'Suspend' && wanted !== 'Resume') throw invalid('action', wanted);
    if (!hasRepairs(target))
      throw new ArmError(
        409,
        'OperationNotAllowed',
        `Operation 'SetOrchestrationServiceState' is not allowed on Virtual Machine Scale Set '${target.name}' since automatic repairs are not enabled.`,
      );
    const operation = startOperation(registry, call, target, {
      name: 'SetOrchestrationServiceState',
      work: () => {
        target.repairs = wanted === 'Suspend' ? 'Suspended' : 'Running';
        return Promise.resolve();
      },
    });
    return accepted(registry.context, { call, operation, location: target.location });
  };
  return [
    {
      method: 'POST',
      template: `${SCALE_SET}/setOrchestrationServiceState`,
      action: 'Microsoft.Compute/virtualMachineScaleSets/setOrchestrationServiceState/action',
      handle: set,
    },
  ];
}

/** From here on unhealthy instances are replaced, where their set's policy says so. */
export function repairAutomatically(registry: ComputeRegistry): void {
  const { clock, compute, latency } = registry.context;
  const waiting = new Set<string>();
  const key = (instance: Instance) => `${instance.role}#${instance.id}`.toLowerCase();
  const repair = async (set: ScaleSet, id: string) => {
    const vm = set.vms.get(id);
    if (vm === undefined || vm.protectFromScaleSetActions) return;
    await removeVm(registry, set, vm);
    await scaleTo(registry, set, set.document.sku.capacity);
  };
  const look = (set: ScaleSet, instance: Instance, afterMs: number) => {
    clock.schedule(afterMs, () => {
      if (!isBroken(compute.instance(instance.role, instance.id))) {
        waiting.delete(key(instance));
        return;
      }
      if (set.repairs !== 'Running' || underWay(registry, set).length > 0) {
        look(set, instance, HELD_MS);
        return;
      }
      waiting.delete(key(instance));
      repair(set, instance.id).catch(() => {
        // As with every failure of a platform's own doing: to be seen on the instance.
      });
    });
  };
  compute.onChange((instance) => {
    const set = registry.sets.get(instance.role);
    if (set === undefined || !hasRepairs(set) || !isBroken(instance) || waiting.has(key(instance))) return;
    waiting.add(key(instance));
    look(set, instance, graceMinutes(set) * 60_000 * pace(latency));
  });
}

const isBroken = (instance: Instance | null): boolean =>
  instance?.state === 'running' && instance.health === 'unhealthy';

const policyOf = (set: ScaleSet) => asObject(set.document.properties.automaticRepairsPolicy);
const hasRepairs = (set: ScaleSet): boolean => policyOf(set).enabled === true;

/** PT30M is 30. */
function graceMinutes(set: ScaleSet): number {
  const minutes = /^PT(\d+)M$/.exec(asText(policyOf(set).gracePeriod) ?? '')?.[1];
  return minutes === undefined ? GRACE_MINUTES : Number(minutes);
}

function invalid(parameter: string, value: string | null): ArmError {
  return new ArmError(
    400,
    'InvalidParameter',
    `The value '${value ?? ''}' of parameter '${parameter}' is invalid.`,
  );
}
