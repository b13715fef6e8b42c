// Which databases are frozen first. READ_ONLY waits the grace (`freeze.grace`) for sessions that stay, idle ones of a pool
// as well, and is there at once where there are none. The read-only window lasts from the first database to the last one,
// so those with sessions go first, and the others when these are closed: the grace is not in the window then.
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { countOtherSessions } from '../azure/tsql/other-sessions.ts';

/**
 * The databases in the groups in which they are frozen, one after the other; all at once where that takes the same time.
 * A database whose sessions cannot be seen goes with those that have none.
 */
export async function freezeOrder(context: UpgradeContext): Promise<(readonly DatabasePair[])[]> {
  const { databases, config } = context;
  const hasGrace = config.freezeMethod !== 'deny-writes' && config.freezeGraceSeconds > 0;
  if (!hasGrace || databases.length === 1) return [databases];
  const counts = await forEachDatabase(context, (pair) =>
    context.sessions.on(sqlTarget(context, 'production', pair.name), countOtherSessions),
  );
  const withSessions = databases.filter((_pair, index) => counts[index] !== 0);
  const without = databases.filter((_pair, index) => counts[index] === 0);
  return [withSessions, without].filter((group) => group.length > 0);
}
