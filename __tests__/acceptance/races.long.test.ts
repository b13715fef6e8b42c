// Two runs at once, of one repository or of two: one acts, the other is refused and told who is at work.
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { testAtOnce } from './at-once.ts';
import { type Acted, jobsOn, type Scenario, startScenario, writes } from './scenario.ts';

const SCRIPT = /^sql batch contoso-sql-green\/contoso .*CREATE TABLE .*SchemaVersion/;
const HOLDERS = `SELECT s.program_name FROM sys.dm_tran_locks AS l
  JOIN sys.dm_exec_sessions AS s ON s.session_id = l.request_session_id WHERE l.resource_type = N'APPLICATION'`;

const runOf = (repository: string, run: string) => ({
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: repository,
  GITHUB_RUN_ID: run,
});
const FIRST = runOf('contoso/orders', '1001');
const FIRST_URL = 'https://github.com/contoso/orders/actions/runs/1001';
const OTHER = runOf('contoso/infrastructure', '77');
const WHOLE = { phase: 'upgrade, switch' };

/** Prepared, and its second job: another runner, with files of its own. */
async function withTwo(act: (scenario: Scenario, other: Scenario['act']) => Promise<void>): Promise<void> {
  const scenario = await startScenario();
  const directory = mkdtempSync(join(tmpdir(), 'another-'));
  try {
    const { report } = await scenario.act({ phase: 'prepare' });
    expect(report.state).toBe('prepared');
    await act(scenario, jobsOn(scenario.azure, directory).act);
  } finally {
    await scenario.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The script runs longer than anybody waits for the lock. */
function slowScript({ write }: Scenario, delay = '00:00:50'): void {
  write('db/v2/000-slow.sql', `WAITFOR DELAY '${delay}';\n`);
}

/** Resolves when this call arrives for the first time. */
function whenCalled({ azure }: Scenario, call: RegExp): Promise<void> {
  return new Promise((resolve) => azure.faults.onCall((made) => call.test(made) && resolve()));
}

function expectSwitched(scenario: Scenario, { report }: Acted): void {
  expect([report.result, report.state, report.productionSlot]).toEqual(['succeeded', 'switched', 'green']);
  expect([scenario.readOnly('contoso-sql-blue'), scenario.readOnly('contoso-sql-green')]).toEqual([
    true,
    false,
  ]);
}

/** While a run is at work others are refused, whatever they want, whichever repository they are of. */
async function othersAreRefused(): Promise<void> {
  await withTwo(async (scenario, other) => {
    slowScript(scenario);
    const slow = whenCalled(scenario, /WAITFOR DELAY/);
    const first = scenario.act(WHOLE, {}, FIRST);
    await slow;
    const inputs = [
      WHOLE,
      { phase: 'rollback' },
      { phase: 'prepare' },
      { phase: 'cleanup', confirm: 'remove blue' },
    ];
    const refused = await Promise.all(
      inputs.map((each, index) => other(each, {}, index === 0 ? runOf('contoso/orders', '1002') : OTHER)),
    );
    const locked = refused.filter(({ report }) => report.reasonCode === 'locked-by-another-run');
    expect(locked).not.toHaveLength(0);
    for (const { run, report } of locked) {
      expect([report.result, report.error?.message]).toEqual(['refused', expect.stringContaining(FIRST_URL)]);
      expect(run.main.summary).toContain(FIRST_URL);
    }
    // Prepare and cleanup have no business here at all.
    for (const { report } of refused) expect(report.result).toBe('refused');
    const acted = await first;
    expectSwitched(scenario, acted);
    expect(acted.calls.filter((call) => SCRIPT.test(call))).toHaveLength(1);
  });
}

/** Who gets the lock when the other run ends acts on what that one has left behind, not on what there was before. */
async function waiterLooksAgain(
  inputs: Readonly<Record<string, string>>,
  ends: readonly [result: string, reason: string | null],
): Promise<void> {
  await withTwo(async (scenario, other) => {
    slowScript(scenario, '00:00:12');
    const slow = whenCalled(scenario, /WAITFOR DELAY/);
    const first = scenario.act(WHOLE, {}, FIRST);
    await slow;
    const { report } = await other(inputs, {}, OTHER);
    expectSwitched(scenario, await first);
    expect([report.result, report.reasonCode, report.productionSlot]).toEqual([...ends, 'green']);
  });
}

/** Whoever waits for the lock from before the freeze on does not get it by the freeze, which ends sessions. */
async function freezeKeepsTheLock(): Promise<void> {
  await withTwo(async (scenario, other) => {
    slowScript(scenario);
    const holders = new Set<string>();
    const announced = whenCalled(scenario, /sql-blue\/contoso IF EXISTS/);
    const frozen = whenCalled(scenario, /sql-blue\/contoso ALTER DATABASE .*SET READ_ONLY/);
    const first = scenario.act(WHOLE, {}, FIRST);
    await announced;
    const second = other({ phase: 'upgrade' }, {}, OTHER);
    await frozen;
    scenario.azure.faults.onCall((call) => {
      if (!/^(arm|sql batch contoso-sql-green)/.test(call)) return;
      for (const row of scenario.rows('contoso-sql-blue', HOLDERS)) holders.add(String(row.program_name));
    });
    expectSwitched(scenario, await first);
    expect([...holders]).toEqual([expect.stringContaining(FIRST_URL)]);
    const { report } = await second;
    // It waited for what the other one was to leave behind, and came when users were on V2.
    expect(['refused', 'succeeded', 'nothing-to-do']).toContain(report.result);
    expect(scenario.readOnly('contoso-sql-green')).toBe(false);
  });
}

/** Azure ends the holder's session (a reconfiguration) while a rollback waits for the lock. */
async function lockThatIsLost(): Promise<void> {
  await withTwo(async (scenario, other) => {
    slowScript(scenario, '00:00:30');
    const slow = whenCalled(scenario, /WAITFOR DELAY/);
    const first = scenario.act(WHOLE, {}, FIRST);
    await slow;
    let waits = () => {};
    const waiting = new Promise<void>((resolve) => {
      waits = resolve;
    });
    const back = other(
      { phase: 'rollback' },
      { onLine: (line) => line.includes('Another run holds the lock') && waits() },
      OTHER,
    );
    await waiting;
    scenario.azure.fabric.killSessions('contoso-sql-blue', 'contoso');
    const [acted, other_] = await Promise.all([first, back]);
    expect([other_.report.result, other_.report.productionSlot]).toEqual(['succeeded', 'blue']);
    expect(['rolled-back', 'rollback-failed', 'refused']).toContain(acted.report.result);
    expect(acted.report.verdict.headline).toMatch(/can read and write/);
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
    expect(writes(acted.calls).filter((call) => /trafficManagerProfiles/.test(call))).toEqual([]);
  });
}

/** A machine that is gone keeps nothing: the next run begins at once. */
async function deadHolder(): Promise<void> {
  await withTwo(async (scenario, other) => {
    slowScript(scenario);
    let main: ChildProcess | null = null;
    scenario.azure.faults.onCall((call) => /WAITFOR DELAY/.test(call) && main?.kill('SIGKILL'));
    const onMain = (child: ChildProcess) => {
      main = child;
    };
    await scenario.act(WHOLE, { runnerLost: true, onMain }, FIRST);
    expect(scenario.readOnly('contoso-sql-blue')).toBe(true);
    const { run, report } = await other({ phase: 'rollback' }, {}, OTHER);
    expect([report.result, scenario.readOnly('contoso-sql-blue')]).toEqual(['succeeded', false]);
    expect(run.main.log).not.toContain('Another run holds the lock');
  });
}

testAtOnce([
  ['a run at work: others are refused, and told which run it is', othersAreRefused],
  [
    'a rollback that waited for a switch does not give V1 back beside V2',
    () => waiterLooksAgain({ phase: 'rollback' }, ['refused', 'point-of-no-return-passed']),
  ],
  [
    'an upgrade that waited for an upgrade has nothing to do',
    () => waiterLooksAgain(WHOLE, ['nothing-to-do', null]),
  ],
  ['a run that waits for the lock does not get it by the freeze', freezeKeepsTheLock],
  ['a lock that Azure took away: one of the two acts, production is writable, both say so', lockThatIsLost],
  ['a killed run holds nothing', deadHolder],
]);
