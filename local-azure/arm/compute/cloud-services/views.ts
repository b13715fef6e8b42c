// What a cloud service, its roles and their instances look like on the wire.
import type { Instance } from '../../../compute/fabric.ts';
import type { JsonObject } from '../../core/json.ts';
import type { CloudService, RoleTarget } from './model.ts';
import { networkProfileBody } from './network-profile.ts';
import type { CloudServiceRegistry } from './registry.ts';
import { currentDomain } from './update.ts';

/** Addresses of the package and of the configuration are never returned; the configuration itself is. */
export function serviceBody(registry: CloudServiceRegistry, service: CloudService): JsonObject {
  const { deployment } = service;
  return {
    name: service.name,
    id: registry.id(service),
    type: 'Microsoft.Compute/cloudServices',
    location: service.location,
    ...(Object.keys(service.tags).length === 0 ? {} : { tags: service.tags }),
    properties: {
      configuration: deployment.configuration,
      upgradeMode: deployment.upgradeMode,
      allowModelOverride: deployment.allowModelOverride,
      roleProfile: { roles: deployment.roles.map(({ name, sku }) => ({ name, sku })) },
      osProfile: deployment.osProfile,
      networkProfile: networkProfileBody(service),
      ...(deployment.extensionProfile === undefined ? {} : { extensionProfile: deployment.extensionProfile }),
      provisioningState: service.provisioningState,
      uniqueId: service.uniqueId,
    },
  };
}

/** The domain numbers are -1 while no update is in progress, as in the published example. */
export function serviceView(registry: CloudServiceRegistry, service: CloudService): JsonObject {
  const instances = registry.instances(service);
  const succeeded = service.provisioningState === 'Succeeded';
  const time = service.changedAt.toISOString();
  const started = instances.some(({ state }) => state === 'running');
  const current = currentDomain(registry, service) ?? -1;
  const last = service.deployment.package.updateDomainCount - 1;
  return {
    roleInstance: { statusesSummary: counted(instances.flatMap(statusCodes)) },
    sdkVersion: '2.9.6496.3',
    privateIds: [service.privateId],
    statuses: [
      {
        code: `ProvisioningState/${service.provisioningState.toLowerCase()}`,
        level: succeeded ? 'Info' : service.provisioningState === 'Failed' ? 'Error' : 'Info',
        displayStatus: succeeded ? 'Provisioning succeeded' : service.provisioningState,
        time,
      },
      {
        code: `PowerState/${started ? 'started' : 'stopped'}`,
        level: 'Info',
        displayStatus: started ? 'Started' : 'Stopped',
        time,
      },
      {
        code: `CurrentUpgradeDomain/${current}`,
        level: 'Info',
        displayStatus: `Current Upgrade Domain of cloud service is ${current}.`,
      },
      {
        code: `MaxUpgradeDomain/${last}`,
        level: 'Info',
        displayStatus: `Max Upgrade Domain of cloud service is ${last}.`,
      },
    ],
  };
}

export function roleBody(
  registry: CloudServiceRegistry,
  service: CloudService,
  role: RoleTarget,
): JsonObject {
  return {
    name: role.name,
    id: registry.fabricRole(service, role.name),
    type: 'Microsoft.Compute/cloudServices/roles',
    location: service.location,
    sku: role.sku,
    properties: { uniqueId: `${service.uniqueId}:${role.name}` },
  };
}

export function instanceBody(
  registry: CloudServiceRegistry,
  service: CloudService,
  instance: Instance,
  expanded: boolean,
): JsonObject {
  const id = `${registry.id(service)}/roleInstances/${instance.name}`;
  return {
    name: instance.name,
    id,
    type: 'Microsoft.Compute/cloudServices/roleInstances',
    location: service.location,
    sku: { name: instance.model.sku, tier: 'Standard' },
    properties: {
      networkProfile: { networkInterfaces: [{ id: `${id}/networkInterfaces/nic1` }] },
      ...(expanded ? { instanceView: instanceView(service, instance) } : {}),
    },
  };
}

/** Nothing here says which package an instance runs: Azure does not either. */
export function instanceView(service: CloudService, instance: Instance): JsonObject {
  const state = roleState(instance);
  return {
    platformUpdateDomain: instance.updateDomain ?? 0,
    platformFaultDomain: instance.faultDomain,
    privateId: service.privateId,
    statuses: [{ code: `RoleState/${state}`, level: 'Info', displayStatus: state, message: '' }],
  };
}

/** Busy: "isn't responding". Unknown: "being created or not ready to service the traffic". */
function roleState({ state, health }: Instance): string {
  switch (state) {
    case 'running':
      if (health === 'unhealthy') return 'RoleStateBusy';
      return health === 'initializing' || health === 'unknown' ? 'RoleStateUnknown' : 'RoleStateStarted';
    case 'starting':
      return 'RoleStateStarting';
    case 'stopping':
      return 'RoleStateStopping';
    case 'updating':
    case 'stopped':
      return 'RoleStateStopped';
  }
}

function statusCodes(instance: Instance): string[] {
  const power = instance.state === 'running' ? 'started' : 'stopped';
  const provisioning = instance.state === 'updating' ? 'updating' : 'succeeded';
  return [`ProvisioningState/${provisioning}`, `PowerState/${power}`, `RoleState/${roleState(instance)}`];
}

function counted(codes: readonly string[]) {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, count]) => ({ code, count }));
}
