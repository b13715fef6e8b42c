// Two servers with the databases of an application, frozen and cut off from each other, as the step (5) finds them.
import type { CommandRun, UpgradeContext } from '../../src/application/upgrade-context.ts';
import type { SqlConnection, SqlRow, SqlTarget, SqlValue } from '../../src/azure/ports.ts';
import type { Config } from '../../src/config/config.ts';
import { encodeJournal, type JournalEntry } from '../../src/engine/journal.ts';
import { createSimulatedClock } from '../engine/simulated-clock.ts';
import { config, freezing, server, slot } from '../guards/parts.ts';
import { ALL_KNOWN } from './all-known.ts';
import { eachLook } from './each-look.ts';
import { sessionsWith } from './sessions-with.ts';

export interface Database {
  /** Text of the extended property; null where there is none. */
  journal: string | null;
  /** What @@SERVERNAME says. */
  serverName: string;
  /** Whether it is still a geo-secondary of production. */
  linked: boolean;
}

export interface Application {
  readonly context: UpgradeContext;
  readonly stage: Readonly<Record<string, Database>>;
  /** What was done, in order: "contoso: batch SELECT 1", "billing: flyway migrate". */
  readonly story: string[];
}

export interface Options {
  readonly upgrade: Config['upgrade'];
  /** Batches of each database's script. */
  readonly batches?: Readonly<Record<string, readonly string[]>>;
  readonly exitCode?: number;
}

/** Databases are those that `upgrade` names. */
export function application({ upgrade, batches = {}, exitCode = 0 }: Options): Application {
  const names = Object.keys(upgrade.kind === 'command' ? upgrade.command : upgrade.scripts);
  const story: string[] = [];
  const own = config({ databases: names, upgrade });
  const servers = { production: server('contoso-sql-blue'), stage: server('contoso-sql-green') };
  const databasesOn = (serverName: string) =>
    Object.fromEntries(
      names.map((name): [string, Database] => [
        name,
        { journal: encodeJournal(freezing()), serverName, linked: false },
      ]),
    );
  const production = databasesOn(servers.production.name);
  const stage = databasesOn(servers.stage.name);
  const databaseAt = ({ host, database }: SqlTarget): Database => {
    const found = (host === servers.stage.fullyQualifiedDomainName ? stage : production)[database];
    if (!found) throw new Error(`no database ${database} on ${host}`);
    return found;
  };
  const slotOf = (role: 'production' | 'stage', name: string) => ({
    config: slot(name),
    server: servers[role],
    site: { resourceGroup: 'g', site: `contoso-${name}`, deploymentSlot: null },
    standby: null,
  });
  const ref = (role: 'production' | 'stage', database: string) => ({
    resourceGroup: 'g',
    server: servers[role].name,
    database,
  });
  const parts: Partial<UpgradeContext> = {
    config: own,
    clock: createSimulatedClock(),
    production: slotOf('production', 'blue'),
    stage: slotOf('stage', 'green'),
    databases: names.map((name) => ({
      name,
      production: ref('production', name),
      stage: ref('stage', name),
    })),
    runUrl: null,
    log: { line: () => {}, warning: () => {}, group: () => {}, endGroup: () => {} },
    window: windowThatIsOpen(),
    sessions: sessionsWith(async (target, use) => use(connectionTo(databaseAt(target), target, story))),
    azure: {
      tsql: {
        commandEnvironment: async (target: SqlTarget) => ({
          SQL_SERVER: target.host,
          SQL_DATABASE: target.database,
        }),
      },
    } as unknown as UpgradeContext['azure'],
    known: ALL_KNOWN,
    readScript: async (database) => ({
      batches: (batches[database] ?? []).map((text, index) => ({
        text,
        repeat: 1,
        file: `db/${database}.sql`,
        line: index + 1,
        lineMap: [],
      })),
      digest: `digest of ${database}`,
      files: [`db/${database}.sql`],
    }),
    runCommand: async ({ command, environment }: CommandRun) => {
      story.push(`${environment.SQL_DATABASE} at ${environment.SQL_SERVER}: ${command.join(' ')}`);
      return { exitCode, timedOut: false };
    },
  };
  return { context: parts as UpgradeContext, stage, story };
}

function windowThatIsOpen(): UpgradeContext['window'] {
  const window: Partial<UpgradeContext['window']> = {
    spend: () => {},
    confirmedAt: () => null,
    report: () => ({ from: '2026-01-01T00:00:00.000Z', to: null, seconds: 1, spentOn: [] }),
  };
  return window as UpgradeContext['window'];
}

function connectionTo(database: Database, target: SqlTarget, story: string[]): SqlConnection {
  return {
    server: target.host,
    database: target.database,
    isOpen: true,
    query: (text, parameters = {}) =>
      eachLook(text, (statement) => answer(database, target, statement, parameters)),
    batch: async (text) => {
      story.push(`${target.database} at ${target.host}: ${text} (${statusOf(database)})`);
    },
    close: async () => {},
  };
}

function answer(
  database: Database,
  target: SqlTarget,
  text: string,
  parameters: Readonly<Record<string, SqlValue>>,
): SqlRow[] {
  if (text.includes('sp_addextendedproperty')) {
    database.journal = String(parameters.value);
    return [];
  }
  if (text.includes('sys.extended_properties'))
    return database.journal === null ? [] : [{ entry: database.journal }];
  if (text.includes('@@SERVERNAME')) return [{ server: database.serverName, name: target.database }];
  if (text.includes('@@TRANCOUNT')) return [{ open_transactions: 0 }];
  if (text.includes('dm_geo_replication_link_status')) {
    const link = { partner_server: 'contoso-sql-blue', role: 1, replication_state_desc: 'CATCH_UP' };
    return database.linked ? [{ ...link, replication_lag_sec: null, last_commit: null }] : [];
  }
  throw new Error(`not expected: ${text}`);
}

/** What the journal of a database says. */
export function statusOf(database: Database | undefined): JournalEntry['status'] | null {
  return database?.journal ? (JSON.parse(database.journal) as JournalEntry).status : null;
}
