// Requests at a rate, as people make them: not in step, and not more at once than there are people.
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';

export interface Rate {
  /** In the mean; 0: none. */
  readonly perSecond: number;
  readonly clock: Clock;
  readonly random: Random;
  /** When they go home, in milliseconds since the epoch. */
  readonly lastCall: number;
  /** They go home at once. */
  readonly signal: AbortSignal;
}

/** Requests under way at once; more users wait, as people do. */
const MOST_AT_ONCE = 16;

/** Begins requests at a rate until they go home; waits for the last ones. */
export async function repeat(
  { perSecond, clock, random, lastCall, signal }: Rate,
  request: () => Promise<void>,
): Promise<void> {
  if (perSecond <= 0) return;
  const underWay = new Set<Promise<void>>();
  while (!signal.aborted && clock.now().getTime() < lastCall) {
    // People do not come in step: between half and one and a half of the mean distance.
    await pause(clock, (1000 / perSecond) * (0.5 + random.next()), signal);
    if (signal.aborted) break;
    if (underWay.size >= MOST_AT_ONCE) continue;
    const begun = request().finally(() => underWay.delete(begun));
    underWay.add(begun);
  }
  await Promise.all(underWay);
}

/** Ends early where the signal is aborted, without an error. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch(() => undefined);
}
