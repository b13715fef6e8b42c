// From the file's shape to the configuration the product works with: defaults that depend on other keys,
// durations in milliseconds. The file has passed its checks, so every text has a meaning here.
import type { Config, DeploymentConfig, HealthConfig, SlotConfig, SlotTopology } from './config.ts';
import { milliseconds } from './duration.ts';
import type { ConfigFile } from './schema.ts';

type SlotFile = ConfigFile['slots'][string];
type DeploymentFile = Omit<SlotFile, 'backup' | 'failover-group'>;

const DEFAULT_DRAIN = '5m';
const DEFAULT_DEPLOYMENT_SLOT = 'staging';
const DEFAULT_STANDBY_MODE = 'chained';

/** The file, checked, as the product sees it. */
export function toConfig(file: ConfigFile, topology: SlotTopology): Config {
  const maxReadOnlyMs = milliseconds(file['max-read-only']);
  const within = (ms: number) => Math.min(ms, maxReadOnlyMs);
  return {
    topology,
    application: file.application,
    slots: toSlots(file.slots),
    databases: file.databases,
    trafficManager: toTrafficManager(file['traffic-manager']),
    switchMethod: file.switch.method,
    deploymentSlot: file.switch['deployment-slot'] ?? DEFAULT_DEPLOYMENT_SLOT,
    upgrade: toUpgrade(file, maxReadOnlyMs),
    freezeMethod: file.freeze.method,
    freezeGraceSeconds: milliseconds(file.freeze.grace) / 1000,
    seedingTimeoutMs: milliseconds(file.seeding.timeout),
    drainTimeoutMs: within(milliseconds(file.drain.timeout ?? DEFAULT_DRAIN)),
    maxReadOnlyMs,
    health: toHealth(file.health),
    standbyMode: file.standby?.mode ?? DEFAULT_STANDBY_MODE,
    rollback: file.rollback,
    sqlLogin: file['sql-login'] ?? null,
  };
}

function toSlots(slots: ConfigFile['slots']): Config['slots'] {
  const [first, second] = Object.entries(slots).map(([name, slot]) => toSlot(name, slot));
  if (first === undefined || second === undefined) throw new RangeError('a configuration has two slots');
  return [first, second];
}

function toSlot(name: string, slot: SlotFile): SlotConfig {
  return {
    name,
    ...toDeployment(slot, () => name),
    backup: slot.backup === undefined ? null : toDeployment(slot.backup, (webApp) => webApp),
    failoverGroup: slot['failover-group'] ?? null,
  };
}

/** @param defaultEndpoint name of the endpoint where none is given, from that of the web app. */
function toDeployment(file: DeploymentFile, defaultEndpoint: (webApp: string) => string): DeploymentConfig {
  const resourceGroup = file['resource-group'];
  const server = file['sql-server'];
  const site = file['web-app'];
  const sql = typeof server === 'string' ? { name: server } : server;
  const app = typeof site === 'string' ? { name: site, mode: 'existing' as const } : site;
  const endpoint = typeof file.endpoint === 'string' ? { name: file.endpoint } : (file.endpoint ?? {});
  return {
    resourceGroup,
    sqlServer: sql.name,
    sqlResourceGroup: ('resource-group' in sql ? sql['resource-group'] : undefined) ?? resourceGroup,
    elasticPool: ('elastic-pool' in sql ? sql['elastic-pool'] : undefined) ?? null,
    webApp: app.name,
    webAppResourceGroup: ('resource-group' in app ? app['resource-group'] : undefined) ?? resourceGroup,
    webAppMode: app.mode,
    appServicePlan: ('app-service-plan' in app ? app['app-service-plan'] : undefined) ?? null,
    endpoint: {
      name: endpoint.name ?? defaultEndpoint(app.name),
      type: 'type' in endpoint ? endpoint.type : 'external',
    },
  };
}

function toTrafficManager(file: ConfigFile['traffic-manager']): Config['trafficManager'] {
  if (file === undefined) return null;
  return {
    resourceGroup: file['resource-group'],
    profile: file.profile,
    dnsName: file['dns-name'] ?? file.profile,
    ttlSeconds: milliseconds(file.ttl) / 1000,
    publicName: file['public-name']?.toLowerCase() ?? null,
  };
}

function toUpgrade({ databases, upgrade }: ConfigFile, maxReadOnlyMs: number): Config['upgrade'] {
  const { scripts, command, variables = {}, timeout } = upgrade;
  const timeoutMs = timeout === undefined ? maxReadOnlyMs : milliseconds(timeout);
  const all = { databasesAtOnce: Number(upgrade['databases-at-once']), timeoutMs };
  if (command !== undefined) return { kind: 'command', command: byDatabase(databases, command), ...all };
  return { kind: 'scripts', scripts: byDatabase(databases, scripts ?? []), variables, ...all };
}

function byDatabase(
  databases: readonly string[],
  lists: string[] | Record<string, string[]>,
): Readonly<Record<string, readonly string[]>> {
  if (!Array.isArray(lists)) return lists;
  return Object.fromEntries(databases.map((name) => [name, lists]));
}

function toHealth(file: ConfigFile['health']): HealthConfig {
  const status = file['expected-status'];
  return {
    protocol: file.protocol,
    path: file.path,
    expectedStatus: (Array.isArray(status) ? status : [status]).map(Number),
    expectedVersion: file['expected-version'],
    versionFrom: toVersionFrom(file['version-from']),
    consecutive: Number(file.consecutive),
    intervalMs: milliseconds(file.interval),
    requestTimeoutMs: milliseconds(file['request-timeout']),
    timeoutMs: milliseconds(file.timeout),
  };
}

function toVersionFrom(file: ConfigFile['health']['version-from']): HealthConfig['versionFrom'] {
  if (file === 'body') return { kind: 'body' };
  if ('header' in file) return { kind: 'header', name: file.header };
  return { kind: 'json', property: file.json };
}
