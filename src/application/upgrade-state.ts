// Where the upgrade stands, told from what is observed: access mode, link, and the journal entries that
// travel with the data.
import type { JournalEntry } from '../engine/journal.ts';
import type { SlotState } from '../engine/report.ts';
import { isUpgradedCopy } from './copy-of-freeze.ts';
import type { DatabaseObservation, DatabaseSide } from './observe.ts';
import { sameName } from './production-slot.ts';
import { V2_STATUSES } from './way-back.ts';

/** With several databases the least settled one decides; the first of these that any database is in. */
const DECIDING: readonly SlotState[] = [
  'unknown',
  'frozen',
  'upgraded',
  'compromised',
  'switched',
  'not-prepared',
  'seeding',
  'prepared',
];

/** The state of the whole application. */
export function upgradeState(databases: readonly DatabaseObservation[]): SlotState {
  const states = new Set(databases.map(databaseState));
  return DECIDING.find((state) => states.has(state)) ?? 'unknown';
}

/** The state of one database. */
export function databaseState(database: DatabaseObservation): SlotState {
  const { production, stage, link } = database;
  if (production.access === 'unreachable' || production.access === 'absent') return 'unknown';
  if (production.access === 'read-only') return frozenState(database);
  if (stage.access === 'absent') return 'not-prepared';
  if (link) return isCaughtUp(database) ? 'prepared' : 'seeding';
  if (isRetiredV1(database) || mayBeRetiredV1(database)) return 'switched';
  // Resource Manager has not told whether it is there at all.
  return stage.access === 'unreachable' && stage.info === null ? 'unknown' : 'compromised';
}

/** V2 serves, and what V1's database says cannot be read: nobody must be told to remove it as a spoilt stage. */
function mayBeRetiredV1({ production, stage }: DatabaseObservation): boolean {
  return stage.access === 'unreachable' && isV2(production.journal, stage);
}

/** The stage database, and where it has to be by then its own geo-secondary. */
function isCaughtUp({ link, protection }: DatabaseObservation): boolean {
  if (link?.state !== 'CATCH_UP') return false;
  return !protection?.beforeUpgrade || protection.stage?.state === 'CATCH_UP';
}

function frozenState({ production, stage, link }: DatabaseObservation): SlotState {
  if (link) return 'frozen';
  return isUpgradedCopy(production.ref.server, production.journal, stage.journal) ? 'upgraded' : 'frozen';
}

/**
 * After the switch the stage role is held by V1: still frozen by the very upgrade that the database in
 * production went through. The entry is the original, not a copy: written on the server it is on. (`returning` on
 * a writable production: a return to V1 was announced and its freeze never came.)
 */
export function isRetiredV1({ production, stage }: DatabaseObservation): boolean {
  return (
    isV2(production.journal, stage) &&
    stage.journal !== null &&
    stage.journal.upgradeId === production.journal.upgradeId &&
    stage.journal.status === 'freezing' &&
    sameName(stage.journal.server, stage.ref.server)
  );
}

/**
 * Also where a person has moved users to a complete upgrade by hand: phase switch finds that it serves, and says so. Not once V1
 * was given back: what was written there meanwhile is not in the copy.
 */
function isV2(entry: JournalEntry | null, v1: DatabaseSide): entry is JournalEntry {
  return isCompleteV2(entry) && (entry.status !== 'upgraded' || v1.access !== 'read-write');
}

/** Whether an upgrade has come to its end in the database that carries this entry. */
export function isCompleteV2(entry: JournalEntry | null): entry is JournalEntry {
  return entry !== null && (V2_STATUSES.includes(entry.status) || entry.status === 'upgraded');
}
