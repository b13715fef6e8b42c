// Topology single-region as the example company has it before its first upgrade: version 1 on blue serves
// users, green is where version 2 is to go.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Arm } from '../arm/create-arm.ts';
import { formatConnectionString } from '../web/connection-string.ts';
import { packageUrl, VERSIONS } from '../web/packages.ts';
import {
  APPLICATION_USER,
  CONNECTION_STRING,
  type ContosoSlot,
  DATABASE,
  IDS,
  PRINCIPAL,
  REGION,
  SLOTS,
  SQL_ADMINISTRATOR,
  SWAPPED_SITE,
  siteHost,
  sqlHost,
  TRAFFIC,
} from './contoso.ts';
import type { TopologyOptions } from './options.ts';

export interface TopologyPasswords {
  readonly sqlAdministrator: string;
  readonly application: string;
}

/** One site of the example company: where it runs and whose database it uses. */
export interface SitePlace {
  readonly name: string;
  readonly deploymentSlot: string | null;
  /** Holds the site and its plan. */
  readonly host: ContosoSlot;
  /** Holds its database. */
  readonly database: ContosoSlot;
}

/** The sites there are by the switch method, production first. */
export function sitePlaces(switchMethod: TopologyOptions['switchMethod']): readonly [SitePlace, SitePlace] {
  const [blue, green] = SLOTS;
  if (switchMethod === 'slot-swap') {
    const { name, deploymentSlot } = SWAPPED_SITE;
    return [
      { name, deploymentSlot: null, host: blue, database: blue },
      { name, deploymentSlot, host: blue, database: green },
    ];
  }
  return [
    { name: 'contoso-blue', deploymentSlot: null, host: blue, database: blue },
    { name: 'contoso-green', deploymentSlot: null, host: green, database: green },
  ];
}

/** What the principal of the action may do: the custom role of the documentation, on the subscription. */
export async function grantCustomRole(arm: Arm): Promise<void> {
  const file = new URL('../../docs/custom-role.json', import.meta.url);
  const role = CUSTOM_ROLE.parse(JSON.parse(await readFile(file, 'utf8')));
  const scope = `/subscriptions/${IDS.subscription}`;
  arm.setGrants(PRINCIPAL.objectId, [{ scope, actions: role.Actions, notActions: role.NotActions }]);
}

const CUSTOM_ROLE = z.object({ Actions: z.array(z.string()), NotActions: z.array(z.string()).default([]) });

/** Resource groups, SQL servers and the production database, empty. */
export function seedSql(arm: Arm, options: TopologyOptions, passwords: TopologyPasswords): void {
  for (const group of [...SLOTS.map((slot) => slot.resourceGroup), TRAFFIC.resourceGroup]) {
    arm.createGroup({ name: group, location: REGION.name, tags: {} });
  }
  for (const slot of SLOTS) seedSqlServer(arm, slot, options, passwords);
  arm.sql.createDatabase({ server: SLOTS[0].sqlServer, name: DATABASE, sku: 'S1' });
}

/** Plans, sites and the profile; the sites run and are probed from here on. */
export function seedWeb(arm: Arm, options: TopologyOptions, passwords: TopologyPasswords): void {
  const [production, stage] = sitePlaces(options.switchMethod);
  for (const host of new Set([production.host, stage.host])) createPlan(arm, host);
  createSite(arm, production, '1.0.0', passwords);
  if (!options.createWebApp) createSite(arm, stage, '2.0.0', passwords);
  if (options.profile === 'present') createProfile(arm, production, options.ttlSeconds);
}

function seedSqlServer(
  arm: Arm,
  { sqlServer, resourceGroup }: ContosoSlot,
  { sqlLogins }: TopologyOptions,
  { sqlAdministrator }: TopologyPasswords,
): void {
  arm.sql.createServer({
    name: sqlServer,
    group: resourceGroup,
    location: REGION.name,
    administratorLogin: SQL_ADMINISTRATOR,
    administratorPassword: sqlAdministrator,
  });
  arm.sql.setFirewallRule(sqlServer, {
    name: 'runners',
    startIpAddress: '127.0.0.1',
    endIpAddress: '127.0.0.1',
  });
  // What the portal's "allow Azure services" writes: the sites come through it.
  arm.sql.setFirewallRule(sqlServer, {
    name: 'AllowAllWindowsAzureIps',
    startIpAddress: '0.0.0.0',
    endIpAddress: '0.0.0.0',
  });
  if (sqlLogins) return;
  const { name: login, objectId, appId } = PRINCIPAL;
  arm.sql.setEntraAdministrator(sqlServer, { login, objectId, appId, principalType: 'Application' });
}

const planName = (slot: ContosoSlot) => `contoso-plan-${slot.name}`;

function createPlan(arm: Arm, slot: ContosoSlot): void {
  arm.web.createPlan({
    name: planName(slot),
    group: slot.resourceGroup,
    location: REGION.name,
    sku: 'S1',
    linux: true,
  });
}

function createSite(arm: Arm, place: SitePlace, version: string, { application }: TopologyPasswords): void {
  const value = formatConnectionString({
    host: sqlHost(place.database.sqlServer),
    port: 1433,
    database: DATABASE,
    user: APPLICATION_USER,
    password: application,
  });
  // A host name is bound to one site of a deployment unit: with slot-swap to the production slot.
  const hostNames = place.deploymentSlot === null ? [TRAFFIC.publicName] : [];
  arm.web.createSite({
    name: place.name,
    ...(place.deploymentSlot === null ? {} : { slot: place.deploymentSlot }),
    group: place.host.resourceGroup,
    location: REGION.displayName,
    plan: planName(place.host),
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
  switchMethod: TopologyOptions['switchMethod'],
  target: {
    readonly name: string;
    readonly deploymentSlot: string | null;
    readonly version: string;
    readonly exists: boolean;
  },
  passwords: TopologyPasswords,
): void {
  if (!VERSIONS.includes(target.version)) {
    throw new Error(`There is no version ${target.version}, only ${VERSIONS.join(', ')}.`);
  }
  const place = sitePlaces(switchMethod).find(
    (known) => known.name === target.name && known.deploymentSlot === target.deploymentSlot,
  );
  if (target.exists) {
    const appSettings = { WEBSITE_RUN_FROM_PACKAGE: packageUrl(target.version) };
    arm.web.changeSite(target.name, target.deploymentSlot, { appSettings });
    // The owner's to do for a site that `prepare` created: nobody else can prove to own the name.
    if (target.deploymentSlot === null) arm.web.bindHostName(target.name, null, TRAFFIC.publicName);
    return;
  }
  if (!place) throw new Error(`There is no site ${siteHost(target.name, target.deploymentSlot)}.`);
  createPlan(arm, place.host);
  createSite(arm, place, target.version, passwords);
}

function createProfile(arm: Arm, production: SitePlace, ttlSeconds: number): void {
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
    endpoints: [
      {
        name: production.host.name,
        type: 'externalEndpoints',
        status: 'Enabled',
        priority: 1,
        target: siteHost(production.name),
        location: REGION.displayName,
      },
    ],
  });
}
