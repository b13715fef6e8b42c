// What somebody reads who sees such a summary for the first time.
import { describe, expect, test } from '@jest/globals';
import { renderPlanText } from '../../src/action/summary/plan-text.ts';
import { renderSummary } from '../../src/action/summary/summary.ts';
import type { RunReport, StepState } from '../../src/engine/report.ts';
import { PLAN, PLANNED_ONLY, ROLLED_BACK, step } from './sample-reports.ts';

describe('a row of the rollback', () => {
  test.each<[StepState, string]>([
    ['undone', 'done'],
    ['skipped', 'nothing to undo'],
    ['kept', 'kept'],
    ['undo-failed', '**FAILED**'],
  ])('%s reads "%s"', (state, words) => {
    const undo = step({ id: 'undo', article: '(8)', title: 'Set production read-write', state });
    const markdown = renderSummary({ ...ROLLED_BACK, rollback: [undo] });
    const row = markdown.split('\n').find((line) => line.includes('Set production read-write')) ?? '';
    const cells = row.split('|').map((cell) => cell.trim());
    expect(cells).toEqual(expect.arrayContaining(['(8)', 'Set production read-write']));
    expect(cells.some((cell) => cell.replaceAll('\u00a0', ' ').endsWith(` ${words}`))).toBe(true);
    expect(row).not.toMatch(/undone|skipped/);
  });
});

describe('a configuration with several problems', () => {
  const problems = ['upgrade.yml:3:1 slots: found 1; allowed: 2', 'upgrade.yml:9:3 health.path: found 7'];
  const refused: RunReport = {
    ...PLANNED_ONLY,
    result: 'refused',
    plan: null,
    verdict: { headline: 'Plan was refused, nothing was changed: upgrade.yml has 2 problems.', next: [] },
    error: {
      reason: 'config-invalid',
      message: ['upgrade.yml has 2 problems:', ...problems.map((line) => `  ${line}`)].join('\n'),
      advice: [],
      causes: [],
    },
  };

  test('is a list of them, each once and on its own line', () => {
    const lines = renderSummary(refused).split('\n');
    for (const problem of problems) {
      const telling = lines.filter((line) => line.includes(problem.split(' ')[0] ?? ''));
      expect(telling).toEqual([expect.stringMatching(/^- /)]);
    }
    expect(lines).toContain('Reason: `config-invalid`');
  });

  test('has the list after an empty line, so that GitHub takes it for one', () => {
    const lines = renderSummary(refused).split('\n');
    const first = lines.findIndex((line) => line.startsWith('- upgrade.yml:3'));
    expect(lines[first - 1]).toBe('');
    expect(lines[first + 1]).toMatch(/^- upgrade\.yml:9/);
  });
});

describe('guards without a plan', () => {
  const guardsOnly = { steps: [], factors: [], twice: [], guards: PLAN.guards };

  test('are called so', () => {
    const markdown = renderSummary({ ...ROLLED_BACK, plan: guardsOnly });
    expect(markdown).toContain('<b>Guards</b>: 1 of 3 passed');
    expect(markdown).toContain('Rights on both servers');
    expect(markdown).not.toContain('0 steps');
  });

  test('are not a plan in the log either', () => {
    expect(renderPlanText(guardsOnly)).toMatch(/^Guards: 1 of 3 passed/);
  });
});

describe('what to do next', () => {
  const advised = (...next: string[]) =>
    renderSummary({
      ...PLANNED_ONLY,
      verdict: { headline: 'h', next, remarks: ['Autoscale is switched off.'] },
    });

  test('is no numbered sequence: one is often instead of the other', () => {
    const markdown = advised('To go on: phase: upgrade.', 'To go back: phase: rollback.');
    expect(markdown).toContain('- To go on: phase: upgrade.\n- To go back: phase: rollback.');
    expect(markdown).not.toMatch(/^1\. /m);
  });

  test('has commands as code, wherever they stand', () => {
    const markdown = advised(
      'Look:\naz vm list',
      'To end it by hand: az tag update --tags a=b',
      'az vm show',
    );
    for (const command of ['az vm list', 'az tag update --tags a=b', 'az vm show'])
      expect(markdown).toContain(`<pre><code>${command}</code></pre>`);
    expect(markdown).toContain('- To end it by hand:\n');
  });

  test('has no remarks in it', () => {
    expect(advised('Run it.').split('\n')).toContain('Autoscale is switched off.');
  });
});

describe('a plan whose guards fail', () => {
  test('is not green', () => {
    expect(PLAN.guards.some(({ verdict }) => verdict === 'fail')).toBe(true);
    const markdown = renderSummary({ ...PLANNED_ONLY, result: 'succeeded', phases: ['plan'], plan: PLAN });
    expect(markdown).toMatch(/^🟡/);
  });
});

describe('a reason', () => {
  test('of which the headline has the first sentence is told whole in one place', () => {
    const message = 'Domain 1 was updated, and is not healthy. At that moment domain 0 runs it.';
    const markdown = renderSummary({
      ...PLANNED_ONLY,
      result: 'held',
      reasonCode: 'update-failed',
      verdict: { headline: 'Held: Domain 1 was updated, and is not healthy; both serve.', next: [] },
      error: { reason: 'update-failed', message, advice: [], causes: [] },
    });
    expect(markdown.split('At that moment')).toHaveLength(2);
  });
});

describe('what changes', () => {
  test('is in the plan of the log', () => {
    const change = { role: 'web', what: 'image 1.0.0 → 2.0.0', class: 'in-place-with-reimage' };
    const text = renderPlanText(PLAN, [{ ...change, rule: '', data: '', wayBack: '' }]);
    expect(text).toContain('What the update changes\n  web: image 1.0.0 → 2.0.0 (in place with reimage)');
  });
});
