// Two slots in two regions: four servers with one database each, the links between them, failover groups and sites. Blue
// is contoso-sql-1 with its standby contoso-sql-dr, green contoso-sql-2 with contoso-sql-3. What is removed is removed
// as Azure does it, and the story tells in which order.
import type { Deployment, Slot, UpgradeContext } from '../../src/application/upgrade-context.ts';
import { AzureError, SqlError } from '../../src/azure/errors.ts';
import type { FailoverGroup, ReplicationLink, SqlConnection } from '../../src/azure/ports.ts';
import type { SlotConfig } from '../../src/config/config.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';
import { createSimulatedClock, type SimulatedClock } from '../engine/simulated-clock.ts';
import { config, databaseInfo, link, START, server, site, slot } from '../guards/parts.ts';

/** Short for contoso-sql-…. */
export type Name = '1' | 'dr' | '2' | '3';

export interface Database {
  readOnly: boolean;
  entry: JournalEntry | null;
  createdByTool: boolean;
  /** Refuses every login. */
  unreachable: boolean;
}

export interface Link {
  readonly from: Name;
  readonly to: Name;
  readonly state: string;
}

export interface Group {
  readonly name: string;
  readonly primary: Name;
  readonly partner: Name;
  readonly databases: readonly string[];
}

export interface World {
  readonly context: UpgradeContext;
  readonly clock: SimulatedClock;
  readonly databases: Map<Name, Database>;
  readonly links: Link[];
  readonly groups: Group[];
  /** "1→dr cut", "dr deleted", "group contoso-fog-blue deleted", "site contoso-dr deleted". */
  readonly story: string[];
  readonly warnings: string[];
}

export interface Options {
  readonly production: 'blue' | 'green';
  /** What is not told is not there. */
  readonly databases: Partial<Record<Name, Partial<Database>>>;
  /** From, to and state; CATCH_UP where none is told. */
  readonly links?: readonly (readonly [Name, Name, string?])[];
  readonly groups?: readonly Group[];
  /** Names of the sites that this tool has created. */
  readonly createdSites?: readonly string[];
  readonly rollbackStage?: 'keep' | 'remove';
  readonly confirm?: string;
  readonly lock?: 'ours' | 'taken';
  /** Called after each removal; what it throws ends the run there. */
  readonly after?: (world: World, what: string) => void;
  /** What answers at a site's own address, by its name; 1.0.0 where not told, nothing where null. */
  readonly answers?: Readonly<Record<string, string | null>>;
}

const BLUE = slotConfig('blue', '1', 'dr');
const GREEN = slotConfig('green', '2', '3');

function slotConfig(name: string, primary: Name, backup: Name): SlotConfig {
  const own = slot(name);
  const part = (at: Name, group: string) => ({
    ...own,
    resourceGroup: group,
    sqlServer: `contoso-sql-${at}`,
    sqlResourceGroup: group,
    webApp: `contoso-${at}`,
    webAppResourceGroup: group,
    endpoint: { name: `contoso-${at}`, type: 'external' as const },
  });
  return {
    ...part(primary, `contoso-${name}`),
    backup: part(backup, `contoso-${name}-dr`),
    failoverGroup: `contoso-fog-${name}`,
  };
}

/** An entry of upgrade "u1" written on this server; at minute 0 where not told. */
export function entry(
  on: Name,
  status: JournalEntry['status'],
  changes: Partial<JournalEntry> = {},
): JournalEntry {
  return {
    version: 1,
    application: 'contoso',
    upgradeId: 'u1',
    server: `contoso-sql-${on}`,
    status,
    at: new Date(START).toISOString(),
    frozenAt: null,
    scriptDigest: null,
    runUrl: null,
    ...changes,
  };
}

export function removalWorld(options: Options): World {
  const databases = new Map<Name, Database>();
  for (const [name, changes] of Object.entries(options.databases) as [Name, Partial<Database>][])
    databases.set(name, {
      readOnly: false,
      entry: null,
      createdByTool: true,
      unreachable: false,
      ...changes,
    });
  const clock = createSimulatedClock(START + 60 * 60_000);
  const warnings: string[] = [];
  const [production, stage] = options.production === 'blue' ? [BLUE, GREEN] : [GREEN, BLUE];
  const parts: Partial<UpgradeContext> = {
    config: config({
      topology: 'geo-redundant',
      slots: [BLUE, GREEN],
      rollback: { stage: options.rollbackStage ?? 'remove' },
      health: { ...config().health, consecutive: 1, timeoutMs: 5_000 },
    }),
    clock,
    confirm: options.confirm ?? '',
    newUpgradeId: 'new',
    runUrl: null,
    production: slotOf(production),
    stage: slotOf(stage),
    databases: [{ name: 'contoso', production: ref(production), stage: ref(stage) }],
    log: {
      line: () => {},
      warning: (text) => warnings.push(text),
      group: () => {},
      endGroup: () => {},
    },
    window: { spend: () => {}, close: () => {} } as unknown as UpgradeContext['window'],
  };
  const context = parts as UpgradeContext;
  const links = (options.links ?? []).map(([from, to, state = 'CATCH_UP']) => ({ from, to, state }));
  const world: World = {
    context,
    clock,
    databases,
    links,
    groups: [...(options.groups ?? [])],
    story: [],
    warnings,
  };
  Object.assign(context, ports(world, options));
  return world;
}

/** The same application, as a run finds it that comes after the one that was killed. */
export function revived(world: World, options: Options): World {
  const again = removalWorld({ ...options, databases: {}, after: () => {} });
  for (const [name, database] of world.databases) again.databases.set(name, database);
  again.links.splice(0, again.links.length, ...world.links);
  again.groups.splice(0, again.groups.length, ...world.groups);
  again.story.push(...world.story);
  return again;
}

const ref = ({ sqlServer, resourceGroup }: SlotConfig) => ({
  resourceGroup,
  server: sqlServer,
  database: 'contoso',
});

function slotOf(own: SlotConfig): Slot {
  const part = (at: Deployment['config'], location: string): Deployment => ({
    config: at,
    server: server(at.sqlServer, { location }),
    site: { resourceGroup: at.webAppResourceGroup, site: at.webApp, deploymentSlot: null },
  });
  return {
    ...part(own, 'northeurope'),
    config: own,
    standby: own.backup && part(own.backup, 'westeurope'),
  };
}

function ports(world: World, options: Options): Pick<UpgradeContext, 'azure' | 'sessions'> {
  const remove = (what: string, how: () => void) => {
    how();
    world.story.push(what);
    options.after?.(world, what);
  };
  const sql: Partial<UpgradeContext['azure']['sql']> = {
    getDatabase: async ({ server: at }) => {
      const found = world.databases.get(short(at));
      return found ? databaseInfo({ tags: tagsOf(found.createdByTool) }) : null;
    },
    listLinks: async ({ server: at }) => {
      if (!world.databases.has(short(at))) throw refused(404, 'ResourceNotFound');
      return linksOf(world, short(at));
    },
    removeLink: async ({ server: at }, id) => {
      const index = world.links.findIndex((one) => idOf(one) === id);
      const found = world.links[index];
      if (!found || found.from !== short(at)) throw refused(404, 'ResourceNotFound');
      const held = world.groups.some(
        ({ primary, partner }) => primary === found.from && partner === found.to,
      );
      if (held) throw refused(409, 'FailoverGroupAlreadySetup');
      remove(`${id} cut`, () => world.links.splice(index, 1));
    },
    deleteDatabase: async ({ server: at }) => {
      const name = short(at);
      remove(`${name} deleted`, () => {
        world.databases.delete(name);
        const others = world.links.filter(({ from, to }) => from !== name && to !== name);
        world.links.splice(0, world.links.length, ...others);
      });
    },
    listFailoverGroups: async ({ server: at }) =>
      world.groups
        .filter(({ primary, partner }) => [primary, partner].includes(short(at)))
        .map((group) => groupAt(group, short(at))),
    deleteFailoverGroup: async (_at, name) => {
      const index = world.groups.findIndex((one) => one.name === name);
      remove(`group ${name} deleted`, () => world.groups.splice(index, 1));
    },
  };
  const appService: Partial<UpgradeContext['azure']['appService']> = {
    getSite: async ({ site: name }) => {
      if (world.story.includes(`site ${name} deleted`)) return null;
      const tags = tagsOf(options.createdSites?.includes(name) ?? false);
      return site(name, { name, defaultHostName: `${name}.azurewebsites.net`, tags });
    },
    deleteSite: async ({ site: name }) => remove(`site ${name} deleted`, () => {}),
  };
  const web: Partial<UpgradeContext['azure']['web']> = {
    get: async (url) => {
      const version = options.answers?.[new URL(url).host.split('.')[0] ?? ''];
      if (version === null) return { kind: 'failed', why: 'connection refused', chain: [] };
      const body = JSON.stringify({ version: version ?? '1.0.0' });
      return { kind: 'answered', status: 200, headers: {}, body, chain: [] };
    },
  };
  return {
    azure: { sql, appService, web } as unknown as UpgradeContext['azure'],
    sessions: {
      on: async (target, use) => {
        const name = short(target.host.split('.')[0] ?? '');
        const found = world.databases.get(name);
        if (!found || found.unreachable) throw new SqlError(`${name} cannot be reached`, 'login', []);
        return use(connection(world, name, found, options));
      },
      drop: async () => {},
      closeAll: async () => {},
    },
  };
}

const tagsOf = (byTool: boolean): Record<string, string> =>
  byTool ? { 'rolling-upgrade-created-by': 'contoso' } : {};
const short = (serverName: string) => serverName.replace('contoso-sql-', '') as Name;
const idOf = ({ from, to }: Link) => `${from}→${to}`;

function refused(status: number, code: string): AzureError {
  return new AzureError(code, { status, code, correlationId: null, outcomeUnknown: false });
}

function linksOf(world: World, at: Name): ReplicationLink[] {
  return world.links
    .filter(({ from, to }) => from === at || to === at)
    .map((one) => {
      const primary = one.from === at;
      return link({
        id: idOf(one),
        partnerServer: `contoso-sql-${primary ? one.to : one.from}`,
        role: primary ? 'Primary' : 'Secondary',
        partnerRole: primary ? 'Secondary' : 'Primary',
        state: one.state,
      });
    });
}

function groupAt({ name, primary, partner, databases }: Group, at: Name): FailoverGroup {
  return {
    name,
    role: at === primary ? 'Primary' : 'Secondary',
    partnerServers: [`contoso-sql-${at === primary ? partner : primary}`],
    databaseIds: databases.map((one) => `/subscriptions/sub/servers/contoso-sql-${at}/databases/${one}`),
    policy: { failover: 'Manual', graceMinutes: null },
  };
}

function connection(world: World, name: Name, database: Database, { lock }: Options): SqlConnection {
  return {
    server: `contoso-sql-${name}`,
    database: 'contoso',
    isOpen: true,
    query: async (text) => {
      if (text.includes('Updateability')) {
        const secondary = world.links.some(({ to }) => to === name);
        return [{ mode: database.readOnly || secondary ? 'READ_ONLY' : 'READ_WRITE' }];
      }
      if (text.includes('sys.extended_properties'))
        return database.entry ? [{ entry: JSON.stringify(database.entry) }] : [];
      if (text.includes('APPLOCK_MODE')) return [{ mode: lock === 'taken' ? 'NoLock' : 'Exclusive' }];
      if (text.includes('sp_getapplock')) return [{ code: -1 }];
      if (text.includes('dm_geo_replication_link_status')) return linksOf(world, name).map(statusRow);
      throw new Error(`not expected: ${text}`);
    },
    batch: async (text) => {
      throw new Error(`not expected: ${text}`);
    },
    close: async () => {},
  };
}

function statusRow({ partnerServer, role, state }: ReplicationLink) {
  const primary = role === 'Primary';
  return {
    partner_server: partnerServer,
    role: primary ? 0 : 1,
    replication_state_desc: state,
    replication_lag_sec: primary ? 0 : null,
    last_commit: null,
  };
}
