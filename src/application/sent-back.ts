// Users were moved to V2, and somebody has sent them back to V1, which is still closed. What they wrote in between is in V2's
// database and nowhere else, so that V1 is opened only for a person who says that it may stay behind there.
import { UpgradeError } from '../reasons.ts';
import { type DatabaseObservation, observeDatabasesThatAnswer, observeStandby } from './observe.ts';
import { inPlaceOfStage } from './removable-stage.ts';
import type { UpgradeContext } from './upgrade-context.ts';
import { hadUsers, hadUsersAgain } from './way-back.ts';

/**
 * Whether users of V2 were sent back to a V1 that is closed, as far as these databases say. Of several, one that takes writes was
 * given back: that what was written to V2 may stay behind was said then.
 */
export function wereSentBack(databases: readonly DatabaseObservation[]): boolean {
  const had = databases.filter(hadUsers);
  return had.length > 0 && had.every(({ production }) => production.access !== 'read-write');
}

/** What is told of users who were sent back, or on the way back to V1 sent to V2 again; null where they were not. */
export function toldOfSentBack(
  context: UpgradeContext,
  databases: readonly DatabaseObservation[],
  cause: unknown = null,
): UpgradeError | null {
  if (wereSentBack(databases)) return sentBack(context, cause);
  return databases.some(hadUsersAgain) ? sentToV2(context, cause) : null;
}

/** The same before production is opened; null also where somebody says that what they wrote may stay behind. */
export function whyClosed(
  context: UpgradeContext,
  databases: readonly DatabaseObservation[],
  cause: unknown = null,
): UpgradeError | null {
  if (mayLoseWrites(context, context.stage.config.name)) return null;
  return toldOfSentBack(context, databases, cause);
}

/** The same, asked anew: a copy that was silent a moment ago may tell now, and where it is silent its geo-secondary. Never throws. */
export async function lookWhyClosed(context: UpgradeContext, cause: unknown): Promise<UpgradeError | null> {
  const { databases } = await observeDatabasesThatAnswer(context);
  const told = await Promise.all(
    databases.map(async (seen) => {
      if (seen.stage.access !== 'unreachable') return seen;
      const standby = await observeStandby(context, 'stage', seen.name).catch(() => null);
      return standby ? inPlaceOfStage(seen, standby) : seen;
    }),
  );
  return whyClosed(context, told, cause);
}

export function sentBack({ production, stage }: UpgradeContext, cause: unknown = null): UpgradeError {
  return new UpgradeError(
    'switch-outcome-unknown',
    `Users were switched to ${stage.config.name}, and somebody has sent them back to ${production.config.name} since: what they wrote in between is in V2's database and nowhere else. Production ${production.config.name} is kept read-only`,
    {
      cause,
      advice: [
        `See who has changed it, and what was written to V2's database on ${stage.server.name} since the upgrade.`,
        `Then run switch (users go to V2, with all they wrote), or rollback with the input confirm: "${confirmationFor(stage.config.name)}" (it gives V1 back, and leaves that behind in V2's database).`,
      ],
    },
  );
}

/** The same on the way back to V1, whose database takes writes by then. */
export function sentToV2({ production, stage }: UpgradeContext, cause: unknown = null): UpgradeError {
  return new UpgradeError(
    'switch-outcome-unknown',
    `Users were taken back to V1 (${stage.config.name}), and somebody has sent them to V2 (${production.config.name}) since: what they wrote in between is in V1's database and nowhere else. V2's database is kept read-only`,
    {
      cause,
      advice: [
        `See who has changed it, and what was written to V1's database on ${stage.server.name} since.`,
        `Then send users to V1 again as they were sent to V2, or run rollback with the input confirm: "${confirmationFor(stage.config.name)}" (it gives V2 back, and leaves that behind in V1's database, which it closes).`,
      ],
    },
  );
}

/** What says that the writes of that slot's users may be left behind. */
export function confirmationFor(slot: string): string {
  return `lose-writes ${slot}`;
}

/** Whether that was said. */
export function mayLoseWrites({ confirm }: Pick<UpgradeContext, 'confirm'>, slot: string): boolean {
  return confirm.trim().toLowerCase() === confirmationFor(slot).toLowerCase();
}
