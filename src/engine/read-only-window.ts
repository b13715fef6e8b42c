// The product's measure: from freeze acknowledged to users able to write again, and what that time was
// spent on. It also holds the limit: when users have been read-only for too long, the run is aborted and
// goes back by itself.

import type { Clock } from '../clock.ts';
import { UpgradeError } from '../reasons.ts';
import { formatDuration } from './humane.ts';
import type { ReadOnlyWindow } from './report.ts';

export interface ReadOnlyWindowClock {
  /** The freeze was acknowledged. `at` lies in the past where an earlier run froze. */
  open(at: number): void;
  /**
   * One database was read back as read-only, at this moment of its server's own clock. `database` names it among
   * those of the run; the first moment counts.
   */
  confirm(database: string, at: Date): void;
  /** When it was first read back; null where this run has not frozen it. */
  confirmedAt(database: string): Date | null;
  /** Users can write again. */
  close(): void;
  /** What the time from now on is spent on. */
  spend(what: string): void;
  /** After the pivot was tried the limit must not abort anything. */
  disarm(): void;
  /** Aborted with 'read-only-limit-exceeded'. */
  readonly limit: AbortSignal;
  /** Null where production was never frozen. */
  report(): ReadOnlyWindow | null;
}

/** @param limitMs the longest users may be read-only, counted from the freeze, earlier runs included. */
export function createReadOnlyWindow(clock: Clock, limitMs: number): ReadOnlyWindowClock {
  const limit = new AbortController();
  const disarmed = new AbortController();
  let from: number | null = null;
  let to: number | null = null;
  const confirmed = new Map<string, Date>();
  let spans: { what: string; since: number }[] = [];

  const arm = (ms: number) => {
    clock.sleep(Math.max(0, ms), disarmed.signal).then(
      () => limit.abort(limitExceeded(limitMs)),
      () => {}, // disarmed: that is the usual end
    );
  };

  return {
    limit: limit.signal,
    open: (at) => {
      if (from !== null) return;
      from = at;
      spans = [{ what: 'freeze', since: at }];
      if (clock.now() - at > 1000) spans = [{ what: 'between runs', since: at }];
      arm(limitMs - (clock.now() - at));
    },
    confirm: (database, at) => {
      if (!confirmed.has(database)) confirmed.set(database, at);
    },
    confirmedAt: (database) => confirmed.get(database) ?? null,
    spend: (what) => {
      if (from !== null && to === null) spans.push({ what, since: clock.now() });
    },
    close: () => {
      disarmed.abort();
      if (from !== null && to === null) to = clock.now();
    },
    disarm: () => disarmed.abort(),
    report: () => (from === null ? null : windowReport(from, to, spans, clock.now())),
  };
}

function limitExceeded(limitMs: number): UpgradeError {
  return new UpgradeError(
    'read-only-limit-exceeded',
    `Users have been read-only for ${formatDuration(limitMs)}, the longest that max-read-only allows`,
    { advice: ['Make the upgrade script faster, or raise max-read-only, then run the upgrade again.'] },
  );
}

function windowReport(
  from: number,
  to: number | null,
  spans: readonly { what: string; since: number }[],
  now: number,
): ReadOnlyWindow {
  const end = to ?? now;
  const spentOn = spans
    .map((span, index) => ({
      what: span.what,
      seconds: (Math.min(spans[index + 1]?.since ?? end, end) - span.since) / 1000,
    }))
    .filter((span) => span.seconds > 0);
  return {
    from: new Date(from).toISOString(),
    to: to === null ? null : new Date(to).toISOString(),
    seconds: (end - from) / 1000,
    spentOn,
  };
}
