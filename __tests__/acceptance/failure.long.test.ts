// What can go wrong before the switch: users get their writable V1 back, and the run says what happened.
import { afterEach, describe, expect, test } from '@jest/globals';
import type { FaultRule } from '../../local-azure/faults.ts';
import { type Scenario, slotView, startScenario, writes } from './scenario.ts';

let scenario: Scenario;
afterEach(() => scenario?.close());

async function prepared(options: Parameters<typeof startScenario>[0] = {}): Promise<Scenario> {
  scenario = await startScenario(options);
  const { report } = await scenario.act({ phase: 'prepare' });
  expect(report.result).toBe('succeeded');
  return scenario;
}

/** The promise that the product makes for every failure before the switch. */
function expectV1Back(report: Awaited<ReturnType<Scenario['act']>>['report']): void {
  expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
  expect(report.productionSlot).toBe('blue');
  expect(slotView(report.after, 'blue').status).toBe('Enabled');
  expect(report.verdict.headline).toContain('can read and write');
}

describe('the upgrade script fails', () => {
  test('V1 is given back, and file, line and SQL Server are quoted', async () => {
    await prepared();
    await scenario.azure.deploy('contoso-green', null, '3.0.0');
    const { run, report } = await scenario.act({
      phase: 'upgrade, switch',
      config: '.github/rolling-upgrade-v3.yml',
    });
    expect([run.main.exitCode, report.result, report.reasonCode]).toEqual([
      1,
      'rolled-back',
      'script-failed',
    ]);
    expectV1Back(report);
    expect(report.error?.message).toMatch(/db\/v3\/.*\.sql:\d+/);
    expect(report.error?.causes.join('\n')).toMatch(/Msg \d+, Level \d+, State \d+/);
    expect(report.state).toBe('compromised');
    expect(report.rollback.map((step) => step.state)).toContain('undone');
  });

  test('the next prepare says what is in the way; rollback with stage: remove takes it away', async () => {
    await prepared();
    await scenario.act({ phase: 'upgrade', config: '.github/rolling-upgrade-v3.yml' });
    const blockedRun = await scenario.act({ phase: 'prepare' });
    expect(blockedRun.report.reasonCode).toBe('database-in-the-way');
    scenario.editConfig((text) => `${text}rollback: { stage: remove }\n`);
    const removed = await scenario.act({ phase: 'rollback' });
    expect([removed.report.result, removed.report.state]).toEqual(['succeeded', 'not-prepared']);
    const again = await scenario.act({ phase: 'rollback' });
    expect(again.report.result).toBe('nothing-to-do');
  });
});

describe('faults on the way', () => {
  const cases: [string, FaultRule, string][] = [
    [
      'the freeze is refused',
      {
        at: 'sql batch contoso-sql-blue/contoso .*SET READ_ONLY',
        fault: {
          kind: 'error',
          status: 16,
          code: '1468',
          message:
            'The operation cannot be performed on database "contoso" because it is involved in a database mirroring session or an availability group.',
        },
      },
      'freeze-not-possible',
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
    [
      'V2 does not answer',
      {
        at: 'site contoso-green',
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
  ];
  test.each(cases)('%s: V1 is given back', async (_what, rule, reason) => {
    await prepared();
    scenario.editConfig((text) => text.replace('timeout: 2m', 'timeout: 5s'));
    scenario.azure.faults.add(rule);
    const { run, report } = await scenario.act({ phase: 'upgrade, switch' });
    expect([run.main.exitCode, report.result, report.reasonCode]).toEqual([1, 'rolled-back', reason]);
    expectV1Back(report);
  });

  test('a copy that does not catch up is never cut off', async () => {
    await prepared();
    const link = scenario.azure.fabric.links('contoso-sql-blue', 'contoso')[0];
    scenario.azure.fabric.setReplicationLag(link?.id ?? '', null);
    scenario.editConfig((text) => `${text}drain: { timeout: 3s }\n`);
    const { report } = await scenario.act({ phase: 'upgrade, switch' });
    expect([report.result, report.reasonCode]).toEqual(['rolled-back', 'drain-failed']);
    expectV1Back(report);
    expect(scenario.azure.fabric.links('contoso-sql-blue', 'contoso')).toHaveLength(1);
  });

  test('max-read-only ends a script that takes too long', async () => {
    await prepared();
    scenario.write('db/v2/99-slow.sql', "WAITFOR DELAY '00:05:00';\n");
    scenario.editConfig((text) => `${text.replace('grace: 2s', 'grace: 1s')}max-read-only: 5s\n`);
    const { report } = await scenario.act({ phase: 'upgrade, switch' });
    expect([report.result, report.reasonCode]).toEqual(['rolled-back', 'read-only-limit-exceeded']);
    expectV1Back(report);
  });
});

describe('answers that get lost', () => {
  const lost: [string, FaultRule][] = [
    [
      'of the freeze',
      { at: 'sql batch contoso-sql-blue/contoso .*SET READ_ONLY', fault: { kind: 'drop-after' } },
    ],
    ['of removing the link', { at: 'arm DELETE .*/replicationLinks/', fault: { kind: 'drop-after' } }],
    ['of the profile write', { at: 'arm PUT .*/trafficManagerProfiles/', fault: { kind: 'drop-after' } }],
    [
      'of setting the stage read-write',
      { at: 'sql batch contoso-sql-green/contoso .*SET READ_WRITE', fault: { kind: 'drop-after' } },
    ],
  ];
  test.each(lost)('%s: the state is read back, and the upgrade goes on', async (_what, rule) => {
    await prepared();
    scenario.azure.faults.add(rule);
    const { report } = await scenario.act({ phase: 'upgrade, switch' });
    expect([report.result, report.productionSlot]).toEqual(['succeeded', 'green']);
  });

  test('the way back is tried until it works', async () => {
    await prepared();
    const at = 'sql batch contoso-sql-blue/contoso .*SET READ_WRITE';
    scenario.azure.faults.add({ at, fault: { kind: 'drop' }, times: 2 });
    const { report } = await scenario.act({ phase: 'upgrade', config: '.github/rolling-upgrade-v3.yml' });
    expect(report.result).toBe('rolled-back');
    expectV1Back(report);
  });
});

describe('on-failure: hold', () => {
  test('leaves production frozen, says so first, and rollback mends it', async () => {
    await prepared();
    const held = await scenario.act({
      phase: 'upgrade',
      config: '.github/rolling-upgrade-v3.yml',
      'on-failure': 'hold',
    });
    expect([held.run.main.exitCode, held.report.result]).toEqual([1, 'held']);
    expect(held.run.main.summary.split('\n')[0]).toContain('PRODUCTION IS READ-ONLY');
    expect(held.report.verdict.next.join('\n')).toContain('SET READ_WRITE');
    const mended = await scenario.act({ phase: 'rollback' });
    expect([mended.run.main.exitCode, mended.report.result]).toEqual([0, 'succeeded']);
    expectV1Back(mended.report);
  });
});

describe('two runs at once', () => {
  test('the second one does not act', async () => {
    await prepared();
    scenario.write('db/v2/99-slow.sql', "WAITFOR DELAY '00:00:50';\n");
    const second: ReturnType<Scenario['act']>[] = [];
    const first = scenario.act(
      { phase: 'upgrade' },
      {
        onLine: (line) => {
          if (line.includes('99-slow.sql') && second.length === 0)
            second.push(scenario.act({ phase: 'rollback' }));
        },
      },
    );
    const one = await first;
    const other = await second[0];
    expect([one.report.result, one.report.state]).toEqual(['succeeded', 'upgraded']);
    expect(other?.report.reasonCode).toBe('locked-by-another-run');
    expect(
      writes(other?.calls ?? ['none ran']).filter(
        (call) => /SET READ_WRITE/.test(call) && /sql-blue/.test(call),
      ),
    ).toEqual([]);
  });
});
