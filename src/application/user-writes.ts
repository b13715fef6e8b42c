// Whether users have written to a database that carries an entry of the upgrade. The entry travels with the data: of two
// databases that were one pair, and that somebody has cut apart after V2 served on one of them, both show the same.
import { readWriteActivity } from '../azure/tsql/write-activity.ts';
import type { DatabaseSide } from './observe.ts';
import { type DatabasePair, type Role, sqlTarget, type UpgradeContext } from './upgrade-context.ts';

/** Entries are written by a runner's clock, writes are told by the server's. */
const CLOCK_TOLERANCE_MS = 1_000;

/**
 * When users last wrote there after its entry, by the server's own clock; null where no such write is remembered (a
 * failover and a restart empty the view; what arrived by replication is not in it). Throws SqlError.
 *
 * @param context the view of the region that the database is in.
 */
export async function writtenAfterEntry(
  context: UpgradeContext,
  role: Role,
  pair: DatabasePair,
  { journal }: DatabaseSide,
): Promise<Date | null> {
  const { lastWrite, now } = await context.sessions.on(
    sqlTarget(context, role, pair.name),
    readWriteActivity,
  );
  if (!lastWrite || !journal) return lastWrite;
  const agoMs = context.clock.now() - Date.parse(journal.at);
  return lastWrite.getTime() > now.getTime() - agoMs + CLOCK_TOLERANCE_MS ? lastWrite : null;
}
