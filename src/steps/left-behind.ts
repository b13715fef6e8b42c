// Between the last look at V1's database and the moment at which DNS leads everybody to V2, somebody may have opened it, and users
// whose name still led there may have written. Nobody would look for those writes where nobody tells of them.
import { type DatabasePair, forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { messageOf } from '../message-of.ts';
import { type ReasonCode, UpgradeError } from '../reasons.ts';
import { assertUntouched } from './untouched.ts';

/** It takes writes, or has taken some. */
const TOUCHED: readonly ReasonCode[] = ['drain-failed', 'production-frozen-elsewhere'];

/**
 * Once users are on V2. Throws 'production-frozen-elsewhere' where V1's database takes writes or was written since the
 * freeze; that it cannot be looked at is only told.
 */
export async function assertNothingLeftBehind(context: UpgradeContext): Promise<void> {
  await forEachDatabase(context, async (pair) => {
    try {
      await assertUntouched(context, pair);
    } catch (error) {
      if (error instanceof UpgradeError && TOUCHED.includes(error.reason))
        throw leftBehind(context, pair, error);
      context.log.warning(
        `It could not be looked whether V1's ${pair.name} was written during the switch: ${messageOf(error)}`,
      );
    }
  });
}

function leftBehind(
  { production, stage }: UpgradeContext,
  { name }: DatabasePair,
  cause: UpgradeError,
): UpgradeError {
  return new UpgradeError(
    'production-frozen-elsewhere',
    `Users were moved to V2 (${stage.config.name}), and V1's database ${name} on ${production.server.name} was opened for writers meanwhile: what was written there is not in V2. ${cause.message}`,
    {
      cause,
      advice: [
        `Set ${name} on ${production.server.name} read-only, find what was written there since the freeze, and bring it into V2's database.`,
        'Then run phase switch: it looks whether V2 serves. Do not run cleanup before: it deletes that database.',
      ],
    },
  );
}
