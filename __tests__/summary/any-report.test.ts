// Whatever a report contains, its summary stays a summary.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Marked, type Token, type Tokens } from 'marked';
import { renderDomainTableText } from '../../src/action/summary/domains-text.ts';
import { renderEndpointTableText } from '../../src/action/summary/endpoint-text.ts';
import { code, oneLine, prose, text } from '../../src/action/summary/markdown.ts';
import { renderPlanText } from '../../src/action/summary/plan-text.ts';
import { renderSummary } from '../../src/action/summary/summary.ts';
import {
  anyEndpoints,
  anyPlan,
  anyReport,
  anyService,
  anyString,
  hugeReport,
  hugeService,
} from './arbitrary-report.ts';

const MIB = 1024 * 1024;
const marked = new Marked({ gfm: true });

/** The tables that a reader of GitHub-flavoured Markdown sees, also those inside folded parts. */
function tables(markdown: string): Tokens.Table[] {
  const found: Tokens.Table[] = [];
  marked.walkTokens(marked.lexer(markdown), (token: Token) => {
    if (token.type === 'table') found.push(token as Tokens.Table);
  });
  return found;
}

/** Table rows by their source, outside of diagrams. */
function rowGroups(markdown: string): string[][] {
  const groups: string[][] = [];
  let open = false;
  for (const line of markdown.replace(/```mermaid[\s\S]*?\n```/g, '').split('\n')) {
    if (!line.startsWith('|')) open = false;
    else if (open) groups.at(-1)?.push(line);
    else {
      groups.push([line]);
      open = true;
    }
  }
  return groups;
}

const cellCount = (row: string) => row.split('|').length - 2;

/** What a browser shows of HTML. */
function shown(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .trim();
}

test('every table row has as many cells as its head, no HTML of the data gets through, all below 1 MiB', () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      const markdown = renderSummary(report);
      expect(Buffer.byteLength(markdown)).toBeLessThan(MIB);
      expect(markdown).not.toMatch(/<script|<!--|javascript:alert/i);
      for (const rows of rowGroups(markdown)) {
        expect(new Set(rows.map(cellCount)).size).toBe(1);
      }
      const seen = tables(markdown);
      expect(seen).toHaveLength(rowGroups(markdown).length);
      expect(seen.map((table) => table.rows.length + 2)).toEqual(
        rowGroups(markdown).map((rows) => rows.length),
      );
    }),
    { numRuns: 150 },
  );
});

test('the first line is one line and starts with a symbol', () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      expect(renderSummary(report).split('\n').slice(0, 2)).toEqual([
        expect.stringMatching(/^[✅⚪🟡🔴⛔] \*\*.+\*\*$/u),
        '',
      ]);
    }),
    { numRuns: 100 },
  );
});

describe('data is shown as it is', () => {
  test.each([
    ['text', text],
    ['code', code],
  ])('%s', (_, escaped) => {
    fc.assert(
      fc.property(anyString, (data) => {
        const html = marked.parse(`x ${escaped(data)} x`, { async: false });
        expect(shown(html).replace(/\s+/g, ' ')).toBe(`x ${oneLine(data)} x`.replace(/\s+/g, ' '));
      }),
    );
  });

  test('a paragraph of it is never a list, a heading, a rule or a table', () => {
    fc.assert(
      fc.property(anyString, (data) => {
        const kinds = marked.lexer(`${prose(data)}\n`).map((token) => token.type);
        expect(kinds.filter((kind) => kind !== 'space')).toEqual(prose(data) === '' ? [] : ['paragraph']);
      }),
    );
  });
});

describe('size', () => {
  test.each([
    ['an application', '|', hugeReport],
    ['an application', '\u20ac', hugeReport],
    ['an application', '<', hugeReport],
    ['an application', 'x', hugeReport],
    ['a service', '|', hugeService],
    ['a service', '\u20ac', hugeService],
  ])('the largest report of %s, of %j, stays below 1 MiB', (_, character, huge) => {
    const markdown = renderSummary(huge(20_000, 60, character));
    expect(Buffer.byteLength(markdown)).toBeLessThan(MIB);
    expect(markdown).toMatch(/^🔴 \*\*HEADLINE /);
  });

  test.each([
    ['an application', hugeReport],
    ['a service', hugeService],
  ])('what the strictest shortening leaves of %s fits, so that no report exceeds the limit', (_, huge) => {
    const [small, words] = [huge(40, 8), huge(1200, 8)];
    const strictest = {
      ...small,
      verdict: words.verdict,
      error: { ...errorOf(words), causes: errorOf(small).causes },
    };
    const markdown = renderSummary(strictest);
    expect(Buffer.byteLength(markdown)).toBeLessThan(1_000_000);
    expect(markdown).not.toContain('left out in the middle');
  });

  test('what was cut is said, with where the rest is', () => {
    const markdown = renderSummary(hugeReport(20_000, 60));
    expect(markdown).toMatch(
      /_Shortened: \d+ long texts cut at the end, \d+ entries left out .* `report` names\._/,
    );
    expect(renderSummary(hugeReport(10, 2))).not.toContain('Shortened');
  });

  test('long lists keep their first and their last entries', () => {
    const report = hugeReport(3, 2);
    const causes = Array.from({ length: 1000 }, (_, index) => `cause-${index}-`);
    const markdown = renderSummary({ ...report, error: { ...errorOf(report), causes } });
    expect(markdown).toContain('cause-0-');
    expect(markdown).toContain('cause-999-');
    expect(markdown).not.toContain('cause-500-');
    expect(markdown).toContain('800 entries left out');
  });
});

function errorOf(report: ReturnType<typeof hugeReport>): NonNullable<typeof report.error> {
  if (report.error === null) throw new Error('the huge report has an error');
  return report.error;
}

test('no line of the plan, of the endpoint table or of the service commands the runner or the terminal', () => {
  fc.assert(
    fc.property(anyPlan, anyEndpoints, anyService, (plan, endpoints, service) => {
      const log = [
        renderPlanText(plan),
        renderEndpointTableText(endpoints),
        renderDomainTableText(service),
      ].join('\n');
      expect(log).not.toMatch(/^\s*::/m);
      expect(log).not.toContain('##[');
      expect(log.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    }),
    { numRuns: 100 },
  );
});
