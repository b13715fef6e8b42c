// Production closed by denied permissions while people write: transactions that have begun, runs that are killed, several
// databases, two regions, deployment slots.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  asAdministrator,
  createUser,
  freezeBy,
  isFenced,
  order,
  ordersOn,
  type Person,
  rightsOn,
  signIn,
} from './fence-scenario.ts';
import { DR, startGeo } from './geo-scenario.ts';
import { type Acted, type Scenario, type SqlServer, startScenario } from './scenario.ts';

const BLUE = 'contoso-sql-blue';
const GREEN = 'contoso-sql-green';

let scenario: Scenario;
let people: Person[] = [];
afterEach(async () => {
  for (const person of people) person.close();
  people = [];
  await scenario?.close();
});

async function prepared(on: Scenario, grace: string, server: SqlServer = BLUE): Promise<void> {
  scenario = on;
  freezeBy(scenario, 'deny-writes', grace);
  await asAdministrator(scenario, server, createUser('clerk'));
  const { report } = await scenario.act({ phase: 'prepare' });
  expect([report.result, report.state]).toEqual(['succeeded', 'prepared']);
}

async function clerkOn(server: SqlServer, database = 'contoso'): Promise<Person> {
  const person = await signIn(scenario, server, 'clerk', database);
  people.push(person);
  return person;
}

/** Resolves when production is fenced, or after a minute. */
async function fenced(server: SqlServer, database = 'contoso'): Promise<void> {
  for (let looks = 0; looks < 3_000 && !isFenced(scenario, server, database); looks++) await sleep(20);
}

/** Orders in a transaction that stays open, between the announcement of the freeze and the fence. Resolves with the id. */
function orderedBeforeFence(person: Person): Promise<string> {
  const RAISE = `sql batch ${BLUE}/contoso .*CREATE ROLE`;
  scenario.azure.faults.add({ at: RAISE, fault: { kind: 'delay', ms: 2_000 } });
  return new Promise((resolve, reject) => {
    let isFirst = true;
    scenario.azure.faults.onCall((call) => {
      if (!isFirst || !new RegExp(RAISE).test(call)) return;
      isFirst = false;
      person
        .run('BEGIN TRANSACTION')
        .then(() => order(person))
        .then(resolve, reject);
    });
  });
}

/** Runs the phases and kills main a moment after the fence was raised. */
async function killedWhileFenced(phase: string, runnerLost: boolean): Promise<Acted> {
  let main: ChildProcess | null = null;
  const killing = fenced(BLUE).then(async () => {
    await sleep(500);
    main?.kill('SIGKILL');
  });
  const acted = await scenario.act(
    { phase },
    {
      runnerLost,
      onMain: (child) => {
        main = child;
      },
    },
  );
  await killing;
  expect(acted.run.main.signal).toBe('SIGKILL');
  return acted;
}

describe('transactions that have begun', () => {
  test('one that commits within the grace is on V2; who reads is left alone', async () => {
    await prepared(await startScenario(), '60s');
    const [clerk, reader] = [await clerkOn(BLUE), await clerkOn(BLUE)];
    await reader.run('BEGIN TRANSACTION; SELECT COUNT(*) AS n FROM dbo.Orders;');
    const begun = orderedBeforeFence(clerk);
    const upgrading = scenario.act({ phase: 'upgrade' });
    const id = await begun;
    await fenced(BLUE);
    await sleep(1_000);
    expect(scenario.azure.fabric.links(BLUE, 'contoso')).toHaveLength(1);
    await clerk.run('COMMIT');
    const { report } = await upgrading;
    expect([report.result, report.state]).toEqual(['succeeded', 'upgraded']);
    expect(ordersOn(scenario, GREEN).has(id)).toBe(true);
    expect(await reader.run('SELECT COUNT(*) AS n FROM dbo.Orders')).toHaveLength(1);
  });

  test('one that does not is ended, and nobody has what it wrote; who reads is left alone', async () => {
    await prepared(await startScenario(), '1s');
    const [clerk, reader] = [await clerkOn(BLUE), await clerkOn(BLUE)];
    await reader.run('BEGIN TRANSACTION; SELECT COUNT(*) AS n FROM dbo.Orders;');
    const begun = orderedBeforeFence(clerk);
    const { report } = await scenario.act({ phase: 'upgrade' });
    const id = await begun;
    expect([report.result, report.state]).toEqual(['succeeded', 'upgraded']);
    const freeze = report.steps.find((step) => step.id === 'freeze');
    expect(freeze?.evidence.join('; ')).toContain('1 that held writes after the grace was ended');
    await expect(clerk.run('COMMIT')).rejects.toThrow();
    expect([BLUE, GREEN].map((server) => ordersOn(scenario, server as SqlServer).has(id))).toEqual([
      false,
      false,
    ]);
    expect(await reader.run('SELECT COUNT(*) AS n FROM dbo.Orders')).toHaveLength(1);
  });

  test('killed while one is waited for: the next run waits too, before anything is cut', async () => {
    await prepared(await startScenario(), '60s');
    const clerk = await clerkOn(BLUE);
    const begun = orderedBeforeFence(clerk);
    await killedWhileFenced('upgrade', true);
    const id = await begun;
    const upgrading = scenario.act({ phase: 'upgrade' });
    await sleep(6_000);
    expect(scenario.azure.fabric.links(BLUE, 'contoso')).toHaveLength(1);
    await clerk.run('COMMIT');
    const { report } = await upgrading;
    expect([report.result, report.state]).toEqual(['succeeded', 'upgraded']);
    expect(ordersOn(scenario, GREEN).has(id)).toBe(true);
  });

  test('killed while one is waited for: the post step opens production again, and it can be committed', async () => {
    await prepared(await startScenario(), '60s');
    const before = rightsOn(scenario, BLUE);
    const clerk = await clerkOn(BLUE);
    const begun = orderedBeforeFence(clerk);
    const opened = begun.then(async (id) => {
      await fenced(BLUE);
      while (isFenced(scenario, BLUE)) await sleep(20);
      await clerk.run('COMMIT');
      return id;
    });
    const killed = await killedWhileFenced('upgrade', false);
    expect([killed.run.post?.exitCode, killed.report.result]).toEqual([0, 'rolled-back']);
    expect(rightsOn(scenario, BLUE)).toEqual(before);
    expect(ordersOn(scenario, BLUE).has(await opened)).toBe(true);
    await order(clerk);
  });
});

describe('an answer that is lost', () => {
  test('of the fence: it is read back, and the upgrade goes on', async () => {
    await prepared(await startScenario(), '1s');
    scenario.azure.faults.add({
      at: `sql batch ${BLUE}/contoso .*CREATE ROLE`,
      fault: { kind: 'drop-after' },
    });
    const { report } = await scenario.act({ phase: 'upgrade' });
    expect([report.result, report.state]).toEqual(['succeeded', 'upgraded']);
    expect([isFenced(scenario, BLUE), isFenced(scenario, GREEN)]).toEqual([true, false]);
  });

  test('of its removal on the copy: it is removed all the same', async () => {
    await prepared(await startScenario(), '1s');
    scenario.azure.faults.add({
      at: `sql batch ${GREEN}/contoso SET XACT_ABORT ON`,
      fault: { kind: 'drop-after' },
    });
    const { report } = await scenario.act({ phase: 'upgrade' });
    expect([report.result, isFenced(scenario, GREEN)]).toEqual(['succeeded', false]);
  });
});

test('two databases: the fence of the second one is refused, both are open again', async () => {
  scenario = await startScenario();
  scenario.azure.arm.sql.createDatabase({ server: BLUE, name: 'billing', sku: 'S1' });
  await asAdministrator(
    scenario,
    BLUE,
    ['CREATE TABLE dbo.Invoices (Id int NOT NULL PRIMARY KEY)', ...createUser('clerk')],
    'billing',
  );
  scenario.write('db/billing.sql', 'ALTER TABLE dbo.Invoices ADD Due date NULL;\n');
  scenario.editConfig((text) =>
    text
      .replace('databases: [contoso]', 'databases: [contoso, billing]')
      .replace('scripts: [db/v2/*.sql]', 'scripts: { contoso: [db/v2/*.sql], billing: [db/billing.sql] }'),
  );
  await prepared(scenario, '1s');
  const fault = {
    kind: 'error',
    status: 16,
    code: '15247',
    message: 'User does not have permission.',
  } as const;
  scenario.azure.faults.add({ at: `sql batch ${BLUE}/billing .*CREATE ROLE`, fault });
  const failed = await scenario.act({ phase: 'upgrade, switch' });
  expect([failed.report.result, failed.report.reasonCode]).toEqual(['rolled-back', 'freeze-failed']);
  expect([isFenced(scenario, BLUE), isFenced(scenario, BLUE, 'billing')]).toEqual([false, false]);
  await order(await clerkOn(BLUE));

  const { report } = await scenario.act({ phase: 'upgrade, switch' });
  expect([report.result, report.productionSlot]).toEqual(['succeeded', 'green']);
  expect([isFenced(scenario, BLUE), isFenced(scenario, BLUE, 'billing')]).toEqual([true, true]);
  await (await clerkOn(GREEN, 'billing')).run('INSERT INTO dbo.Invoices (Id) VALUES (1)');
});

test('two regions: V2 is open on both sides of its link, V1 and its geo-secondary stay fenced', async () => {
  const geo = await startGeo();
  await prepared(geo, '1s', 'contoso-sql-1');
  const { report } = await geo.act({ phase: 'upgrade, switch' });
  expect([report.result, report.state, report.productionSlot]).toEqual(['succeeded', 'switched', 'green']);
  expect(geo.links()).toContain(DR);
  const servers = ['contoso-sql-1', 'contoso-sql-dr', 'contoso-sql-2', 'contoso-sql-3'] as const;
  expect(servers.map((server) => isFenced(geo, server))).toEqual([true, true, false, false]);
  await order(await clerkOn('contoso-sql-2'));
  await expect(order(await clerkOn('contoso-sql-1'))).rejects.toThrow(/^229/);
});

test('deployment slots that are swapped', async () => {
  await prepared(await startScenario({ switchMethod: 'slot-swap', profile: 'absent' }), '1s');
  const { report } = await scenario.act({ phase: 'upgrade, switch' });
  expect([report.result, report.productionSlot]).toEqual(['succeeded', 'green']);
  expect([isFenced(scenario, BLUE), isFenced(scenario, GREEN)]).toEqual([true, false]);
  await order(await clerkOn(GREEN));
});
