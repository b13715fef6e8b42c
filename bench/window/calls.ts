// Every call of resource manager and SQL that the embedded Azure took, with the moments it came and was answered. The measure
// is the same for whoever calls.
import type { Faults } from '../../local-azure/faults.ts';

export interface Call {
  /** As faults.ts names it. */
  readonly name: string;
  /** Milliseconds of the machine's monotonic clock. */
  readonly begun: number;
  /** Null while it is not answered. */
  readonly answered: number | null;
}

export interface CallBook {
  /** So far, in the order they came. */
  calls(): readonly Call[];
}

/** @param now milliseconds. */
export function keepCallBook(faults: Faults, now: () => number): CallBook {
  const book: { name: string; begun: number; answered: number | null }[] = [];
  faults.onCall((name) => {
    book.push({ name, begun: now(), answered: null });
  });
  // Of calls of one name under way at one time it cannot be told which was answered: the oldest is taken.
  faults.onAnswered((name) => {
    const call = book.find((one) => one.name === name && one.answered === null);
    if (call) call.answered = now();
  });
  return { calls: () => book };
}
