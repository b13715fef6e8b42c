// The latest rolling upgrade of a scale set: how far it is, and calling it off.
import type { ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { startOperation } from './applying.ts';
import { SCALE_SET } from './model.ts';
import { accepted } from './operation-answers.ts';
import { refuseWhileWritten } from './refusals.ts';
import type { ComputeRegistry } from './registry.ts';
import { isRolling, type RollingUpgrade, startRollingUpgrade } from './rolling-upgrade.ts';

export function rollingUpgradeRoutes(registry: ComputeRegistry): Route[] {
  const latest = (call: ArmCall) => {
    const set = registry.set(call);
    if (set.rollingUpgrade !== null) return ok(statusBody(set.rollingUpgrade, set.location));
    throw new ArmError(
      404,
      'NotFound',
      `The latest Rolling Upgrade of Virtual Machine Scale Set '${set.name}' was not found.`,
    );
  };

  const cancel = (call: ArmCall) => {
    const set = registry.set(call);
    const upgrade = set.rollingUpgrade;
    if (upgrade === null || !isRolling(set))
      throw new ArmError(409, 'OperationNotAllowed', 'There is no ongoing Rolling Upgrade to cancel.');
    upgrade.lastAction = 'Cancel';
    upgrade.lastActionTime = registry.context.clock.now();
    upgrade.cancelled = true;
    const operation = startOperation(registry, call, set, {
      name: 'CancelRollingUpgrade',
      work: () => upgrade.ended,
    });
    return accepted(registry.context, { call, operation, location: set.location });
  };

  /** To the newest version of an image that the model does not pin. */
  const startOsUpgrade = (call: ArmCall) => {
    const set = registry.set(call);
    refuseWhileWritten(registry, set, 'osRollingUpgrade');
    const operation = startOperation(registry, call, set, {
      name: 'osRollingUpgrade',
      work: () => startRollingUpgrade(registry, set).ended,
    });
    return accepted(registry.context, { call, operation, location: set.location });
  };

  const action = 'Microsoft.Compute/virtualMachineScaleSets/rollingUpgrades';
  return [
    {
      method: 'POST',
      template: `${SCALE_SET}/osRollingUpgrade`,
      action: 'Microsoft.Compute/virtualMachineScaleSets/osRollingUpgrade/action',
      handle: startOsUpgrade,
    },
    {
      method: 'GET',
      template: `${SCALE_SET}/rollingUpgrades/latest`,
      action: `${action}/read`,
      handle: latest,
    },
    {
      method: 'POST',
      template: `${SCALE_SET}/rollingUpgrades/cancel`,
      action: `${action}/cancel/action`,
      handle: cancel,
    },
  ];
}

/** Without id and name, as recorded. */
function statusBody(upgrade: RollingUpgrade, location: string): JsonObject {
  return {
    type: 'Microsoft.Compute/virtualMachineScaleSets/rollingUpgrades',
    location,
    properties: {
      policy: upgrade.policy,
      runningStatus: {
        code: upgrade.code,
        startTime: upgrade.startTime.toISOString(),
        lastAction: upgrade.lastAction,
        lastActionTime: upgrade.lastActionTime.toISOString(),
      },
      progress: {
        successfulInstanceCount: upgrade.successful,
        failedInstanceCount: upgrade.failed,
        inProgressInstanceCount: upgrade.inProgress,
        pendingInstanceCount: upgrade.pending,
      },
      ...(upgrade.error === null ? {} : { error: { ...upgrade.error } }),
    },
  };
}
