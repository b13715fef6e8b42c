// One database on two servers, as steps (3) to (5) and the way back meet it, behind the real session keeper. A test
// changes what one side says, and what happens when it is asked.

import type { Role, UpgradeContext } from '../../src/application/upgrade-context.ts';
import { SqlError, type SqlErrorKind } from '../../src/azure/errors.ts';
import type { SqlConnection, SqlConnector, SqlRow, SqlTarget, SqlValue } from '../../src/azure/ports.ts';
import { createSessions } from '../../src/azure/tsql/sessions.ts';
import { decodeJournal, type JournalEntry } from '../../src/engine/journal.ts';
import { createReadOnlyWindow } from '../../src/engine/read-only-window.ts';
import { createSimulatedClock, type SimulatedClock } from '../engine/simulated-clock.ts';
import { config, freezing, START, server, slot } from '../guards/parts.ts';
import { ALL_KNOWN } from './all-known.ts';
import { eachLook } from './each-look.ts';

export interface Side {
  mode: 'READ_ONLY' | 'READ_WRITE';
  journal: JournalEntry | null;
  /** Rows of the view of links. */
  links: SqlRow[];
  /** Whether another session's ALTER DATABASE is seen. */
  altering: boolean;
  /** Sessions of others in it. */
  others: number;
  lastWrite: Date | null;
  /** How much the server's clock is ahead of the runner's; milliseconds. */
  clockAheadMs: number;
  lock: 'ours' | 'free' | 'taken';
  /** Asked before a statement is answered; throws, or waits, in its place. */
  before: (text: string, connection: SqlConnection) => void | Promise<void>;
}

export interface FrozenPair {
  readonly context: UpgradeContext;
  readonly clock: SimulatedClock;
  readonly production: Side;
  readonly stage: Side;
  readonly warnings: string[];
  readonly opened: { readonly role: Role; readonly connection: SqlConnection }[];
  /** Moves time on until the work has ended, ten minutes at most. */
  ended<T>(work: Promise<T>): Promise<T>;
}

export const run = { signal: new AbortController().signal, progress: () => {} };

export function linkRow(partner: string, role: 'primary' | 'secondary', lastCommit: Date | null): SqlRow {
  const primary = role === 'primary';
  return {
    partner_server: partner,
    role: primary ? 0 : 1,
    replication_state_desc: 'CATCH_UP',
    replication_lag_sec: primary ? 0 : null,
    last_commit: lastCommit,
  };
}

export function sqlError(kind: SqlErrorKind, number = 0, text = 'it says so'): SqlError {
  const message = { number, severity: 16, state: 1, line: 1, procedure: '', text };
  return new SqlError(text, kind, number === 0 ? [] : [message]);
}

/** Production just frozen, the copy linked and caught up. Grace 10 s. */
export function frozenPair(
  changes: { production?: Partial<Side>; stage?: Partial<Side>; context?: Partial<UpgradeContext> } = {},
): FrozenPair {
  const clock = createSimulatedClock(START);
  const commit = new Date(START - 1_000);
  const side = (partner: string, role: 'primary' | 'secondary'): Side => ({
    mode: 'READ_ONLY',
    journal: freezing(),
    links: [linkRow(partner, role, commit)],
    altering: false,
    others: 0,
    lastWrite: null,
    clockAheadMs: 0,
    lock: 'ours',
    before: () => {},
  });
  const production: Side = { ...side('contoso-sql-green', 'primary'), ...changes.production };
  const stage: Side = { ...side('contoso-sql-blue', 'secondary'), ...changes.stage };
  const opened: FrozenPair['opened'] = [];
  const warnings: string[] = [];
  const servers = { production: server('contoso-sql-blue'), stage: server('contoso-sql-green') };
  const connector: Pick<SqlConnector, 'connect'> = {
    connect: async (target) => {
      const role = target.host === servers.stage.fullyQualifiedDomainName ? 'stage' : 'production';
      const connection = connectionTo(role === 'stage' ? stage : production, target, clock);
      opened.push({ role, connection });
      return connection;
    },
  };
  const slotOf = (role: Role, name: string) => ({
    config: slot(name),
    server: servers[role],
    site: { resourceGroup: 'g', site: `contoso-${name}`, deploymentSlot: null },
    standby: null,
  });
  const ref = (role: Role) => ({ resourceGroup: 'g', server: servers[role].name, database: 'contoso' });
  const parts: Partial<UpgradeContext> = {
    config: config(),
    clock,
    newUpgradeId: 'new',
    known: ALL_KNOWN,
    runUrl: null,
    production: slotOf('production', 'blue'),
    stage: slotOf('stage', 'green'),
    databases: [{ name: 'contoso', production: ref('production'), stage: ref('stage') }],
    log: { line: () => {}, warning: (text) => warnings.push(text), group: () => {}, endGroup: () => {} },
    window: createReadOnlyWindow(clock, 30 * 60_000),
    sessions: createSessions(connector as SqlConnector, clock),
    ...changes.context,
  };
  const ended = async <T>(work: Promise<T>): Promise<T> => {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    for (let step = 0; step < 1_200 && !isOver; step++) await clock.advance(500);
    return work;
  };
  return { context: parts as UpgradeContext, clock, production, stage, warnings, opened, ended };
}

/** A connection on which implicit transactions are on loses what it wrote when it is closed. */
function connectionTo(side: Side, target: SqlTarget, clock: SimulatedClock): SqlConnection {
  let isOpen = true;
  let implicit = false;
  let committed: JournalEntry | null = null;
  const connection: SqlConnection = {
    server: target.host,
    database: target.database,
    get isOpen() {
      return isOpen;
    },
    query: async (text, parameters = {}) => {
      await side.before(text, connection);
      if (!text.includes('sp_addextendedproperty'))
        return eachLook(text, (statement) => answer(side, target, statement, clock));
      if (side.mode === 'READ_ONLY') throw sqlError('server', 3906, 'the database is read-only');
      committed = implicit ? (committed ?? side.journal) : null;
      side.journal = decodeJournal(asText(parameters.value));
      return [];
    },
    batch: async (text) => {
      await side.before(text, connection);
      if (text.includes('SET READ_ONLY')) side.mode = 'READ_ONLY';
      if (text.includes('SET READ_WRITE')) side.mode = 'READ_WRITE';
      if (text.includes('ANSI_DEFAULTS ON')) implicit = true;
    },
    close: async () => {
      isOpen = false;
      if (implicit && committed) side.journal = committed;
    },
  };
  return connection;
}

const asText = (value: SqlValue | undefined) => String(value ?? '');

function answer(side: Side, target: SqlTarget, text: string, clock: SimulatedClock): SqlRow[] {
  const serverTime = new Date(clock.now() + side.clockAheadMs);
  if (text.includes('Updateability')) return [{ mode: side.mode, server_time: serverTime }];
  if (text.includes('COUNT(*) AS others')) return [{ others: side.others }];
  if (text.includes('dm_exec_requests')) return [{ running: side.altering ? 1 : 0 }];
  if (text.includes('sys.extended_properties'))
    return side.journal ? [{ entry: JSON.stringify(side.journal) }] : [];
  if (text.includes('dm_geo_replication_link_status')) return side.links;
  if (text.includes('sp_wait_for_database_copy_sync')) return [{ code: 0 }];
  if (text.includes('APPLOCK_MODE')) return [{ mode: side.lock === 'ours' ? 'Exclusive' : 'NoLock' }];
  if (text.includes('sp_getapplock')) {
    if (side.lock !== 'taken') side.lock = 'ours';
    return [{ code: side.lock === 'taken' ? -1 : 0 }];
  }
  if (text.includes('dm_db_index_usage_stats'))
    return [{ last_write: side.lastWrite, server_time: serverTime }];
  if (text.includes('@@SERVERNAME')) return [{ server: target.host.split('.')[0] ?? '', name: 'contoso' }];
  if (text.includes('@@TRANCOUNT')) return [{ open_transactions: 0 }];
  throw new Error(`a query no step sends: ${text}`);
}
