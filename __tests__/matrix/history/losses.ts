// The one exception: what V2's users wrote and an operator confirmed to lose, by going back to V1.
import { type ConfirmedLoss, type Event, type History, isAcknowledged, type Place } from './events.ts';

export interface Losses {
  /** Whether what a request may have done to a version's database, when it began at that time, may be missing elsewhere. */
  mayBeLost(version: number, begun: number): boolean;
  /** The same for what is looked for in the meantime: not before the confirmation. */
  mayBeLostFor(version: number, begun: number, seenAt: number): boolean;
}

/** Confirmed, and users did come to another version after it, where they write: a confirmation alone takes nothing from anybody. */
export function lossesOf({ events, confirmed }: History, serving: Place | null): Losses {
  const inForce = confirmed.filter((loss) => happened(loss, events, serving));
  const covers = (version: number, begun: number, seenAt: number) =>
    inForce.some((loss) => loss.version === version && begun < loss.until && loss.from < seenAt);
  return {
    mayBeLost: (version, begun) => covers(version, begun, Number.POSITIVE_INFINITY),
    mayBeLostFor: covers,
  };
}

function happened(
  { version, from }: ConfirmedLoss,
  events: readonly Event[],
  serving: Place | null,
): boolean {
  if (serving !== null && serving.version !== version) return true;
  return events.some(
    (event) => event.ended > from && isAcknowledged(event) && event.servedBy?.version !== version,
  );
}
