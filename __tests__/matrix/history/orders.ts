// The history, by key.
import { type Event, isAcknowledged, type ReadEvent, type WriteEvent } from './events.ts';

export interface OrderHistory {
  readonly key: string;
  /** Attempts, in their order. */
  readonly writes: readonly WriteEvent[];
  readonly acknowledged: readonly WriteEvent[];
  /** Those that were answered. */
  readonly reads: readonly ReadEvent[];
}

export function byKey(events: readonly Event[]): Map<string, OrderHistory> {
  const groups = Map.groupBy(events, ({ key }) => key);
  return new Map(
    [...groups].map(([key, group]) => [
      key,
      {
        key,
        writes: group.filter((event) => event.kind === 'write'),
        acknowledged: group.filter(isAcknowledged),
        reads: group.filter((event) => event.kind === 'read' && event.outcome === 'ok') as ReadEvent[],
      },
    ]),
  );
}
