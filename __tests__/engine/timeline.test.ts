import { describe, expect, test } from '@jest/globals';
import type { ReadOnlyWindow, StepRecord } from '../../src/engine/report.ts';
import { type TimedPart, timelineOf } from '../../src/engine/timeline.ts';

const BEGIN = Date.parse('2026-03-01T10:00:00.000Z');
const iso = (seconds: number) => new Date(BEGIN + seconds * 1000).toISOString();

function step(title: string, from: number, to: number, over: Partial<StepRecord> = {}): StepRecord {
  return {
    id: title,
    title,
    article: null,
    phase: 'upgrade',
    state: 'done',
    startedAt: iso(from),
    seconds: to - from,
    evidence: [],
    ...over,
  };
}

interface Ran {
  readonly steps?: readonly StepRecord[];
  readonly rollback?: readonly StepRecord[];
  readonly readOnly?: ReadOnlyWindow | null;
  readonly endsAt?: number;
  readonly parts?: readonly TimedPart[];
}

function timeline({ steps = [], rollback = [], readOnly = null, endsAt = 10, parts = [] }: Ran) {
  return timelineOf({ startedAt: iso(0), endedAt: iso(endsAt), steps, rollback, readOnly }, parts);
}

const part = (what: string, from: number, to: number): TimedPart => ({
  what,
  from: BEGIN + from * 1000,
  to: BEGIN + to * 1000,
});

const named = (spans: ReturnType<typeof timeline>) => spans.map(({ what }) => what);

describe('the timeline of a run', () => {
  test('has every step when it ran, and says what lay between', () => {
    const spans = timeline({ steps: [step('freeze', 1, 2), step('drain', 2, 4)], endsAt: 5 });
    expect(spans.map(({ what, kind, from, to }) => [what, kind, from, to])).toEqual([
      ['Looks and guards', 'between', iso(0), iso(1)],
      ['freeze', 'step', iso(1), iso(2)],
      ['drain', 'step', iso(2), iso(4)],
      ['Look at how it ended', 'between', iso(4), iso(5)],
    ]);
  });

  test('says what waited for what, also where steps went on side by side', () => {
    const steps = [
      step('make ready', 0, 1),
      step('seeding', 1, 8, { waitsFor: 'Azure' }),
      step('site', 1, 3),
      step('site answers', 3, 4),
      step('profile', 8, 9),
    ];
    const waited = timeline({ steps, endsAt: 9 }).map(({ what, kind, waitedFor }) => [what, kind, waitedFor]);
    expect(waited).toEqual([
      ['make ready', 'step', null],
      ['seeding', 'wait', 'Azure'],
      ['site', 'step', 'make ready'],
      ['site answers', 'step', 'site'],
      ['profile', 'step', 'seeding'],
    ]);
  });

  test('says how much of each lay in the read-only window, open ones included', () => {
    const steps = [step('freeze', 0, 2), step('script', 2, 6), step('switch', 6, 8)];
    const window = { from: iso(1), to: iso(7), seconds: 6, spentOn: [] };
    const seconds = (readOnly: ReadOnlyWindow) =>
      timeline({ steps, readOnly, endsAt: 8 }).map(({ readOnlySeconds }) => readOnlySeconds);
    expect(seconds(window)).toEqual([1, 4, 1]);
    expect(seconds({ ...window, to: null })).toEqual([1, 4, 2]);
  });

  test('has parts within their step, and those of no step not at all', () => {
    const steps = [step('script', 1, 6)];
    const parts = [
      part('batch 1', 2, 3),
      part('guards', 0, 0.5),
      part('batch 2', 3, 5),
      part('moment', 2, 2),
    ];
    expect(named(timeline({ steps, parts, endsAt: 6 }))).toEqual([
      'Looks and guards',
      'script',
      'batch 1',
      'batch 2',
    ]);
  });

  test('has the way back after what failed, and nothing that was not reached', () => {
    const never = step('switch', 0, 0, { state: 'not-reached', startedAt: null, seconds: null });
    const spans = timeline({
      steps: [step('script', 0, 2, { state: 'failed' }), never],
      rollback: [step('unfreeze', 2, 3, { state: 'undone' })],
      endsAt: 3,
    });
    expect(spans.map(({ what, kind, waitedFor }) => [what, kind, waitedFor])).toEqual([
      ['script', 'step', null],
      ['unfreeze', 'undo', 'script'],
    ]);
  });

  test('is empty where no step was begun', () => expect(timeline({})).toEqual([]));
});
