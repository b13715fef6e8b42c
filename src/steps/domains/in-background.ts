// Work that goes on while something else is looked at: the platform's operation, and the record that is written after it.
import type { Clock } from '../../clock.ts';

export type WorkState =
  | { readonly kind: 'under-way' }
  | { readonly kind: 'done'; readonly at: number }
  | { readonly kind: 'failed'; readonly at: number; readonly error: unknown };

export interface BackgroundWork {
  readonly state: WorkState;
  /** Resolves when it has ended, either way. Never rejects. */
  readonly ended: Promise<void>;
}

/** Begins it. What it throws is its state. */
export function inBackground(clock: Clock, work: () => Promise<void>): BackgroundWork {
  let state: WorkState = { kind: 'under-way' };
  const ended = work().then(
    () => {
      state = { kind: 'done', at: clock.now() };
    },
    (error: unknown) => {
      state = { kind: 'failed', at: clock.now(), error };
    },
  );
  return {
    ended,
    get state() {
      return state;
    },
  };
}

/** Sleeps, at the longest until the work ends; rejects with the signal's reason as soon as it is aborted. */
export async function sleepBeside(
  clock: Clock,
  work: BackgroundWork,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  if (work.state.kind !== 'under-way') return clock.sleep(ms, signal);
  const awake = new AbortController();
  const slept = clock.sleep(ms, AbortSignal.any([signal, awake.signal]));
  try {
    await Promise.race([work.ended, slept]);
  } finally {
    slept.catch(() => {}); // whoever loses the race is heard all the same
    awake.abort();
  }
  signal.throwIfAborted();
}
