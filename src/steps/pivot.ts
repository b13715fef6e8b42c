// The one write that moves users, by whichever method: what is made sure before it is sent, and how it is found
// out what became of it, whatever it answered.
import { ensureRunLock } from '../application/run-lock.ts';
import { type PivotWrite, switchOutcomeUnknown, usersAfter } from '../application/settle-pivot.ts';
import { type DatabasePair, forEachDatabase, type UpgradeContext } from '../application/upgrade-context.ts';
import { AzureError } from '../azure/errors.ts';
import type { JournalStatus } from '../engine/journal.ts';
import { type ReasonCode, UpgradeError } from '../reasons.ts';
import { markDatabase, type PivotMarks } from './mark-stage.ts';
import { assertUntouched } from './verify-stage.ts';

/**
 * Sends the write and resolves when users are on the stage slot. Throws before it is sent what the lock and the look
 * at production throw; afterwards the refusal or 'switch-failed' where users have certainly not been moved, and
 * 'switch-outcome-unknown' where that could not be settled.
 */
export async function moveUsers(
  context: UpgradeContext,
  marks: PivotMarks,
  send: () => Promise<void>,
): Promise<void> {
  await ensureRunLock(context, 'production');
  await ensureRunLock(context, 'stage');
  await forEachDatabase(context, (pair) => assertUntouched(context, pair));
  const before = await forEachDatabase(
    context,
    async (pair) => [pair, await markDatabase(context, 'stage', pair, marks.before)] as const,
  );
  context.window.disarm();
  const failure = await send().then(
    () => null,
    (error: unknown) => error,
  );
  const users = await usersAfter(context, writeOf(failure));
  if (users === 'stage') return;
  if (users === 'unknown') throw switchOutcomeUnknown(context, failure);
  await takeBack(context, before);
  throw notSwitched(context, failure);
}

/** Only Azure's refusal, or ours to send it, says that nothing is under way; a success that is not seen does not. */
function writeOf(failure: unknown): PivotWrite {
  if (failure instanceof UpgradeError) return NOT_SENT.includes(failure.reason) ? 'refused' : 'unknown';
  return failure instanceof AzureError && !failure.outcomeUnknown ? 'refused' : 'unknown';
}

/** The profile was found changed before the write, or after it was answered. Credentials may fail while a swap goes on. */
const NOT_SENT: readonly ReasonCode[] = ['profile-changed', 'resource-not-found'];

/** It is settled that users were not moved: no later run has to find that out again. */
async function takeBack(
  context: UpgradeContext,
  before: readonly (readonly [DatabasePair, JournalStatus | null])[],
): Promise<void> {
  for (const [pair, status] of before) {
    await markDatabase(context, 'stage', pair, status).catch((error: unknown) =>
      context.log.warning(`journal of ${pair.name} not written: ${String(error)}`),
    );
  }
}

function notSwitched(context: UpgradeContext, cause: unknown): UpgradeError {
  if (cause instanceof UpgradeError) return cause;
  const { production, stage } = context;
  return new UpgradeError(
    'switch-failed',
    `Users were not switched to ${stage.config.name}; they are still on ${production.config.name}`,
    { cause },
  );
}
