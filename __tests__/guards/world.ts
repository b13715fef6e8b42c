// An application as guards see it, in which everything is in order; a test changes the one thing it is about.
import {
  type DatabaseObservation,
  type DatabaseSide,
  type Observation,
  stageLink,
} from '../../src/application/observe.ts';
import type { Role, Slot, UpgradeContext } from '../../src/application/upgrade-context.ts';
import type {
  Azure,
  FailoverGroup,
  FirewallRule,
  Profile,
  Resolution,
  Site,
  SiteConfiguration,
  SlotSettingNames,
  SqlConnection,
  SqlRow,
  SqlServerInfo,
  WebAnswer,
} from '../../src/azure/ports.ts';
import type { Config, SlotConfig } from '../../src/config/config.ts';
import type { UpgradeState } from '../../src/engine/report.ts';
import type { Guard, GuardedPhase, Verdict } from '../../src/guards/guard.ts';
import type { UpgradeScript } from '../../src/sqlcmd/script.ts';
import { createSimulatedClock } from '../engine/simulated-clock.ts';
import {
  answered,
  config,
  databaseInfo,
  databases,
  link,
  minutesAfterStart,
  profile,
  resolvedThrough,
  START,
  server,
  site,
} from './parts.ts';

type Sides<T> = Readonly<Record<Role, T>>;
type Names = Readonly<Record<string, string>>;

export interface World {
  readonly config: Config;
  readonly state: UpgradeState;
  readonly servers: Sides<SqlServerInfo>;
  readonly databases: readonly Sides<Partial<DatabaseSide>>[];
  readonly profile: Profile | null;
  readonly sites: Sides<Site | null>;
  readonly missingActions: (id: string, actions: readonly string[]) => string[] | null;
  /** Rows of a query, or the error it ends with; `database` tells master from the application's. */
  readonly sql: (role: Role, database: string, query: string) => SqlRow[] | Error;
  readonly firewall: Sides<readonly FirewallRule[]>;
  readonly failoverGroups: Sides<readonly FailoverGroup[]>;
  readonly configuration: Sides<SiteConfiguration>;
  readonly appSettings: Sides<Names>;
  readonly connectionStrings: Sides<Names>;
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
  const world = { ...inOrder(), ...changes };
  return guard.check(contextOf(world), observationOf(world), phase);
}

/** What a healthy database answers to each of the guards' queries; `changes` by a part of the query. */
export function sqlAnswers(
  changes: Readonly<Record<string, (role: Role, database: string) => SqlRow[] | Error>> = {},
): World['sql'] {
  const usual: typeof changes = {
    IS_ROLEMEMBER: () => [{ name: 'rolling-upgrade', owner: 1, alter_database: 1 }],
    dm_geo_replication_link_status: () => [],
    database_principals: () => [],
    sql_logins: () => [],
  };
  return (role, database, query) => {
    const key = Object.keys(usual).find((part) => query.includes(part));
    const answer = key === undefined ? undefined : (changes[key] ?? usual[key]);
    if (!answer) throw new Error(`a query no guard sends: ${query}`);
    return answer(role, database);
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
    answers: both(answered(200)),
    resolution: resolvedThrough(
      'www.contoso.example',
      'contoso.trafficmanager.net',
      'contoso-blue.azurewebsites.net',
    ),
  };
}

function contextOf(world: World): UpgradeContext {
  const [blue, green] = world.config.slots;
  const swap = world.config.switchMethod === 'slot-swap';
  const slotOf = (role: Role, own: SlotConfig): Slot => ({
    config: own,
    server: world.servers[role],
    site: {
      resourceGroup: own.webAppResourceGroup,
      site: own.webApp,
      deploymentSlot: swap && role === 'stage' ? world.config.deploymentSlot : null,
    },
  });
  const ref = (own: SlotConfig, database: string) => ({
    resourceGroup: own.sqlResourceGroup,
    server: own.sqlServer,
    database,
  });
  const parts: Partial<UpgradeContext> = {
    config: world.config,
    azure: azureOf(world),
    clock: createSimulatedClock(START),
    sessions: {
      on: async (target, use) => {
        const role =
          target.host === world.servers.production.fullyQualifiedDomainName ? 'production' : 'stage';
        return use(connectionTo(world, role, target.database));
      },
      drop: async () => {},
      closeAll: async () => {},
    },
    production: slotOf('production', blue),
    stage: slotOf('stage', green),
    databases: world.config.databases.map((name) => ({
      name,
      production: ref(blue, name),
      stage: ref(green, name),
    })),
    jobEndsAt: world.jobEndsAt,
    readScript: world.readScript,
  };
  return parts as UpgradeContext;
}

function connectionTo(world: World, role: Role, database: string): SqlConnection {
  const connection: Partial<SqlConnection> = {
    server: world.servers[role].name,
    database,
    query: async (text) => {
      const answer = world.sql(role, database, text);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return connection as SqlConnection;
}

function azureOf(world: World): Azure {
  // In a slot swap both roles are one site; the deployment slot tells them apart.
  const bySite = (ref: { site: string; deploymentSlot: string | null }): Role =>
    ref.deploymentSlot !== null || ref.site === 'contoso-green' ? 'stage' : 'production';
  const byServer = (ref: { server: string }): Role =>
    ref.server === world.servers.production.name ? 'production' : 'stage';
  const ports = {
    sql: {
      listFirewallRules: async (ref: { server: string }) => world.firewall[byServer(ref)],
      listFailoverGroups: async (ref: { server: string }) => world.failoverGroups[byServer(ref)],
    },
    appService: {
      getConfiguration: async (ref: Parameters<typeof bySite>[0]) => world.configuration[bySite(ref)],
      listAppSettings: async (ref: Parameters<typeof bySite>[0]) => world.appSettings[bySite(ref)],
      listConnectionStrings: async (ref: Parameters<typeof bySite>[0]) =>
        Object.fromEntries(
          Object.entries(world.connectionStrings[bySite(ref)]).map(([name, value]) => [
            name,
            { value, type: 'SQLAzure' },
          ]),
        ),
      listSlotSettingNames: async () => world.sticky,
    },
    authorization: {
      missingActions: async (id: string, actions: readonly string[]) => world.missingActions(id, actions),
    },
    web: {
      get: async (url: string) => world.answers[url.includes('contoso-green') ? 'stage' : 'production'],
      resolve: async () => world.resolution,
    },
    credentialExpiresAt: async () => world.credentialExpiresAt,
  };
  return ports as unknown as Azure;
}

function observationOf(world: World): Observation {
  const [blue, green] = world.config.slots;
  const observed = world.databases.map((sides, index): DatabaseObservation => {
    const name = world.config.databases[index] ?? '';
    const production: DatabaseSide = {
      ref: { resourceGroup: blue.sqlResourceGroup, server: blue.sqlServer, database: name },
      info: databaseInfo({ name }),
      links: [link({ partnerDatabase: name })],
      access: 'read-write',
      why: '',
      journal: null,
      ...sides.production,
    };
    const stage: DatabaseSide = {
      ref: { resourceGroup: green.sqlResourceGroup, server: green.sqlServer, database: name },
      info: databaseInfo({ name }),
      links: [],
      access: 'read-only',
      why: '',
      journal: null,
      ...sides.stage,
    };
    return { name, production, stage, link: stageLink(production.links, stage.ref) };
  });
  return { profile: world.profile, sites: world.sites, databases: observed, state: world.state };
}
