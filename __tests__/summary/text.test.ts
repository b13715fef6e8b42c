import { describe, expect, test } from '@jest/globals';
import { renderEndpointTableText } from '../../src/action/summary/endpoint-text.ts';
import { duration, moment } from '../../src/action/summary/format.ts';
import { renderPlanText } from '../../src/action/summary/plan-text.ts';
import { blue, database, green, PLAN } from './sample-reports.ts';

test('the endpoint table is aligned, with one line a database', () => {
  const two = blue({ databases: [database('sql-a', 'read-only'), database('sql-b', 'read-write')] });
  expect(renderEndpointTableText([two, green({ region: null, priority: null, version: null })])).toBe(
    [
      'ENDPOINT  SLOT   ROLE        REGION        STATUS    MONITOR   PRIORITY  VERSION  DATABASE',
      'blue      blue   production  North Europe  Enabled   Online    1         1.0.0    contoso on sql-a: read-only',
      '                                                                                  contoso on sql-b: read-write',
      'green     green  stage       -             Disabled  Disabled  -         -        contoso on contoso-sql-green: read-only (secondary of contoso-sql-blue, CATCH_UP)',
    ].join('\n'),
  );
});

describe('the plan for the log', () => {
  const text = renderPlanText(PLAN);

  test('starts with the plan in numbers and groups the steps by phase', () => {
    expect(text).toMatch(
      /^Plan: 8 steps: 2 done, 1 to do, 5 later\n\nprepare\n {2}\(1\) {2}done {3}Create the secondary/,
    );
    expect(text.match(/^(prepare|upgrade|switch|cleanup)$/gm)).toEqual([
      'prepare',
      'upgrade',
      'switch',
      'cleanup',
    ]);
  });

  test('draws the point of no return right before the step that passes it', () => {
    const lines = text.split('\n');
    const line = lines.findIndex((candidate) => candidate.includes('point of no return'));
    expect(lines[line + 1]).toContain('(6)');
  });

  test('tells what a step changes, how it is taken back and what was seen', () => {
    expect(text).toContain(
      [
        '  (1)  done   Create the secondary database on the stage slot',
        '              changes: creates `contoso` on `contoso-sql-green` (S1)',
        '              undo: the stage database is removed',
        '              seen: seen in Azure, CATCH_UP on both sides',
      ].join('\n'),
    );
  });

  test('names guards that did not pass with reason, evidence and advice, and counts the others', () => {
    expect(text).toContain('Guards: 1 of 3 passed');
    expect(text).toMatch(/FAIL {2}same-region-endpoints {2}Two App Service endpoints/);
    expect(text).toContain('      Set `timeout-minutes` to at least 60.');
    expect(text).not.toContain('Rights on both servers');
  });

  test('an empty plan is one line', () => {
    expect(renderPlanText({ steps: [], guards: [], factors: [], twice: [] })).toBe('Plan: 0 steps');
  });
});

test('durations and moments read as people say them', () => {
  expect([0, 0.04, 0.35, 59.94, 59.96, 184.2, 3599.6, 3725].map(duration)).toEqual([
    '0 s',
    '0 s',
    '0.3 s',
    '59.9 s',
    '1 min 00 s',
    '3 min 04 s',
    '1 h 00 min',
    '1 h 02 min',
  ]);
  expect([null, Number.NaN, -1].map(duration)).toEqual(['–', '–', '–']);
  expect(moment('2026-03-01T10:00:03.456Z')).toBe('2026-03-01 10:00:03 UTC');
  expect(moment('sometime')).toBe('sometime');
});
