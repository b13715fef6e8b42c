// A job that is cancelled, and one that is killed. The script waits, and is interrupted in the middle of the
// read-only window.
import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Acted, type Scenario, slotView, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeEach(async () => {
  scenario = await startScenario();
  await scenario.act({ phase: 'prepare' });
  scenario.write('db/v2/99-slow.sql', "WAITFOR DELAY '00:10:00';\n");
});
afterEach(() => scenario.close());

/** Runs upgrade and switch, and sends the signal when the waiting batch runs. */
async function interrupt(signal: NodeJS.Signals, runnerLost = false): Promise<Acted> {
  let main: ChildProcess | null = null;
  let sent = false;
  return scenario.act(
    { phase: 'upgrade, switch' },
    {
      runnerLost,
      onMain: (child) => {
        main = child;
      },
      onLine: (line) => {
        if (sent || !line.includes('99-slow.sql')) return;
        sent = true;
        // The batch is announced just before it is sent.
        setTimeout(() => main?.kill(signal), 300);
      },
    },
  );
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s between freeze and switch', (signal) => {
  test('main gives V1 back before it ends; post has nothing to do', async () => {
    const { run, report } = await interrupt(signal);
    expect([run.main.exitCode, report.result, report.reasonCode]).toEqual([1, 'rolled-back', 'cancelled']);
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
    expect(run.main.outputs.result).toBe('rolled-back');
    expect(run.post?.outputs).toEqual({});
  });
});

describe('SIGKILL between freeze and switch', () => {
  test('post finds production frozen and gives it back', async () => {
    const { run, report } = await interrupt('SIGKILL');
    expect(run.main.signal).toBe('SIGKILL');
    expect(run.main.outputs).toEqual({});
    expect([run.post?.exitCode, report.result, report.reasonCode]).toEqual([0, 'rolled-back', 'interrupted']);
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
    expect(slotView(report.after, 'blue')).toMatchObject({ status: 'Enabled', version: '1.0.0' });
    expect(run.post?.summary.split('\n')[0]).toContain('can read and write');
  });

  test.each([
    'rollback',
    'upgrade',
    'switch',
    'prepare',
  ])('where the runner was lost with it, the next run mends it first: %s', async (phase) => {
    await interrupt('SIGKILL', true);
    expect(scenario.readOnly('contoso-sql-blue')).toBe(true);
    const seen = await scenario.act({ phase: 'status' });
    expect(seen.report.verdict.headline).toContain('PRODUCTION IS READ-ONLY');
    const { report } = await scenario.act({ phase });
    expect(report.result).toBe(phase === 'rollback' ? 'succeeded' : 'rolled-back');
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
  });
});
