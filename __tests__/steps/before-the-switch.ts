// An application in two regions: contoso-sql-1 with its geo-secondary contoso-sql-dr is production (blue), and
// contoso-sql-2 with contoso-sql-3 the stage slot (green). A test changes what one server says; the story tells what
// was done to them.

import type { Deployment, Slot, UpgradeContext } from '../../src/application/upgrade-context.ts';
import { SqlError } from '../../src/azure/errors.ts';
import type { SqlConnection, SqlConnector, SqlRow, SqlTarget, SqlValue } from '../../src/azure/ports.ts';
import { createSessions } from '../../src/azure/tsql/sessions.ts';
import type { Config, DeploymentConfig, SlotConfig } from '../../src/config/config.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';
import { createReadOnlyWindow } from '../../src/engine/read-only-window.ts';
import { createSimulatedClock, type SimulatedClock } from '../engine/simulated-clock.ts';
import { config, START, server } from '../guards/parts.ts';
import { ALL_KNOWN } from './all-known.ts';
import { eachLook } from './each-look.ts';
import { linkRow } from './frozen-pair.ts';

export type Name = '1' | 'dr' | '2' | '3';

export interface Database {
  readOnly: boolean;
  entry: JournalEntry | null;
  /** Rows of the view of links, by partner. */
  links: Partial<Record<Name, SqlRow>>;
  unreachable: boolean;
  /** Called before each statement; may throw, or wait. */
  before: (text: string) => void | Promise<void>;
}

export interface BeforeTheSwitch {
  readonly context: UpgradeContext;
  readonly clock: SimulatedClock;
  readonly databases: Readonly<Record<Name, Database>>;
  readonly story: string[];
  readonly warnings: string[];
  /** Moves time on until the work has ended, an hour at most. */
  ended<T>(work: Promise<T>): Promise<T>;
}

export const run = { signal: new AbortController().signal, progress: () => {} };

export const host = (name: Name) => `contoso-sql-${name}`;
const COMMIT = new Date(START - 1_000);

/** As the primary, or the secondary, of a link sees it. */
export const primaryTo = (name: Name, changes: SqlRow = {}): SqlRow => ({
  ...linkRow(host(name), 'primary', COMMIT),
  ...changes,
});
export const secondaryOf = (name: Name, changes: SqlRow = {}): SqlRow => ({
  ...linkRow(host(name), 'secondary', COMMIT),
  ...changes,
});

export function entry(
  name: Name,
  status: JournalEntry['status'],
  changes: Partial<JournalEntry> = {},
): JournalEntry {
  return {
    version: 1,
    application: 'contoso',
    upgradeId: 'u1',
    server: host(name),
    status,
    at: new Date(START).toISOString(),
    frozenAt: null,
    scriptDigest: null,
    runUrl: null,
    ...changes,
  };
}

function part(name: Name, group: string): DeploymentConfig {
  const site = `contoso-${name}`;
  return {
    resourceGroup: group,
    sqlServer: host(name),
    sqlResourceGroup: group,
    elasticPool: null,
    webApp: site,
    webAppResourceGroup: group,
    webAppMode: 'existing',
    appServicePlan: null,
    endpoint: { name: site, type: 'external' },
  };
}

export const BLUE: SlotConfig = {
  ...part('1', 'contoso-blue'),
  name: 'blue',
  backup: part('dr', 'contoso-blue-dr'),
  failoverGroup: null,
};
export const GREEN: SlotConfig = {
  ...part('2', 'contoso-green'),
  name: 'green',
  backup: part('3', 'contoso-green-dr'),
  failoverGroup: null,
};

export interface Options {
  readonly config?: Partial<Config>;
  readonly production?: 'blue' | 'green';
  readonly databases?: Partial<Record<Name, Partial<Database>>>;
  readonly azure?: Partial<Record<keyof UpgradeContext['azure'], object>>;
}

/** Frozen, cut and upgraded, as it is before the switch; production and stage each with a caught-up geo-secondary. */
export function beforeTheSwitch(options: Options = {}): BeforeTheSwitch {
  const clock = createSimulatedClock(START + 60 * 60_000);
  const story: string[] = [];
  const warnings: string[] = [];
  const databases = databasesOf(options);
  const connector: Pick<SqlConnector, 'connect'> = {
    connect: async (target) => {
      const name = nameOf(target);
      if (databases[name].unreachable) throw new SqlError(`${host(name)} does not answer`, 'login', []);
      return connectionTo(name, databases[name], target, story, clock);
    },
  };
  const own = config({ topology: 'geo-redundant', slots: [BLUE, GREEN], ...options.config });
  const [first, second] = own.slots;
  const [production, stage] = options.production === 'green' ? [second, first] : [first, second];
  const ref = ({ sqlResourceGroup, sqlServer }: SlotConfig) => ({
    resourceGroup: sqlResourceGroup,
    server: sqlServer,
    database: 'contoso',
  });
  const parts: Partial<UpgradeContext> = {
    config: own,
    clock,
    confirm: '',
    newUpgradeId: 'new',
    known: ALL_KNOWN,
    runUrl: null,
    production: slotOf(own, production, null),
    stage: slotOf(own, stage, own.deploymentSlot),
    databases: [{ name: 'contoso', production: ref(production), stage: ref(stage) }],
    log: { line: () => {}, warning: (text) => warnings.push(text), group: () => {}, endGroup: () => {} },
    window: createReadOnlyWindow(clock, 10 * 60 * 60_000),
    sessions: createSessions(connector as SqlConnector),
    azure: { ...options.azure } as unknown as UpgradeContext['azure'],
    readScript: async () => ({ batches: [], digest: 'digest', files: [] }),
  };
  const ended = async <T>(work: Promise<T>): Promise<T> => {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    for (let step = 0; step < 7_200 && !isOver; step++) await clock.advance(500);
    return work;
  };
  return { context: parts as UpgradeContext, clock, databases, story, warnings, ended };
}

function databasesOf({ databases = {} }: Options): Record<Name, Database> {
  const database = (name: Name, like: Partial<Database>): Database => ({
    readOnly: false,
    entry: null,
    links: {},
    unreachable: false,
    before: () => {},
    ...like,
    ...databases[name],
  });
  const frozen = { readOnly: true, entry: entry('1', 'freezing') };
  const upgraded = { entry: entry('2', 'upgraded') };
  return {
    '1': database('1', { ...frozen, links: { dr: primaryTo('dr') } }),
    dr: database('dr', { ...frozen, links: { '1': secondaryOf('1') } }),
    '2': database('2', { ...upgraded, links: { '3': primaryTo('3') } }),
    '3': database('3', { ...upgraded, readOnly: true, links: { '2': secondaryOf('2') } }),
  };
}

function slotOf({ switchMethod }: Config, slot: SlotConfig, deploymentSlot: string | null): Slot {
  const deployment = (at: DeploymentConfig): Deployment => ({
    config: at,
    server: server(at.sqlServer),
    site: {
      resourceGroup: at.webAppResourceGroup,
      site: at.webApp,
      deploymentSlot: switchMethod === 'slot-swap' ? deploymentSlot : null,
    },
  });
  return { ...deployment(slot), config: slot, standby: slot.backup && deployment(slot.backup) };
}

function nameOf({ host: name }: Pick<SqlTarget, 'host'>): Name {
  const found = /^contoso-sql-(1|dr|2|3)\./.exec(name)?.[1];
  if (!found) throw new Error(`no server ${name}`);
  return found as Name;
}

function connectionTo(
  name: Name,
  database: Database,
  target: SqlTarget,
  story: string[],
  clock: SimulatedClock,
): SqlConnection {
  let isOpen = true;
  return {
    server: target.host,
    database: target.database,
    get isOpen() {
      return isOpen && !database.unreachable;
    },
    query: async (text, parameters = {}) => {
      await database.before(text);
      return eachLook(text, (statement) =>
        statement.includes('dm_db_index_usage_stats')
          ? [{ last_write: null, server_time: new Date(clock.now()) }]
          : answer(name, database, statement, parameters, story),
      );
    },
    batch: async (text) => {
      await database.before(text);
      story.push(`${name} ${/SET (READ_\w+)/.exec(text)?.[1] ?? 'batch'}`);
    },
    close: async () => {
      isOpen = false;
    },
  };
}

function answer(
  name: Name,
  database: Database,
  text: string,
  parameters: Readonly<Record<string, SqlValue>>,
  story: string[],
): SqlRow[] {
  if (text.includes('sp_addextendedproperty')) {
    if (database.readOnly) throw new Error(`${host(name)} is read-only`);
    database.entry = JSON.parse(String(parameters.value)) as JournalEntry;
    story.push(`${name} journal ${database.entry.status}`);
    return [];
  }
  if (text.includes('sys.extended_properties'))
    return database.entry ? [{ entry: JSON.stringify(database.entry) }] : [];
  if (text.includes('dm_geo_replication_link_status')) return Object.values(database.links);
  if (text.includes('sp_wait_for_database_copy_sync')) {
    story.push(`${name} sync with ${String(parameters.server)}`);
    return [{ code: 0 }];
  }
  if (text.includes('@@SERVERNAME')) return [{ server: host(name), name: 'contoso' }];
  if (text.includes('@@TRANCOUNT')) return [{ open_transactions: 0 }];
  if (text.includes('Updateability')) return [{ mode: database.readOnly ? 'READ_ONLY' : 'READ_WRITE' }];
  if (text.includes('IS_ROLEMEMBER')) return [{ name: 'tool', owner: 1, alter_database: 1 }];
  if (text.includes('APPLOCK_MODE')) return [{ mode: 'Exclusive' }];
  throw new Error(`not expected: ${text}`);
}
