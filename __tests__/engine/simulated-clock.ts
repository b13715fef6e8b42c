// Time that moves only when a test says so.
import type { Clock } from '../../src/clock.ts';

export interface SimulatedClock extends Clock {
  /** Moves on by `ms`; whoever sleeps until then wakes in order, each at its own time. */
  advance(ms: number): Promise<void>;
  /** How many are asleep. */
  sleepers(): number;
}

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

/** Starts at `start`, milliseconds since the epoch. */
export function createSimulatedClock(start = Date.UTC(2026, 0, 1)): SimulatedClock {
  let now = start;
  const asleep = new Set<Sleeper>();

  return {
    now: () => now,
    sleepers: () => asleep.size,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const onAbort = () => {
          asleep.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper = {
          wakesAt: now + Math.max(0, ms),
          wake: () => {
            asleep.delete(sleeper);
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        asleep.add(sleeper);
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
    async advance(ms) {
      const until = now + ms;
      await settled();
      for (let next = earliest(asleep, until); next !== null; next = earliest(asleep, until)) {
        now = Math.max(now, next.wakesAt);
        next.wake();
        await settled();
      }
      now = until;
    },
  };
}

/** Whoever was woken runs on until it waits again: promises first, then what is queued behind them. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function earliest(asleep: ReadonlySet<Sleeper>, until: number): Sleeper | null {
  let first: Sleeper | null = null;
  for (const sleeper of asleep) {
    if (sleeper.wakesAt > until) continue;
    if (first === null || sleeper.wakesAt < first.wakesAt) first = sleeper;
  }
  return first;
}
