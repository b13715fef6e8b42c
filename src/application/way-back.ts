// What the journal says on the way back to V1, and what taking that back writes. Production is V2 here and the
// stage slot holds V1, until the pivot.
import type { SqlConnection } from '../azure/ports.ts';
import { type JournalEntry, type JournalStatus, MOVED_STATUSES } from '../engine/journal.ts';
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
  if (entry?.status === 'returning') return restoreJournal(context, connection, entry);
  const upgradeId = entry?.upgradeId ?? context.newUpgradeId;
  return writeJournal(context, 'production', connection, { upgradeId, status: 'unfrozen' });
}

/** Whether a return to V1 was begun and has to be taken back: users have not left V2. */
export function isReturning({ production, stage }: DatabaseObservation): boolean {
  return production.journal?.status === 'returning' || wasGivenBack(production.journal, stage);
}

/** Whether V1's database was made writable for users who are on V2 all the same: it has to be frozen again. */
export function wasGivenBack(production: JournalEntry | null, stage: DatabaseSide): boolean {
  if (!production || !stage.journal || stage.access !== 'read-write') return false;
  const { status, upgradeId, server } = stage.journal;
  return (
    V2_STATUSES.includes(production.status) &&
    upgradeId === production.upgradeId &&
    sameName(server, stage.ref.server) &&
    // 'freezing': killed between making it writable and saying so. 'returned': users came, and somebody has sent them to V2 again.
    (status === 'giving-back' || status === 'freezing' || status === 'returned')
  );
}

/** What V2's database says from the moment at which users may be on V2, also on the way back to V1. */
export const V2_STATUSES: readonly JournalStatus[] = ['switching', 'moved', 'serving', 'returning'];

/**
 * Whether the stage database has had users in this upgrade, in whose roles V1 is production. A copy of V2, made for the next
 * upgrade, carries the entry that was written on V2's server. A production that does not answer says nothing against it.
 */
export function hadUsers({ production, stage }: DatabaseObservation): boolean {
  const [here, there] = [production.journal, stage.journal];
  if (!there || !MOVED_STATUSES.includes(there.status)) return false;
  if (!here) return sameName(there.server, stage.ref.server);
  return here.upgradeId === there.upgradeId && !sameName(here.server, there.server);
}

/** The same on the way back, in whose roles V2 is production: whether V1's database has had users again. */
export function hadUsersAgain({ production, stage }: DatabaseObservation): boolean {
  const [here, there] = [production.journal, stage.journal];
  if (there?.status !== 'returned') return false;
  if (!here) return sameName(there.server, stage.ref.server);
  return here.status === 'returning' && here.upgradeId === there.upgradeId;
}

/** Whether production is V1, opened by a return that was not seen to its end: users are on it. */
export function isBackOnV1({ production, stage }: DatabaseObservation): boolean {
  return production.journal?.status === 'giving-back' && stage.journal?.status === 'returning';
}

/** One that is being seeded, or follows production, refuses every login; its links tell that. */
export function isSilent({ access, links }: DatabaseSide): boolean {
  return access === 'unreachable' && links.every(({ role }) => role === 'Primary');
}

/**
 * Whether a write that moves users may have been sent and have taken no effect yet. Whoever gives a database back
 * asks first where users are (an entry that cannot be read may say anything).
 */
export function mayHaveMovedUsers(seen: DatabaseObservation): boolean {
  const { production, stage } = seen;
  if (production.journal?.status === 'returning' && stage.access === 'read-write') return true;
  if (hadUsersAgain(seen)) return true;
  if (hadUsers(seen) && production.access !== 'read-write') return true;
  return stage.journal?.status === 'switching' || isSilent(stage);
}
