// What the journal says on the way back to V1, and what taking that back writes. Production is V2 here and the
// stage slot holds V1, until the pivot.
import type { SqlConnection } from '../azure/ports.ts';
import type { JournalEntry, JournalStatus } from '../engine/journal.ts';
import { isOfFreeze } from './copy-of-freeze.ts';
import { restoreJournal, writeJournal } from './journal.ts';
import type { DatabaseObservation, DatabaseSide } from './observe.ts';
import { sameName } from './production-slot.ts';
import type { UpgradeContext } from './upgrade-context.ts';

/** Says in production's journal that it is writable again: V2 serves as before, V1 was given back. */
export async function recordWritable(
  context: UpgradeContext,
  connection: SqlConnection,
  entry: JournalEntry | null,
): Promise<void> {
  if (entry?.status === 'returning') return restoreJournal(connection, entry);
  const upgradeId = entry?.upgradeId ?? context.newUpgradeId;
  return writeJournal(context, 'production', connection, { upgradeId, status: 'unfrozen' });
}

/** Whether a return to V1 was begun and has to be taken back: users have not left V2. */
export function isReturning({ production, stage }: DatabaseObservation): boolean {
  return production.journal?.status === 'returning' || wasGivenBack(production.journal, stage);
}

/** Whether V1's database was made writable for users who never came: it has to be frozen again. */
export function wasGivenBack(production: JournalEntry | null, stage: DatabaseSide): boolean {
  if (!production || !stage.journal || stage.access !== 'read-write') return false;
  const { status, upgradeId, server } = stage.journal;
  return (
    V2_STATUSES.includes(production.status) &&
    upgradeId === production.upgradeId &&
    sameName(server, stage.ref.server) &&
    // 'freezing': killed between making it writable and saying so.
    (status === 'giving-back' || status === 'freezing')
  );
}

/** What V2's database says from the moment at which users may be on V2, also on the way back to V1. */
export const V2_STATUSES: readonly JournalStatus[] = ['switching', 'serving', 'taken-back', 'returning'];

/** Whether a database that says this has had users on it. */
export function saysOnV2(status: JournalStatus | undefined): boolean {
  return status === 'serving' || status === 'taken-back';
}

/**
 * Whether users were on V2 for sure, and somebody has sent them back to V1, which is still frozen: what they wrote in
 * between is in V2's database and nowhere else.
 */
export function wereOnV2({ production, stage }: DatabaseObservation): boolean {
  const { status } = stage.journal ?? {};
  return saysOnV2(status) && isOfFreeze(production.ref.server, production.journal, stage.journal);
}

/**
 * Whether a write that moves users may have been sent and have taken no effect yet. Whoever gives a database back
 * asks first where users are (an entry that cannot be read may say anything).
 */
export function mayHaveMovedUsers(seen: DatabaseObservation): boolean {
  const { production, stage } = seen;
  if (production.journal?.status === 'returning' && stage.access === 'read-write') return true;
  if (wereOnV2(seen)) return true;
  return (
    stage.journal?.status === 'switching' || (stage.access === 'unreachable' && stage.links.length === 0)
  );
}
