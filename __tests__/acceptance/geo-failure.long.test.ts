// What can go wrong before the switch, in two regions: users get their writable V1 back, with its disaster recovery.
import type { ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { FaultRule } from '../../local-azure/faults.ts';
import {
  CHAINED,
  DR,
  expectProtected,
  expectV1Back,
  type GeoScenario,
  killAt,
  type Moment,
  ON_V1,
  prepared,
  TO_STAGE,
} from './geo-scenario.ts';
import type { Sampler } from './law-10.ts';
import type { Acted } from './scenario.ts';

let scenario: GeoScenario;
let sampler: Sampler;
afterEach(() => scenario?.close());

async function begin(): Promise<void> {
  scenario = await prepared();
  sampler = scenario.sampleLaw10();
}

/** V1 serves as before, and the chain's second link is still there: nothing of the stage slot was torn down. */
function expectBack(acted: Acted): void {
  expectV1Back(scenario, acted);
  expect(scenario.endpoints()).toEqual(ON_V1);
  expectProtected(sampler, 'contoso-sql-1');
}

const FAILING = { config: '.github/rolling-upgrade-v3.yml' };
const removeStage = (text: string) => `${text}rollback: { stage: remove }\n`;

describe('the upgrade script fails', () => {
  test('V1 is given back, and the stage slot is kept in both regions', async () => {
    await begin();
    const acted = await scenario.act({ phase: 'upgrade, switch', ...FAILING });
    expect([acted.run.main.exitCode, acted.report.result, acted.report.reasonCode]).toEqual([
      1,
      'rolled-back',
      'script-failed',
    ]);
    expectBack(acted);
    expect(scenario.links()).toEqual([DR, CHAINED]);
  });

  test('rollback with stage: remove takes the stage away in both regions, and it can be prepared again', async () => {
    await begin();
    await scenario.act({ phase: 'upgrade', ...FAILING });
    scenario.editConfig(removeStage);
    const removed = await scenario.act({ phase: 'rollback' });
    expect([removed.report.result, removed.report.state]).toEqual(['succeeded', 'not-prepared']);
    const deleted = removed.calls.flatMap(
      (call) => call.match(/^arm DELETE .*\/servers\/(.*)\/databases\/contoso$/i)?.[1] ?? [],
    );
    expect(deleted).toEqual(['contoso-sql-3', 'contoso-sql-2']);
    expect(scenario.links()).toEqual([DR]);
    const again = await scenario.act({ phase: 'prepare, upgrade, switch' });
    expect([again.report.result, again.report.productionSlot]).toEqual(['succeeded', 'green']);
    expectProtected(sampler, 'contoso-sql-1', 'contoso-sql-2');
  });
});

describe('a geo-secondary that does not catch up', () => {
  test('of the stage slot: users are not sent there, V1 is given back', async () => {
    await begin();
    scenario.lag('contoso-sql-2', 'contoso-sql-3', null);
    scenario.editConfig((text) => `${text}drain: { timeout: 3s }\n`);
    const acted = await scenario.act({ phase: 'upgrade, switch' });
    expect([acted.report.result, acted.report.reasonCode]).toEqual(['rolled-back', 'standby-not-caught-up']);
    expectBack(acted);
  });

  test('of production to stage: it is never cut off', async () => {
    await begin();
    scenario.lag('contoso-sql-1', 'contoso-sql-2', null);
    scenario.editConfig((text) => `${text}drain: { timeout: 3s }\n`);
    const acted = await scenario.act({ phase: 'upgrade, switch' });
    expect([acted.report.result, acted.report.reasonCode]).toEqual(['rolled-back', 'drain-failed']);
    expectBack(acted);
    expect(scenario.links()).toEqual([TO_STAGE, DR, CHAINED]);
  });
});

describe('faults on the way: V1 is given back', () => {
  const cases: [string, FaultRule, string][] = [
    [
      'V2 does not answer in the backup region',
      {
        at: 'site contoso-3 ',
        fault: { kind: 'error', status: 503, code: '', message: 'down' },
        times: null,
      },
      'standby-unhealthy',
    ],
    [
      'V2 does not answer in the primary region',
      {
        at: 'site contoso-2 ',
        fault: { kind: 'error', status: 503, code: '', message: 'down' },
        times: null,
      },
      'stage-unhealthy',
    ],
    [
      'the profile write is refused',
      {
        at: 'arm PUT .*/trafficManagerProfiles/',
        fault: { kind: 'error', status: 409, code: 'Conflict', message: 'Conflict' },
        times: null,
      },
      'switch-failed',
    ],
    [
      'removing the link is refused for good',
      {
        at: 'arm DELETE .*/replicationLinks/',
        fault: {
          kind: 'error',
          status: 400,
          code: 'IncorrectReplicationLinkState',
          message: 'The operation cannot be performed.',
        },
        times: null,
      },
      'link-termination-failed',
    ],
  ];
  test.each(cases)('%s', async (_what, rule, reason) => {
    await begin();
    scenario.editConfig((text) => text.replace('timeout: 2m', 'timeout: 5s'));
    scenario.azure.faults.add(rule);
    const acted = await scenario.act({ phase: 'upgrade, switch' });
    expect([acted.run.main.exitCode, acted.report.result, acted.report.reasonCode]).toEqual([
      1,
      'rolled-back',
      reason,
    ]);
    expectBack(acted);
  });
});

describe('interrupted', () => {
  test('SIGINT while the script runs: main gives V1 back before it ends', async () => {
    await begin();
    scenario.write('db/v2/99-slow.sql', "WAITFOR DELAY '00:10:00';\n");
    let main: ChildProcess | null = null;
    const acted = await scenario.act(
      { phase: 'upgrade, switch' },
      {
        onMain: (child) => {
          main = child;
        },
        onLine: (line) => {
          // The batch is announced just before it is sent; the second signal of a line told twice does no harm.
          if (line.includes('99-slow.sql')) setTimeout(() => main?.kill('SIGINT'), 300);
        },
      },
    );
    expect([acted.run.main.exitCode, acted.report.result, acted.report.reasonCode]).toEqual([
      1,
      'rolled-back',
      'cancelled',
    ]);
    expectBack(acted);
  });

  const JOURNAL = /sql batch contoso-sql-2\/contoso IF EXISTS/;
  const CUT = /arm DELETE .*\/replicationLinks\//;
  const moments: [string, Moment][] = [
    ['the link is cut and the script not begun', [CUT, JOURNAL]],
    [
      'the script has run and the backup region is waited for',
      [CUT, JOURNAL, JOURNAL, /sp_wait_for_database_copy_sync/],
    ],
    ['the stage slot is noted to be upgraded in both regions', [CUT, JOURNAL, JOURNAL, JOURNAL]],
    ['the switch is announced', [CUT, JOURNAL, JOURNAL, JOURNAL, JOURNAL]],
  ];
  test.each(moments)('SIGKILL when %s: post gives V1 back', async (_when, moment) => {
    await begin();
    const acted = await killAt(scenario, { phase: 'upgrade, switch' }, moment);
    expect([acted.run.post?.exitCode, acted.report.result]).toEqual([0, 'rolled-back']);
    expectBack(acted);
  });
});
