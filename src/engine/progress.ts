// A long wait, told in a log: a line at a time, few enough to be read, with what one wants to know.
import type { Clock } from '../clock.ts';
import { formatDuration, formatRate } from './humane.ts';

export interface ProgressOptions {
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** What is waited for: "Seeding contoso". */
  readonly label: string;
  /** At most one line in this time, besides the first and the last. */
  readonly minIntervalMs: number;
  /** What 100 percent are, where known: the rate is then told in bytes. */
  readonly totalBytes?: number | null;
}

export interface Progress {
  /** 0 to 100; null where it is not known. Logs a line if it is the first, or the interval has passed. */
  update(percent: number | null, note?: string): void;
  /** The last line of a wait that came to its end. */
  finish(note?: string): void;
  /** The last line of a wait that was given up. */
  stop(note?: string): void;
}

interface Sample {
  readonly at: number;
  readonly percent: number;
}

/** The rate is that of the last minutes: how fast it goes now tells more than how fast it began. */
const RATE_WINDOW_MS = 10 * 60_000;
/** A number that stands this long is worth a word. */
const STANDSTILL_MS = 5 * 60_000;

/** Percent, rate and remaining time of a long wait, as log lines. */
export function createProgress(options: ProgressOptions): Progress {
  const { clock, log, label } = options;
  const startedAt = clock.now();
  let samples: readonly Sample[] = [];
  let loggedAt: number | null = null;

  const say = (parts: readonly (string | null | undefined)[]) =>
    log(`${label}: ${parts.filter((part) => part).join(', ')}`);
  const elapsed = () => `after ${formatDuration(clock.now() - startedAt)}`;

  return {
    update(percent, note) {
      const at = clock.now();
      if (percent !== null) samples = withSample(samples, { at, percent: clamp(percent) });
      if (loggedAt !== null && at - loggedAt < options.minIntervalMs) return;
      loggedAt = at;
      say([...describe(samples, at, options.totalBytes ?? null), note]);
    },
    finish: (note) => say([`done ${elapsed()}`, note]),
    stop(note) {
      const last = samples.at(-1);
      say([`stopped ${last ? `at ${formatPercent(last.percent)} ` : ''}${elapsed()}`, note]);
    },
  };
}

function describe(samples: readonly Sample[], now: number, totalBytes: number | null): string[] {
  const last = samples.at(-1);
  if (last === undefined) return ['waiting'];
  const percent = formatPercent(last.percent);
  const still = now - last.at;
  if (still >= STANDSTILL_MS) return [percent, `unchanged for ${formatDuration(still)}`];
  const first = samples[0] ?? last;
  const perMs = now > first.at ? (last.percent - first.percent) / (now - first.at) : 0;
  if (perMs <= 0) return [percent];
  const rate =
    totalBytes === null ? formatRate(perMs, 'percent') : formatRate((perMs / 100) * totalBytes, 'bytes');
  const remaining = (100 - last.percent) / perMs;
  return remaining > 0 ? [percent, rate, `about ${formatDuration(coarse(remaining))} left`] : [percent, rate];
}

/** Samples of the window, oldest first; one for each percentage. A fall (Azure began anew) starts again. */
function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last?.percent === sample.percent) return samples;
  if (last !== undefined && sample.percent < last.percent) return [sample];
  const recent = samples.filter(({ at }) => sample.at - at <= RATE_WINDOW_MS);
  return [...(recent.length > 0 || last === undefined ? recent : [last]), sample];
}

/** An estimate is not told to the second. */
function coarse(ms: number): number {
  const step = ms < 10 * 60_000 ? 10_000 : 60_000;
  return Math.ceil(ms / step) * step;
}

function formatPercent(percent: number): string {
  // Not "100 %" before it is.
  return `${Math.floor(percent * 10) / 10} %`;
}

function clamp(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}
