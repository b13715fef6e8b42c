// The example company's web apps and its Traffic Manager profile: version 1 serves users, version 2 waits on the
// stage sites. Also what the company's own deployments do to them.
import type { Arm } from '../arm/create-arm.ts';
import { formatConnectionString } from '../web/connection-string.ts';
import { packageUrl, VERSIONS } from '../web/packages.ts';
import {
  APPLICATION_USER,
  CONNECTION_STRING,
  type ContosoPlace,
  DATABASE,
  type InRegions,
  regionsOf,
  siteHost,
  sqlHost,
  TRAFFIC,
} from './contoso.ts';
import type { TopologyOptions } from './options.ts';
import { allSitePlaces, type SitePlace, type SiteVariant, sitePlaces } from './site-places.ts';

/** Plans, sites and the profile; the sites run and are probed from here on. */
export function seedWeb(arm: Arm, options: TopologyOptions, applicationPassword: string): void {
  const { production, stage } = sitePlaces(options);
  const hosts = allSitePlaces(options).map((site) => site.host);
  for (const host of new Set(hosts)) createPlan(arm, host);
  for (const site of regionsOf(production)) createSite(arm, site, '1.0.0', applicationPassword);
  if (!options.createWebApp) {
    for (const site of regionsOf(stage)) createSite(arm, site, '2.0.0', applicationPassword);
  }
  if (options.profile === 'present') createProfile(arm, production, options.ttlSeconds);
}

function createPlan(arm: Arm, { plan, resourceGroup, region }: ContosoPlace): void {
  arm.web.createPlan({ name: plan, group: resourceGroup, location: region.name, sku: 'S1', linux: true });
}

function createSite(arm: Arm, place: SitePlace, version: string, applicationPassword: string): void {
  const value = formatConnectionString({
    host: sqlHost(place.database.sqlServer),
    port: 1433,
    database: DATABASE,
    user: APPLICATION_USER,
    password: applicationPassword,
  });
  // A host name is bound to one site of a deployment unit: with slot-swap to the production slot.
  const hostNames = place.deploymentSlot === null ? [TRAFFIC.publicName] : [];
  arm.web.createSite({
    name: place.name,
    ...(place.deploymentSlot === null ? {} : { slot: place.deploymentSlot }),
    group: place.host.resourceGroup,
    location: place.host.region.displayName,
    plan: place.host.plan,
    kind: 'app,linux',
    appSettings: { WEBSITE_RUN_FROM_PACKAGE: packageUrl(version), ORDERS_PAGE_SIZE: '20' },
    connectionStrings: { [CONNECTION_STRING]: { value, type: 'SQLAzure' } },
    config: {
      linuxFxVersion: 'NODE|24-lts',
      healthCheckPath: '/health',
      alwaysOn: true,
      minTlsVersion: '1.2',
      ftpsState: 'Disabled',
    },
    hostNames,
  });
}

/**
 * The company's own workflow deploys a version and binds the public name: to the site that is there, else it makes
 * the site first. Throws an Error where there is no such site in this topology or no such version.
 */
export function deploySite(
  arm: Arm,
  variant: SiteVariant,
  target: {
    readonly name: string;
    readonly deploymentSlot: string | null;
    readonly version: string;
    readonly exists: boolean;
  },
  applicationPassword: string,
): void {
  if (!VERSIONS.includes(target.version)) {
    throw new Error(`There is no version ${target.version}, only ${VERSIONS.join(', ')}.`);
  }
  if (target.exists) {
    const appSettings = { WEBSITE_RUN_FROM_PACKAGE: packageUrl(target.version) };
    arm.web.changeSite(target.name, target.deploymentSlot, { appSettings });
    // The owner's to do for a site that `prepare` created: nobody else can prove to own the name.
    if (target.deploymentSlot === null) arm.web.bindHostName(target.name, null, TRAFFIC.publicName);
    return;
  }
  const place = allSitePlaces(variant).find(
    (known) => known.name === target.name && known.deploymentSlot === target.deploymentSlot,
  );
  if (!place) throw new Error(`There is no site ${siteHost(target.name, target.deploymentSlot)}.`);
  createPlan(arm, place.host);
  createSite(arm, place, target.version, applicationPassword);
}

/** Users are sent to the primary region; the backup region stands by with the next priority. */
function createProfile(arm: Arm, production: InRegions<SitePlace>, ttlSeconds: number): void {
  arm.trafficManager.createProfile({
    name: TRAFFIC.profile,
    group: TRAFFIC.resourceGroup,
    relativeName: TRAFFIC.profile,
    ttlSeconds,
    routingMethod: 'Priority',
    monitor: {
      protocol: 'HTTPS',
      port: 443,
      path: '/health',
      intervalInSeconds: 10,
      timeoutInSeconds: 9,
      toleratedNumberOfFailures: 3,
    },
    endpoints: regionsOf(production).map(({ name, host }, index) => ({
      name: host.endpoint,
      type: 'externalEndpoints',
      status: 'Enabled',
      priority: index + 1,
      target: siteHost(name),
      location: host.region.displayName,
    })),
  });
}
