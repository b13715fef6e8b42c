// Reading and writing the journal entry of one database of the application.
import type { SqlConnection } from '../azure/ports.ts';
import { JOURNAL_TEXT, writeJournalProperty } from '../azure/tsql/journal-property.ts';
import { type Look, lookAt } from '../azure/tsql/looks.ts';
import { decodeJournal, encodeJournal, type JournalEntry, type JournalStatus } from '../engine/journal.ts';
import type { Role, UpgradeContext } from './upgrade-context.ts';

/** The entry a database carries; null where it carries none of this application's. */
export function journalOf({ config }: Pick<UpgradeContext, 'config'>): Look<JournalEntry | null> {
  return {
    ...JOURNAL_TEXT,
    read: (rows, connection) => {
      const text = JOURNAL_TEXT.read(rows, connection);
      const entry = text === null ? null : decodeJournal(text);
      return entry?.application === config.application ? entry : null;
    },
  };
}

export function readJournal(
  context: Pick<UpgradeContext, 'config'>,
  connection: SqlConnection,
): Promise<JournalEntry | null> {
  return lookAt(connection, journalOf(context));
}

/** Writes an entry that names the server it is written on. The database must take writes. */
export async function writeJournal(
  context: UpgradeContext,
  role: Role,
  connection: SqlConnection,
  entry: {
    upgradeId: string;
    status: JournalStatus;
    frozenAt?: string | null;
    serverAt?: string | undefined;
    closedAt?: string | undefined;
    scriptDigest?: string | null;
    was?: JournalEntry['was'];
  },
): Promise<void> {
  const full: JournalEntry = {
    version: 1,
    application: context.config.application,
    upgradeId: entry.upgradeId,
    server: context[role].server.name,
    status: entry.status,
    at: new Date(context.clock.now()).toISOString(),
    frozenAt: entry.frozenAt ?? null,
    scriptDigest: entry.scriptDigest ?? null,
    runUrl: context.runUrl,
    ...(entry.serverAt === undefined ? {} : { serverAt: entry.serverAt }),
    ...(entry.closedAt === undefined ? {} : { closedAt: entry.closedAt }),
    ...(entry.was === undefined ? {} : { was: entry.was }),
  };
  await write(context, connection, full);
}

/** Writes an entry that replaces `entry` until it is put back. The database must take writes. */
export async function replaceJournal(
  context: UpgradeContext,
  connection: SqlConnection,
  entry: JournalEntry,
  status: JournalStatus,
): Promise<void> {
  const at = new Date(context.clock.now()).toISOString();
  const was = entry.was ?? { status: entry.status, at: entry.at };
  await write(context, connection, { ...entry, status, at, was });
}

/** Writes the entry as it is, with the moment that it is now. The database must take writes. */
export async function renewJournal(
  context: UpgradeContext,
  connection: SqlConnection,
  entry: JournalEntry,
): Promise<void> {
  const at = new Date(context.clock.now()).toISOString();
  await write(context, connection, { ...entry, at });
}

/**
 * Puts back what `entry` has replaced; one that has replaced nothing is written as it is. In this run's name: a run that has stood
 * still meanwhile must not take it for what it has read before.
 */
export async function restoreJournal(
  context: UpgradeContext,
  connection: SqlConnection,
  entry: JournalEntry,
): Promise<void> {
  await write(context, connection, { ...entry, ...entry.was, was: undefined });
}

/** In this run's name, whoever wrote what it is made of; known before it is sent, for its answer may be lost. */
async function write(context: UpgradeContext, connection: SqlConnection, entry: JournalEntry): Promise<void> {
  const own: JournalEntry = { ...entry, runUrl: context.runUrl, writer: context.newUpgradeId };
  context.known.note(connection, own);
  await writeJournalProperty(connection, encodeJournal(own));
}
