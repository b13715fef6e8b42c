// Which settings of a site's configuration must be the same on both slots, and which are copied to a new one.
import type { Site as SdkSite, SiteConfig } from '@azure/arm-appservice';
import type { SiteConfiguration } from './ports.ts';

/** Compared as they are. Versions of the application (package, image) are not here: they are what an upgrade changes. */
const EQUAL = [
  'netFrameworkVersion',
  'phpVersion',
  'pythonVersion',
  'nodeVersion',
  'powerShellVersion',
  'javaVersion',
  'javaContainer',
  'javaContainerVersion',
  'use32BitWorkerProcess',
  'alwaysOn',
  'minTlsVersion',
  'ftpsState',
  'healthCheckPath',
  'http20Enabled',
  'webSocketsEnabled',
  'managedPipelineMode',
] as const satisfies readonly (keyof SiteConfig)[];

/** Copied beside those to a site made here; images included, so that the new site runs what production runs. */
const COPIED = [
  ...EQUAL,
  'linuxFxVersion',
  'windowsFxVersion',
  'appCommandLine',
  'defaultDocuments',
  'virtualApplications',
  'acrUseManagedIdentityCreds',
  'acrUserManagedIdentityID',
  'scmMinTlsVersion',
  'cors',
  'vnetRouteAllEnabled',
  'ipSecurityRestrictions',
  'ipSecurityRestrictionsDefaultAction',
] as const satisfies readonly (keyof SiteConfig)[];

/** Kinds of `linuxFxVersion` that name an image after the bar, which is the application and not the runtime. */
const IMAGE_KINDS = new Set(['DOCKER', 'COMPOSE', 'KUBE', 'SITECONTAINERS']);

/** What must be equal on both slots. */
export function comparedConfiguration(site: SdkSite, config: SiteConfig): SiteConfiguration {
  return {
    ...Object.fromEntries(EQUAL.map((key) => [key, config[key] ?? null])),
    linuxFxVersion: runtimeOf(config.linuxFxVersion),
    windowsFxVersion: runtimeOf(config.windowsFxVersion),
    httpsOnly: site.httpsOnly ?? null,
    clientAffinityEnabled: site.clientAffinityEnabled ?? null,
  };
}

/** What a site made after a template gets. */
export function copiedConfiguration(config: SiteConfig): SiteConfig {
  return Object.fromEntries(
    COPIED.filter((key) => config[key] !== undefined && config[key] !== null).map((key) => [
      key,
      config[key],
    ]),
  );
}

/** `NODE|20-lts` stays; `DOCKER|registry/image:tag` becomes `DOCKER`; nothing becomes null. */
export function runtimeOf(fxVersion: string | undefined | null): string | null {
  if (fxVersion === undefined || fxVersion === null || fxVersion === '') return null;
  const [kind = ''] = fxVersion.split('|');
  return IMAGE_KINDS.has(kind.toUpperCase()) ? kind.toUpperCase() : fxVersion;
}
