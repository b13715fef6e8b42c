// The walk and the instances in service, in pictures and in words.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { condensed, sampled } from '../../src/action/summary/step-function.ts';
import { renderSummary } from '../../src/action/summary/summary.ts';
import type { ServiceReport } from '../../src/engine/service-report.ts';
import {
  at,
  CLOUD,
  capacity,
  domains,
  GOOD_WALK,
  HELD,
  MANUAL,
  MANY,
  SERVICE_PLAN,
  TAKEN_BACK,
  UPDATED,
  WEB,
  walked,
} from './service-samples.ts';

const drawings = (markdown: string) =>
  [...markdown.matchAll(/```mermaid\n([\s\S]*?)\n```/g)].map(([, drawing = '']) => drawing);

const summaryOf = (change: Partial<ServiceReport>) =>
  renderSummary({ ...MANUAL, service: { ...WEB, ...change } });

const picture = (markdown: string) => drawings(markdown).find((one) => one.startsWith('flowchart')) ?? '';

/** "0 ==> 1", of the domains. */
const edges = (drawing: string) =>
  [...drawing.matchAll(/domain(\d+) (==>|-->|-\.->)(?:\|"\w+"\|)? domain(\d+)/g)].map(
    ([, from, line, to]) => `${from} ${line} ${to}`,
  );

describe('the picture of the walk', () => {
  test('goes thick as far as the update has come, and thin to what is to come', () => {
    expect(edges(picture(renderSummary(MANUAL)))).toEqual(['0 ==> 1', '1 --> 2', '2 --> 3', '3 --> 4']);
    expect(picture(renderSummary(MANUAL))).toContain(
      'domain1["domain 1<br/>3 instances<br/>updated<br/>forward 1 min 10 s"]:::updated',
    );
  });

  test('shows the way back, and where it began', () => {
    const drawn = picture(renderSummary(TAKEN_BACK));
    expect(edges(drawn)).toContain('1 -.-> 0');
    expect(edges(drawn).filter((edge) => edge.includes('-.->'))).toHaveLength(1);
    expect(drawn).toContain('back as before<br/>forward 2 min 10 s, failed<br/>back 1 min 06 s"]:::returned');
  });

  test('marks the domain in which the walk broke off', () => {
    expect(picture(renderSummary(HELD))).toMatch(/domain1\[".*forward 30 min 00 s, stuck"\]:::broken/);
    expect(renderSummary(HELD)).toContain('Red: where the walk broke off.');
    expect(renderSummary(MANUAL)).not.toContain('Red:');
  });

  test('follows the order in which the domains were walked', () => {
    const order = [2, 0];
    const walk = order.map((domain, index) => walked(domain, index * 80, index * 80 + 70));
    const some = domains([1, 1, 1, 1], (domain) =>
      order.includes(domain) ? { state: 'updated', change: UPDATED } : { state: 'untouched' },
    );
    const titles = [...picture(summaryOf({ walk, domains: some })).matchAll(/"domain (\d)/g)];
    expect(titles.map(([, domain]) => domain)).toEqual(['2', '0', '1', '3']);
  });

  test('draws many domains as those of which the same can be said', () => {
    const drawn = picture(renderSummary(MANY));
    expect(drawn).toContain('"domains 0 to 11<br/>600 instances<br/>updated"');
    expect(drawn).toContain('"domains 12 to 19<br/>400 instances<br/>untouched"');
  });

  test('is not there where nothing was walked', () => {
    expect(renderSummary(SERVICE_PLAN)).not.toContain('### The walk');
    expect(drawings(renderSummary(SERVICE_PLAN))).toEqual([]);
  });
});

describe('the table of the walk', () => {
  const rows = renderSummary(TAKEN_BACK)
    .replaceAll('\u00a0', ' ')
    .split('\n')
    .filter((line) => line.includes('░'))
    .filter((line) => line.startsWith('| **'));

  test('tells each walk with its time, the part that was of Azure, and when it was', () => {
    expect(rows).toEqual([
      '| **0** | forward | 3 | 10:00:00 | 1 min 10 s | 1 min 09 s | ✅ good | ███░░░░░░░░░░░░░ |',
      '| **1** | forward | 3 | 10:01:12 | 2 min 10 s | 1 min 06 s | ❌ failed | ░░░███████░░░░░░ |',
      '| **1** | ↩️ back | 3 | 10:03:26 | 1 min 06 s | 1 min 05 s | ✅ good | ░░░░░░░░░████░░░ |',
      '| **0** | ↩️ back | 3 | 10:04:33 | 1 min 06 s | 1 min 05 s | ✅ good | ░░░░░░░░░░░░████ |',
    ]);
  });

  test('is summed up: how long, and how much of it was not the work of Azure', () => {
    const walk = [walked(0, 0, 100, { platformSeconds: 98 }), walked(1, 100, 200, { platformSeconds: 99 })];
    expect(summaryOf({ walk })).toContain(
      'Walked 2 domains forward in 3 min 20 s. Azure worked on the instances for 3 min 17 s of it; the rest, 1.5 %,',
    );
    expect(renderSummary(TAKEN_BACK)).toContain('Walked 2 domains forward and 2 domains back in 5 min 39 s.');
  });

  test('claims nothing where the times make no sense', () => {
    const walk = [walked(0, 0, 10, { platformSeconds: 20 }), walked(1, 10, 20, { from: 'x', to: 'y' })];
    const markdown = summaryOf({ walk });
    expect(markdown).toContain('Walked 2 domains forward.\n');
    expect(markdown).not.toContain('NaN');
  });
});

describe('instances in service', () => {
  test('the least is said first', () => {
    expect(renderSummary(GOOD_WALK)).toContain(
      'In the 6 min 00 s that this run watched, it never saw fewer than **11 of 14** (78 %) in service; first seen at 10:00:00. Counted are healthy instances.',
    );
  });

  test('a role of which only the machines are known to run is told as such', () => {
    expect(renderSummary(CLOUD)).toContain(
      '| `WorkerRole` | 4 of 9 | 10:00:00 | running machines (`power`): nothing tells their health |',
    );
  });

  test('where nobody was missing there is nothing to draw', () => {
    const markdown = summaryOf({ capacity: capacity(14, 60, () => 14) });
    expect(markdown).toContain('it saw all 14 instances in service.');
    expect(drawings(markdown)).toEqual([]);
    expect(markdown).not.toContain('Every change that was seen');
  });

  test('the chart reaches from the first to the last look, and up to all instances', () => {
    const drawn = drawings(renderSummary(MANUAL)).at(-1);
    expect(drawn).toContain('x-axis "seconds since the first look" 0 --> 70.0');
    expect(drawn).toContain('y-axis "instances in service" 0 --> 14');
    expect(drawn).toMatch(/line \[(11, )+(14, )*14\]/);
  });

  test('what the chart shows is there in words', () => {
    const lines = renderSummary(MANUAL).split('\n');
    const head = lines.findIndex((line) => line.includes('Every change that was seen'));
    expect(lines.slice(head + 4, head + 6)).toEqual([
      `| 10:00:00 | 11 of 14 | ${'█'.repeat(18)}${'░'.repeat(6)} |`,
      `| 10:01:05 | 14 of 14 | ${'█'.repeat(24)} |`,
    ]);
  });

  test('a dip that one look of thousands has seen is in the chart and in the words', () => {
    const markdown = summaryOf({
      capacity: capacity(14, 20_000, (second) => (second === 9005 ? 2 : second % 10 === 0 ? 13 : 14)),
    });
    expect(drawings(markdown).at(-1)).toMatch(/line \[.*\b2\b.*\]/);
    expect(markdown).toMatch(/\| 2 of 14 \| █+░+ \|/);
    expect(markdown).not.toContain('Shortened');
  });
});

test('however many looks there are, the lowest one stays', () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 600 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 80 }), (all, cells) => {
      const series = all.map((inService, index) => ({ at: at(index * 5), inService, instances: 1000 }));
      const few = condensed(series);
      expect(few.length).toBeLessThanOrEqual(150);
      expect([few[0]?.at, few.at(-1)?.at]).toEqual([series[0]?.at, series.at(-1)?.at]);
      expect(Math.min(...sampled(few, cells))).toBe(Math.min(...all));
    }),
    { numRuns: 100 },
  );
});
