// The action's configuration for topology upgrade-domains, as the example company wrote it: a file for each of its services.
import { servicePackageUrl } from '../arm/compute/cloud-services/packages.ts';
import { CLOUD_ROLES, CLOUD_SERVICES, imageId, SERVICE_GROUP } from './contoso-service.ts';

/** `swap`: the cloud service again, with its partner. */
export const CONFIGURED_SERVICES = ['web', 'two-roles', 'flexible', 'cloud-service', 'swap'] as const;
export type ConfiguredService = (typeof CONFIGURED_SERVICES)[number];

/** What the workspace has files for; more can be rendered. */
export const CONFIGURED_VERSIONS = ['2.0.0', '3.0.0'] as const;
export type ConfiguredVersion = (typeof CONFIGURED_VERSIONS)[number];

/** Relative to the workspace. */
export function serviceConfigPath(service: ConfiguredService, version: ConfiguredVersion): string {
  const name = service === 'web' ? 'rolling-upgrade' : service;
  return `.github/${name}${version === '3.0.0' ? '-v3' : ''}.yml`;
}

/** Of the service configuration (.cscfg) of a version; relative to the workspace. */
export function cscfgPath(version: string): string {
  return `service/ServiceConfiguration.${version}.cscfg`;
}

/**
 * The YAML of the update to a version.
 * @param previous that runs now, of cloud services: Azure does not tell it.
 */
export function renderServiceConfig(
  service: ConfiguredService,
  version: string,
  previous: string = '1.0.0',
): string {
  const parts = [
    'version: 1',
    `application: ${APPLICATIONS[service]}`,
    'service:',
    ...renderService(service, version, previous).map((line) => `  ${line}`),
    'walk:',
    '  start-timeout: 5m',
    '  stuck-after: 15s',
    'health:',
    '  consecutive: 2',
    '  interval: 1s',
    '  timeout: 2m',
    ...(service === 'swap' ? ['switch:', '  method: swap'] : []),
  ];
  return `${parts.join('\n')}\n`;
}

const APPLICATIONS: Readonly<Record<ConfiguredService, string>> = {
  web: 'contoso-web',
  'two-roles': 'contoso-front-and-worker',
  flexible: 'contoso-flex',
  'cloud-service': 'contoso-cloud',
  swap: 'contoso-cloud',
};

function renderService(service: ConfiguredService, version: string, previous: string): string[] {
  switch (service) {
    case 'web':
      return renderScaleSets({ web: 'contoso-web' }, version);
    case 'two-roles':
      return renderScaleSets({ front: 'contoso-front', worker: 'contoso-worker' }, version);
    case 'flexible':
      return [...renderScaleSets({ flex: 'contoso-flex' }, version), 'virtual-domains: 5'];
    case 'cloud-service':
      return renderCloudService(version, previous);
    case 'swap':
      return [...renderCloudService(version, previous), `  staging: ${CLOUD_SERVICES[1]}`];
  }
}

function renderScaleSets(sets: Readonly<Record<string, string>>, version: string): string[] {
  const roles = Object.entries(sets).flatMap(([role, name]) => [
    `  ${role}:`,
    `    name: ${name}`,
    `    resource-group: ${SERVICE_GROUP}`,
    `    image: ${imageId(version)}`,
  ]);
  return ['scale-sets:', ...roles];
}

function renderCloudService(version: string, previous: string): string[] {
  return [
    'cloud-service:',
    `  name: ${CLOUD_SERVICES[0]}`,
    `  resource-group: ${SERVICE_GROUP}`,
    `  package: ${servicePackageUrl(version)}`,
    `  configuration: ${cscfgPath(version)}`,
    `  previous-package: ${servicePackageUrl(previous)}`,
    `  previous-configuration: ${cscfgPath(previous)}`,
    `  roles: { ${CLOUD_ROLES.map(({ name }) => `${name}: {}`).join(', ')} }`,
  ];
}
