// The article's 2019 form with the bundle: one web app, its slots swapped, Traffic Manager left alone.
import type { ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LocalAzureOptions } from '../../local-azure/topologies/options.ts';
import { type Acted, type Scenario, startScenario, writes } from './scenario.ts';

let scenario: Scenario;
afterEach(() => scenario?.close());

async function prepared(options: Partial<LocalAzureOptions> = {}): Promise<void> {
  scenario = await startScenario({ switchMethod: 'slot-swap', profile: 'absent', ...options });
  const { report } = await scenario.act({ phase: 'prepare' });
  expect(report.result).toBe('succeeded');
}

/** V1 with all its data on blue, writable; V2 not live. */
function expectV1Back({ report }: Acted): void {
  expect(report.productionSlot).toBe('blue');
  expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
  expect(report.verdict.headline).toContain('can read and write');
}

/** Users on V2; V1 takes no writes that would be left behind. */
async function expectOnV2(): Promise<void> {
  const { report } = await scenario.act({ phase: 'status' });
  expect([report.productionSlot, report.state]).toEqual(['green', 'switched']);
  expect(scenario.readOnly('contoso-sql-blue')).toBe(true);
  expect(scenario.readOnly('contoso-sql-green')).toBe(false);
}

describe('slot-swap', () => {
  test('from plan to cleanup', async () => {
    scenario = await startScenario({ switchMethod: 'slot-swap', profile: 'absent' });
    const planned = await scenario.act({ phase: 'plan' });
    const pivots = planned.report.plan?.steps.filter((step) => step.pointOfNoReturn) ?? [];
    expect(pivots.map((step) => [step.article, step.title])).toEqual([
      ['(6)', expect.stringContaining('swap slot staging of contoso with production')],
    ]);
    expect(writes(planned.calls)).toEqual([]);
    const all = await scenario.act({ phase: 'prepare, upgrade, switch' });
    expect([all.report.result, all.report.state]).toEqual(['succeeded', 'switched']);
    expect(writes(all.calls).filter((call) => /slotsswap/i.test(call))).toHaveLength(1);
    expect(writes(all.calls).filter((call) => /trafficManager/i.test(call))).toEqual([]);
    await expectOnV2();
    const again = await scenario.act({ phase: 'switch' });
    expect([again.report.result, writes(again.calls)]).toEqual(['nothing-to-do', []]);
    const cleaned = await scenario.act({ phase: 'cleanup', confirm: 'remove blue' });
    expect([cleaned.report.result, cleaned.report.state]).toEqual(['succeeded', 'not-prepared']);
    expect(cleaned.report.productionSlot).toBe('green');
  });

  test('a script that fails: V1 is given back, nothing is swapped', async () => {
    await prepared();
    const { azure } = scenario;
    await azure.deploy('contoso', 'staging', '3.0.0');
    const acted = await scenario.act({ phase: 'upgrade, switch', config: '.github/rolling-upgrade-v3.yml' });
    expect([acted.report.result, acted.report.reasonCode]).toEqual(['rolled-back', 'script-failed']);
    expectV1Back(acted);
    expect(acted.calls.filter((call) => /slotsswap/i.test(call))).toEqual([]);
  });

  test('killed during the swap: post waits for its end, and V1 is not given back behind V2', async () => {
    await prepared({ latency: 'typical', scale: 0.1 });
    let main: ChildProcess | null = null;
    scenario.azure.faults.onCall((call) => {
      if (/^arm GET .*\/operationresults\//i.test(call)) main?.kill('SIGKILL');
    });
    const { run } = await scenario.act(
      { phase: 'upgrade, switch' },
      {
        onMain: (child) => {
          main = child;
        },
      },
    );
    expect(run.main.signal).toBe('SIGKILL');
    await expectOnV2();
  });
});
