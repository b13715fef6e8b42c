// Users were moved to V2, and somebody has sent them back to V1, which is still closed. What they wrote in between is in V2's
// database and nowhere else, so that V1 is opened only for a person who says that it may stay behind there.
import { UpgradeError } from '../reasons.ts';
import { type DatabaseObservation, observeDatabasesThatAnswer, observeStandby } from './observe.ts';
import { isFailedOver } from './regions.ts';
import { inPlaceOfStage } from './removable-stage.ts';
import type { UpgradeContext } from './upgrade-context.ts';
import { hadUsers, hadUsersAgain, isSilent } from './way-back.ts';

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

/** The same where production is seen to be closed, for whoever only looks. */
export function foundSentBack(
  context: UpgradeContext,
  databases: readonly DatabaseObservation[],
): UpgradeError | null {
  const isClosed = databases.some(({ production }) => production.access === 'read-only');
  return isClosed ? toldOfSentBack(context, databases) : null;
}

export interface LookedAgain {
  /** Why production must not be opened. */
  readonly closed: UpgradeError | null;
  /** What is told where production is opened although nothing could say whether users had been moved. */
  readonly notAsked: UpgradeError | null;
}

/** The same, asked anew: a copy that was silent a moment ago may tell now, and where it is silent its geo-secondary. Never throws. */
export async function lookWhyClosed(context: UpgradeContext, cause: unknown): Promise<LookedAgain> {
  const { databases } = await observeDatabasesThatAnswer(context);
  const told = await Promise.all(
    databases.map(async (seen) => {
      if (!isSilent(seen.stage)) return seen;
      const standby = await observeStandby(context, 'stage', seen.name).catch(() => null);
      const tells = standby !== null && standby.access !== 'unreachable';
      return tells ? inPlaceOfStage(seen, standby) : seen;
    }),
  );
  const silent = told.filter(({ stage }) => isSilent(stage));
  return {
    closed: whyClosed(context, told, cause),
    notAsked: silent.length > 0 ? notAsked(context, silent) : null,
  };
}

function notAsked({ stage }: UpgradeContext, silent: readonly DatabaseObservation[]): UpgradeError {
  const names = silent.map(({ name }) => name).join(', ');
  return new UpgradeError(
    'switch-outcome-unknown',
    `${names} on ${stage.server.name} did not answer, so that it could not tell whether users had been on ${stage.config.name} for a while; they were not there any more`,
    { advice: [`Look at what was written to it before it is removed: ${stage.server.name}.`] },
  );
}

export function sentBack(context: UpgradeContext, cause: unknown = null): UpgradeError {
  const { production, stage } = context;
  // A switch goes by the server that production was frozen on.
  const again = isFailedOver(context) ? 'send users to it again as they were sent back' : 'run switch';
  return new UpgradeError(
    'switch-outcome-unknown',
    `Users were switched to ${stage.config.name}, and somebody has sent them back to ${production.config.name} since: what they wrote in between is in V2's database and nowhere else. No run opens production ${production.config.name} for writers over that`,
    {
      cause,
      advice: [
        `See who has changed it, and what was written to V2's database on ${stage.server.name} since the upgrade.`,
        `Then ${again} (users go to V2, with all they wrote), or run rollback with the input confirm: "${confirmationFor(stage.config.name)}" (it gives V1 back, and leaves that behind in V2's database).`,
      ],
    },
  );
}

/** The same on the way back to V1, whose database takes writes by then. */
export function sentToV2({ production, stage }: UpgradeContext, cause: unknown = null): UpgradeError {
  return new UpgradeError(
    'switch-outcome-unknown',
    `Users were taken back to V1 (${stage.config.name}), and somebody has sent them to V2 (${production.config.name}) since: what they wrote in between is in V1's database and nowhere else. No run opens V2's database for writers over that`,
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
