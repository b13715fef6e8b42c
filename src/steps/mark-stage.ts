import { readJournal, writeJournal } from '../application/journal.ts';
import { type DatabasePair, sqlTarget, type UpgradeContext } from '../application/upgrade-context.ts';
import type { JournalStatus } from '../engine/journal.ts';
import { UpgradeError } from '../reasons.ts';

/** What the stage databases' entries say before the pivot is tried and once it is verified; null leaves them. */
export interface PivotMarks {
  readonly before: JournalStatus | null;
  readonly after: JournalStatus | null;
}

/** To V2. */
export const SWITCH_MARKS: PivotMarks = { before: 'switching', after: 'serving' };

/** Back to V1: that its database was made writable says already that users may come. */
export const RETURN_MARKS: PivotMarks = { before: null, after: 'returned' };

/** Moves the stage database's journal entry on, keeping the upgrade it belongs to. */
export async function markStage(
  context: UpgradeContext,
  pair: DatabasePair,
  status: JournalStatus | null,
): Promise<void> {
  if (status === null) return;
  await context.sessions.on(sqlTarget(context, 'stage', pair.name), async (connection) => {
    const entry = await readJournal(context, connection);
    if (!entry)
      throw new UpgradeError(
        'stage-compromised',
        `${pair.name} on ${context.stage.server.name} carries no entry of an upgrade`,
      );
    if (entry.status === status) return;
    await writeJournal(context, 'stage', connection, { ...entry, status });
  });
}
