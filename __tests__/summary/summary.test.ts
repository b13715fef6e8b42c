import { describe, expect, test } from '@jest/globals';
import { renderSummary } from '../../src/action/summary/summary.ts';
import {
  blue,
  database,
  green,
  PLANNED_ONLY,
  ROLLBACK_FAILED,
  ROLLED_BACK,
  SAMPLES,
  SWITCHED,
  step,
} from './sample-reports.ts';
import { SERVICES } from './service-samples.ts';

const firstLine = (markdown: string) => markdown.split('\n')[0];

/** The cells of the first table row that contains a text. */
function rowWith(markdown: string, part: string): string[] {
  const row = markdown.split('\n').find((line) => line.startsWith('|') && line.includes(part)) ?? '';
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe('the first line', () => {
  test('is the headline, in bold, after one symbol that tells good from bad', () => {
    expect(firstLine(renderSummary(SWITCHED))).toBe(`✅ **${SWITCHED.verdict.headline}**`);
    expect(firstLine(renderSummary(ROLLED_BACK))).toMatch(/^🟡 \*\*The upgrade script failed/);
    expect(firstLine(renderSummary(ROLLBACK_FAILED))).toMatch(/^🔴 \*\*USERS CANNOT WRITE/);
  });

  test('is not green while users cannot write, whatever the run was asked for', () => {
    const open = { from: '2026-03-01T10:00:00Z', to: null, seconds: 5, spentOn: [] };
    expect(firstLine(renderSummary({ ...SWITCHED, readOnly: open }))).toMatch(/^🟡/);
    expect(firstLine(renderSummary({ ...SWITCHED, result: 'held', readOnly: open }))).toMatch(/^🔴/);
    expect(firstLine(renderSummary({ ...SWITCHED, result: 'refused', readOnly: open }))).toMatch(/^🔴/);
  });

  test('says something even without a headline', () => {
    expect(firstLine(renderSummary({ ...SWITCHED, verdict: { headline: '', next: [] } }))).toBe(
      '✅ **succeeded**',
    );
  });
});

test('parts come in the order a reader needs them', () => {
  const markdown = renderSummary({ ...ROLLED_BACK, plan: PLANNED_ONLY.plan });
  const places = [
    'What to do next',
    '### Endpoints',
    '### Steps',
    '### Rollback',
    '### Read-only window',
    '### Who is connected',
    '### Guards that did not pass',
    '### What went wrong',
    '<b>Plan</b>',
    '<sub>',
  ].map((part) => markdown.indexOf(part));
  expect(places.every((place) => place > 0)).toBe(true);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test('a part that has nothing to say is not there', () => {
  const markdown = renderSummary({
    ...SWITCHED,
    before: [],
    after: [],
    steps: [],
    readOnly: null,
    plan: null,
  });
  expect(markdown).not.toContain('###');
  expect(markdown).not.toContain('mermaid');
});

test('what to do next comes with its commands in code, ready to be copied', () => {
  const markdown = renderSummary(ROLLBACK_FAILED);
  expect(markdown).toContain('connected to `master` on `contoso-sql-blue.database.windows.net`');
  expect(markdown).toContain('<pre><code>ALTER DATABASE &#91;contoso&#93; SET READ&#95;WRITE;</code></pre>');
});

describe('the endpoint table', () => {
  test('marks what changed and leaves alone what did not', () => {
    const markdown = renderSummary(SWITCHED);
    const cells = rowWith(markdown, '`green`');
    expect(cells).toEqual([
      '`green`<br>contoso-green',
      '`green`',
      'stage → **production**',
      'North Europe',
      'Disabled → **Enabled**',
      'Disabled → **Online**',
      '2 → **1**',
      '`contoso` on `contoso-sql-green`<br>read-only → **read-write**<br>secondary of contoso-sql-blue, CATCH_UP → **no link**',
      '1.0.0 → **2.0.0**',
    ]);
  });

  test('says so where nothing changed', () => {
    const markdown = renderSummary(PLANNED_ONLY);
    expect(markdown).toContain('Nothing changed.');
    expect(markdown.split('### Who')[0]).not.toContain('→');
    expect(rowWith(markdown, '`green`')).toContain('not in the profile');
  });

  test('shows endpoints that came and went', () => {
    const came = renderSummary({ ...SWITCHED, before: [blue()], after: [blue(), green()] });
    expect(rowWith(came, '`green`')[0]).toBe('`green`<br>contoso-green **new**');
    const went = renderSummary({ ...SWITCHED, before: [blue(), green()], after: [blue()] });
    expect(rowWith(went, '`green`')[0]).toBe('`green`<br>contoso-green **gone**');
  });

  test('does not take an unreachable database for one without a link', () => {
    expect(rowWith(renderSummary(ROLLBACK_FAILED), '`green`')[7]).toMatch(
      /read-only → \*\*unreachable\*\*<br>secondary of contoso-sql-blue, CATCH_UP → link not known$/,
    );
  });

  test('says which state is missing where only one could be read', () => {
    expect(renderSummary({ ...SWITCHED, after: [] })).toContain('could not be read afterwards');
    expect(renderSummary({ ...SWITCHED, before: [] })).toContain('were not read before');
  });
});

describe('the steps', () => {
  test("carry the article's number, state, time and evidence", () => {
    const [, number, title, state, time, evidence] = rowWith(
      renderSummary(ROLLED_BACK),
      'Run the upgrade script',
    );
    expect([number, title, time]).toEqual(['(5)', 'Run the upgrade script on the stage database', '7.7 s']);
    expect(state).toContain('failed');
    expect(evidence).toBe('batch 2 of 3, `v3.sql` line 12: Msg 4902, level 16, state 1');
  });

  test('name the phase only where there are several', () => {
    expect(renderSummary(SWITCHED)).toContain('| Phase | No. | Step | State | Time | Evidence |');
    const one = { ...SWITCHED, plan: null, steps: SWITCHED.steps.filter(({ phase }) => phase === 'upgrade') };
    expect(renderSummary(one)).toContain('| No. | Step | State | Time | Evidence |');
    expect(renderSummary(one)).not.toContain('| Phase |');
  });

  test('fold evidence beyond a few lines', () => {
    const evidence = ['one', 'two', 'three', 'four', 'five'];
    const markdown = renderSummary({ ...SWITCHED, steps: [step({ id: 's', title: 'S', evidence })] });
    expect(markdown).toContain(
      'one<br>two<br>three<details><summary>2 more lines</summary>four<br>five</details>',
    );
  });
});

test('the read-only window tells its length and what it was spent on, or that it is still open', () => {
  const closed = renderSummary(SWITCHED);
  expect(closed).toContain('could not write for **41.3 s**, from 2026-03-01 10:00:03 UTC');
  expect(rowWith(closed, '| upgrade script').slice(0, 2)).toEqual(['upgrade script', '8.4 s']);
  expect(renderSummary(ROLLBACK_FAILED)).toContain('**Users cannot write.** Read-only since');
});

test('guards that passed are counted, the others are shown with what can be done', () => {
  const markdown = renderSummary(PLANNED_ONLY);
  const part = markdown.slice(markdown.indexOf('### Guards'), markdown.indexOf('<b>Plan'));
  expect(rowWith(part, 'Two App Service endpoints')).toEqual([
    'Two App Service endpoints of one region in one profile',
    '❌ **fail**<br>`same-region-endpoints`',
    'blue and green are both azureEndpoints in North Europe',
    'Set `endpoint.type: external` for the stage slot; Azure refuses two App Service endpoints of one region.',
  ]);
  expect(part).not.toContain('Rights on both servers');
  expect(part).toContain('1 other guard passed.');
});

test('the error shows its message, and folded everything Azure said', () => {
  const markdown = renderSummary(ROLLBACK_FAILED);
  const error = markdown.slice(markdown.indexOf('### What went wrong'));
  expect(error).toMatch(/^### What went wrong\n\n`unfreeze-failed`: contoso on contoso-sql-blue could not/);
  expect(error).toContain('Everything that was said (3 causes, outermost first)');
  expect(error).toContain('3. before that: Msg 4902');
});

test('the plan is folded, open where it was asked for, and marks the point of no return', () => {
  expect(renderSummary(SWITCHED)).toContain(
    '<details>\n<summary><b>Plan</b>: 8 steps: 2 done, 1 to do, 5 later',
  );
  const markdown = renderSummary(PLANNED_ONLY);
  expect(markdown).toContain('<details open>\n<summary><b>Plan</b>');
  const marked = markdown.split('\n').filter((line) => line.includes('point of no return'));
  expect(marked).toHaveLength(1);
  expect(marked[0]).toContain('Stage endpoint online, production endpoint offline');
  for (const factor of ['availability', 'roll back', 'catastrophe', 'cost'])
    expect(markdown).toContain(factor);
  expect(markdown).toContain('| `contoso-green-plan` | P0v3 | not known |');
});

test('the footer links the run only where the address is one', () => {
  expect(renderSummary(SWITCHED)).toContain(
    '[run](https://github.com/contoso/orders/actions/runs/4711/attempts/1)',
  );
  const odd = renderSummary({ ...SWITCHED, runUrl: 'javascript:alert(1)' });
  expect(odd).not.toContain('](');
});

describe('the diagram', () => {
  const diagram = (markdown: string) => /```mermaid\n([\s\S]*?)\n```/.exec(markdown)?.[1] ?? '';

  test('leads users over the name and the profile to the enabled endpoint, and dashed to the other', () => {
    const drawn = diagram(renderSummary(SWITCHED));
    expect(drawn).toContain('users ==> name');
    expect(drawn).toContain('name ==> profile');
    expect(drawn).toContain('profile ==> endpoint1');
    expect(drawn).toContain('profile -.-> endpoint0');
    expect(drawn).toContain('endpoint1["endpoint green<br/>Enabled, priority 1, Online"]:::live');
    expect(drawn).toContain('endpoint0["endpoint blue<br/>Disabled, priority 1"]:::off');
  });

  test('marks a production database that users cannot write to', () => {
    expect(diagram(renderSummary(ROLLBACK_FAILED))).toContain(
      'database0[("contoso<br/>contoso-sql-blue<br/>read-only")]:::readonly',
    );
  });

  test('draws a geo-replication link once, from primary to secondary', () => {
    const drawn = diagram(renderSummary({ ...SWITCHED, after: [green(), blue()] }));
    const links = drawn.split('\n').filter((line) => line.includes('geo-replication'));
    expect(links).toEqual(['  database1 -.->|"geo-replication<br/>CATCH#95;UP"| database0']);
  });

  test('without a profile users go straight to the production site', () => {
    const direct = [blue({ status: 'absent' }), green({ status: 'absent' })];
    const drawn = diagram(renderSummary({ ...SWITCHED, after: direct }));
    expect(drawn).toContain('name ==> site0');
    expect(drawn).not.toMatch(/profile|endpoint|name .* site1/);
  });

  test('counts databases where there are many', () => {
    const databases = Array.from({ length: 40 }, (_, index) => ({
      ...database('contoso-sql-blue', index < 30 ? ('read-write' as const) : ('read-only' as const)),
      name: `tenant-${index}`,
    }));
    const drawn = diagram(renderSummary({ ...SWITCHED, after: [blue({ databases })] }));
    expect(drawn).toContain('"30 databases<br/>read-write"');
    expect(drawn).toContain('"10 databases<br/>read-only"');
  });
});

test.each(
  Object.entries({ ...SAMPLES, ...SERVICES }),
)('%s: no gap, no undefined, no object in the text', (_, report) => {
  expect(renderSummary(report)).not.toMatch(/undefined|null|NaN|\[object|\n{4}/);
});
