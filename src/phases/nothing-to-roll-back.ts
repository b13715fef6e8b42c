// Phase rollback where there is no stage database: nothing to give back, and after a cleanup nothing to go back to.
import type { Observation } from '../application/observe.ts';
import { mayLoseWrites } from '../application/sent-back.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { isCompleteV2 } from '../application/upgrade-state.ts';
import { UpgradeError } from '../reasons.ts';
import { completed, type PhaseOutcome, stopped } from './phase-outcome.ts';

/**
 * Green, as nothing is in progress; but whoever gives up V2's writes to get V1 back, which is no more, is refused.
 * @param why of the table of phases and states, where no upgrade came to its end.
 */
export function nothingToRollBack(
  context: UpgradeContext,
  { databases }: Pick<Observation, 'databases'>,
  why: string,
): PhaseOutcome {
  if (!databases.some(({ production }) => isCompleteV2(production.journal))) return completed(false, why);
  const slot = context.production.config.name;
  const finished = `the upgrade is finished, V2 (${slot}) serves users and its V1 was removed`;
  const instead = 'Deploy a corrected version forward, or restore a backup of the database';
  if (!mayLoseWrites(context, slot))
    return completed(false, `${why}: ${finished}. There is nothing to go back to. ${instead}`);
  return stopped(
    'refused',
    new UpgradeError('point-of-no-return-passed', `There is no V1 to go back to: ${finished}`, {
      advice: [`${instead}.`],
    }),
  );
}
