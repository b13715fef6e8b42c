// Parts of an application, each as it should be; tests change the one thing they are about.
import type { DatabaseSide } from '../../src/application/observe.ts';
import type {
  DatabaseInfo,
  Endpoint,
  Profile,
  ReplicationLink,
  Resolution,
  Site,
  SqlServerInfo,
  WebAnswer,
} from '../../src/azure/ports.ts';
import type { Config, SlotConfig } from '../../src/config/config.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';
import type { World } from './world.ts';

export const START = Date.UTC(2026, 0, 1);
export const minutesAfterStart = (minutes: number) => new Date(START + minutes * 60_000);

export function slot(name: string, changes: Partial<SlotConfig> = {}): SlotConfig {
  return {
    name,
    resourceGroup: `contoso-${name}`,
    sqlServer: `contoso-sql-${name}`,
    sqlResourceGroup: `contoso-${name}`,
    elasticPool: null,
    webApp: `contoso-${name}`,
    webAppResourceGroup: `contoso-${name}`,
    webAppMode: 'existing',
    appServicePlan: null,
    endpoint: { name, type: 'external' },
    backup: null,
    failoverGroup: null,
    ...changes,
  };
}

export function config(changes: Partial<Config> = {}): Config {
  return {
    topology: 'single-region',
    application: 'contoso',
    slots: [slot('blue'), slot('green')],
    databases: ['contoso'],
    trafficManager: {
      resourceGroup: 'contoso-traffic',
      profile: 'contoso',
      dnsName: 'contoso',
      ttlSeconds: 10,
      publicName: 'www.contoso.example',
    },
    switchMethod: 'traffic-manager',
    deploymentSlot: 'staging',
    upgrade: {
      kind: 'scripts',
      databasesAtOnce: 1,
      scripts: { contoso: ['db/*.sql'] },
      variables: {},
      timeoutMs: 60_000,
    },
    freezeMethod: 'read-only',
    freezeGraceSeconds: 10,
    seedingTimeoutMs: 60_000,
    drainTimeoutMs: 60_000,
    maxReadOnlyMs: 30 * 60_000,
    health: {
      protocol: 'https',
      path: '/health',
      expectedStatus: [200],
      expectedVersion: '2.0.0',
      versionFrom: { kind: 'json', property: 'version' },
      consecutive: 3,
      intervalMs: 1000,
      requestTimeoutMs: 1000,
      timeoutMs: 60_000,
    },
    standbyMode: 'chained',
    rollback: { stage: 'keep' },
    sqlLogin: null,
    ...changes,
  };
}

export function server(name: string, changes: Partial<SqlServerInfo> = {}): SqlServerInfo {
  return {
    id: `/subscriptions/sub/resourceGroups/${name.replace('-sql', '')}/providers/Microsoft.Sql/servers/${name}`,
    name,
    location: 'northeurope',
    fullyQualifiedDomainName: `${name}.database.windows.net`,
    publicNetworkAccess: 'Enabled',
    entraAdministrator: 'rolling-upgrade',
    keyId: null,
    ...changes,
  };
}

export function databaseInfo(changes: Partial<DatabaseInfo> = {}): DatabaseInfo {
  return {
    id: '/subscriptions/sub/resourceGroups/contoso-blue/providers/Microsoft.Sql/servers/contoso-sql-blue/databases/contoso',
    name: 'contoso',
    location: 'northeurope',
    status: 'Online',
    // As Azure tells it: the name of a DTU size is its tier's.
    sku: { name: 'Standard', tier: 'Standard', family: null, capacity: 20 },
    elasticPoolId: null,
    maxSizeBytes: null,
    zoneRedundant: false,
    autoPauseDelay: null,
    tags: {},
    createdAt: null,
    ...changes,
  };
}

export function link(changes: Partial<ReplicationLink> = {}): ReplicationLink {
  return {
    id: 'e61fd52f-1111-4111-8111-000000000001',
    partnerServer: 'contoso-sql-green',
    partnerDatabase: 'contoso',
    partnerLocation: 'North Europe',
    role: 'Primary',
    partnerRole: 'Secondary',
    state: 'CATCH_UP',
    percentComplete: 100,
    linkType: 'GEO',
    startedAt: null,
    ...changes,
  };
}

/** One database, linked and caught up, with these changes. */
export function databases(
  production: Partial<DatabaseSide> = {},
  stage: Partial<DatabaseSide> = {},
): World['databases'] {
  return [{ production, stage }];
}

export const absent: Partial<DatabaseSide> = { info: null, links: [], access: 'absent' };

export function freezing(): JournalEntry {
  const at = new Date(START).toISOString();
  const own = { version: 1 as const, application: 'contoso', upgradeId: 'u1', server: 'contoso-sql-blue' };
  return { ...own, status: 'freezing', at, frozenAt: null, scriptDigest: null, runUrl: null };
}

export function endpoint(name: string, changes: Partial<Endpoint> = {}): Endpoint {
  return {
    name,
    type: 'external',
    status: name === 'blue' ? 'Enabled' : 'Disabled',
    monitorStatus: 'Online',
    priority: name === 'blue' ? 1 : 2,
    target: `contoso-${name}.azurewebsites.net`,
    targetResourceId: null,
    location: 'North Europe',
    alwaysServe: 'Disabled',
    ...changes,
  };
}

export function profile(changes: Partial<Profile> = {}): Profile {
  return {
    id: '/subscriptions/sub/resourceGroups/contoso-traffic/providers/Microsoft.Network/trafficManagerProfiles/contoso',
    name: 'contoso',
    status: 'Enabled',
    routingMethod: 'Priority',
    fqdn: 'contoso.trafficmanager.net',
    ttlSeconds: 10,
    monitorStatus: 'Online',
    monitorProtocol: 'HTTPS',
    monitorPort: 443,
    monitorPath: '/health',
    endpoints: [endpoint('blue'), endpoint('green')],
    tags: {},
    ...changes,
  };
}

export function site(name: string, changes: Partial<Site> = {}): Site {
  return {
    id: `/subscriptions/sub/resourceGroups/contoso-${name}/providers/Microsoft.Web/sites/contoso-${name}`,
    name: `contoso-${name}`,
    location: 'North Europe',
    kind: 'app',
    state: 'Running',
    defaultHostName: `contoso-${name}.azurewebsites.net`,
    hostNames: [`contoso-${name}.azurewebsites.net`, 'www.contoso.example'],
    planId: null,
    httpsOnly: true,
    homeStamp: name === 'blue' ? 'waws-prod-db3-101' : 'waws-prod-db3-202',
    operationInProgress: false,
    tags: {},
    ...changes,
  };
}

export function answered(status: number, version: string | null = null): WebAnswer {
  const body = version === null ? '' : JSON.stringify({ version });
  return { kind: 'answered', status, headers: {}, body, chain: [] };
}

export function resolvedThrough(...chain: string[]): Resolution {
  return { kind: 'resolved', chain, addresses: ['127.0.0.1'] };
}
