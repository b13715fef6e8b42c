// Two servers with one database each, as production and stage: access mode, journal entry, link. What is done to
// them is seen in them, and the story tells in which order.

import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { SqlError } from '../../src/azure/errors.ts';
import type { ReplicationLink, SqlConnection, SqlTarget, SqlValue } from '../../src/azure/ports.ts';
import type { JournalEntry } from '../../src/engine/journal.ts';
import { createSimulatedClock, type SimulatedClock } from '../engine/simulated-clock.ts';
import { config, databaseInfo, link, START, server, site, slot } from '../guards/parts.ts';
import { ALL_KNOWN } from './all-known.ts';
import { eachLook } from './each-look.ts';
import { sessionsWith } from './sessions-with.ts';

/** When the world begins, an hour after what its entries tell of. */
const BEGIN = START + 60 * 60_000;

export type Color = 'blue' | 'green';

export interface Database {
  exists: boolean;
  readOnly: boolean;
  entry: JournalEntry | null;
  createdByTool: boolean;
  links: ReplicationLink[];
  /** Refuses every login. */
  unreachable: boolean;
  /** By users. */
  lastWrite: Date | null;
}

export interface Servers {
  readonly context: UpgradeContext;
  readonly clock: SimulatedClock;
  readonly blue: Database;
  readonly green: Database;
  /** "green READ_ONLY", "blue journal freezing", "blue deleted" in the order in which they were done. */
  readonly story: string[];
}

export interface Options {
  /** Which of them users are on. */
  readonly production: Color;
  readonly blue?: Partial<Database>;
  readonly green?: Partial<Database>;
  readonly context?: Partial<UpgradeContext>;
  /** Called before each statement that changes something; may throw. */
  readonly before?: (what: string) => void;
}

/** An entry of upgrade "u1" written on this server; at minute 0 where not told. */
export function entry(
  color: Color,
  status: JournalEntry['status'],
  changes: Partial<JournalEntry> = {},
): JournalEntry {
  return {
    version: 1,
    application: 'contoso',
    upgradeId: 'u1',
    server: `contoso-sql-${color}`,
    status,
    at: new Date(START).toISOString(),
    frozenAt: null,
    scriptDigest: null,
    runUrl: null,
    ...changes,
  };
}

/** As production's link to the other one, and as the other one's back. */
export function linked(production: Color): { primary: ReplicationLink[]; secondary: ReplicationLink[] } {
  const stage = production === 'blue' ? 'green' : 'blue';
  return {
    primary: [link({ partnerServer: `contoso-sql-${stage}` })],
    secondary: [
      link({ role: 'Secondary', partnerRole: 'Primary', partnerServer: `contoso-sql-${production}` }),
    ],
  };
}

export function servers(options: Options): Servers {
  const database = (changes: Partial<Database> = {}): Database => ({
    exists: true,
    readOnly: false,
    entry: null,
    createdByTool: true,
    links: [],
    lastWrite: null,
    unreachable: false,
    ...changes,
  });
  const blue = database(options.blue);
  const green = database(options.green);
  const story: string[] = [];
  const clock = createSimulatedClock(BEGIN);
  const stageColor = options.production === 'blue' ? 'green' : 'blue';
  const at = (name: string): [Color, Database] =>
    name.includes('-blue') ? ['blue', blue] : ['green', green];
  const change = (what: string, make: () => void) => {
    options.before?.(what);
    make();
    story.push(what);
  };
  const side = (color: Color) => ({
    config: slot(color),
    server: server(`contoso-sql-${color}`),
    site: { resourceGroup: `contoso-${color}`, site: `contoso-${color}`, deploymentSlot: null },
    standby: null,
  });
  const ref = (color: Color) => ({
    resourceGroup: `contoso-${color}`,
    server: `contoso-sql-${color}`,
    database: 'contoso',
  });
  const sql: Partial<UpgradeContext['azure']['sql']> = {
    getDatabase: async ({ server: name }) => {
      const [, found] = at(name);
      const tags = found.createdByTool ? { 'rolling-upgrade-created-by': 'contoso' } : {};
      return found.exists ? databaseInfo({ tags }) : null;
    },
    listLinks: async ({ server: name }) => at(name)[1].links,
    deleteDatabase: async ({ server: name }, _progress, beforeSending) => {
      await beforeSending();
      const [color, found] = at(name);
      change(`${color} deleted`, () => Object.assign(found, { exists: false }));
    },
  };
  const parts: Partial<UpgradeContext> = {
    config: config({ rollback: { stage: 'remove' } }),
    clock,
    confirm: '',
    newUpgradeId: 'new',
    known: ALL_KNOWN,
    runUrl: null,
    production: side(options.production),
    stage: side(stageColor),
    databases: [{ name: 'contoso', production: ref(options.production), stage: ref(stageColor) }],
    log: { line: () => {}, warning: () => {}, group: () => {}, endGroup: () => {} },
    window: closedWindow(),
    sessions: sessionsWith(async (target, use) => {
      const [color, found] = at(target.host);
      if (found.unreachable) throw new SqlError(`${color} cannot be reached`, 'login', []);
      return use(connection(target, color, found, change));
    }),
    azure: {
      sql,
      appService: { getSite: async () => site(stageColor) },
    } as unknown as UpgradeContext['azure'],
    ...options.context,
  };
  return { context: parts as UpgradeContext, clock, blue, green, story };
}

function closedWindow(): UpgradeContext['window'] {
  const confirmed = new Map<string, Date>();
  const window: Partial<UpgradeContext['window']> = {
    open: () => {},
    close: () => {},
    confirm: (database, at) => void confirmed.set(database, at),
    confirmedAt: (database) => confirmed.get(database) ?? null,
    spend: () => {},
    disarm: () => {},
    report: () => null,
  };
  return window as UpgradeContext['window'];
}

type Change = (what: string, make: () => void) => void;

function connection(target: SqlTarget, color: Color, database: Database, change: Change): SqlConnection {
  return {
    server: target.host,
    database: target.database,
    isOpen: true,
    query: (text, parameters = {}) =>
      eachLook(text, (statement) => answer(color, database, statement, parameters, change)),
    batch: async (text) => {
      const mode = /SET (READ_\w+)/.exec(text)?.[1] ?? '';
      change(`${color} ${mode}`, () => Object.assign(database, { readOnly: mode === 'READ_ONLY' }));
    },
    close: async () => {},
  };
}

function answer(
  color: Color,
  database: Database,
  text: string,
  parameters: Readonly<Record<string, SqlValue>>,
  change: Change,
) {
  if (text.includes('Updateability')) return [{ mode: database.readOnly ? 'READ_ONLY' : 'READ_WRITE' }];
  if (text.includes('sp_addextendedproperty')) {
    const written = JSON.parse(String(parameters.value)) as JournalEntry;
    if (database.readOnly) throw new Error(`${color} is read-only`);
    change(`${color} journal ${written.status}`, () => Object.assign(database, { entry: written }));
    return [];
  }
  if (text.includes('sys.extended_properties'))
    return database.entry ? [{ entry: JSON.stringify(database.entry) }] : [];
  if (text.includes('APPLOCK_MODE')) return [{ mode: 'Exclusive' }];
  if (text.includes('dm_db_index_usage_stats'))
    return [{ last_write: database.lastWrite, server_time: new Date(BEGIN) }];
  if (text.includes('dm_exec_requests')) return [{ running: 0 }];
  if (text.includes('dm_geo_replication_link_status')) return [];
  throw new Error(`not expected: ${text}`);
}
