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
