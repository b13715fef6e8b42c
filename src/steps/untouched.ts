// Whether anybody has written to production since it was frozen.
import { journalOf } from '../application/journal.ts';
import { type DatabasePair, sqlTarget, type UpgradeContext } from '../application/upgrade-context.ts';
import type { DatabaseRef } from '../azure/ports.ts';
import { ACCESS } from '../azure/tsql/access-mode.ts';
import { LINKS } from '../azure/tsql/geo-replication.ts';
import { lookAtAll } from '../azure/tsql/looks.ts';
import { readWriteActivity, WRITE_ACTIVITY, type WriteActivity } from '../azure/tsql/write-activity.ts';
import type { JournalEntry } from '../engine/journal.ts';
import { UpgradeError } from '../reasons.ts';
import { assertFrozenPrimary } from './drain.ts';
import { freezeKey } from './freeze-key.ts';
import { announcedAt, freezeLastsMs } from './late-freeze.ts';

/**
 * Somebody may have unfrozen production, written, and frozen it again, here or on its geo-secondary between a failover and
 * the failback; the copy would not have it. Asked before anybody is sent to the copy. A failover empties the view of
 * writes; the last commit, which the links tell, stays with the data. Returns the evidence; throws 'drain-failed' where production takes writes, and
 * 'production-frozen-elsewhere' where it was written since the freeze.
 */
export async function assertUntouched(context: UpgradeContext, pair: DatabasePair): Promise<string> {
  const seen = await context.sessions.on(sqlTarget(context, 'production', pair.name), async (connection) => {
    const now = await lookAtAll(connection, {
      access: ACCESS,
      links: LINKS,
      journal: journalOf(context),
      activity: WRITE_ACTIVITY,
    });
    await assertFrozenPrimary(context, pair, connection, now);
    // What a fence is asked for takes a while, and it does not bind everybody.
    return now.access.isReadOnly ? now : { ...now, activity: await readWriteActivity(connection) };
  });
  // A fenced database goes on committing what is SQL Server's own (statistics, Query Store); a READ_ONLY one does not.
  const commits = seen.access.isReadOnly ? seen.links.map((link) => link.lastCommit) : [];
  const late =
    lateWrite(context, pair.production, seen) ?? lateCommit(context, pair.production, seen, commits);
  if (late) throw written(context, pair, late);
  return `${pair.name} on ${context.production.server.name}: read-only, no write since the freeze`;
}

/** What a database says of the writes since its freeze. */
export interface SeenSinceFreeze {
  readonly activity: WriteActivity;
  readonly journal: JournalEntry | null;
}

/** When users last wrote after the freeze of that database; null where no such write is remembered. */
export function lateWrite(context: UpgradeContext, frozen: DatabaseRef, seen: SeenSinceFreeze): Date | null {
  const ended = writesEnded(context, frozen, seen);
  const { lastWrite } = seen.activity;
  if (!ended || !lastWrite) return null;
  const toleranceMs = ended.isExact ? SAME_CLOCK_TOLERANCE_MS : CLOCK_TOLERANCE_MS;
  return lastWrite.getTime() > ended.at + toleranceMs ? lastWrite : null;
}

function lateCommit(
  context: UpgradeContext,
  frozen: DatabaseRef,
  seen: SeenSinceFreeze,
  commits: readonly (Date | null)[],
): Date | null {
  const ended = writesEnded(context, frozen, seen);
  return commits.find((at) => at && ended && at.getTime() > ended.at + CLOCK_TOLERANCE_MS) ?? null;
}

/** One clock, that is set right in small steps. */
const SAME_CLOCK_TOLERANCE_MS = 100;
/** Two clocks: a runner's and a server's, or after a failover two machines'. */
const CLOCK_TOLERANCE_MS = 1_000;

interface WritesEnded {
  /** By the server's own clock, milliseconds since the epoch. */
  readonly at: number;
  /** Seen by this run on the server itself, not reckoned from what a run announced. */
  readonly isExact: boolean;
}

/**
 * From when on there can have been no write; null where nothing says. A run that was resumed knows only when the freeze
 * was announced: users could write until it took.
 */
function writesEnded(
  context: UpgradeContext,
  frozen: DatabaseRef,
  { activity, journal }: SeenSinceFreeze,
): WritesEnded | null {
  const confirmed = context.window.confirmedAt(freezeKey(frozen));
  if (confirmed) return { at: confirmed.getTime(), isExact: true };
  if (!journal) return null;
  if (journal.serverAt) return { at: Date.parse(journal.serverAt) + freezeLastsMs(context), isExact: false };
  // An announcement of before bears a runner's time only; runners keep the same time, SQL Server may be off.
  const agoMs = context.clock.now() - announcedAt(journal);
  return { at: activity.now.getTime() - agoMs + freezeLastsMs(context), isExact: false };
}

function written(context: UpgradeContext, pair: DatabasePair, at: Date): UpgradeError {
  return new UpgradeError(
    'production-frozen-elsewhere',
    `${pair.name} on ${context.production.server.name} was written at ${at.toISOString()}, after it was frozen: the stage copy does not have that write`,
    {
      advice: [
        'Production is given back with all its data. Find out who set it read-write, then upgrade again.',
      ],
    },
  );
}
