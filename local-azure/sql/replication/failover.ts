// Failover of a link: the copy becomes the primary, and everything else that hung on the old primary is turned round.
import type { Database } from '../database.ts';
import { alterDatabaseFailed, sqlError } from '../errors.ts';
import type { ReplicationLink } from './link.ts';

/** How long a copy is brought in line with a new primary, in milliseconds; recorded: less than a second. */
const RESUMPTION_MS = 500;

export interface Connection {
  readonly primary: Database;
  readonly secondary: Database;
  /** Null: a new one. */
  readonly id: string | null;
  readonly resumes: 'SEEDING' | 'SUSPENDED';
  readonly resumptionMs: number;
  /** Null: as every new link. */
  readonly lagMs: number | null;
}

/** What a failover does to the links and to what is in the databases. */
export interface LinkBook {
  linksFrom(primary: Database): ReplicationLink[];
  connect(connection: Connection): ReplicationLink;
  /** Takes the link away and leaves both databases as they are. */
  disconnect(link: ReplicationLink): void;
  /** The old primary goes on listing a link that is no more. */
  leaveGhost(link: ReplicationLink): void;
  /** Throws away what is in `to`, and puts there what is in `from`. */
  overwrite(from: Database, to: Database): void;
}

/**
 * Ends the primary's sessions, lets nobody in, and resolves when everything is on the copy. Rejects with the
 * signal's reason, or where the link is lost meanwhile; the primary is open again then.
 */
export async function shipEverything(link: ReplicationLink, signal: AbortSignal): Promise<void> {
  const { primary } = link;
  signal.throwIfAborted();
  primary.availability = 'switching';
  primary.endSessions();
  try {
    const outcome = await link.hardened(primary.lsn, signal);
    if (outcome === 'lost') throw alterDatabaseFailed(sqlError(5011, primary.name));
  } catch (error) {
    primary.availability = 'online';
    throw error;
  }
}

/**
 * The copy is the primary from now on. The link keeps its id; the old primary follows as a secondary, after a
 * `forced` exchange without what it had not shipped. Its other secondaries get a new link to the new primary.
 */
export function exchangeRoles(book: LinkBook, link: ReplicationLink, kind: 'planned' | 'forced'): void {
  const { primary: old, secondary: next, id } = link;
  const others = book.linksFrom(old).filter((each) => each !== link);
  book.disconnect(link);
  for (const other of others) {
    book.disconnect(other);
    book.leaveGhost(other);
  }
  for (const database of [old, next]) database.endSessions();
  next.role = 'primary';
  next.availability = 'online';
  if (kind === 'forced') book.overwrite(next, old);
  book.connect({
    primary: next,
    secondary: old,
    id,
    resumes: 'SUSPENDED',
    resumptionMs: kind === 'forced' ? RESUMPTION_MS : 0,
    lagMs: link.lag,
  });
  for (const { secondary } of others) follow(book, next, secondary, null);
}

/** Brings a copy, and whatever is chained to it, in line with a primary it did not have before. */
function follow(book: LinkBook, primary: Database, secondary: Database, id: string | null): void {
  const chained = book.linksFrom(secondary);
  for (const link of chained) book.disconnect(link);
  secondary.endSessions();
  book.overwrite(primary, secondary);
  book.connect({ primary, secondary, id, resumes: 'SEEDING', resumptionMs: RESUMPTION_MS, lagMs: null });
  for (const link of chained) follow(book, secondary, link.secondary, link.id);
}
