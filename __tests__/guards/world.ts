// An application as guards see it, in which everything is in order; a test changes the one thing it is about.
import type { DatabaseSide } from '../../src/application/observe.ts';
import type { Role } from '../../src/application/upgrade-context.ts';
import type {
  FailoverGroup,
  FirewallRule,
  Profile,
  Resolution,
  Site,
  SiteConfiguration,
  SlotSettingNames,
  SqlRow,
  SqlServerInfo,
  WebAnswer,
} from '../../src/azure/ports.ts';
import type { Config } from '../../src/config/config.ts';
import type { SlotState } from '../../src/engine/report.ts';
import type { Guard, GuardedPhase, Verdict } from '../../src/guards/guard.ts';
import type { UpgradeScript } from '../../src/sqlcmd/script.ts';
import {
  answered,
  config,
  databases,
  minutesAfterStart,
  profile,
  resolvedThrough,
  server,
  site,
} from './parts.ts';
import { contextOf, observationOf } from './world-azure.ts';

export type RegionName = 'primary' | 'backup';
export type Sides<T> = Readonly<Record<Role, T>>;
type Names = Readonly<Record<string, string>>;

/** What there is in one region. */
export interface Region {
  readonly servers: Sides<SqlServerInfo>;
  readonly databases: readonly Sides<Partial<DatabaseSide>>[];
  readonly sites: Sides<Site | null>;
  readonly firewall: Sides<readonly FirewallRule[]>;
  readonly failoverGroups: Sides<readonly FailoverGroup[]>;
  readonly configuration: Sides<SiteConfiguration>;
  readonly appSettings: Sides<Names>;
  readonly connectionStrings: Sides<Names>;
}

export interface BackupWorld extends Region {
  /** What every request to the region is answered with. */
  readonly outage: Error | null;
  /** Servers that are configured and not there. */
  readonly missing: readonly string[];
}

export interface World extends Region {
  readonly config: Config;
  readonly state: SlotState;
  readonly profile: Profile | null;
  readonly backup: BackupWorld | null;
  readonly ledgerDigests: boolean;
  readonly confirm: string;
  readonly missingActions: (id: string, actions: readonly string[]) => string[] | null;
  /** Rows of a query, or the error it ends with; `database` tells master from the application's. */
  readonly sql: (role: Role, database: string, query: string, region: RegionName) => SqlRow[] | Error;
  readonly sticky: SlotSettingNames;
  readonly credentialExpiresAt: Date | null;
  readonly jobEndsAt: Date | null;
  readonly readScript: () => Promise<UpgradeScript>;
  readonly answers: Sides<WebAnswer>;
  readonly resolution: Resolution;
}

/** Runs a guard in the world as it should be, changed by `changes`. */
export function check(
  guard: Guard,
  changes: Partial<World> = {},
  phase: GuardedPhase = 'upgrade',
): Promise<Verdict> {
  const world = worldOf(changes);
  return guard.check(contextOf(world), observationOf(world), phase);
}

/** The world as it should be, changed. */
export function worldOf(changes: Partial<World>): World {
  return { ...inOrder(), ...changes };
}

/** What a healthy database answers to each of the guards' queries; `changes` by a part of the query. */
export function sqlAnswers(
  changes: Readonly<
    Record<string, (role: Role, database: string, region: RegionName) => SqlRow[] | Error>
  > = {},
): World['sql'] {
  const usual: typeof changes = {
    IS_ROLEMEMBER: () => [{ name: 'rolling-upgrade', owner: 1, alter_database: 1 }],
    dm_geo_replication_link_status: () => [],
    database_principals: () => [],
    sql_logins: () => [],
    database_files: () => [{ bytes: 40e9 }],
    Updateability: () => [{ mode: 'READ_ONLY' }],
    extended_properties: () => [],
  };
  return (role, database, query, region) => {
    const key = Object.keys(usual).find((part) => query.includes(part));
    const answer = key === undefined ? undefined : (changes[key] ?? usual[key]);
    if (!answer) throw new Error(`a query no guard sends: ${query}`);
    return answer(role, database, region);
  };
}

function inOrder(): World {
  const connectionString = (name: string) =>
    `Server=tcp:contoso-sql-${name}.database.windows.net;Password=hidden-${name}`;
  const both = <T>(value: T): Sides<T> => ({ production: value, stage: value });
  return {
    config: config(),
    state: 'prepared',
    servers: { production: server('contoso-sql-blue'), stage: server('contoso-sql-green') },
    databases: databases(),
    profile: profile(),
    sites: { production: site('blue'), stage: site('green') },
    missingActions: () => [],
    backup: null,
    ledgerDigests: false,
    confirm: '',
    sql: sqlAnswers(),
    firewall: both([]),
    failoverGroups: both([]),
    configuration: both({ linuxFxVersion: 'NODE|24-lts', healthCheckPath: '/health', alwaysOn: true }),
    appSettings: both({ MODE: 'hidden-mode' }),
    connectionStrings: {
      production: { Orders: connectionString('blue') },
      stage: { Orders: connectionString('green') },
    },
    sticky: { appSettings: [], connectionStrings: [] },
    credentialExpiresAt: null,
    jobEndsAt: minutesAfterStart(360),
    readScript: async () => ({ batches: [], digest: 'd1'.repeat(32), files: ['db/001.sql'] }),
    answers: { production: answered(200, '1.0.0'), stage: answered(200, '2.0.0') },
    resolution: resolvedThrough(
      'www.contoso.example',
      'contoso.trafficmanager.net',
      'contoso-blue.azurewebsites.net',
    ),
  };
}
