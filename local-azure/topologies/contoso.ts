// The names of the example company's Azure, topology single-region. Fixed, so that documentation, tests and
// the demo speak of the same things.

export const IDS = {
  subscription: '5b2c7a10-0f3e-4d1c-9a55-3f1d2b6c8e01',
  tenant: '7f4a9c32-61b8-4e0d-8c27-a9d05e3b1f02',
} as const;

/** The service principal the action runs as. */
export const PRINCIPAL = {
  name: 'rolling-upgrade',
  appId: 'c0ffee00-5d1e-4b6a-9f00-2b7c4d8e9a03',
  objectId: 'c0ffee00-5d1e-4b6a-9f00-2b7c4d8e9a04',
} as const;

/** What GitHub's token says the job is; the federated credential of the principal expects just this. */
export const GITHUB = {
  repository: 'contoso/orders',
  subject: 'repo:contoso/orders:environment:production',
} as const;

export const REGION = { name: 'northeurope', displayName: 'North Europe' } as const;

export const TRAFFIC = {
  resourceGroup: 'contoso-traffic',
  profile: 'contoso',
  fqdn: 'contoso.trafficmanager.net',
  publicName: 'www.contoso.example',
} as const;

export interface ContosoSlot {
  readonly name: 'blue' | 'green';
  readonly resourceGroup: string;
  readonly sqlServer: string;
  readonly stamp: string;
}

export const SLOTS: readonly [ContosoSlot, ContosoSlot] = [
  { name: 'blue', resourceGroup: 'contoso-blue', sqlServer: 'contoso-sql-blue', stamp: 'waws-prod-db3-101' },
  {
    name: 'green',
    resourceGroup: 'contoso-green',
    sqlServer: 'contoso-sql-green',
    stamp: 'waws-prod-db3-202',
  },
];

export const DATABASE = 'contoso';
/** Of the connection string on the sites. */
export const CONNECTION_STRING = 'contoso';
export const SQL_ADMINISTRATOR = 'contoso-admin';
export const APPLICATION_USER = 'contoso-app';

/** For switch method slot-swap: one web app in the first slot's group, with one deployment slot. */
export const SWAPPED_SITE = { name: 'contoso', deploymentSlot: 'staging' } as const;

export function sqlHost(server: string): string {
  return `${server}.database.windows.net`;
}

/** Default host name of a site; deployment slots have their own. */
export function siteHost(site: string, deploymentSlot: string | null = null): string {
  return `${deploymentSlot === null ? site : `${site}-${deploymentSlot}`}.azurewebsites.net`;
}
