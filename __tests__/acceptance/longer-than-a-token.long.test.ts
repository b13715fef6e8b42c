// Seedings and scripts of hours, longer than tokens (an hour), than the job's assertion (five minutes) and than Azure keeps a
// connection on which nobody says anything (half an hour). The bundle as it is shipped; time leaps outside of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type LocalAzure, startLocalAzure } from '../../local-azure/start.ts';
import { DEFAULTS, type LocalAzureOptions } from '../../local-azure/topologies/options.ts';
import { createLeapingTime } from './leaping-time.ts';
import { type Acted, type Jobs, jobsOn } from './scenario.ts';

const HOUR_MS = 3_600_000;

interface LongScenario extends Pick<Jobs, 'editConfig' | 'write'> {
  readonly azure: LocalAzure;
  /** Runs the action once, while hours pass. */
  act(inputs: Readonly<Record<string, string>>): Promise<Acted>;
  readOnly(server: string): boolean;
}

async function withHours(
  options: Partial<LocalAzureOptions>,
  body: (scenario: LongScenario) => Promise<void>,
): Promise<void> {
  const time = createLeapingTime();
  const directory = mkdtempSync(join(tmpdir(), 'long-'));
  const azure = await startLocalAzure({ ...DEFAULTS, orders: 20, ttlSeconds: 1, ...options }, time.clock);
  const { act, ...jobs } = jobsOn(azure, directory);
  try {
    await body({
      ...jobs,
      azure,
      act: (inputs) => time.until(act(inputs, {}, time.environment)),
      readOnly: (server) => azure.fabric.isReadOnly(server, 'contoso'),
    });
  } finally {
    time.close();
    await azure.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

const hoursOf = ({ report }: Acted) => (Date.parse(report.endedAt) - Date.parse(report.startedAt)) / HOUR_MS;
const count = ({ calls }: Acted, call: RegExp) => calls.filter((made) => call.test(made)).length;

async function seedingOfHours(): Promise<void> {
  await withHours({ durations: { 'create-secondary': 3 * HOUR_MS } }, async ({ act }) => {
    const acted = await act({ phase: 'prepare' });
    expect([acted.report.result, acted.report.state]).toEqual(['succeeded', 'prepared']);
    expect(hoursOf(acted)).toBeGreaterThan(3);
    // A token for Resource Manager is good for an hour.
    expect(count(acted, /^entra token/)).toBeGreaterThan(3);
    // The lock is on a connection that somebody has to speak on.
    expect(count(acted, /^sql batch contoso-sql-blue\/contoso .*sp_getapplock/)).toBe(1);
  });
}

async function scriptOfTwoHours(): Promise<void> {
  await withHours({}, async ({ act, write, editConfig, readOnly }) => {
    await act({ phase: 'prepare' });
    editConfig((text) => `${text}max-read-only: 4h\n`);
    write('db/v2/000-slow.sql', "WAITFOR DELAY '02:00:00';\n");
    const acted = await act({ phase: 'upgrade, switch' });
    expect([acted.report.result, acted.report.productionSlot]).toEqual(['succeeded', 'green']);
    expect(hoursOf(acted)).toBeGreaterThan(2);
    expect(acted.report.readOnly?.seconds).toBeGreaterThan(2 * 3600);
    expect([readOnly('contoso-sql-blue'), readOnly('contoso-sql-green')]).toEqual([true, false]);
  });
}

async function limitEndsTheScript(): Promise<void> {
  await withHours({}, async ({ act, write, editConfig, readOnly }) => {
    await act({ phase: 'prepare' });
    editConfig((text) => `${text}max-read-only: 75m\n`);
    write('db/v2/000-slow.sql', "WAITFOR DELAY '02:00:00';\n");
    const acted = await act({ phase: 'upgrade, switch' });
    expect([acted.report.result, acted.report.reasonCode]).toEqual([
      'rolled-back',
      'read-only-limit-exceeded',
    ]);
    expect(acted.run.main.exitCode).toBe(1);
    expect(acted.report.verdict.headline).toMatch(/blue .*can read and write/);
    expect(readOnly('contoso-sql-blue')).toBe(false);
    // Given back at the limit, not when the script would have ended.
    const minutes = (acted.report.readOnly?.seconds ?? 0) / 60;
    expect([minutes >= 75, minutes < 80]).toEqual([true, true]);
  });
}

// One after the other: time leaps while this process has nothing to do.
test('a seeding of three hours: tokens and assertions are renewed, the lock is kept', seedingOfHours);
test('a script of two hours: V2 is given to users at its end', scriptOfTwoHours);
test('max-read-only ends a script that takes too long, and production is given back', limitEndsTheScript);
