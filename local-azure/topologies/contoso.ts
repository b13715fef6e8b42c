// The names of the example company's Azure, by topology. Fixed, so that documentation, tests and the demo speak
// of the same things.

/** Of an application with its databases; contoso-service.ts has the names of the other topology. */
export type TopologyName = 'single-region' | 'geo-redundant';

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

export interface ContosoRegion {
  readonly name: string;
  readonly displayName: string;
}

export const NORTH_EUROPE: ContosoRegion = { name: 'northeurope', displayName: 'North Europe' };
export const WEST_EUROPE: ContosoRegion = { name: 'westeurope', displayName: 'West Europe' };

export const TRAFFIC = {
  resourceGroup: 'contoso-traffic',
  profile: 'contoso',
  fqdn: 'contoso.trafficmanager.net',
  publicName: 'www.contoso.example',
} as const;

/** One region's part of a slot. */
export interface ContosoPlace {
  readonly region: ContosoRegion;
  readonly resourceGroup: string;
  readonly sqlServer: string;
  /** Web app where every slot has sites of its own; with slot-swap see SWAPPED_SITES. */
  readonly site: string;
  readonly plan: string;
  /** In the Traffic Manager profile. */
  readonly endpoint: string;
  /** App Service deployment unit: a host name is bound to one site of each. */
  readonly stamp: string;
}

/** Something in the primary region, and what stands by for it in the backup region. */
export interface InRegions<T> {
  readonly primary: T;
  readonly backup: T | null;
}

export interface ContosoSlot extends InRegions<ContosoPlace> {
  readonly name: 'blue' | 'green';
  /** For the databases of this slot's two servers. */
  readonly failoverGroup: string | null;
}

/** Primary region first. */
export function regionsOf<T>({ primary, backup }: InRegions<T>): readonly T[] {
  return backup === null ? [primary] : [primary, backup];
}

/** Production at the start, then stage. */
export const SLOTS: Readonly<Record<TopologyName, readonly [ContosoSlot, ContosoSlot]>> = {
  'single-region': [
    {
      name: 'blue',
      failoverGroup: null,
      primary: {
        region: NORTH_EUROPE,
        resourceGroup: 'contoso-blue',
        sqlServer: 'contoso-sql-blue',
        site: 'contoso-blue',
        plan: 'contoso-plan-blue',
        endpoint: 'blue',
        stamp: 'waws-prod-db3-101',
      },
      backup: null,
    },
    {
      name: 'green',
      failoverGroup: null,
      primary: {
        region: NORTH_EUROPE,
        resourceGroup: 'contoso-green',
        sqlServer: 'contoso-sql-green',
        site: 'contoso-green',
        plan: 'contoso-plan-green',
        endpoint: 'green',
        stamp: 'waws-prod-db3-202',
      },
      backup: null,
    },
  ],
  'geo-redundant': [
    {
      name: 'blue',
      failoverGroup: 'contoso-fog-blue',
      primary: {
        region: NORTH_EUROPE,
        resourceGroup: 'contoso-blue',
        sqlServer: 'contoso-sql-1',
        site: 'contoso-1',
        plan: 'contoso-plan-1',
        endpoint: 'contoso-1',
        stamp: 'waws-prod-db3-101',
      },
      backup: {
        region: WEST_EUROPE,
        resourceGroup: 'contoso-blue-dr',
        sqlServer: 'contoso-sql-dr',
        site: 'contoso-dr',
        plan: 'contoso-plan-dr',
        endpoint: 'contoso-dr',
        stamp: 'waws-prod-am2-303',
      },
    },
    {
      name: 'green',
      failoverGroup: 'contoso-fog-green',
      primary: {
        region: NORTH_EUROPE,
        resourceGroup: 'contoso-green',
        sqlServer: 'contoso-sql-2',
        site: 'contoso-2',
        plan: 'contoso-plan-2',
        endpoint: 'contoso-2',
        stamp: 'waws-prod-db3-202',
      },
      backup: {
        region: WEST_EUROPE,
        resourceGroup: 'contoso-green-dr',
        sqlServer: 'contoso-sql-3',
        site: 'contoso-3',
        plan: 'contoso-plan-3',
        endpoint: 'contoso-3',
        stamp: 'waws-prod-am2-404',
      },
    },
  ],
};

export const DATABASE = 'contoso';

/** The application's databases: the sites use the first, the others are there to be upgraded with it. */
export function databaseNames(count: number): string[] {
  const further = Array.from({ length: count - 1 }, (_, index) => String(index + 2).padStart(3, '0'));
  return [DATABASE, ...further.map((number) => `${DATABASE}-${number}`)];
}

/** Of the connection string on the sites. */
export const CONNECTION_STRING = 'contoso';
export const SQL_ADMINISTRATOR = 'contoso-admin';
export const APPLICATION_USER = 'contoso-app';

/** For switch method slot-swap: one web app a region, beside production's database, with one deployment slot. */
export const SWAPPED_SITES = { primary: 'contoso', backup: 'contoso-dr', deploymentSlot: 'staging' } as const;

export function sqlHost(server: string): string {
  return `${server}.database.windows.net`;
}

/** Default host name of a site; deployment slots have their own. */
export function siteHost(site: string, deploymentSlot: string | null = null): string {
  return `${deploymentSlot === null ? site : `${site}-${deploymentSlot}`}.azurewebsites.net`;
}
