// Users were moved to V2, and somebody sends them back to V1, which is closed: what they wrote on V2 in between is nowhere
// else. No run gives V1 back over that by itself.
import type { ChildProcess } from 'node:child_process';
import { afterEach, expect, test } from '@jest/globals';
import { sqlByHand } from './by-hand.ts';
import { prepared } from './geo-scenario.ts';
import { carryOut } from './person.ts';
import { type Acted, type Scenario, type SqlServer, startScenario } from './scenario.ts';

const WRITE =
  "INSERT INTO dbo.Orders (Id, Customer, Amount, CreatedAt) VALUES (NEWID(), 'written on V2', 1, SYSUTCDATETIME());";
const endpoint = (name: string, status: string) =>
  `az network traffic-manager endpoint update -g contoso-traffic --profile-name contoso --type externalEndpoints -n ${name} --endpoint-status ${status}`;
const SEND_BACK = [endpoint('blue', 'Enabled'), endpoint('green', 'Disabled')];
const PUT = /^arm PUT .*\/trafficManagerProfiles\/contoso$/i;
const LOOK = /^arm GET .*\/trafficManagerProfiles\/contoso$/i;
const RECORDED = /^sql batch contoso-sql-green\/contoso IF EXISTS .*sp_updateextendedproperty/s;
const SWAP =
  'az webapp deployment slot swap -g contoso-blue -n contoso --slot staging --target-slot production';
const ANNOUNCED = /^sql batch contoso-sql-2\/contoso IF EXISTS .*sp_updateextendedproperty/s;

let scenario: Scenario;
afterEach(() => scenario?.close());

const onV2 = (server: SqlServer) =>
  scenario.rows(server, "SELECT Id FROM dbo.Orders WHERE Customer = 'written on V2'").length;

/** Somebody writes to V2, and does something; once, and `done` waits for it. */
function once(does: () => Promise<void>) {
  let begun: Promise<void> | null = null;
  return {
    begin: () => {
      begun ??= does();
    },
    done: async () => {
      if (!begun) throw new Error('the moment never came');
      await begun;
    },
  };
}

/**
 * Sends users back once the write that moved them was carried out: before this run has looked where they are, or after it has
 * seen them on V2.
 */
function sendBack(when: 'before the look' | 'after the look') {
  const { faults } = scenario.azure;
  const somebody = once(() =>
    sqlByHand(scenario.azure, 'contoso-sql-green', WRITE).then(() => carryOut(scenario.azure, SEND_BACK)),
  );
  let moved = false;
  faults.onAnswered((call) => {
    const isLook = moved && LOOK.test(call);
    if (PUT.test(call) && !moved) {
      moved = true;
      if (when === 'after the look') return;
      faults.add({ at: LOOK.source, fault: { kind: 'delay', ms: 4_000 }, times: 2 });
      somebody.begin();
    }
    if (isLook && when === 'after the look') somebody.begin();
  });
  return somebody.done;
}

function expectHeld({ report, run }: Acted): void {
  expect([report.result, report.reasonCode]).toEqual(['held', 'switch-outcome-unknown']);
  expect([report.productionSlot, report.state]).toEqual(['blue', 'upgraded']);
  expect(report.verdict.headline).toContain('PRODUCTION IS READ-ONLY');
  expect(report.verdict.next.join('\n')).toContain(`confirm: "lose-writes green"`);
  expect(run.main.exitCode).toBe(1);
  expect(scenario.readOnly('contoso-sql-blue')).toBe(true);
}

async function heldAfter(when: 'before the look' | 'after the look'): Promise<void> {
  scenario = await startScenario();
  scenario.editConfig((text) => text.replace('timeout: 2m', 'timeout: 10s'));
  await scenario.act({ phase: 'prepare' });
  const sentBack = sendBack(when);
  const held = await scenario.act({ phase: 'upgrade, switch' });
  await sentBack();
  expectHeld(held);
  expect(onV2('contoso-sql-green')).toBe(1);
}

test('sent back in the moment of the switch: no later run opens V1, and a switch keeps what was written', async () => {
  await heldAfter('before the look');
  expectHeld(await scenario.act({ phase: 'rollback' }));
  for (const inputs of [{ phase: 'prepare' }, { phase: 'cleanup', confirm: 'remove green' }]) {
    const { report } = await scenario.act(inputs);
    expect(report.result).toBe('refused');
  }
  // Nor does a switch that fails on its way.
  const { faults } = scenario.azure;
  const unwell = { kind: 'error', status: 500, code: '', message: 'no' } as const;
  faults.add({ at: 'site contoso-green GET /health', fault: unwell, times: null });
  expectHeld(await scenario.act({ phase: 'switch' }));
  faults.clear();
  expect(scenario.readOnly('contoso-sql-blue')).toBe(true);
  const { report } = await scenario.act({ phase: 'switch' });
  expect([report.result, report.productionSlot]).toEqual(['succeeded', 'green']);
  expect(onV2('contoso-sql-green')).toBe(1);
});

test('sent back once they were seen on V2: V1 is given back where somebody says that those writes may be lost', async () => {
  await heldAfter('after the look');
  scenario.editConfig((text) => `${text}\nrollback:\n  stage: remove\n`);
  const { report } = await scenario.act({ phase: 'rollback', confirm: 'lose-writes green' });
  expect([report.result, report.state]).toEqual(['succeeded', 'compromised']);
  expect(scenario.readOnly('contoso-sql-blue')).toBe(false);
  // In V2's database, until somebody says that nobody needs that either.
  expect(onV2('contoso-sql-green')).toBe(1);
  const kept = await scenario.act({ phase: 'rollback' });
  expect([kept.report.result, kept.report.reasonCode]).toEqual(['refused', 'confirmation-missing']);
  const removed = await scenario.act({ phase: 'rollback', confirm: 'remove green' });
  expect([removed.report.result, removed.report.state]).toEqual(['succeeded', 'not-prepared']);
});

test('killed while it looks whether they arrive: the post step leaves V1 closed', async () => {
  scenario = await startScenario();
  await scenario.act({ phase: 'prepare' });
  let main: ChildProcess | null = null;
  const sentBack = sendBack('before the look');
  let written = false;
  scenario.azure.faults.onAnswered((call) => {
    written ||= PUT.test(call);
    if (written && RECORDED.test(call)) main?.kill('SIGKILL');
  });
  const killed = await scenario.act(
    { phase: 'upgrade, switch' },
    {
      onMain: (child) => {
        main = child;
      },
    },
  );
  await sentBack();
  expect(killed.run.main.signal).toBe('SIGKILL');
  expect([killed.report.result, killed.report.reasonCode]).toEqual(['held', 'switch-outcome-unknown']);
  expect([onV2('contoso-sql-green'), scenario.readOnly('contoso-sql-blue')]).toEqual([1, true]);
});

test('in two regions, of which the backup region was swapped: a switch goes on from there', async () => {
  scenario = await prepared({ switchMethod: 'slot-swap', profile: 'absent' });
  const { faults } = scenario.azure;
  // Users are on V2 by a swap of his own when this run's swap comes, which is one too many.
  const somebody = once(() =>
    carryOut(scenario.azure, [SWAP]).then(() => sqlByHand(scenario.azure, 'contoso-sql-2', WRITE)),
  );
  let swapped = false;
  faults.onCall((call) => {
    swapped ||= /\/sites\/contoso-dr\/slotsswap/i.test(call);
    if (!swapped || !ANNOUNCED.test(call)) return;
    faults.add({ at: ANNOUNCED.source, fault: { kind: 'delay', ms: 4_000 } });
    somebody.begin();
  });
  const held = await scenario.act({ phase: 'upgrade, switch' });
  await somebody.done();
  expect([held.report.result, held.report.reasonCode]).toEqual(['held', 'switch-outcome-unknown']);
  const back = await scenario.act({ phase: 'rollback' });
  expect([back.report.result, scenario.readOnly('contoso-sql-1')]).toEqual(['held', true]);
  const { report } = await scenario.act({ phase: 'switch' });
  expect([report.result, report.productionSlot]).toEqual(['succeeded', 'green']);
  expect(onV2('contoso-sql-2')).toBe(1);
});
