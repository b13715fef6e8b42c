// The primary region is lost while production is read-only, and with it the machine that upgraded. A person lets the
// backup region serve, or the region comes back before.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { type Case, testAtOnce } from './at-once.ts';
import {
  type Disaster,
  expectStatus,
  failOver,
  failoverTo,
  NORTH,
  type Struck,
  strike,
  usersWriteAt,
} from './geo-disaster.ts';
import { CUT, ENTRY, FROZEN, SCRIPT } from './geo-moments.ts';
import { DR, lost, TO_STAGE, writesOf } from './geo-scenario.ts';
import { carryOut, commandsIn } from './person.ts';
import type { Acted } from './scenario.ts';

const lostWithIt = (disaster: Disaster): Disaster =>
  disaster.at === null ? disaster : { ...disaster, run: 'is lost' };

const v1InTheBackupRegion = FROZEN.map(
  ([when, disaster]): Case => [
    `V1 serves in the backup region: ${when}`,
    () =>
      strike(lostWithIt(disaster), async (struck) => {
        const commands = await expectStatus(struck, failoverTo('contoso-sql-dr'));
        await failOver(struck, 'contoso-sql-dr', commands);
      }),
  ],
);

/** What the summary calls one or the other. */
function v2InTheBackupRegion(): Promise<void> {
  return strike({ first: 'prepare, upgrade', inputs: { phase: 'status' }, at: null }, async (struck) => {
    const { scenario, users, arrived, acted } = struck;
    expect(acted.report.verdict.next.join('\n')).toContain('never both');
    const ofV2 = commandsIn(acted).find((list) => list.includes(failoverTo('contoso-sql-3'))) ?? [];
    await carryOut(scenario.azure, ofV2);
    await usersWriteAt(users, 'contoso-3');
    const missing = new Set(lost(scenario, 'contoso-sql-3', users));
    expect(arrived['contoso-sql-3']?.filter((id) => missing.has(id))).toEqual([]);
    expect(scenario.rows('contoso-sql-3', 'SELECT Version FROM SchemaVersion')).toMatchObject([
      { Version: 2 },
    ]);
    expect(scenario.readOnly('contoso-sql-dr')).toBe(true);
    const { report } = await scenario.act({ phase: 'status' });
    expect(report.productionSlot).toBe('green');
    expect(report.verdict.headline).toContain('can read and write');
  });
}

const UPGRADE = { first: 'prepare', inputs: { phase: 'upgrade, switch' } };

/** V1's users write where they were, with their disaster recovery, and miss nothing. */
async function expectV1({ scenario, users }: Struck, { report }: Acted): Promise<void> {
  expect(report.verdict.headline).toContain('can read and write');
  expect(report.productionSlot).toBe('blue');
  await usersWriteAt(users, 'contoso-1');
  expect(scenario.links()).toContain(DR);
  expect(lost(scenario, 'contoso-sql-1', users)).toEqual([]);
}

function itIsBackForRollback(): Promise<void> {
  return strike({ ...UPGRADE, at: [CUT, ENTRY], run: 'is lost' }, async (struck) => {
    struck.scenario.azure.setRegionDown(NORTH, false);
    const acted = await struck.scenario.act({ phase: 'rollback' });
    expect([acted.run.main.exitCode, acted.report.result]).toEqual([0, 'succeeded']);
    await expectV1(struck, acted);
  });
}

function itIsBackWhileTheRunTries(): Promise<void> {
  const meanwhile: Disaster['meanwhile'] = async (azure) => {
    await sleep(15_000);
    azure.setRegionDown(NORTH, false);
  };
  return strike({ ...UPGRADE, at: [SCRIPT], meanwhile }, async (struck) => {
    expect([struck.acted.run.main.exitCode, struck.acted.report.result]).toEqual([1, 'rolled-back']);
    await expectV1(struck, struck.acted);
  });
}

function itIsBackAfterAFailover(): Promise<void> {
  return strike({ first: 'prepare', inputs: { phase: 'status' }, at: null }, async (struck) => {
    const { scenario, users, acted } = struck;
    await failOver(struck, 'contoso-sql-dr', commandsIn(acted));
    scenario.azure.setRegionDown(NORTH, false);
    await usersWriteAt(users, 'contoso-dr');
    for (const phase of ['prepare', 'upgrade, switch']) {
      const refused = await scenario.act({ phase });
      expect([refused.report.result, refused.report.reasonCode, writesOf(refused)]).toEqual([
        'refused',
        'region-mismatch',
        [],
      ]);
      expect(refused.report.verdict.next.join('\n')).toContain(
        'az sql db replica set-primary -g contoso-blue -s contoso-sql-1 -n contoso',
      );
    }
    await failBack(struck);
    const { report } = await scenario.act({ phase: 'prepare' });
    expect(report.state).toBe('prepared');
    expect(scenario.links()).toEqual(expect.arrayContaining([DR, TO_STAGE]));
    await usersWriteAt(users, 'contoso-1');
    expect(lost(scenario, 'contoso-sql-1', users)).toEqual([]);
  });
}

/** What refusals tell a person to do, one after the other: the database, then the profile. */
async function failBack({ scenario }: Struck): Promise<void> {
  for (const _refusal of ['database', 'profile']) {
    const [commands = []] = commandsIn(await scenario.act({ phase: 'prepare' }));
    await carryOut(
      scenario.azure,
      commands.map((command) => command.replace('NUMBER', '1')),
    );
  }
}

testAtOnce([
  ...v1InTheBackupRegion,
  ['V2 serves in the backup region: upgraded', v2InTheBackupRegion],
  ['the region is back before anybody failed over: rollback gives V1 back', itIsBackForRollback],
  ['the region is back while the run still tries: it gives V1 back', itIsBackWhileTheRunTries],
  [
    'the region is back after a failover: no upgrade is begun before it is failed back',
    itIsBackAfterAFailover,
  ],
]);
