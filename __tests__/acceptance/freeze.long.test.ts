// The freeze, the drain and the way back, where answers get lost and processes end at the worst moment.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Acted, type Scenario, startScenario } from './scenario.ts';

const FREEZE = 'sql batch contoso-sql-blue/contoso ALTER DATABASE .*SET READ_ONLY';
const STAGE_READ_WRITE = 'sql batch contoso-sql-green/contoso ALTER DATABASE .*SET READ_WRITE';
/** Between the runner's SIGINT and its SIGKILL: 7.5 s and 2.5 s. */
const RUNNER_PATIENCE_MS = 10_000;

let scenario: Scenario;
beforeEach(async () => {
  scenario = await startScenario();
  await scenario.act({ phase: 'prepare' });
});
afterEach(() => scenario.close());

const productionIsReadOnly = () => scenario.readOnly('contoso-sql-blue');

function entryOf(server: 'contoso-sql-blue' | 'contoso-sql-green'): { status: string } {
  const [row] = scenario.rows(
    server,
    "SELECT value FROM sys.extended_properties WHERE name = 'rolling-upgrade'",
  );
  return JSON.parse(String(row?.value));
}

/** Runs the phase and signals the process when this call has reached Azure. */
async function signalAt(
  call: string,
  phase: string,
  signal: NodeJS.Signals,
  runnerLost: boolean,
): Promise<Acted> {
  let main: ChildProcess | null = null;
  const at = new RegExp(call, 'i');
  scenario.azure.faults.onCall((made) => {
    // A moment later, so that the statement is under way.
    if (at.test(made)) setTimeout(() => main?.kill(signal), 200);
  });
  return scenario.act(
    { phase },
    {
      runnerLost,
      onMain: (child) => {
        main = child;
      },
    },
  );
}

describe('a freeze that goes on without us', () => {
  test('the connection breaks while it waits: it is waited for, and the upgrade goes on', async () => {
    scenario.azure.faults.add({ at: FREEZE, fault: { kind: 'drop-midway' } });
    const { report } = await scenario.act({ phase: 'upgrade, switch' });
    expect([report.result, report.productionSlot]).toEqual(['succeeded', 'green']);
  });

  test('main is killed while it waits: post waits for it, and gives V1 back for good', async () => {
    scenario.editConfig((text) => text.replace('grace: 2s', 'grace: 6s'));
    const { run, report } = await signalAt(FREEZE, 'upgrade', 'SIGKILL', false);
    expect([run.main.signal, report.result]).toEqual(['SIGKILL', 'rolled-back']);
    await sleep(6_000); // no freeze is left that could still come
    expect(productionIsReadOnly()).toBe(false);
    expect(entryOf('contoso-sql-blue').status).toBe('unfrozen');
  });

  test('a freeze that was refused is not waited for', async () => {
    const fault = { kind: 'error', status: 16, code: '1468', message: 'mirrored' } as const;
    scenario.azure.faults.add({ at: FREEZE, fault });
    const { report } = await scenario.act({ phase: 'upgrade' });
    expect([report.result, report.reasonCode]).toEqual(['rolled-back', 'freeze-not-possible']);
    expect(entryOf('contoso-sql-blue').status).toBe('unfrozen');
  });
});

describe('SIGINT', () => {
  test('while production waits to be frozen: it stays writable, and nobody waits for a freeze that was cancelled', async () => {
    scenario.editConfig((text) => text.replace('grace: 2s', 'grace: 30s'));
    const { run, report } = await signalAt(FREEZE, 'upgrade', 'SIGINT', false);
    expect([run.main.exitCode, report.result, report.reasonCode]).toEqual([1, 'rolled-back', 'cancelled']);
    expect(productionIsReadOnly()).toBe(false);
    expect(entryOf('contoso-sql-blue').status).toBe('unfrozen');
  });

  test('while the script runs: production is given back though SQL Server never confirms the cancellation, and main is killed soon', async () => {
    scenario.write('db/v2/99-slow.sql', "WAITFOR DELAY '00:10:00';\n");
    scenario.azure.faults.add({ at: 'sql batch contoso-sql-green/contoso WAITFOR', fault: { kind: 'hang' } });
    let main: ChildProcess | null = null;
    let sent = false;
    await scenario.act(
      { phase: 'upgrade' },
      {
        runnerLost: true,
        onMain: (child) => {
          main = child;
        },
        onLine: (line) => {
          if (sent || !line.includes('99-slow.sql')) return;
          sent = true;
          setTimeout(() => main?.kill('SIGINT'), 300);
          setTimeout(() => main?.kill('SIGKILL'), 300 + RUNNER_PATIENCE_MS).unref();
        },
      },
    );
    expect(productionIsReadOnly()).toBe(false);
  });
});

describe('a link that is gone', () => {
  test('without a proof that it was drained the upgrade goes back', async () => {
    scenario.azure.faults.add({ at: STAGE_READ_WRITE, fault: { kind: 'hang' } });
    await signalAt(STAGE_READ_WRITE, 'upgrade', 'SIGKILL', true);
    expect(scenario.azure.fabric.links('contoso-sql-blue', 'contoso')).toEqual([]);
    const { report } = await scenario.act({ phase: 'upgrade, switch' });
    expect([report.result, report.reasonCode]).toEqual(['rolled-back', 'drain-failed']);
    expect(productionIsReadOnly()).toBe(false);
    expect(
      scenario.rows('contoso-sql-green', "SELECT 1 AS x FROM sys.tables WHERE name = 'SchemaVersion'"),
    ).toEqual([]);
  });
});

describe('the documented proof of the drain', () => {
  const COPY_SYNC = 'sql batch contoso-sql-blue/contoso .*sp_wait_for_database_copy_sync';
  const refusal = (code: string, message: string) => ({ kind: 'error', status: 16, code, message }) as const;

  test('where it cannot run because production is read-only, equal last commits are enough', async () => {
    const message = 'Failed to update database "contoso" because the database is read-only.';
    scenario.azure.faults.add({ at: COPY_SYNC, fault: refusal('3906', message) });
    const { report } = await scenario.act({ phase: 'upgrade' });
    expect([report.result, report.state]).toEqual(['succeeded', 'upgraded']);
  });

  test('any other error is no proof: the link stays and V1 is given back', async () => {
    scenario.azure.faults.add({
      at: COPY_SYNC,
      fault: refusal('40197', 'The service has encountered an error.'),
      times: null, // once is ridden out
    });
    const { report } = await scenario.act({ phase: 'upgrade' });
    expect([report.result, report.reasonCode]).toEqual(['rolled-back', 'drain-failed']);
    expect(scenario.azure.fabric.links('contoso-sql-blue', 'contoso')).toHaveLength(1);
    expect(productionIsReadOnly()).toBe(false);
  });
});
