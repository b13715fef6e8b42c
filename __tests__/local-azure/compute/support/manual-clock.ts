// Time that stands still until it is told to pass.
import type { Clock } from '../../../../local-azure/clock.ts';

export interface ManualClock extends Clock {
  /** Lets so much time pass, and everything happen that was due in it, in order. */
  pass(ms: number): Promise<void>;
}

export function manualClock(): ManualClock {
  let now = Date.parse('2026-01-01T00:00:00Z');
  let due: { at: number; action: () => void }[] = [];
  const schedule = (ms: number, action: () => void) => {
    const entry = { at: now + ms, action };
    due.push(entry);
    return () => {
      due = due.filter((each) => each !== entry);
    };
  };
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => new Date(now),
    schedule,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const cancel = schedule(ms, resolve);
        signal?.addEventListener('abort', () => {
          cancel();
          reject(signal.reason);
        });
      }),
    pass: async (ms) => {
      const end = now + ms;
      for (;;) {
        await settle();
        const next = due.filter((each) => each.at <= end).toSorted((one, other) => one.at - other.at)[0];
        if (next === undefined) break;
        due = due.filter((each) => each !== next);
        now = Math.max(now, next.at);
        next.action();
      }
      now = end;
      await settle();
    },
  };
}
