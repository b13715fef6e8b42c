// Whether anybody has written to production since it was frozen.
import { journalOf } from '../application/journal.ts';
import { type DatabasePair, sqlTarget, type UpgradeContext } from '../application/upgrade-context.ts';
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
  const writesEnded = writesEndedAt(context, pair, seen.activity, seen.journal);
  // A fenced database goes on committing what is SQL Server's own (statistics, Query Store); a READ_ONLY one does not.
  const commits = seen.access.isReadOnly ? seen.links.map((link) => link.lastCommit) : [];
  const told = [seen.activity.lastWrite, ...commits];
  const late = told.find(
    (at) => at && writesEnded !== null && at.getTime() > writesEnded + CLOCK_TOLERANCE_MS,
  );
  if (late) throw written(context, pair, late);
  return `${pair.name} on ${context.production.server.name}: read-only, no write since the freeze`;
}

/** Two answers of one server; after a failover its clock is another machine's. */
const CLOCK_TOLERANCE_MS = 1_000;

/**
 * From when on there can have been no write, by the server's own clock, milliseconds since the epoch; null where
 * nothing says. A run that was resumed knows only when the freeze was announced: users could write until it took.
 */
function writesEndedAt(
  context: UpgradeContext,
  pair: DatabasePair,
  activity: WriteActivity,
  journal: JournalEntry | null,
): number | null {
  const confirmed = context.window.confirmedAt(freezeKey(pair));
  if (confirmed) return confirmed.getTime();
  if (!journal) return null;
  // The announcement bears a runner's time; runners keep the same time, SQL Server may be off.
  const agoMs = context.clock.now() - announcedAt(journal);
  return activity.now.getTime() - agoMs + freezeLastsMs(context);
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
