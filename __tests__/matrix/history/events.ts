// What users did and were told, and what lies in the databases in the end: all that the history check looks at.

/** Who answered, and out of which database. */
export interface Place {
  /** `contoso-blue` */
  readonly site: string;
  /** 0 for V1, 1 for V2: a later one is made out of an earlier one. */
  readonly version: number;
  /** The logical server. */
  readonly database: string;
  /** Only copies another database, now or while the request was under way: what it answers may be old. */
  readonly isReplica: boolean;
}

/**
 * A request of a client. `begun` and `ended` are places in the one order of everything the clients began and ended:
 * what ended before another thing began came before it, in real time.
 */
interface Request {
  readonly client: number;
  /** Key of the order. */
  readonly key: string;
  readonly begun: number;
  readonly ended: number;
  /** Null where nobody answered. */
  readonly servedBy: Place | null;
}

export interface WriteEvent extends Request {
  readonly kind: 'write';
  /** What the order says; no two orders say the same. */
  readonly content: string;
  /** From 1; a client that was not told the outcome sends the order again, under the same key. */
  readonly attempt: number;
  /** `refused`, `failed`: it has certainly not happened. `unknown`: it may have, or may yet. */
  readonly outcome: 'created' | 'existed' | 'refused' | 'failed' | 'unknown';
}

export interface ReadEvent extends Request {
  readonly kind: 'read';
  readonly outcome: 'ok' | 'failed';
  /** What the order said; null where there was none, or no answer. */
  readonly seen: string | null;
}

export type Event = WriteEvent | ReadEvent;

export interface Row {
  readonly key: string;
  readonly content: string;
  /** Given by the database that took the order in: where two databases differ in it, both did. */
  readonly createdAt: string;
}

export interface DatabaseContents {
  readonly database: string;
  /** Of the users that work on it, as in Place. */
  readonly version: number;
  readonly rows: readonly Row[];
}

/** An operator confirmed that what a version's users wrote may be lost: from the beginning of that run to its end. */
export interface ConfirmedLoss {
  readonly version: number;
  readonly from: number;
  /** Infinity while it lasts. */
  readonly until: number;
}

export interface History {
  readonly events: readonly Event[];
  /** Rows that were there before the clients came. */
  readonly before: readonly Row[];
  readonly confirmed: readonly ConfirmedLoss[];
}

export interface End {
  /** Who answers at the public name in the end; null for nobody. */
  readonly serving: Place | null;
  readonly databases: readonly DatabaseContents[];
}

export function isAcknowledged(event: Event): event is WriteEvent {
  return event.kind === 'write' && (event.outcome === 'created' || event.outcome === 'existed');
}
