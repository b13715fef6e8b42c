import { readJournal } from '../application/journal.ts';
import { type DatabasePair, sqlTarget, type UpgradeContext } from '../application/upgrade-context.ts';
import type { JournalEntry } from '../engine/journal.ts';

/** The entry that production carries: while it is frozen, the one that was written just before. */
export function productionEntry(context: UpgradeContext, pair: DatabasePair): Promise<JournalEntry | null> {
  return context.sessions.on(sqlTarget(context, 'production', pair.name), (connection) =>
    readJournal(context, connection),
  );
}
