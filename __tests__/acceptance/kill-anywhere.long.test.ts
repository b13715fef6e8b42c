// main killed at any call, with users at work: afterwards they are on one writable slot, everything they were
// told is written is there, the state says so, and the next run ends well.
import type { ChildProcess } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../local-azure/clock.ts';
import { createRandom } from '../../local-azure/random.ts';
import { startUsers, type Users } from '../../local-azure/users/users.ts';
import type { RunReport } from '../../src/engine/report.ts';
import { type Acted, type Scenario, startScenario } from './scenario.ts';

const SEED = 20161;
const SERVERS = { blue: 'contoso-sql-blue', green: 'contoso-sql-green' } as const;
type Slot = keyof typeof SERVERS;

/** Names of calls in the order in which they come; main is killed when the last one arrives, before its answer. */
type Moment = readonly RegExp[];

const JOURNAL = {
  blue: /sql batch contoso-sql-blue\/contoso IF EXISTS/,
  green: /sql-green\/contoso IF EXISTS/,
};
const FREEZE = /sql-blue\/contoso ALTER DATABASE .*SET READ_ONLY/;
const CUT = /arm DELETE .*\/replicationLinks\//;
const LINKS = /arm GET .*\/replicationLinks/;
const PROFILE = /arm GET .*\/trafficManagerProfiles\/contoso$/;
const SWITCH = /arm PUT .*\/trafficManagerProfiles\//;

/** On the stage database: begun, ended, the switch is tried, V2 serves. */
const [BEGUN, ENDED, TRIED, SERVES] = [1, 2, 3, 4].map((times) => Array<RegExp>(times).fill(JOURNAL.green));

const MOMENTS: readonly (readonly [string, Moment])[] = [
  ['the intention is written', [JOURNAL.blue]],
  ['the freeze arrives', [FREEZE]],
  ['the freeze is read back', [FREEZE, /sql-blue\/contoso SELECT .*Updateability/]],
  ['the drain is awaited', [FREEZE, /sp_wait_for_database_copy_sync/]],
  ['the removal of the link arrives', [CUT]],
  ['the link is gone', [CUT, LINKS]],
  ['the stage database is set read-write', [CUT, /sql-green\/contoso ALTER DATABASE .*SET READ_WRITE/]],
  ['the script begins', BEGUN ?? []],
  ['the script is half-way', [/sql-green\/contoso .*CREATE INDEX/]],
  ['the end of the script is noted', ENDED ?? []],
  ['the upgrade is done and the switch not begun', [...(ENDED ?? []), PROFILE]],
  ['the switch is announced', TRIED ?? []],
  ['the write of the profile arrives', [SWITCH]],
  ['the profile is read back', [SWITCH, PROFILE]],
  ['users are waited for on V2', [SWITCH, LINKS]],
  ['V2 is noted to serve', SERVES ?? []],
];

/** Two more, anywhere between the first call and the switch. */
const random = createRandom(SEED);
const ANYWHERE: typeof MOMENTS = [random.integer(1, 110), random.integer(110, 220)].map((nth) => [
  `call number ${nth} arrives`,
  Array<RegExp>(nth).fill(/^(arm|entra|github|sql login)|sql batch (?!.*\bOrders\b)/),
]);

describe('killed when', () => {
  test.concurrent.each([...MOMENTS, ...ANYWHERE])('%s', async (_when, moment) => {
    await withUsers(async (scenario, users) => {
      const { run } = await killAt(scenario, moment);
      expect([run.main.signal, run.post?.exitCode]).toEqual(['SIGKILL', 0]);
      const { slot, report } = await expectServed(scenario);
      await goOn(scenario, slot, report);
      await users.stop();
      expect(servingSlot(scenario)).toBe('green');
      expect(users.acknowledged().length).toBeGreaterThan(0);
      expect(lost(scenario, 'green', users)).toEqual([]);
    });
  });
});

async function withUsers(act: (scenario: Scenario, users: Users) => Promise<void>): Promise<void> {
  const scenario = await startScenario();
  const { description, ca } = scenario.azure;
  const users = startUsers({
    publicName: 'www.contoso.example',
    dnsServer: description.dns,
    connectTo: JSON.parse(description.environment.INPUT_AZURE_ENVIRONMENT ?? '{}').connectTo,
    ca,
    clock: systemClock(),
    random: createRandom(SEED),
    readsPerSecond: 3,
    writesPerSecond: 8,
  });
  try {
    const { report } = await scenario.act({ phase: 'prepare' });
    expect(report.state).toBe('prepared');
    await act(scenario, users);
  } finally {
    await users.stop();
    await scenario.close();
  }
}

/** Upgrade and switch until that moment; the post step is run as after every job. */
async function killAt(scenario: Scenario, moment: Moment): Promise<Acted> {
  let main: ChildProcess | null = null;
  const left = [...moment];
  scenario.azure.faults.onCall((call) => {
    if (main === null || !left[0]?.test(call)) return;
    left.shift();
    if (left.length === 0) main.kill('SIGKILL');
  });
  return scenario.act(
    { phase: 'upgrade, switch' },
    {
      onMain: (child) => {
        main = child;
      },
    },
  );
}

/** Where DNS sends users. */
function servingSlot({ azure }: Scenario): Slot {
  const names = azure.state().publicName.records.map((record) => record.name);
  const slots = (['blue', 'green'] as const).filter((slot) =>
    names.includes(`contoso-${slot}.azurewebsites.net`),
  );
  expect(slots).toHaveLength(1);
  return slots[0] ?? 'blue';
}

/** The promise, wherever it was killed: users are on one slot that takes their writes, and the state says so. */
async function expectServed(scenario: Scenario): Promise<{ slot: Slot; report: RunReport }> {
  const slot = servingSlot(scenario);
  const { report } = await scenario.act({ phase: 'status' });
  const version = report.after.find((view) => view.slot === slot)?.version ?? null;
  expect({ slot, version, readOnly: scenario.readOnly(SERVERS[slot]) }).toEqual({
    slot,
    version: slot === 'blue' ? '1.0.0' : '2.0.0',
    readOnly: false,
  });
  // Whoever still holds an old address must not write into a database that was left.
  if (slot === 'green') expect(scenario.readOnly(SERVERS.blue)).toBe(true);
  expect(report.productionSlot).toBe(slot);
  expect(report.verdict.headline).toContain('can read and write');
  expect(slot === 'blue' ? ['prepared', 'compromised'] : ['switched']).toContain(report.state);
  return { slot, report };
}

/** What a person would run next, until users are on V2. */
async function goOn(scenario: Scenario, slot: Slot, { state }: RunReport): Promise<void> {
  if (slot === 'green') {
    const { report } = await scenario.act({ phase: 'switch' });
    expect(['succeeded', 'nothing-to-do']).toContain(report.result);
    return;
  }
  if (state === 'compromised') {
    scenario.editConfig((text) => `${text}rollback: { stage: remove }\n`);
    // The confirmation is needed where the switch was announced: users may have been there.
    const { report } = await scenario.act({ phase: 'rollback', confirm: 'remove green' });
    expect([report.result, report.state]).toEqual(['succeeded', 'not-prepared']);
  }
  const { report } = await scenario.act({ phase: 'prepare, upgrade, switch' });
  expect([report.result, report.productionSlot]).toEqual(['succeeded', 'green']);
}

/** Writes that users were told are done, and that are not in the slot's database. */
function lost(scenario: Scenario, slot: Slot, users: Users): string[] {
  const rows = scenario.rows(SERVERS[slot], 'SELECT Id FROM dbo.Orders');
  const there = new Set(rows.map(({ Id }) => String(Id).toLowerCase()));
  return users.acknowledged().filter((id) => !there.has(id.toLowerCase()));
}
