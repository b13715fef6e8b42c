// The sites that run: started, restarted and stopped as resource manager says, spread over deployment units.
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import { createRegions, type Regions } from '../regions.ts';
import { parseConnectionString } from './connection-string.ts';
import { type HostedSite, startFrontEnd } from './front-end.ts';
import { type App, createOrdersApp } from './orders-app.ts';
import { findRelease } from './packages.ts';
import type { Routes, SocketAddress } from './routes.ts';
import { createSqlPool } from './sql-pool.ts';
import type { RunningSite, WebFabric } from './web-fabric.ts';

export interface DeploymentUnit {
  readonly name: string;
  /** Groups whose plans are on it; other groups take the next unit in turn. */
  readonly resourceGroups: readonly string[];
  /** Region; absent where none can take it down. */
  readonly location?: string;
}

export interface SitesOptions {
  readonly tls: { readonly key: string; readonly cert: string };
  /** PEM, for the sites' connections to their databases. */
  readonly ca: string;
  readonly routes: Routes;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly stamps: readonly DeploymentUnit[];
  /** Where none are given none can go down. */
  readonly regions?: Regions;
  /** Name of the connection string the application uses. */
  readonly connectionString: string;
}

export interface Sites extends WebFabric {
  /** Where a deployment unit is reached. */
  addresses(stamp: string): { readonly https: SocketAddress; readonly http: SocketAddress };
  /** Whether a name under azurewebsites.net is a site's. */
  hasHostName(name: string): boolean;
  running(): readonly RunningSite[];
  close(): Promise<void>;
}

const POOL_SIZE = 4;
const REQUEST_TIMEOUT_MS = 10_000;

/** Starts one front end a deployment unit. */
export async function startSites(options: SitesOptions): Promise<Sites> {
  const regions = options.regions ?? createRegions();
  const hosted = new Map<string, HostedSite>();
  const stampOf = new Map<string, string>();
  for (const stamp of options.stamps) {
    for (const group of stamp.resourceGroups) stampOf.set(group.toLowerCase(), stamp.name);
  }
  const frontEnds = new Map(
    await Promise.all(
      options.stamps.map(async ({ name, location = null }) => {
        const find = (hostName: string) =>
          [...hosted.values()].find((h) => h.site.stamp === name && h.site.hostNames.includes(hostName)) ??
          null;
        return [name, await startFrontEnd({ ...options, regions, location, find })] as const;
      }),
    ),
  );

  return {
    siteChanged: (site) => {
      const key = siteKey(site.name, site.slot);
      const before = hosted.get(key);
      if (before && sameProgram(before.site, site)) {
        hosted.set(key, { site, app: before.app });
        return;
      }
      hosted.set(key, { site, app: startApp(site, options) });
      before?.app?.close();
    },
    siteRemoved: (name, slot) => {
      const key = siteKey(name, slot);
      hosted.get(key)?.app?.close();
      hosted.delete(key);
    },
    assignStamp: (_siteName, planId) => {
      const group = planId.match(/\/resourceGroups\/([^/]+)/i)?.[1]?.toLowerCase() ?? '';
      const stamp = stampOf.get(group) ?? options.stamps[stampOf.size % options.stamps.length]?.name ?? '';
      stampOf.set(group, stamp);
      return stamp;
    },
    addresses: (stamp) => {
      const frontEnd = frontEnds.get(stamp);
      if (!frontEnd) throw new Error(`No deployment unit ${stamp}.`);
      const host = '127.0.0.1';
      return { https: { host, port: frontEnd.httpsPort }, http: { host, port: frontEnd.httpPort } };
    },
    hasHostName: (name) => [...hosted.values()].some((h) => h.site.hostNames.includes(name.toLowerCase())),
    running: () => [...hosted.values()].map((h) => h.site),
    close: async () => {
      for (const { app } of hosted.values()) app?.close();
      hosted.clear();
      await Promise.all([...frontEnds.values()].map((frontEnd) => frontEnd.close()));
    },
  };
}

function siteKey(name: string, slot: string | null): string {
  return `${name}/${slot ?? ''}`.toLowerCase();
}

/** App Service restarts a site when its settings change, and does not when a host name is bound. */
function sameProgram(before: RunningSite, after: RunningSite): boolean {
  const program = (site: RunningSite) =>
    JSON.stringify([site.appSettings, site.connectionStrings, site.state]);
  return program(before) === program(after);
}

function startApp(site: RunningSite, options: SitesOptions): App | null {
  const release = findRelease(site.appSettings.WEBSITE_RUN_FROM_PACKAGE);
  const endpoint = parseConnectionString(site.connectionStrings[options.connectionString]?.value ?? '');
  if (site.state === 'Stopped' || !release || !endpoint) return null;
  const access = { routes: options.routes, ca: options.ca, requestTimeoutMs: REQUEST_TIMEOUT_MS };
  const pool = createSqlPool(endpoint, access, `contoso orders ${release.version}`, POOL_SIZE);
  return createOrdersApp(release, pool);
}
