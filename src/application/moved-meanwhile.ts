// Nobody else moves users while a run has the lock. One that had to take it anew does not know whether another run has moved them
// in between, and asks before production is opened for writers.
import { UpgradeError } from '../reasons.ts';
import { observeDatabasesThatAnswer } from './observe.ts';
import { lookWhyClosed } from './sent-back.ts';
import { returnOutcomeUnknown, settlePivot, switchOutcomeUnknown } from './settle-pivot.ts';
import type { DatabasePair, UpgradeContext } from './upgrade-context.ts';
import { isReturning, mayHaveMovedUsers } from './way-back.ts';

/**
 * Why this database of production must not be opened, as things are by now; null where it may. Never throws; takes minutes
 * where that cannot be settled.
 */
export async function whyMovedMeanwhile(
  context: UpgradeContext,
  pair: DatabasePair,
): Promise<UpgradeError | null> {
  const only = { ...context, databases: [pair] };
  const { databases } = await observeDatabasesThatAnswer(only);
  if (!databases.some(mayHaveMovedUsers)) return null;
  const users = await settlePivot(only);
  if (users === 'stage') return movedByAnother(context);
  if (users === 'unknown')
    return (databases.some(isReturning) ? returnOutcomeUnknown : switchOutcomeUnknown)(context, null);
  return (await lookWhyClosed(only, null)).closed;
}

function movedByAnother({ production, stage }: UpgradeContext): UpgradeError {
  return new UpgradeError(
    'point-of-no-return-passed',
    `Users are on ${stage.config.name}: another run has moved them there while this one did not have the lock. ${production.config.name}'s database is not opened for writers any more`,
    { advice: ['Look at the summary of that run, and run phase status.'] },
  );
}
