// The instances of a scale set: listed, read, protected; and the machines of a Flexible one by themselves.
import type { ArmAnswer, ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { ArmError, resourceNotFound } from '../core/errors.ts';
import { sameName } from '../core/ids.ts';
import { asBoolean, asObject } from '../core/json.ts';
import { startOperation } from './applying.ts';
import { instanceBody, instanceView, isLatest, virtualMachineBody } from './instance-body.ts';
import type { ScaleSet, ScaleSetVm } from './model.ts';
import { COMPUTE, etagOf, INSTANCE, SCALE_SET } from './model.ts';
import { written } from './operation-answers.ts';
import { refuseBusy, requireEtag } from './refusals.ts';
import type { ComputeRegistry } from './registry.ts';

export function instanceRoutes(registry: ComputeRegistry): Route[] {
  const withView = (call: ArmCall) => /^instanceView$/i.test(call.query.get('$expand') ?? '');

  const list = (call: ArmCall) => {
    const set = registry.set(call);
    // Of a Flexible set the list has no instance views: only each by itself.
    const expand = withView(call) && set.orchestration === 'Uniform';
    const vms = set.vms.values().filter(filterOf(registry, set, call.query.get('$filter')));
    return ok({ value: vms.map((vm) => instanceBody(registry, set, vm, expand)) });
  };

  const get = (call: ArmCall) => {
    const { set, vm } = requireVm(registry, call);
    return ok(instanceBody(registry, set, vm, withView(call)), { etag: etagOf(vm) });
  };

  const view = (call: ArmCall) => {
    const { set, vm } = requireVm(registry, call);
    return ok(instanceView(set, vm, registry.context.compute.instance(set.id, vm.id)));
  };

  /** Of all that can be written of one instance: its protection. */
  const put = (call: ArmCall): ArmAnswer => {
    const { set, vm } = requireVm(registry, call);
    requireEtag(call, vm);
    refuseBusy([vm]);
    const protection = asObject(asObject(call.body.properties).protectionPolicy);
    vm.protectFromScaleIn = asBoolean(protection.protectFromScaleIn) ?? false;
    vm.protectFromScaleSetActions = asBoolean(protection.protectFromScaleSetActions) ?? false;
    vm.version++;
    const operation = startOperation(registry, call, set, {
      name: 'UpdateInstance',
      work: () => Promise.resolve(),
    });
    const body = instanceBody(registry, set, vm, false);
    return written(registry.context, { call, operation, location: set.location, isNew: false, body });
  };

  const machine = (call: ArmCall) => {
    const name = call.param('machine');
    for (const set of registry.inGroup(call.param('group'))) {
      const vm = set.orchestration === 'Flexible' ? set.vms.get(name) : undefined;
      if (vm !== undefined) return ok(virtualMachineBody(registry, set, vm, withView(call)));
    }
    throw resourceNotFound(`Microsoft.Compute/virtualMachines/${name}`, call.param('group'));
  };

  const action = 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines';
  return [
    { method: 'GET', template: `${SCALE_SET}/virtualMachines`, action: `${action}/read`, handle: list },
    { method: 'GET', template: INSTANCE, action: `${action}/read`, handle: get },
    { method: 'PUT', template: INSTANCE, action: `${action}/write`, handle: put },
    {
      method: 'GET',
      template: `${INSTANCE}/instanceView`,
      action: `${action}/instanceView/read`,
      handle: view,
    },
    {
      method: 'GET',
      template: `${COMPUTE}/virtualMachines/{machine}`,
      action: 'Microsoft.Compute/virtualMachines/read',
      handle: machine,
    },
  ];
}

/** The instance a call names; throws 404 ResourceNotFound for the set, 404 NotFound for it. */
export function requireVm(registry: ComputeRegistry, call: ArmCall): { set: ScaleSet; vm: ScaleSetVm } {
  const set = registry.set(call);
  const vm = set.vms.get(call.param('instance'));
  if (vm !== undefined) return { set, vm };
  throw new ArmError(
    404,
    'NotFound',
    `The entity was not found in this Azure location: virtualMachineScaleSets/${set.name}/virtualMachines/${call.param('instance')}.`,
  );
}

/** Only what of OData the service's own documentation shows for this list. Throws 400. */
function filterOf(
  registry: ComputeRegistry,
  set: ScaleSet,
  filter: string | null,
): (vm: ScaleSetVm) => boolean {
  if (filter === null || filter === '') return () => true;
  const latest = /^properties\/latestModelApplied eq (true|false)$/i.exec(filter)?.[1];
  if (latest !== undefined) return (vm) => isLatest(registry, set, vm) === sameName(latest, 'true');
  throw new ArmError(400, 'InvalidParameter', `The value '${filter}' of parameter '$filter' is invalid.`);
}
