// A scale set, and its instance view, as the service shows them.
import { locationName } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import { asObject } from '../core/json.ts';
import { etagOf, type ScaleSet } from './model.ts';
import { withoutSecrets } from './profile.ts';
import { underWay } from './refusals.ts';
import type { ComputeRegistry } from './registry.ts';
import { isRolling } from './rolling-upgrade.ts';

export function provisioningState(
  registry: ComputeRegistry,
  set: ScaleSet,
): 'Updating' | 'Succeeded' | 'Failed' {
  if (underWay(registry, set).length > 0 || isRolling(set)) return 'Updating';
  return set.failed ? 'Failed' : 'Succeeded';
}

export function scaleSetBody(registry: ComputeRegistry, set: ScaleSet): JsonObject {
  const { sku, tags, zones, properties } = set.document;
  const flexible = set.orchestration === 'Flexible';
  return {
    name: set.name,
    id: set.id,
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    location: locationName(set.location),
    tags,
    ...(zones.length > 0 ? { zones } : {}),
    sku,
    etag: etagOf(set),
    properties: {
      singlePlacementGroup: !flexible,
      ...asObject(withoutSecrets(properties)),
      ...(flexible ? { orchestrationMode: 'Flexible', platformFaultDomainCount: set.faultDomains } : {}),
      provisioningState: provisioningState(registry, set),
      ...(flexible ? {} : { overprovision: false, doNotRunExtensionsOnOverprovisionedVMs: false }),
      uniqueId: set.uniqueId,
    },
  };
}

/** How many instances are in which state; what runs beside them. */
export function scaleSetInstanceView(registry: ComputeRegistry, set: ScaleSet): JsonObject {
  const states = set.vms.values().map((vm) => vm.provisioningState.toLowerCase());
  const state = provisioningState(registry, set);
  const repairs = asObject(set.document.properties.automaticRepairsPolicy);
  return {
    virtualMachine: {
      statusesSummary: [...new Set(states)].map((code) => ({
        code: `ProvisioningState/${code}`,
        count: states.filter((each) => each === code).length,
      })),
    },
    statuses: [
      {
        code: `ProvisioningState/${state.toLowerCase()}`,
        level: state === 'Failed' ? 'Error' : 'Info',
        displayStatus: state === 'Succeeded' ? 'Provisioning succeeded' : state,
      },
    ],
    orchestrationServices: [
      {
        serviceName: 'AutomaticRepairs',
        serviceState: repairs.enabled === true ? set.repairs : 'NotRunning',
      },
    ],
  };
}
