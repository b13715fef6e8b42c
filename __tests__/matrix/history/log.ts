// The history while it is written: one order for all clients.
import type { ConfirmedLoss, Event, ReadEvent, Row, WriteEvent } from './events.ts';

type Begun = 'client' | 'key' | 'begun' | 'ended';
/** What is known of a request when it has ended. */
export type Ended = Omit<WriteEvent, Begun> | Omit<ReadEvent, Begun>;

export interface Log {
  readonly events: readonly Event[];
  readonly confirmed: readonly ConfirmedLoss[];
  /** Keys of orders that were sent, whatever became of them, oldest first. */
  readonly keys: readonly string[];
  /** @returns to be called with the outcome. */
  begin(client: number, key: string): (ended: Ended) => void;
  /** @returns to be called at the end of the run that it was confirmed to. */
  confirm(version: number): () => void;
}

export function openLog(before: readonly Row[]): Log {
  const events: Event[] = [];
  const confirmed: ConfirmedLoss[] = [];
  const keys = before.map(({ key }) => key);
  const known = new Set(keys);
  let now = 0;
  return {
    events,
    confirmed,
    keys,
    begin: (client, key) => {
      const begun = ++now;
      if (!known.has(key)) {
        known.add(key);
        keys.push(key);
      }
      return (ended) => {
        events.push({ client, key, begun, ended: ++now, ...ended });
      };
    },
    confirm: (version) => {
      const at = confirmed.push({ version, from: ++now, until: Number.POSITIVE_INFINITY }) - 1;
      return () => {
        const loss = confirmed[at];
        if (loss) confirmed[at] = { ...loss, until: ++now };
      };
    },
  };
}
