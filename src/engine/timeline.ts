// What ran when in one run, and what it waited for: so that a user can see where the time went, that of the read-only
// window above all.
import type { ReadOnlyWindow, RunReport, StepRecord, TimelineSpan } from './report.ts';

/** Something within a step that takes its time: a batch of the script. Milliseconds since the epoch. */
export interface TimedPart {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

interface Span extends TimedPart {
  readonly kind: TimelineSpan['kind'];
  readonly phase: TimelineSpan['phase'];
  readonly waitedFor: string | null;
}

type Ran = Pick<RunReport, 'startedAt' | 'endedAt' | 'steps' | 'rollback' | 'readOnly'>;

/** Shorter pauses are none. */
const GAP_MS = 50;

/**
 * In order of their beginnings, the whole before its parts. What lies in no step is told as well: looks at Azure and
 * guards. Parts that are in no step, or took no time, are left out.
 */
export function timelineOf(ran: Ran, parts: readonly TimedPart[]): TimelineSpan[] {
  const steps = [
    ...ran.steps.flatMap((step) => spanOf(step, step.waitsFor === undefined ? 'step' : 'wait')),
    ...ran.rollback.flatMap((step) => spanOf(step, 'undo')),
  ].sort(inOrder);
  if (steps.length === 0) return [];
  const told = steps.map((span) => ({ ...span, waitedFor: span.waitedFor ?? endedLastBefore(span, steps) }));
  const within = parts.flatMap((part) => partOf(part, steps));
  return [...told, ...gaps(ran, steps), ...within]
    .sort(inOrder)
    .map((span) => published(span, ran.readOnly, ran.endedAt));
}

function spanOf(step: StepRecord, kind: Span['kind']): Span[] {
  if (step.startedAt === null || step.seconds === null) return [];
  const from = Date.parse(step.startedAt);
  const waitedFor = step.waitsFor ?? null;
  return [{ what: step.title, kind, phase: step.phase, from, to: from + step.seconds * 1000, waitedFor }];
}

function partOf(part: TimedPart, steps: readonly Span[]): Span[] {
  const whole = steps.find(({ from, to }) => from <= part.from && part.to <= to);
  const isMoment = part.to <= part.from;
  return whole && !isMoment ? [{ ...part, kind: 'part', phase: whole.phase, waitedFor: null }] : [];
}

/** A step begins as soon as what it waits for has ended, side by side with others or not. */
function endedLastBefore({ from }: Span, steps: readonly Span[]): string | null {
  const before = steps.filter(({ from: begun, to }) => to <= from && begun < from);
  return before.sort((one, other) => other.to - one.to)[0]?.what ?? null;
}

function gaps({ startedAt, endedAt }: Ran, steps: readonly Span[]): Span[] {
  const found: Span[] = [];
  const note = (what: string, from: number, to: number, phase: Span['phase']) => {
    if (to - from >= GAP_MS) found.push({ what, kind: 'between', phase, from, to, waitedFor: null });
  };
  let until = Date.parse(startedAt);
  for (const { phase, from, to } of steps) {
    note('Looks and guards', until, from, phase);
    until = Math.max(until, to);
  }
  note('Look at how it ended', until, Date.parse(endedAt), null);
  return found;
}

function inOrder(one: Span, other: Span): number {
  return one.from - other.from || other.to - one.to;
}

function published(span: Span, readOnly: ReadOnlyWindow | null, endedAt: string): TimelineSpan {
  const { what, kind, phase, from, to, waitedFor } = span;
  return {
    what,
    kind,
    phase,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    readOnlySeconds: readOnly === null ? 0 : secondsWithin(span, readOnly, endedAt),
    waitedFor,
  };
}

function secondsWithin({ from, to }: Span, window: ReadOnlyWindow, endedAt: string): number {
  const begun = Math.max(from, Date.parse(window.from));
  const ended = Math.min(to, Date.parse(window.to ?? endedAt));
  return Math.max(0, ended - begun) / 1000;
}
