// How often to look while Azure works. The end of a wait is seen late by a share of the wait and not by a fixed time: a
// short one is looked at often, and one of hours costs few requests.

export interface PaceLimits {
  /** Milliseconds. Below a round trip it would not be seen sooner. */
  readonly shortest: number;
  readonly longest: number;
}

/** With the look itself, which takes its time too, under five percent of the wait. */
const SHARE = 0.04;

/** Milliseconds until the next look. @param waitedMs since the wait began. */
export function pauseAfter(waitedMs: number, { shortest, longest }: PaceLimits): number {
  return Math.min(longest, Math.max(shortest, SHARE * waitedMs));
}
