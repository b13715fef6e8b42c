// From the shape of the service's file to the configuration the product works with. The file has passed its checks, so
// every text has a meaning here.
import { milliseconds } from './duration.ts';
import type {
  CloudServiceConfig,
  DomainHealthConfig,
  Minimum,
  RoleConfig,
  ScaleSetRole,
  ScaleSetsConfig,
  ScaleSetTarget,
  ServiceConfig,
  WalkConfig,
} from './service-config.ts';
import { readMinimum } from './service-fields.ts';
import type { ServiceFile } from './service-schema.ts';

type ScaleSetsFile = NonNullable<ServiceFile['service']['scale-sets']>;
type ScaleSetFile = ScaleSetsFile[string];
type CloudServiceFile = NonNullable<ServiceFile['service']['cloud-service']>;

const DEFAULT_VIRTUAL_DOMAINS = 5;

/** The file, checked, as the product sees it. */
export function toServiceConfig(file: ServiceFile): ServiceConfig {
  return {
    topology: 'upgrade-domains',
    application: file.application,
    service: toService(file),
    switchMethod: file.switch.method,
    walk: toWalk(file.walk),
    health: toHealth(file.health),
  };
}

function toService({ service, update }: ServiceFile): ServiceConfig['service'] {
  const { 'scale-sets': scaleSets, 'cloud-service': cloudService } = service;
  if (cloudService !== undefined) return toCloudService(cloudService);
  if (scaleSets === undefined) throw new RangeError('a service has scale sets, or is a cloud service');
  return toScaleSets(scaleSets, service['virtual-domains'], update);
}

function toScaleSets(
  scaleSets: ScaleSetsFile,
  virtualDomains: number | string | undefined,
  update: ServiceFile['update'],
): ScaleSetsConfig {
  return {
    kind: 'scale-sets',
    roles: Object.entries(scaleSets).map(
      ([name, set]): ScaleSetRole => ({
        ...toRole([name, set]),
        scaleSet: set.name,
        resourceGroup: set['resource-group'],
        change: toTarget(set, update),
      }),
    ),
    virtualDomains: Number(virtualDomains ?? DEFAULT_VIRTUAL_DOMAINS),
  };
}

function toTarget(set: ScaleSetFile, update: ServiceFile['update']): ScaleSetTarget {
  const extensions = Object.entries(set.extensions ?? {}).map(
    ([name, { version, settings }]) =>
      [name, { version: version ?? null, settings: settings ?? null }] as const,
  );
  return {
    image: set.image ?? update?.image ?? null,
    size: set.size ?? update?.size ?? null,
    extensions: Object.fromEntries(extensions),
  };
}

function toCloudService(file: CloudServiceFile): CloudServiceConfig {
  return {
    kind: 'cloud-service',
    resourceGroup: file['resource-group'],
    service: file.name,
    roles: Object.entries(file.roles).map(toRole),
    packageUrl: file.package,
    configurationFile: file.configuration,
    previousPackageUrl: file['previous-package'],
    previousConfigurationFile: file['previous-configuration'] ?? null,
    stagingService: file.staging ?? null,
  };
}

function toRole([name, role]: [string, { readonly 'minimum-healthy': number | string }]): RoleConfig {
  return { name, minimumHealthy: toMinimum(role['minimum-healthy']) };
}

function toMinimum(written: number | string): Minimum {
  const minimum = readMinimum(written);
  if (minimum === null) throw new RangeError(`not a minimum: ${written}`);
  return minimum;
}

function toWalk(file: ServiceFile['walk']): WalkConfig {
  return {
    roles: file.roles ?? [],
    mode: file.mode,
    startTimeoutMs: milliseconds(file['start-timeout']),
    onStartTimeout: file['on-start-timeout'],
    stuckAfterMs: milliseconds(file['stuck-after']),
    onStuck: file['on-stuck'],
    acceptDowntime: String(file['accept-downtime']) === 'true',
  };
}

function toHealth(file: ServiceFile['health']): DomainHealthConfig {
  return {
    consecutive: Number(file.consecutive),
    intervalMs: milliseconds(file.interval),
    timeoutMs: milliseconds(file.timeout),
  };
}
