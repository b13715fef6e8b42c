// Whether another run has moved users, or frozen production anew, while this one did not have the lock.

import { FREEZE_STATUSES } from '../engine/journal.ts';
import { UpgradeError } from '../reasons.ts';
import { databasesNow } from './databases-now.ts';
import { whyOvertaken } from './known-entries.ts';
import type { DatabaseSide } from './observe.ts';
import { lookWhyClosed } from './sent-back.ts';
import { returnOutcomeUnknown, settlePivot } from './settle-pivot.ts';
import type { UpgradeContext } from './upgrade-context.ts';
import { isReturning, mayHaveMovedUsers } from './way-back.ts';

/**
 * Why production must not be opened, as things are by now; null where it may. Never throws; takes minutes where that cannot be
 * settled.
 * @param notKnown what is told where it cannot
 */
export async function whyMovedMeanwhile(
  context: UpgradeContext,
  notKnown: (cause: unknown) => Promise<UpgradeError>,
): Promise<UpgradeError | null> {
  const databases = await databasesNow(context);
  const frozenAnew = whyOvertaken(
    context.known,
    databases.map(({ production }) => production).filter(isFrozen),
  );
  if (frozenAnew) return frozenAnew;
  if (!databases.some(mayHaveMovedUsers)) return null;
  const users = await settlePivot(context);
  if (users === 'stage') return moved(context);
  if (users === 'production') return (await lookWhyClosed(context, null)).closed;
  return databases.some(isReturning) ? returnOutcomeUnknown(context, null) : notKnown(null);
}

/** Whoever has frozen it gives it back. */
const isFrozen = ({ access, journal }: DatabaseSide): boolean =>
  access === 'read-only' && FREEZE_STATUSES.includes(journal?.status ?? 'unfrozen');

function moved({ production, stage }: UpgradeContext): UpgradeError {
  return new UpgradeError(
    'point-of-no-return-passed',
    `Users are on ${stage.config.name} by now: they were moved while this run did not have the lock. ${production.config.name}'s database is not opened for writers any more`,
    { advice: ['Look at the other run of this application, and run phase status.'] },
  );
}
