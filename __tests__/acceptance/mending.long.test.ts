// A production that is frozen is given back, or said to be frozen: whatever else does not answer.
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Scenario, startScenario, writes } from './scenario.ts';

let scenario: Scenario;
afterEach(() => scenario.close());

async function upgraded(): Promise<Scenario> {
  scenario = await startScenario();
  const { report } = await scenario.act({ phase: 'prepare, upgrade' });
  expect([report.result, report.state]).toEqual(['succeeded', 'upgraded']);
  return scenario;
}

const silent = { kind: 'error', status: 500, code: 'InternalServerError', message: 'try later' } as const;

describe('giving production back needs no more than production', () => {
  test.each([
    ['Traffic Manager does not answer', 'arm GET .*/trafficManagerProfiles/'],
    ['App Service does not answer', 'arm GET .*/Microsoft.Web/'],
  ])('%s: rollback works', async (_what, at) => {
    await upgraded();
    scenario.azure.faults.add({ at, fault: silent, times: null });
    await scenario.act({ phase: 'rollback' });
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
  });
});

describe('one hiccup does not end the way back', () => {
  test('logins that are refused for a moment', async () => {
    await upgraded();
    const fault = { kind: 'error', status: 14, code: '18456', message: 'Login failed.' } as const;
    scenario.azure.faults.add({ at: 'sql login contoso-sql-blue', fault, times: 4 });
    const { report } = await scenario.act({ phase: 'rollback' });
    expect(report.result).toBe('succeeded');
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
  });
});

describe('a failure between upgrade and switch', () => {
  test('one lost query decides nothing', async () => {
    await upgraded();
    scenario.azure.faults.add({
      at: 'sql batch contoso-sql-blue/contoso .*Updateability',
      fault: { kind: 'drop' },
    });
    const { report } = await scenario.act({ phase: 'switch' });
    expect([report.result, report.productionSlot]).toEqual(['succeeded', 'green']);
  });

  test('in one run, Azure failing after the script gives V1 back', async () => {
    scenario = await startScenario();
    await scenario.act({ phase: 'prepare' });
    const { report } = await scenario.act(
      { phase: 'upgrade, switch' },
      {
        onLine: (line) => {
          if (line.includes('Phase switch')) {
            scenario.azure.faults.add({
              at: 'arm GET .*/Microsoft.(Network|Web)/',
              fault: silent,
              times: null,
            });
          }
        },
      },
    );
    expect(report.result).toBe('rolled-back');
    expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
  });
});

describe('what somebody else froze', () => {
  test('is neither mended nor upgraded, and not called a failed rollback', async () => {
    scenario = await startScenario();
    await scenario.act({ phase: 'prepare' });
    await freezeByHand(scenario);
    for (const phase of ['upgrade', 'switch', 'prepare', 'rollback']) {
      const { report, calls } = await scenario.act({ phase });
      expect([phase, report.result, report.reasonCode]).toEqual([
        phase,
        'refused',
        'production-frozen-elsewhere',
      ]);
      expect(report.verdict.next.join('\n')).not.toContain('Give production back');
      expect(writes(calls)).toEqual([]);
      expect(scenario.readOnly('contoso-sql-blue')).toBe(true);
    }
  });
});

describe('the first line', () => {
  test('does not say that nothing was changed where something was', async () => {
    scenario = await startScenario();
    const { report } = await scenario.act({ phase: 'prepare, upgrade, switch, cleanup' });
    expect([report.result, report.reasonCode]).toEqual(['refused', 'confirmation-missing']);
    expect(report.verdict.headline).not.toContain('nothing was changed');
    expect(report.verdict.headline).toContain('Users are on green');
  });
});

/** As an administrator with a shell would. */
async function freezeByHand({ azure }: Scenario): Promise<void> {
  const host = azure.fabric.hosts().find((one) => one.serverName === 'contoso-sql-blue');
  const { user, password } = azure.description.sqlLogin;
  const session = await host?.login({ kind: 'password', user, password }, 'contoso', {
    address: '127.0.0.1',
    programName: 'by hand',
    readOnlyIntent: false,
  });
  const text = 'ALTER DATABASE [contoso] SET READ_ONLY WITH ROLLBACK IMMEDIATE;';
  for await (const event of session?.execute(text, [], new AbortController().signal) ?? []) {
    if (event.kind === 'message' && event.message.severity > 10) throw new Error(event.message.text);
  }
  session?.close();
}
