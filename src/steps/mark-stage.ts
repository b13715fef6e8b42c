import { readJournal, writeJournal } from '../application/journal.ts';
import { type DatabasePair, sqlTarget, type UpgradeContext } from '../application/upgrade-context.ts';
import { UpgradeError } from '../reasons.ts';

/** Moves the stage database's journal entry on, keeping the upgrade it belongs to. */
export async function markStage(
  context: UpgradeContext,
  pair: DatabasePair,
  status: 'switching' | 'serving',
): Promise<void> {
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
