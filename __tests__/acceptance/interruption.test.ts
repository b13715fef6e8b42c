// A job that is cancelled, and one that is killed, in the middle of the read-only window.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Scenario, slotView } from './scenario.ts';
import { interrupt, mendedAfterLostRunner, preparedWithSlowScript } from './slow-script.ts';

let scenario: Scenario;
beforeEach(async () => {
  scenario = await preparedWithSlowScript();
});
afterEach(() => scenario.close());

describe.each(['SIGINT', 'SIGTERM'] as const)('%s between freeze and switch', (signal) => {
  test('main gives V1 back before it ends; post has nothing to do', async () => {
    const { run, report } = await interrupt(scenario, signal);
    expect([run.main.exitCode, report.result, report.reasonCode]).toEqual([1, 'rolled-back', 'cancelled']);
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
    expect(run.main.outputs.result).toBe('rolled-back');
    expect(run.post?.outputs).toEqual({});
  });
});

describe('SIGKILL between freeze and switch', () => {
  test('post finds production frozen and gives it back', async () => {
    const { run, report } = await interrupt(scenario, 'SIGKILL');
    expect(run.main.signal).toBe('SIGKILL');
    expect(run.main.outputs).toEqual({});
    expect([run.post?.exitCode, report.result, report.reasonCode]).toEqual([0, 'rolled-back', 'interrupted']);
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
    expect(slotView(report.after, 'blue')).toMatchObject({ status: 'Enabled', version: '1.0.0' });
    expect(run.post?.summary.split('\n')[0]).toContain('can read and write');
  });

  test('where the runner was lost with it, the next run mends it first', async () => {
    const { report } = await mendedAfterLostRunner(scenario, 'upgrade');
    expect(report.result).toBe('rolled-back');
  });
});
