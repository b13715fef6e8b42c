// All scale sets of the subscription.
import type { InstanceModel } from '../../compute/fabric.ts';
import type { ArmCall } from '../core/call.ts';
import type { ArmContext } from '../core/context.ts';
import { resourceNotFound } from '../core/errors.ts';
import { NameMap, sameName } from '../core/ids.ts';
import type { Images } from './images.ts';
import type { ScaleSet, ScaleSetVm } from './model.ts';
import { instanceModel } from './profile.ts';
import type { Quota } from './quota.ts';

export interface ComputeRegistry {
  readonly context: ArmContext;
  readonly images: Images;
  readonly quota: Quota;
  /** By id. */
  readonly sets: NameMap<ScaleSet>;
  setId(group: string, name: string): string;
  inGroup(group: string): ScaleSet[];
  /** The set a call names; throws 404 ResourceNotFound. */
  set(call: ArmCall): ScaleSet;
  /** What an instance of the set runs that gets this profile; throws as Images.exactVersion does. */
  modelOf(vm: Pick<ScaleSetVm, 'skuName' | 'profile' | 'exactVersion'>): InstanceModel;
}

export function createComputeRegistry(context: ArmContext, images: Images, quota: Quota): ComputeRegistry {
  const sets = new NameMap<ScaleSet>();
  const setId = (group: string, name: string) =>
    `/subscriptions/${context.subscriptionId}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachineScaleSets/${name}`;
  quota.addConsumer(() =>
    sets
      .values()
      .flatMap((set) =>
        set.vms.values().map((vm) => ({ location: set.location, size: vm.skuName, count: 1 })),
      ),
  );
  return {
    context,
    images,
    quota,
    sets,
    setId,
    inGroup: (group) => sets.values().filter((set) => sameName(set.group, group)),
    set: (call) => {
      const [group, name] = [call.param('group'), call.param('set')];
      const set = sets.get(setId(group, name));
      if (set !== undefined) return set;
      throw resourceNotFound(`Microsoft.Compute/virtualMachineScaleSets/${name}`, group);
    },
    modelOf: (vm) => instanceModel(vm.skuName, vm.profile, vm.exactVersion),
  };
}
