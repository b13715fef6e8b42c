// The application in two regions, in which everything is in order; a test changes the one thing it is about.
import type { DatabaseSide } from '../../src/application/observe.ts';
import { AzureError } from '../../src/azure/errors.ts';
import type { Config, DeploymentConfig, SlotConfig } from '../../src/config/config.ts';
import { geoRedundantGuards } from '../../src/guards/geo-redundant.ts';
import type { Guard } from '../../src/guards/guard.ts';
import { absent, config, endpoint, link, profile, server, site, slot } from './parts.ts';
import type { BackupWorld, Sides, World } from './world.ts';

type Name = 'blue' | 'green';

export function backupPart(name: Name, changes: Partial<DeploymentConfig> = {}): DeploymentConfig {
  const { name: _, backup, failoverGroup, ...deployment } = slot(`${name}-dr`);
  return { ...deployment, ...changes };
}

export function geoSlot(name: Name, changes: Partial<SlotConfig> = {}): SlotConfig {
  return slot(name, { backup: backupPart(name), ...changes });
}

export function geoConfig(changes: Partial<Config> = {}): Config {
  return config({ topology: 'geo-redundant', slots: [geoSlot('blue'), geoSlot('green')], ...changes });
}

/** Production first, its standby second and online as well; the stage's two offline. */
export const geoEndpoints = [
  endpoint('blue', { priority: 1 }),
  endpoint('blue-dr', { status: 'Enabled', priority: 2, location: 'West Europe' }),
  endpoint('green', { priority: 3 }),
  endpoint('green-dr', { priority: 4, location: 'West Europe' }),
];

const away = { location: 'westeurope' };
const siteAway = (name: string, stamp: string) => site(name, { location: 'West Europe', homeStamp: stamp });

export function backup(changes: Partial<BackupWorld> = {}): BackupWorld {
  const both = <T>(value: T): Sides<T> => ({ production: value, stage: value });
  const connectionString = (name: string) =>
    `Server=tcp:contoso-sql-${name}-dr.database.windows.net;Password=hidden-${name}`;
  return {
    outage: null,
    missing: [],
    servers: {
      production: server('contoso-sql-blue-dr', away),
      stage: server('contoso-sql-green-dr', away),
    },
    databases: [],
    sites: {
      production: siteAway('blue-dr', 'waws-prod-am2-303'),
      stage: siteAway('green-dr', 'waws-prod-am2-404'),
    },
    firewall: both([]),
    failoverGroups: both([]),
    configuration: both({ linuxFxVersion: 'NODE|24-lts', healthCheckPath: '/health', alwaysOn: true }),
    appSettings: both({ MODE: 'hidden-mode' }),
    connectionStrings: {
      production: { Orders: connectionString('blue') },
      stage: { Orders: connectionString('green') },
    },
    ...changes,
  };
}

/** @param there what is different in the backup region. */
export function geo(changes: Partial<World> = {}, there: Partial<BackupWorld> = {}): Partial<World> {
  return {
    config: geoConfig(),
    profile: profile({ endpoints: geoEndpoints }),
    backup: backup(there),
    ...changes,
  };
}

/** The guard of that id, as the topology has it. */
export function geoGuard(id: string, of: Partial<Config> = {}): Guard {
  const guard = geoRedundantGuards({
    switchMethod: 'traffic-manager',
    standbyMode: 'chained',
    freezeMethod: 'read-only',
    ...of,
  }).find((one) => one.id === id);
  if (!guard) throw new Error(`the topology has no guard ${id}`);
  return guard;
}

export const regionDown = new AzureError('GET …/contoso-sql-blue-dr: HTTP 503 ServiceUnavailable', {
  status: 503,
  code: 'ServiceUnavailable',
  correlationId: null,
  outcomeUnknown: false,
});

export const toStandby = (changes: Parameters<typeof link>[0] = {}) =>
  link({ id: 'dr', partnerServer: 'contoso-sql-blue-dr', ...changes });
export const chained = (changes: Parameters<typeof link>[0] = {}) =>
  link({ id: 'chained', partnerServer: 'contoso-sql-green-dr', ...changes });

/** One database of each side, changed. */
export function sides(
  production: Partial<DatabaseSide>,
  stage: Partial<DatabaseSide> = {},
): World['databases'] {
  return [{ production, stage }];
}

/** Production with its disaster recovery, and no stage database yet. */
export function unchained(production: Partial<DatabaseSide> = {}): World['databases'] {
  return sides({ links: [toStandby()], ...production }, absent);
}
