// A freeze whose end nobody saw: the connection broke, or the run was killed, while ALTER DATABASE waited. SQL Server
// goes on with it, so production can become read-only long after it was read to be writable.
import { sameName } from '../application/production-slot.ts';
import { type DatabasePair, sqlTarget, type UpgradeContext } from '../application/upgrade-context.ts';
import { SqlError } from '../azure/errors.ts';
import { type Access, ALTER_TIMEOUT_MS, readAccess, seesAlterDatabase } from '../azure/tsql/access-mode.ts';
import { FREEZE_STATUSES, type JournalEntry } from '../engine/journal.ts';

const POLL_MS = 500;

/** How long after its announcement a freeze may still take effect. Milliseconds. */
export function freezeLastsMs(context: Pick<UpgradeContext, 'config'>): number {
  return context.config.freezeGraceSeconds * 1000 + ALTER_TIMEOUT_MS;
}

/** Whether a freeze was announced on production and nothing says how it ended. */
export function isAnnounced(context: UpgradeContext, journal: JournalEntry | null): journal is JournalEntry {
  if (!journal || !FREEZE_STATUSES.includes(journal.status)) return false;
  return sameName(journal.server, context.production.server.name);
}

/** When that was, by the clock of the run that announced it. Milliseconds since the epoch. */
export function announcedAt(journal: JournalEntry): number {
  return Date.parse(journal.at);
}

/**
 * Waits until it is known what became of the freeze: until the database is read-only, until a freeze that was seen
 * running is gone, or until it can have been running no longer. A mode that is read before that is not believed.
 *
 * @param sentAt when it was announced or sent; milliseconds since the epoch. What has long passed is not waited for.
 * @returns the mode that it left. Throws where that cannot be told in time.
 */
export async function settleFreeze(
  context: UpgradeContext,
  pair: DatabasePair,
  sentAt: number,
  signal: AbortSignal,
): Promise<Access> {
  const until = sentAt + freezeLastsMs(context);
  let wasSeen = false;
  for (;;) {
    signal.throwIfAborted();
    const look = await lookAt(context, pair);
    if (look.kind === 'seen') {
      if (look.access.mode === 'read-only' || (wasSeen && !look.altering)) return look.access;
      if (!look.altering && context.clock.now() >= until) return look.access;
      wasSeen ||= look.altering;
    }
    if (context.clock.now() >= until) throw notSettled(context, pair, look);
    await context.clock.sleep(POLL_MS, signal);
  }
}

type Look =
  | { readonly kind: 'seen'; readonly altering: boolean; readonly access: Access }
  /** The freeze ends every session in the database, the one that looks as well. */
  | { readonly kind: 'cut-off'; readonly cause: SqlError };

async function lookAt(context: UpgradeContext, pair: DatabasePair): Promise<Look> {
  try {
    return await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
      // In this order: a freeze that is not seen any more has left the mode that is read afterwards.
      const altering = await seesAlterDatabase(connection);
      return { kind: 'seen', altering, access: await readAccess(connection) };
    });
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return { kind: 'cut-off', cause: error };
  }
}

function notSettled(context: UpgradeContext, pair: DatabasePair, look: Look): Error {
  const where = `${pair.name} on ${context.production.server.name}`;
  if (look.kind === 'cut-off') return new Error(`${where} cannot be read`, { cause: look.cause });
  return new Error(`ALTER DATABASE is still running on ${where}; it may yet become read-only`);
}
