// Whether users have been moved by another run, while this one did not have the lock.
import { ACCESS } from '../azure/tsql/access-mode.ts';
import { lookAtAll } from '../azure/tsql/looks.ts';
import { UpgradeError } from '../reasons.ts';
import { journalOf } from './journal.ts';
import {
  type DatabaseObservation,
  observeDatabase,
  observeDatabasesThatAnswer,
  type ReadSide,
} from './observe.ts';
import { lookWhyClosed } from './sent-back.ts';
import { returnOutcomeUnknown, settlePivot } from './settle-pivot.ts';
import { sqlTarget, type UpgradeContext } from './upgrade-context.ts';
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
  if (!databases.some(mayHaveMovedUsers)) return null;
  const users = await settlePivot(context);
  if (users === 'stage') return moved(context);
  if (users === 'production') return (await lookWhyClosed(context, null)).closed;
  return databases.some(isReturning) ? returnOutcomeUnknown(context, null) : notKnown(null);
}

/** As they say themselves. Of those that do not answer Resource Manager knows more; it is slower to ask, and users wait. */
async function databasesNow(context: UpgradeContext): Promise<readonly DatabaseObservation[]> {
  try {
    return await Promise.all(context.databases.map((pair) => observeDatabase(context, pair, bySql)));
  } catch {
    return (await observeDatabasesThatAnswer(context)).databases;
  }
}

const bySql: ReadSide = (context, role, pair) =>
  context.sessions.on(sqlTarget(context, role, pair.name), async (connection) => {
    const looks = { access: ACCESS, journal: journalOf(context) };
    const { access, journal } = await lookAtAll(connection, looks);
    return { ref: pair[role], info: null, links: [], access: access.mode, why: '', journal };
  });

function moved({ production, stage }: UpgradeContext): UpgradeError {
  return new UpgradeError(
    'point-of-no-return-passed',
    `Users are on ${stage.config.name} by now: they were moved while this run did not have the lock. ${production.config.name}'s database is not opened for writers any more`,
    { advice: ['Look at the other run of this application, and run phase status.'] },
  );
}
