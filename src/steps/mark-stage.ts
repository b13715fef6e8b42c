import { readJournal, writeJournal } from '../application/journal.ts';
import { assertKnown } from '../application/known-entries.ts';
import {
  type DatabasePair,
  forEachDatabase,
  type Role,
  sqlTarget,
  type UpgradeContext,
} from '../application/upgrade-context.ts';
import { writeAgain } from '../application/write-again.ts';
import { type JournalStatus, MOVED_STATUSES } from '../engine/journal.ts';
import { messageOf } from '../message-of.ts';
import { UpgradeError } from '../reasons.ts';

/** What a pivot is about. */
export interface PivotMarks {
  /** What the stage databases' entries say before it is tried; null leaves them. */
  readonly before: JournalStatus | null;
  /** What they say once it was carried out. */
  readonly moved: JournalStatus;
  /** What they say once it is verified. */
  readonly after: JournalStatus;
  /** What users find at the public name afterwards. */
  readonly version: 'V1' | 'V2';
  /** Geo-redundant: whether users are moved only where a caught-up geo-secondary stands behind them (law 10). */
  readonly onlyToProtected: boolean;
}

/** To V2. */
export const SWITCH_MARKS: PivotMarks = {
  before: 'switching',
  moved: 'moved',
  after: 'serving',
  version: 'V2',
  onlyToProtected: true,
};

/**
 * Back to V1: that its database was made writable says already that users may come. Somebody who asks for it may do so
 * because the backup region is lost.
 */
export const RETURN_MARKS: PivotMarks = {
  before: null,
  moved: 'returned',
  after: 'returned',
  version: 'V1',
  onlyToProtected: false,
};

/**
 * Says in every database that users were moved to that they were, for whoever comes after a run that does not see them arrive. Never
 * throws.
 * @param role of that slot: the stage slot in the run that moves them, production in every later one.
 */
export async function recordMoved(
  context: UpgradeContext,
  { moved }: PivotMarks,
  role: Role = 'stage',
): Promise<void> {
  await forEachDatabase(context, (pair) =>
    markDatabase(context, role, pair, moved).catch((error: unknown) =>
      context.log.warning(`journal of ${pair.name} not written: ${messageOf(error)}`),
    ),
  );
}

/** Moves the stage database's journal entry on, keeping the upgrade it belongs to. */
export async function markStage(
  context: UpgradeContext,
  pair: DatabasePair,
  status: JournalStatus | null,
): Promise<void> {
  await markDatabase(context, 'stage', pair, status);
}

/**
 * Moves a database's journal entry on, and returns what it said before; null where there was nothing to move.
 * 'switching' is written anew each time: its moment is that of the latest try.
 */
export async function markDatabase(
  context: UpgradeContext,
  role: Role,
  pair: DatabasePair,
  status: JournalStatus | null,
): Promise<JournalStatus | null> {
  if (status === null) return null;
  let before: JournalStatus | null = null;
  await writeAgain(context, role, () =>
    context.sessions.on(sqlTarget(context, role, pair.name), async (connection) => {
      const entry = await readJournal(context, connection);
      if (!entry)
        throw new UpgradeError(
          'stage-compromised',
          `${pair.name} on ${context[role].server.name} carries no entry of an upgrade`,
        );
      assertKnown(context.known, connection, entry);
      before ??= entry.status; // written again, it may say what was written first
      if (movesOn(entry.status, status))
        await writeJournal(context, role, connection, {
          ...entry,
          status,
          was: status === 'returned' ? entry.was : undefined,
        });
    }),
  );
  return before;
}

/** What says more stays; nor does an upgrade that was not complete become one because somebody has moved users to it. */
function movesOn(from: JournalStatus, to: JournalStatus): boolean {
  switch (to) {
    case 'switching':
      return !MOVED_STATUSES.includes(from);
    case 'moved':
      return from === 'upgraded' || from === 'switching';
    case 'returned':
      return from === 'giving-back';
    default:
      return from !== to;
  }
}
