// The journal entries that this run goes by: what it has read when it looked at the application, and what it has written. Whoever acts
// writes an entry; one that is not known is of another run that has acted since.
import type { JournalEntry } from '../engine/journal.ts';
import { UpgradeError } from '../reasons.ts';
import type { DatabaseObservation, DatabaseSide } from './observe.ts';

/** A database: by its server's name, or the name of its host, which begins with that. */
export interface Place {
  readonly server: string;
  readonly database: string;
}

export interface KnownEntries {
  /** What the database says, or is about to say. */
  note(place: Place, entry: JournalEntry | null): void;
  /** What the database said by now is not known any more, nor whose it is. */
  forget(place: Place): void;
  /** Whether what it says is gone by. */
  wasRead(place: Place): boolean;
  /** Whether another run has written it since this one has read that database. Of what was never read nothing is known. */
  isForeign(place: Place, entry: JournalEntry): boolean;
}

export function createKnownEntries(): KnownEntries {
  const read = new Set<string>();
  const known = new Set<string>();
  return {
    note: (place, entry) => {
      read.add(keyOf(place));
      if (entry) known.add(nameOf(entry));
    },
    forget: (place) => {
      read.delete(keyOf(place));
    },
    wasRead: (place) => read.has(keyOf(place)),
    isForeign: (place, entry) =>
      read.has(keyOf(place)) && isOriginal(place, entry) && !known.has(nameOf(entry)),
  };
}

/** What was read of the application is what this run goes by from now on. */
export function goBy(known: KnownEntries, databases: readonly DatabaseObservation[]): void {
  for (const { ref, access, journal } of bothSides(databases))
    if (access === 'read-write' || access === 'read-only') known.note(ref, journal);
    else if (access === 'absent') known.forget(ref); // one that is made anew is silent while it is seeded
}

/** Every database of both slots. */
export function bothSides(databases: readonly DatabaseObservation[]): DatabaseSide[] {
  return databases.flatMap(({ production, stage }) => [production, stage]);
}

/** Throws 'overtaken-by-another-run'. Asked on the connection that is about to write. */
export function assertKnown(known: KnownEntries, place: Place, entry: JournalEntry | null): void {
  if (entry && known.isForeign(place, entry)) throw overtaken(place, entry);
}

/** Why this run may not go on, by what these databases say; null where it may. */
export function whyOvertaken(known: KnownEntries, sides: readonly DatabaseSide[]): UpgradeError | null {
  const found = sides.find(({ ref, journal }) => journal && known.isForeign(ref, journal));
  return found?.journal ? overtaken(found.ref, found.journal) : null;
}

/** Whether that is what has stopped it. */
export function isOvertaken(error: unknown): error is UpgradeError {
  return error instanceof UpgradeError && error.reason === 'overtaken-by-another-run';
}

function overtaken(place: Place, { status, at, runUrl }: JournalEntry): UpgradeError {
  const who = runUrl ?? 'a run outside GitHub';
  return new UpgradeError(
    'overtaken-by-another-run',
    `Another run has acted on this application while this one had lost its lock: ${place.database} on ${serverOf(place)} says "${status}" since ${at}, written by ${who}. This run does nothing more`,
    {
      advice: [
        `Look at what that run has left (${who}), then run phase status: it says what can be run next.`,
      ],
    },
  );
}

/** A copy bears the original's entries, late: the original answers for those. */
function isOriginal(place: Place, entry: JournalEntry): boolean {
  return entry.server.toLowerCase() === serverOf(place).toLowerCase();
}

function nameOf({ upgradeId, server, status, at, runUrl, writer }: JournalEntry): string {
  return JSON.stringify([upgradeId, server, status, at, runUrl, writer]);
}

const serverOf = ({ server }: Place) => server.split('.')[0] ?? server;
const keyOf = (place: Place) => `${serverOf(place)}/${place.database}`.toLowerCase();
