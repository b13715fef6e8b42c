import { describe, expect, test } from '@jest/globals';
import { renderSummary } from '../../src/action/summary/summary.ts';
import { renderTimeline } from '../../src/action/summary/timeline.ts';
import type { RunReport, StepRecord } from '../../src/engine/report.ts';
import { timelineOf } from '../../src/engine/timeline.ts';
import { ROLLED_BACK, SWITCHED } from './sample-reports.ts';

const BEGIN = Date.parse('2026-03-01T10:00:00.000Z');
const iso = (seconds: number) => new Date(BEGIN + seconds * 1000).toISOString();

/** Titles with the seconds at which they began and ended. */
type Times = Readonly<Record<string, readonly [number, number]>>;

function steps(times: Times): StepRecord[] {
  return Object.entries(times).map(([title, [from, to]]) => ({
    id: title,
    title,
    article: null,
    phase: 'upgrade',
    state: 'done',
    startedAt: iso(from),
    seconds: to - from,
    evidence: [],
  }));
}

function ran(forward: Times, window: readonly [number, number | null] | null, back: Times = {}): RunReport {
  const ends = [...Object.values(forward), ...Object.values(back)].map(([, to]) => to);
  const report: RunReport = {
    ...(window ? SWITCHED : ROLLED_BACK),
    startedAt: iso(0),
    endedAt: iso(Math.max(...ends)),
    steps: steps(forward),
    rollback: steps(back),
    readOnly: window && {
      from: iso(window[0]),
      to: window[1] === null ? null : iso(window[1]),
      seconds: 0,
      spentOn: [],
    },
  };
  return { ...report, timeline: timelineOf(report, []) };
}

/** The drawn bars by what they are of, the first table first. */
function bars(markdown: string): [string, string][] {
  return [...markdown.matchAll(/^\| [^|]+ \| ([^|]+) \| `([█▒·]+)` \|/gm)].map(([, what = '', bar = '']) => [
    what,
    bar,
  ]);
}

describe('the drawn timeline', () => {
  test('has bars as long as what they are of, and where it was', () => {
    const drawn = bars(renderTimeline(ran({ first: [0, 30], second: [30, 40] }, null)));
    expect(drawn).toEqual([
      ['first', `${'█'.repeat(30)}${'·'.repeat(10)}`],
      ['second', `${'·'.repeat(30)}${'█'.repeat(10)}`],
    ]);
  });

  test('shades the window in a run that is hardly longer', () => {
    const [look] = bars(renderTimeline(ran({ look: [0, 10], script: [10, 40] }, [10, 40])));
    expect(look).toEqual(['look', `${'█'.repeat(10)}${'▒'.repeat(30)}`]);
  });

  test('draws a window of seconds by itself where the run takes hours', () => {
    const hours = 4 * 3600;
    const report = ran({ seeding: [0, hours], script: [hours, hours + 8], switch: [hours + 8, hours + 10] }, [
      hours,
      hours + 10,
    ]);
    const drawn = bars(renderTimeline(report));
    expect(drawn.slice(0, 2)).toEqual([
      ['script', `${'█'.repeat(32)}${'·'.repeat(8)}`],
      ['switch', `${'·'.repeat(32)}${'█'.repeat(8)}`],
    ]);
    // A moment is seen in the whole, too.
    expect(drawn.slice(2).map(([what, bar]) => [what, bar.includes('█')])).toEqual([
      ['seeding', true],
      ['script', true],
      ['switch', true],
    ]);
  });

  test('shows the way back as such', () => {
    const drawn = bars(renderTimeline(ran({ script: [0, 20] }, [0, null], { unfreeze: [20, 40] })));
    expect(drawn.at(-1)).toEqual(['↶ unfreeze', `${'▒'.repeat(20)}${'█'.repeat(20)}`]);
  });

  test('is part of the summary, also of a run that is told to nobody else', () => {
    expect(renderSummary(ran({ script: [0, 20] }, null))).toContain('### Timeline');
    expect(renderTimeline({ ...SWITCHED, timeline: [] })).toBe('');
  });
});
