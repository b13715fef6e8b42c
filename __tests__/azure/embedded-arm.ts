// The embedded Azure's resource manager on loopback, over HTTPS, with the example company in it. What lies behind
// it (engine, sites, probes) is only kept account of: these tests are about the clients and the wire.
import tls from 'node:tls';
import { createArm } from '../../local-azure/arm/create-arm.ts';
import { startArm } from '../../local-azure/arm/start-arm.ts';
import { createCertificates } from '../../local-azure/certificates.ts';
import { systemClock as localClock } from '../../local-azure/clock.ts';
import { createFaults, type Faults } from '../../local-azure/faults.ts';
import { createLatency } from '../../local-azure/latency.ts';
import { createRandom } from '../../local-azure/random.ts';
import type { FabricLink, SqlFabric } from '../../local-azure/sql/fabric.ts';
import type { ArmContext } from '../../src/azure/arm-client.ts';
import { parseAzureEnvironment } from '../../src/azure/environment.ts';
import { systemClock } from '../../src/clock.ts';

const SUBSCRIPTION = '5b2c7a10-0f3e-4d1c-9a55-3f1d2b6c8e01';
const CALLER = {
  objectId: 'c0ffee00-5d1e-4b6a-9f00-2b7c4d8e9a04',
  appId: 'c0ffee00-5d1e-4b6a-9f00-2b7c4d8e9a03',
};
const REGION = 'northeurope';
const SLOTS = ['blue', 'green'] as const;

export interface EmbeddedArm {
  readonly context: ArmContext;
  readonly faults: Faults;
  readonly arm: ReturnType<typeof createArm>;
  /** Role assignment on the whole subscription. */
  grant(actions: readonly string[], notActions?: readonly string[]): void;
  close(): Promise<void>;
}

export async function startEmbeddedArm(): Promise<EmbeddedArm> {
  const certificate = await createCertificates();
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate.ca]);
  const faults = createFaults();
  const arm = createArm({
    subscriptionId: SUBSCRIPTION,
    tenantId: '7f4a9c32-61b8-4e0d-8c27-a9d05e3b1f02',
    audiences: ['https://management.core.windows.net/'],
    authority: 'https://localhost',
    verifyToken: () => CALLER,
    fabric: linkBook(),
    web: { siteChanged: () => {}, siteRemoved: () => {}, assignStamp: (site) => `waws-prod-${site}` },
    traffic: { profileChanged: () => {}, profileRemoved: () => {}, status: () => null },
    faults,
    latency: createLatency('off', 1),
    clock: localClock(),
    random: createRandom(1),
  });
  populate(arm);
  addBackupRegion(arm);
  const grant: EmbeddedArm['grant'] = (actions, notActions = []) =>
    arm.setGrants(CALLER.objectId, [{ scope: `/subscriptions/${SUBSCRIPTION}`, actions, notActions }]);
  grant(['*']);
  const running = await startArm(arm, certificate);
  return { arm, faults, grant, context: contextOf(running.port), close: () => running.close() };
}

function populate(arm: ReturnType<typeof createArm>): void {
  arm.createGroup({ name: 'contoso-traffic', location: REGION, tags: {} });
  for (const slot of SLOTS) {
    const group = `contoso-${slot}`;
    arm.createGroup({ name: group, location: REGION, tags: {} });
    arm.sql.createServer({
      name: `contoso-sql-${slot}`,
      group,
      location: REGION,
      administratorLogin: 'contoso-admin',
      administratorPassword: 'Pa55word!',
    });
    arm.web.createPlan({ name: `plan-${slot}`, group, location: REGION, sku: 'S1', linux: true });
    arm.sql.setFirewallRule(`contoso-sql-${slot}`, {
      name: 'runners',
      startIpAddress: '10.0.0.1',
      endIpAddress: '10.0.0.9',
    });
  }
  arm.sql.createDatabase({ server: 'contoso-sql-blue', name: 'contoso', sku: 'S1', tags: { app: 'orders' } });
  arm.web.createSite({
    name: 'contoso-blue',
    group: 'contoso-blue',
    location: REGION,
    plan: 'plan-blue',
    kind: 'app,linux',
    appSettings: { WEBSITE_RUN_FROM_PACKAGE: 'https://packages.contoso.example/contoso-1.0.0.zip' },
    config: { linuxFxVersion: 'NODE|20-lts', healthCheckPath: '/health' },
  });
  arm.trafficManager.createProfile({
    name: 'contoso',
    group: 'contoso-traffic',
    relativeName: 'contoso',
    ttlSeconds: 10,
    routingMethod: 'Priority',
    monitor: { protocol: 'HTTPS', port: 443, path: '/health' },
    endpoints: [
      {
        name: 'blue',
        type: 'externalEndpoints',
        status: 'Enabled',
        priority: 1,
        target: 'contoso-blue.azurewebsites.net',
      },
    ],
  });
}

/** A server in another region, for what needs a pair. */
function addBackupRegion(arm: ReturnType<typeof createArm>): void {
  arm.createGroup({ name: 'contoso-blue-dr', location: 'westeurope', tags: {} });
  arm.sql.createServer({
    name: 'contoso-sql-blue-dr',
    group: 'contoso-blue-dr',
    location: 'westeurope',
    administratorLogin: 'contoso-admin',
    administratorPassword: 'Pa55word!',
  });
}

function contextOf(port: number): ArmContext {
  return {
    credential: {
      getToken: async () => ({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }),
    },
    environment: parseAzureEnvironment(
      JSON.stringify({
        name: 'LocalAzure',
        resourceManager: `https://localhost:${port}`,
        authority: 'https://localhost:1',
      }),
    ),
    subscriptionId: SUBSCRIPTION,
    userAgent: 'rolling-upgrade/test',
    clock: systemClock,
    log: () => {},
  };
}

/** Which databases there are and how they are linked. */
function linkBook(): SqlFabric {
  const names = new Map<string, Set<string>>();
  const links: FabricLink[] = [];
  const of = (server: string) => names.get(server.toLowerCase()) ?? new Set<string>();
  const touches = ({ primary, secondary }: FabricLink, server: string, database: string) =>
    [primary, secondary].some((end) => end.server === server && end.database === database);
  const unasked = (): never => {
    throw new Error('Resource manager does not ask this.');
  };
  return {
    addServer: (name) => {
      names.set(name.toLowerCase(), new Set());
      return { serverName: name, login: unasked };
    },
    removeServer: (name) => names.delete(name.toLowerCase()),
    hosts: () => [],
    setFirewall: () => {},
    setEntraAdministrator: () => {},
    addEntraPrincipal: () => {},
    createDatabase: (server, database) => of(server).add(database),
    dropDatabase: (server, database) => of(server).delete(database),
    hasDatabase: (server, database) => of(server).has(database),
    databases: (server) => [...of(server)],
    startGeoReplication: (primary, secondary) => {
      of(secondary.server).add(secondary.database);
      const link: FabricLink = {
        id: `00000000-0000-4000-8000-00000000000${links.length}`,
        primary,
        secondary,
        state: 'CATCH_UP',
        percentComplete: 100,
        startedAt: new Date('2026-11-21T10:00:00Z'),
      };
      links.push(link);
      return link;
    },
    links: (server, database) => links.filter((link) => touches(link, server, database)),
    removeLink: (id) => {
      links.splice(
        links.findIndex((link) => link.id === id),
        1,
      );
    },
    setReplicationLag: unasked,
    setLinkState: unasked,
    failover: unasked,
    setListeners: () => {},
    listenerTarget: () => null,
    inspect: unasked,
    killSessions: unasked,
    isReadOnly: () => false,
    close: async () => {},
  };
}
