// Users were moved, and somebody has sent them back. What they wrote in between must not be left behind because a run gives
// V1 back by itself: production stays closed until a person has looked.
import { forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';
import { markDatabase, type PivotMarks } from './mark-stage.ts';

/** Azure has carried the pivot out, and users are where they were: later runs have to know it too. Never throws. */
export async function takenBack(context: UpgradeContext, marks: PivotMarks): Promise<UpgradeError> {
  if (marks.version === 'V1') return sentToV2(context);
  await forEachDatabase(context, (pair) =>
    markDatabase(context, 'stage', pair, 'taken-back').catch((error: unknown) =>
      context.log.warning(`journal of ${pair.name} not written: ${messageOf(error)}`),
    ),
  );
  return sentBack(context);
}

/** In a return to V1, whose database takes writes by then and is kept by every cleanup once it has taken some. */
function sentToV2({ production, stage }: UpgradeContext): UpgradeError {
  return new UpgradeError(
    'switch-outcome-unknown',
    `Users were taken back to V1 (${stage.config.name}), and somebody has sent them to V2 (${production.config.name}) since: what they wrote in between is in V1's database and nowhere else`,
    { advice: [`See who has changed it, and what was written to V1's database on ${stage.server.name}.`] },
  );
}

/** What is told where users were on V2 and are on V1 again, which is still closed. */
export function sentBack({ production, stage }: UpgradeContext): UpgradeError {
  return new UpgradeError(
    'switch-outcome-unknown',
    `Users were switched to ${stage.config.name}, and somebody has sent them back to ${production.config.name} since: what they wrote in between is in V2's database and nowhere else. Production ${production.config.name} is kept read-only`,
    {
      advice: [
        `See who has changed it, and what was written to V2's database on ${stage.server.name} since the upgrade.`,
        `Then run switch (users go to V2, with all they wrote), or rollback with the input confirm: "${confirmationFor(stage.config.name)}" (it gives V1 back, and leaves that behind in V2's database).`,
      ],
    },
  );
}

/** What says that the writes of that slot's users may be left behind. */
export function confirmationFor(slot: string): string {
  return `lose-writes ${slot}`;
}

/** Whether that was said. */
export function mayLoseWrites({ confirm }: UpgradeContext, slot: string): boolean {
  return confirm.trim().toLowerCase() === confirmationFor(slot).toLowerCase();
}
