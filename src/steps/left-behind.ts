// Between the last look at V1's database and the moment at which DNS leads everybody to V2, somebody may have opened it, and users
// whose name still led there may have written. Nobody would look for those writes where nobody tells of them.

import { closedAt } from '../application/copy-of-freeze.ts';
import { journalOf } from '../application/journal.ts';
import { type DatabaseObservation, observeDatabase } from '../application/observe.ts';
import {
  type DatabasePair,
  forEachDatabase,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { ACCESS } from '../azure/tsql/access-mode.ts';
import { lookAtAll } from '../azure/tsql/looks.ts';
import { WRITE_ACTIVITY } from '../azure/tsql/write-activity.ts';
import { shell } from '../engine/command-line.ts';
import { messageOf } from '../message-of.ts';
import { type ReasonCode, UpgradeError } from '../reasons.ts';
import { freezeKey } from './freeze-key.ts';
import { assertUntouched, lateWrite } from './untouched.ts';

/** It takes writes, or has taken some. */
const TOUCHED: readonly ReasonCode[] = ['drain-failed', 'production-frozen-elsewhere'];

/**
 * Once users were moved. Throws 'production-frozen-elsewhere' where the database that they come from takes writes or was written
 * since its freeze; that it cannot be looked at is only told.
 * @param to where they are now: on the way back to V1 it is V2's database that they come from
 */
export async function assertNothingLeftBehind(context: UpgradeContext, to: 'V1' | 'V2'): Promise<void> {
  const from = to === 'V2' ? 'V1' : 'V2';
  await forEachDatabase(context, async (pair) => {
    try {
      await assertUntouched(context, pair);
    } catch (error) {
      if (error instanceof UpgradeError && TOUCHED.includes(error.reason))
        throw leftBehind(context, { from, to }, pair, error);
      context.log.warning(
        `It could not be looked whether ${from}'s ${pair.name} was written during the switch: ${messageOf(error)}`,
      );
    }
  });
}

/**
 * The same in a later run, in whose roles V1 is the stage slot: the run that switched may have been cut off, or have told it to
 * nobody. Null where V1 is gone, does not answer, or has all of its writes in V2. Throws SqlError.
 */
export async function leftOnV1(context: UpgradeContext): Promise<UpgradeError | null> {
  const found = await forEachDatabase(context, async (pair) => {
    return whatIsLeft(context, pair, await observeDatabase(context, pair));
  });
  return found.find((one) => one !== null) ?? null;
}

/** The same of one database, as it was just observed. */
export async function whatIsLeft(
  context: UpgradeContext,
  pair: DatabasePair,
  { production, stage }: DatabaseObservation,
): Promise<UpgradeError | null> {
  if (stage.access !== 'read-only' && stage.access !== 'read-write') return null;
  const closed = closedAt(stage.journal, production.journal);
  if (closed) context.window.confirm(freezeKey(pair.stage), closed);
  const seen = await context.sessions.on(sqlTarget(context, 'stage', pair.name), (connection) =>
    lookAtAll(connection, { access: ACCESS, journal: journalOf(context), activity: WRITE_ACTIVITY }),
  );
  const late = lateWrite(context, pair.stage, seen);
  if (seen.access.mode === 'read-only' && !late) return null;
  const { resourceGroup, server, database } = pair.stage;
  const what = late ? `was written at ${late.toISOString()}, after it was frozen` : 'takes writes';
  return new UpgradeError(
    'production-frozen-elsewhere',
    `V1's database ${database} on ${server} ${what}: what was written there since the freeze is not in V2`,
    {
      advice: [
        `${seen.access.mode === 'read-only' ? 'Keep' : 'Set'} it read-only, find what was written there since the freeze, and bring it into V2's database. Cleanup keeps it.`,
        `When nobody needs it any more: ${shell`az sql db delete -g ${resourceGroup} -s ${server} -n ${database}`}`,
      ],
    },
  );
}

function leftBehind(
  { production, stage }: UpgradeContext,
  { from, to }: Readonly<Record<'from' | 'to', 'V1' | 'V2'>>,
  { name }: DatabasePair,
  cause: UpgradeError,
): UpgradeError {
  const where = `${name} on ${production.server.name}`;
  return new UpgradeError(
    'production-frozen-elsewhere',
    `Users were moved to ${to} (${stage.config.name}), and ${from}'s database ${where} was opened for writers meanwhile: what was written there is not in ${to}. ${cause.message}`,
    {
      cause,
      advice: [
        `Set ${where} read-only, find what was written there since the freeze, and bring it into ${to}'s database.`,
        ...(to === 'V2'
          ? ['Then run phase switch: it looks whether V2 serves. Cleanup keeps that database.']
          : []),
      ],
    },
  );
}
