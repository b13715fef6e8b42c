import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { OUTPUTS } from '../../src/action/action-io.ts';
import { runPiece } from './runner.ts';
import { report } from './sample-report.ts';

const PIECE = `
  const { setOutputs, writeReport } = await load('action/outputs.ts');
  const report = JSON.parse(process.env.REPORT);
  for (let times = Number(process.env.TIMES ?? 1); times > 0; times--) {
    const path = writeReport(report, process.env, (text) => text.replaceAll('hunter2', '***'));
    setOutputs(report, path, process.env);
  }`;
const environment = { REPORT: JSON.stringify(report) };

describe('outputs', () => {
  test('are all set, and the report is a file', () => {
    const { code, outputs, temporary } = runPiece(PIECE, { environment });
    expect(code).toBe(0);
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(OUTPUTS).sort());
    expect(outputs).toMatchObject({
      result: 'rolled-back',
      'reason-code': 'script-failed',
      state: 'compromised',
      'production-slot': 'blue',
      'read-only-seconds': '22',
      report: expect.stringContaining(temporary),
    });
    expect(JSON.parse(outputs.endpoints ?? '')).toEqual(report.after);
    expect(JSON.parse(readFileSync(outputs.report ?? '', 'utf8'))).toEqual(report);
  });

  test('of a run that could read nothing are set too, empty', () => {
    const nothing = { ...report, reasonCode: null, productionSlot: null, readOnly: null, after: [] };
    const { outputs } = runPiece(PIECE, { environment: { REPORT: JSON.stringify(nothing) } });
    expect(outputs).toMatchObject({
      'reason-code': '',
      'production-slot': '',
      'read-only-seconds': '0',
      endpoints: '[]',
    });
  });

  test('tell a second where users could not write for less', () => {
    const readOnly = { from: report.startedAt, to: report.endedAt, seconds: 0.3, spentOn: [] };
    const { outputs } = runPiece(PIECE, { environment: { REPORT: JSON.stringify({ ...report, readOnly }) } });
    expect(outputs['read-only-seconds']).toBe('1');
  });

  test('of several runs in one job have a report each', () => {
    const { outputs } = runPiece(PIECE, { environment: { ...environment, TIMES: '3' } });
    expect(outputs.report).toMatch(/rolling-upgrade-report-3\.json$/);
  });

  test('are printed where there is no runner', () => {
    const { code, stdout } = runPiece(PIECE, { files: false, environment });
    expect(code).toBe(0);
    expect(stdout).toMatch(/GITHUB_OUTPUT is not set/);
    expect(stdout).toMatch(/^ {2}result=rolled-back$/m);
    expect(stdout).not.toMatch(/::/);
  });

  test('survive a GITHUB_OUTPUT that is not there', () => {
    const { code, stdout } = runPiece(PIECE, {
      files: false,
      environment: { ...environment, GITHUB_OUTPUT: '/no/such/file' },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/result=rolled-back/);
  });

  test('secrets are taken out of the report', () => {
    const leaking = { ...report, verdict: { headline: 'password hunter2', next: [] } };
    const { outputs } = runPiece(PIECE, { environment: { REPORT: JSON.stringify(leaking) } });
    expect(readFileSync(outputs.report ?? '', 'utf8')).not.toMatch(/hunter2/);
  });
});

describe('state for the post step', () => {
  const asState = (state: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
  const READ = `
    const { readRunState } = await load('action/run-state.ts');
    console.log(JSON.stringify(readRunState()));`;
  const after = (writes: string) => {
    const { state } = runPiece(`
      const { createRunStateWriter } = await load('action/run-state.ts');
      const state = createRunStateWriter(process.env);
      ${writes}`);
    return JSON.parse(runPiece(READ, { environment: asState(state) }).stdout);
  };

  test('without any, this is main', () => {
    expect(JSON.parse(runPiece(READ).stdout)).toEqual({ kind: 'main' });
  });

  test.each([
    ['killed before it froze', 'state.mainStarted();', { result: null, window: 'closed', report: null }],
    [
      'killed while read-only',
      "state.mainStarted(); state.window('open'); process.kill(process.pid, 'SIGKILL');",
      { result: null, window: 'open', report: null },
    ],
    [
      'ended',
      "state.mainStarted(); state.window('open'); state.window('closed'); state.mainEnded('rolled-back', '/r.json');",
      { result: 'rolled-back', window: 'closed', report: '/r.json' },
    ],
    [
      'ended with production read-only',
      "state.mainStarted(); state.window('open'); state.mainEnded('held', '/r.json');",
      { result: 'held', window: 'open', report: '/r.json' },
    ],
  ])('main was %s', (_, writes, expected) => expect(after(writes)).toEqual({ kind: 'post', ...expected }));

  test('is not kept, and nothing breaks, without a runner', () => {
    const { code, stdout } = runPiece(
      "(await load('action/run-state.ts')).createRunStateWriter(process.env).mainStarted();",
      { files: false },
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });
});
