// What is kept of a disaster: which regions it took, what had not arrived elsewhere, what users lived through.
import type { UsersReport } from '../local-azure/users/books.ts';

export interface Disaster {
  /** Display name of the region. */
  readonly region: string;
  /** What users had seen until then. */
  readonly usersBefore: UsersReport;
  /** Orders that were only in the lost region: asynchronous replication gives no better promise. */
  readonly notArrived: ReadonlySet<string>;
  /** From the disaster on, in milliseconds; null where it did not come to it. */
  readonly readAgainAfterMs: number | null;
  readonly writeAgainAfterMs: number | null;
}

export interface DisasterBook {
  lostRegions(): ReadonlySet<string>;
  /** @param now milliseconds. */
  struck(now: number, disaster: Pick<Disaster, 'region' | 'usersBefore' | 'notArrived'>): void;
  /** Both return the milliseconds since the disaster. */
  readAgain(now: number): number;
  writeAgain(now: number): number;
  /** Null where there was none. */
  read(): Disaster | null;
}

export function createDisasterBook(): DisasterBook {
  const lost = new Set<string>();
  let [disaster, since]: [Disaster | null, number] = [null, 0];
  const note = (what: 'readAgainAfterMs' | 'writeAgainAfterMs', now: number) => {
    disaster = disaster && { ...disaster, [what]: now - since };
    return now - since;
  };
  return {
    lostRegions: () => lost,
    struck: (now, known) => {
      lost.add(known.region);
      since = now;
      disaster = { ...known, readAgainAfterMs: null, writeAgainAfterMs: null };
    },
    readAgain: (now) => note('readAgainAfterMs', now),
    writeAgain: (now) => note('writeAgainAfterMs', now),
    read: () => disaster,
  };
}
