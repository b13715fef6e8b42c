// Parts of a service, each as it should be; tests change the one thing they are about.
import type { CloudService, ScaleSet, ServiceInstance } from '../../../src/azure/ports/compute.ts';
import type {
  CloudServiceConfig,
  ScaleSetRole,
  ScaleSetsConfig,
  ServiceConfig,
} from '../../../src/config/service-config.ts';
import type { RoleLook } from '../../../src/service/target.ts';
import { type Lease, NOTHING_HELD, type UpdateRecord } from '../../../src/service/update-record.ts';
import { image, model, NOON, uniform } from '../../service/instances.ts';

export const minutesAfterNoon = (minutes: number): Date => new Date(NOON + minutes * 60_000);

export const WEB_ROLE: ScaleSetRole = {
  name: 'web',
  minimumHealthy: { kind: 'percent', percent: 100 },
  scaleSet: 'contoso-web',
  resourceGroup: 'contoso-service',
  change: { image: image('2.0.0'), size: null, extensions: {} },
};

export function scaleSetsConfig(changes: Partial<ScaleSetsConfig> = {}): ScaleSetsConfig {
  return { kind: 'scale-sets', roles: [WEB_ROLE], virtualDomains: 5, ...changes };
}

export function cloudServiceConfig(changes: Partial<CloudServiceConfig> = {}): CloudServiceConfig {
  return {
    kind: 'cloud-service',
    resourceGroup: 'contoso-service',
    service: 'contoso-cloud',
    roles: ['WebRole', 'WorkerRole'].map((name) => ({
      name,
      minimumHealthy: { kind: 'percent' as const, percent: 100 },
    })),
    packageUrl: 'https://contoso.blob.core.windows.net/2.cspkg?sig=hidden',
    configurationFile: 'Cloud.cscfg',
    previousPackageUrl: 'https://contoso.blob.core.windows.net/1.cspkg?sig=hidden',
    previousConfigurationFile: null,
    stagingService: null,
    ...changes,
  };
}

export function serviceConfig(
  changes: Partial<Omit<ServiceConfig, 'walk'>> & { readonly walk?: Partial<ServiceConfig['walk']> } = {},
): ServiceConfig {
  return {
    topology: 'upgrade-domains',
    application: 'contoso',
    service: scaleSetsConfig(),
    switchMethod: 'in-place',
    health: { consecutive: 3, intervalMs: 10_000, timeoutMs: 15 * 60_000 },
    ...changes,
    walk: {
      roles: [],
      mode: 'automatic',
      startTimeoutMs: 30 * 60_000,
      onStartTimeout: 'rollback',
      stuckAfterMs: 10 * 60_000,
      onStuck: 'rollback',
      acceptDowntime: false,
      ...changes.walk,
    },
  };
}

export function scaleSet(name: string, changes: Partial<ScaleSet> = {}): ScaleSet {
  return {
    id: `/subscriptions/sub/resourceGroups/contoso-service/providers/Microsoft.Compute/virtualMachineScaleSets/${name}`,
    ref: { resourceGroup: 'contoso-service', name },
    location: 'North Europe',
    orchestration: 'Uniform',
    upgradeMode: 'Manual',
    provisioningState: 'Succeeded',
    capacity: 14,
    model: model('1.0.0'),
    etag: '"1"',
    tags: {},
    tellsHealth: true,
    automaticRepairs: 'none',
    ...changes,
  };
}

export function webRole(
  changes: Partial<RoleLook> & { readonly set?: ScaleSet | null } = {},
  instances: readonly ServiceInstance[] = uniform(14, 5),
): RoleLook {
  return {
    role: 'web',
    resource: 'contoso-web',
    placement: 'platform',
    minimum: { kind: 'percent', percent: 100 },
    chosen: true,
    instances,
    set: scaleSet('contoso-web'),
    tellsHealth: true,
    ...changes,
  };
}

/** Instances of which some are otherwise. */
export function except(
  instances: readonly ServiceInstance[],
  changes: Readonly<Record<string, Partial<ServiceInstance>>>,
): ServiceInstance[] {
  return instances.map((instance) => ({ ...instance, ...changes[instance.id] }));
}

export function cloudRoles(): RoleLook[] {
  const role = (name: string, count: number) =>
    webRole({ role: name, resource: 'contoso-cloud', set: null }, uniform(count, 2));
  return [role('WebRole', 8), role('WorkerRole', 9)];
}

export function cloudService(name: string, changes: Partial<CloudService> = {}): CloudService {
  return {
    id: `/subscriptions/sub/resourceGroups/contoso-service/providers/Microsoft.Compute/cloudServices/${name}`,
    ref: { resourceGroup: 'contoso-service', name },
    location: 'northeurope',
    upgradeMode: 'Manual',
    provisioningState: 'Succeeded',
    roles: [
      { name: 'WebRole', skuName: 'Standard_D2_v2', capacity: 8 },
      { name: 'WorkerRole', skuName: 'Standard_D2_v2', capacity: 9 },
    ],
    configuration: '<ServiceConfiguration />',
    slotType: 'Production',
    swappableWith: null,
    tags: {},
    ...changes,
  };
}

/** Of an update from 1.0.0 to 2.0.0 that is written down. */
export function record(changes: Partial<UpdateRecord> = {}): UpdateRecord {
  return {
    format: 1,
    application: 'contoso',
    updateId: 'u1',
    startedAt: '2026-11-28T11:00:00.000Z',
    runUrl: 'https://github.com/contoso/service/actions/runs/1',
    roles: ['web'],
    models: { web: { previous: { image: image('1.0.0') }, target: { image: image('2.0.0') } } },
    cloud: null,
    map: null,
    walk: [],
    held: NOTHING_HELD,
    turnedBack: false,
    ...changes,
  };
}

export function lease(changes: Partial<Lease> = {}): Lease {
  return {
    holder: 'https://github.com/contoso/service/actions/runs/7',
    run: 'contoso/service/7',
    application: 'contoso',
    until: minutesAfterNoon(10).toISOString(),
    ...changes,
  };
}
