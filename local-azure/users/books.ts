// What users saw, kept as it happens.

export interface UsersReport {
  readonly reads: { readonly answered: number; readonly failed: Readonly<Record<string, number>> };
  readonly writes: {
    readonly acknowledged: number;
    readonly refusedReadOnly: number;
    /** Given up, by kind; those whose outcome nobody told the user are called `outcome-unknown`. */
    readonly failed: Readonly<Record<string, number>>;
  };
  /** Requests answered well, by who answered: `contoso-blue 1.0.0`. */
  readonly answeredBy: Readonly<Record<string, number>>;
  /** Who answered the last read; null before the first. */
  readonly lastAnsweredBy: string | null;
  /** The longest time without an answered read, an acknowledged write; the one that still lasts included. */
  readonly longestReadGapMs: number;
  readonly longestWriteGapMs: number;
}

export interface Books {
  readAnswered(servedBy: string): void;
  readFailed(why: string): void;
  writeAcknowledged(id: string, servedBy: string): void;
  writeRefused(): void;
  writeFailed(why: string): void;
  /** Ids of every write that was acknowledged, oldest first. */
  acknowledged(): readonly string[];
  report(): UsersReport;
}

/** @param now milliseconds; the gaps count from the call on. */
export function openBooks(now: () => number): Books {
  const reads = { answered: 0, failed: {} as Record<string, number> };
  const writes = { refusedReadOnly: 0, failed: {} as Record<string, number> };
  const acknowledged: string[] = [];
  const answeredBy: Record<string, number> = {};
  let lastAnsweredBy: string | null = null;
  const readGap = stopwatch(now);
  const writeGap = stopwatch(now);
  return {
    readAnswered: (servedBy) => {
      reads.answered++;
      count(answeredBy, servedBy);
      lastAnsweredBy = servedBy;
      readGap.mark();
    },
    readFailed: (why) => count(reads.failed, why),
    writeAcknowledged: (id, servedBy) => {
      acknowledged.push(id);
      count(answeredBy, servedBy);
      writeGap.mark();
    },
    writeRefused: () => {
      writes.refusedReadOnly++;
    },
    writeFailed: (why) => count(writes.failed, why),
    acknowledged: () => acknowledged,
    report: () => ({
      reads: { answered: reads.answered, failed: { ...reads.failed } },
      writes: {
        acknowledged: acknowledged.length,
        refusedReadOnly: writes.refusedReadOnly,
        failed: { ...writes.failed },
      },
      answeredBy: { ...answeredBy },
      lastAnsweredBy,
      longestReadGapMs: readGap.longest(),
      longestWriteGapMs: writeGap.longest(),
    }),
  };
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function stopwatch(now: () => number) {
  let last = now();
  let longest = 0;
  const look = () => {
    longest = Math.max(longest, now() - last);
    return longest;
  };
  return {
    mark: () => {
      look();
      last = now();
    },
    longest: look,
  };
}
