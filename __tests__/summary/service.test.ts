// What a reader of a service's summary is told.
import { describe, expect, test } from '@jest/globals';
import { renderSummary } from '../../src/action/summary/summary.ts';
import type { RunReport } from '../../src/engine/report.ts';
import type { ServiceReport } from '../../src/engine/service-report.ts';
import { blue, green } from './sample-reports.ts';
import {
  CLOUD,
  change,
  domains,
  GOOD_WALK,
  HELD,
  instance,
  MANUAL,
  MANY,
  SERVICE_PLAN,
  TAKEN_BACK,
  UPDATED,
  WEB,
} from './service-samples.ts';

/** The cells of all table rows that begin with a cell. */
function rowsOf(markdown: string, first: string): string[][] {
  return markdown
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.replaceAll('\u00a0', ' ').trim()))
    .filter((cells) => cells[1] === first)
    .map((cells) => cells.slice(1, -1));
}

function withService(change: Partial<ServiceReport>, report: RunReport = MANUAL): string {
  return renderSummary({ ...report, service: { ...(report.service ?? WEB), ...change } });
}

test('parts come in the order a reader needs them, without those of an application in slots', () => {
  const open = { from: '2026-03-01T10:00:00Z', to: null, seconds: 5, spentOn: [] };
  const odd = { ...TAKEN_BACK, before: [blue()], after: [green()], readOnly: open };
  const markdown = renderSummary({ ...odd, plan: SERVICE_PLAN.plan });
  const places = [
    '🟡 **',
    '### Where the update stands',
    '### Steps',
    '### Rollback',
    '### The walk',
    '### Instances in service',
    '### What the update changes',
    '### What went wrong',
    '<b>Plan</b>',
    '<sub>application',
  ].map((part) => markdown.indexOf(part));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[0]).toBe(0);
  expect(markdown).not.toMatch(/### (Endpoints|Read-only window|Who is connected)/);
});

describe('the table of domains', () => {
  test('says of each domain and role how many run what, and how they are', () => {
    const markdown = renderSummary(MANUAL);
    expect(markdown).toContain('| Domain | State | `web` |');
    expect(rowsOf(markdown, '**1**')[0]).toEqual(['**1**', '✅ updated', '3 of 3 on 2.0.0, healthy']);
    expect(rowsOf(markdown, '**4**')[0]).toEqual(['**4**', '⬜ untouched', '2 of 2 on 1.0.0, healthy']);
  });

  test('counts where the instances differ', () => {
    expect(rowsOf(renderSummary(HELD), '**1**')[0]).toEqual([
      '**1**',
      '🟡 in flight',
      '3 of 3 on 2.0.0<br>1 unhealthy, 1 starting, 1 healthy',
    ]);
  });

  test('has a column for each role, and does not invent versions and health that nobody tells', () => {
    const markdown = renderSummary(CLOUD);
    expect(markdown).toContain('| Domain | State | `WebRole` | `WorkerRole` |');
    expect(rowsOf(markdown, '**0**')[0]).toEqual([
      '**0**',
      '✅ updated',
      '4 of 4 on the new version, health not told',
      '5 of 5 on the new version, health not told',
    ]);
  });

  test('tells what was brought back from what was never updated', () => {
    const states = ['**0**', '**1**', '**2**'].map((name) => rowsOf(renderSummary(TAKEN_BACK), name)[0]?.[1]);
    expect(states).toEqual(['↩️ back as before', '↩️ back as before', '⬜ untouched']);
  });

  test('does not name versions by a number that both have, as where only a size changes', () => {
    const same = domains([1, 1], (domain) =>
      domain === 0 ? { state: 'updated', change: { runs: 'target' } } : { state: 'untouched' },
    );
    const markdown = withService({ domains: same });
    expect(rowsOf(markdown, '**0**')[0]?.[2]).toBe('1 of 1 on the new version (1.0.0), healthy');
    expect(rowsOf(markdown, '**1**')[0]?.[2]).toBe('1 of 1 on the version before (1.0.0), healthy');
  });

  test('marks what is neither of the two versions', () => {
    const foreign = domains([1], () => ({ state: 'in-flight', change: { now: '9.0.0', runs: 'other' } }));
    expect(rowsOf(withService({ domains: foreign }), '**0**')[0]?.[2]).toBe(
      '1 of 1 on a version that is neither (9.0.0), healthy',
    );
  });

  test('counts all instances, also of a domain that is too long to be shown whole', () => {
    const long = domains([500], () => ({ state: 'updated', change: UPDATED }));
    const markdown = withService({ domains: long });
    expect(markdown).toContain('500 of 500 on 2.0.0, healthy');
    expect(markdown).toContain('<b>Instances</b>: 500');
    expect(markdown).toMatch(/_Shortened: \d+ entries left out/);
  });
});

describe('the table of instances', () => {
  test('tells before, now, health and since when, and stresses what this run changed', () => {
    const markdown = renderSummary(MANUAL);
    expect(markdown).toContain('| Domain | Instance | Before | Now | Health | Since |');
    const rows = ['`5`', '`6`', '`7`'].map((id) =>
      markdown.split('\n').find((line) => line.includes(` ${id} `)),
    );
    expect(rows.map((row) => row?.replaceAll('\u00a0', ' '))).toEqual([
      '|  | `5` | 2.0.0 | 2.0.0 | ✅ healthy | 2026-03-01 08:00:00 UTC |',
      '|  | `6` | 1.0.0 | **2.0.0** | ✅ healthy | 2026-03-01 10:01:06 UTC |',
      '|  | `7` | 1.0.0 | 1.0.0 | ✅ healthy | 2026-02-28 10:00:00 UTC |',
    ]);
  });

  test('names roles where there are several, and leaves out since when where nobody tells', () => {
    const markdown = renderSummary(CLOUD);
    expect(markdown).toContain('| Domain | Role | Instance | Before | Now | Health |\n');
    expect(rowsOf(markdown, '')[0]).toEqual([
      '',
      '`WebRole`',
      '`WebRole_IN_2`',
      '–',
      'the new version',
      '▫️ not told',
    ]);
  });

  test('is folded where nothing is to be told, where there are many, and by domain where very many', () => {
    expect(renderSummary(SERVICE_PLAN)).toContain('<summary><b>Instances</b>: 14</summary>');
    expect(renderSummary(MANUAL)).not.toContain('<b>Instances</b>');
    const some = domains([15, 15], () => ({ state: 'updated', change: UPDATED }));
    expect(withService({ domains: some })).toContain('<summary><b>Instances</b>: 30</summary>');
    const markdown = renderSummary(MANY);
    expect(markdown.match(/<summary><b>Domain \d+<\/b> \(web: 50 of 50 on .*, healthy\)/g)).toHaveLength(20);
  });
});

test('locked, rollback allowed and what is switched off are told with their reasons', () => {
  const markdown = renderSummary(HELD);
  expect(markdown).toContain('- **Locked**: yes. Instances are being changed: web/6.\n');
  expect(markdown).toContain('- **Rollback allowed**: yes.\n');
  expect(markdown).toContain(
    '- **Switched off while the update lasts**: autoscale setting contoso-web-autoscale',
  );
  expect(renderSummary(GOOD_WALK)).toContain(
    '- **Rollback allowed**: no. The update is finished: every instance runs the new version.',
  );
  expect(renderSummary(GOOD_WALK)).not.toContain('Switched off');
});

test('roles are told with what they are and what must stay healthy, at once where the plan was asked for', () => {
  const plan = renderSummary(SERVICE_PLAN);
  expect(plan).toContain('<details open>\n<summary><b>1 role</b>: web (contoso-web)</summary>');
  expect(rowsOf(plan, '`web`')[0]).toEqual(['`web`', '`contoso-web`', '14', 'Azure', '75 %', 'yes']);
  expect(renderSummary(MANY)).toContain('| this action |');
});

describe('what the update changes', () => {
  test('is classified, with the rule, the data and the way back', () => {
    const rows = rowsOf(renderSummary(CLOUD), '`WorkerRole`');
    expect(rows.at(-1)).toEqual([
      '`WorkerRole`',
      'endpoint `Admin` is new',
      '⚠️ **by a swap**<br><sub>Number or type of endpoints: in place, or deployed anew, not by a swap</sub>',
      'kept',
      'possible',
    ]);
  });

  test('names no role where no change is of one', () => {
    const markdown = withService({ changes: [change('more', { role: null, class: 'refused', rule: '' })] });
    expect(rowsOf(markdown, 'more')[0]?.[1]).toBe('❌ **not at all**');
  });

  test('says what Azure does not tell, and is not there where nothing changes', () => {
    expect(renderSummary(GOOD_WALK)).toContain('- whether protected settings of an extension differ');
    expect(withService({ changes: [], notKnowable: [] })).not.toContain('What the update changes');
  });
});

describe('the first symbol', () => {
  const dark = (health: string) =>
    domains([2, 2], () => ({ state: 'in-flight', change: { ...UPDATED, health } }));

  test.each([
    'unhealthy',
    'stopped',
  ])('is red where a role is all %s and nothing was taken back', (health) => {
    expect(withService({ domains: dark(health) }, HELD)).toMatch(/^🔴 /);
    expect(withService({ domains: dark(health) }, MANUAL)).toMatch(/^🟡 /);
  });

  test('is of the role that is worst, and does not guess', () => {
    const two = [{ domain: 0, state: 'updated', instances: [instance('0')] } as const];
    const down = instance('1', { role: 'worker', health: 'unhealthy' });
    expect(withService({ domains: two }, HELD)).toMatch(/^🟡 /);
    expect(
      withService({ domains: [...two, { domain: 1, state: 'in-flight', instances: [down] }] }, HELD),
    ).toMatch(/^🔴 /);
    expect(withService({ domains: dark('none') }, HELD)).toMatch(/^🟡 /);
  });
});

test('steps without numbers of the article have no column for them', () => {
  const markdown = renderSummary(SERVICE_PLAN);
  expect(markdown).toContain('| Phase | Step | State | Changes | Taken back by |');
  expect(renderSummary(GOOD_WALK)).toContain('| Phase | Step | State | Time | Evidence |');
});
