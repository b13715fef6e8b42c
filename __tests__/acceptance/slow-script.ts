// A script that waits, so that it can be interrupted in the middle of the read-only window.
import type { ChildProcess } from 'node:child_process';
import { expect } from '@jest/globals';
import { type Acted, type Scenario, startScenario } from './scenario.ts';

/** Prepared for an upgrade whose script never ends by itself. */
export async function preparedWithSlowScript(): Promise<Scenario> {
  const scenario = await startScenario();
  await scenario.act({ phase: 'prepare' });
  scenario.write('db/v2/99-slow.sql', "WAITFOR DELAY '00:10:00';\n");
  return scenario;
}

/** Runs upgrade and switch, and sends the signal when the waiting batch runs. */
export async function interrupt(
  scenario: Scenario,
  signal: NodeJS.Signals,
  runnerLost = false,
): Promise<Acted> {
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

/** The runner is gone with the run, and its post step; the next run, of that phase, finds production frozen. */
export async function mendedAfterLostRunner(scenario: Scenario, phase: string): Promise<Acted> {
  await interrupt(scenario, 'SIGKILL', true);
  expect(scenario.readOnly('contoso-sql-blue')).toBe(true);
  const seen = await scenario.act({ phase: 'status' });
  expect(seen.report.verdict.headline).toContain('PRODUCTION IS READ-ONLY');
  const acted = await scenario.act({ phase });
  expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
  return acted;
}
