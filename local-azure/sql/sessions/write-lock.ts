// One writer at a time a database, first come first served: a writer waits until the one before has ended its
// transaction. Readers never wait, they see what is committed.

export interface WriteLock {
  /** Resolves with the function that gives the lock back. Rejects with the signal's reason when aborted first. */
  acquire(signal: AbortSignal): Promise<() => void>;
  readonly isHeld: boolean;
}

interface Waiter {
  readonly grant: () => void;
}

export function createWriteLock(): WriteLock {
  const queue: Waiter[] = [];
  let held = false;

  const release = () => {
    const first = queue.shift();
    if (first) first.grant();
    else held = false;
  };
  const once = () => {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      release();
    };
  };

  return {
    get isHeld() {
      return held;
    },
    acquire: (signal) => {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (!held) {
        held = true;
        return Promise.resolve(once());
      }
      return new Promise((resolve, reject) => {
        const waiter: Waiter = {
          grant: () => {
            signal.removeEventListener('abort', onAbort);
            resolve(once());
          },
        };
        const onAbort = () => {
          queue.splice(queue.indexOf(waiter), 1);
          reject(signal.reason);
        };
        signal.addEventListener('abort', onAbort, { once: true });
        queue.push(waiter);
      });
    },
  };
}
