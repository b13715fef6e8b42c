// A clock that stands still until it is told to move on.
import type { Clock } from '../../../local-azure/clock.ts';

export interface SimulatedClock extends Clock {
  /** Moves time on, running what falls due in its order, and lets everything that waits go on. */
  advance(ms: number): Promise<void>;
}

export function createSimulatedClock(start = Date.UTC(2026, 0, 31, 12)): SimulatedClock {
  let now = start;
  let timers: { readonly at: number; readonly action: () => void }[] = [];
  const schedule: Clock['schedule'] = (ms, action) => {
    const timer = { at: now + ms, action };
    timers.push(timer);
    return () => {
      timers = timers.filter((each) => each !== timer);
    };
  };
  return {
    now: () => new Date(now),
    schedule,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const cancel = schedule(ms, resolve);
        signal?.addEventListener('abort', () => {
          cancel();
          reject(signal.reason);
        });
      }),
    advance: async (ms) => {
      const until = now + ms;
      for (;;) {
        await settled();
        const due = timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers = timers.filter((timer) => timer !== due);
        now = Math.max(now, due.at);
        due.action();
      }
      now = until;
      await settled();
    },
  };
}

/** Lets promises that can go on go on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
