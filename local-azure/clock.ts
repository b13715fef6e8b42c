// Time, injected: everything in the embedded Azure that waits or looks at a clock asks here, so that tests can
// hold time still and the demo can run at a fraction of Azure's pace.

export interface Clock {
  now(): Date;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `action` once after `ms` milliseconds; the returned function calls it off. */
  schedule(ms: number, action: () => void): () => void;
}

/** The machine's clock. Pending timers do not keep the process alive. */
export function systemClock(): Clock {
  const schedule = (ms: number, action: () => void) => {
    const timer = setTimeout(action, ms);
    timer.unref();
    return () => clearTimeout(timer);
  };
  return { now: () => new Date(), schedule, sleep: (ms, signal) => sleepOn(schedule, ms, signal) };
}

/** Sleeping, made of what calls an action later. */
export function sleepOn(schedule: Clock['schedule'], ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = schedule(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
