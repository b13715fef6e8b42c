// Production closed by denied permissions (freeze.method: deny-writes, and auto after error 1468).
import { afterEach, describe, expect, test } from '@jest/globals';
import { RETURN } from './after-switch.ts';
import {
  asAdministrator,
  createUser,
  freezeBy,
  isFenced,
  order,
  ordersOn,
  type Person,
  refuseReadOnly,
  rightsOn,
  signIn,
} from './fence-scenario.ts';
import { type Acted, type Scenario, startScenario, writes } from './scenario.ts';

const BLUE = 'contoso-sql-blue';
const GREEN = 'contoso-sql-green';

let scenario: Scenario;
let people: Person[] = [];
afterEach(async () => {
  for (const person of people) person.close();
  people = [];
  await scenario?.close();
});

async function started(method: 'deny-writes' | 'auto' = 'deny-writes', grace = '2s'): Promise<void> {
  scenario = await startScenario();
  freezeBy(scenario, method, grace);
  await asAdministrator(scenario, BLUE, createUser('clerk'));
}

async function clerkOn(server: typeof BLUE | typeof GREEN): Promise<Person> {
  const person = await signIn(scenario, server, 'clerk');
  people.push(person);
  return person;
}

const act = (phase: string, inputs: Record<string, string> = {}) => scenario.act({ phase, ...inputs });

function evidenceOf({ report }: Acted, step: string): string {
  return report.steps.find(({ id }) => id === step)?.evidence.join('; ') ?? '';
}

/** Reads without pause until it is told to end; how often it was answered, and the first thing that went wrong. */
function reading(person: Person) {
  let answered = 0;
  let failed: unknown = null;
  let ended = false;
  const work = (async () => {
    while (!ended && failed === null) {
      await person.run('SELECT COUNT(*) AS n FROM dbo.Orders').then(
        () => answered++,
        (error: unknown) => {
          failed = error;
        },
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return async () => {
    ended = true;
    await work;
    return { answered, failed };
  };
}

describe('deny-writes', () => {
  test('a whole upgrade: no session that reads is ended, nobody writes meanwhile, V2 is open and V1 stays closed', async () => {
    await started();
    const planned = await act('plan');
    expect(planned.report.plan?.steps.find(({ id }) => id === 'freeze')?.changes).toContain(
      'is denied to everybody',
    );
    const [reader, writer] = [await clerkOn(BLUE), await clerkOn(BLUE)];
    await reader.run('BEGIN TRANSACTION; SELECT COUNT(*) AS n FROM dbo.Orders;');
    const stopReading = reading(reader);
    await act('prepare');
    const acknowledged = [await order(writer)];
    const upgraded = await act('upgrade');
    expect([upgraded.report.result, upgraded.report.state]).toEqual(['succeeded', 'upgraded']);
    expect(evidenceOf(upgraded, 'freeze')).toContain(
      'writes are denied (role rolling-upgrade-fence, 2 principals), no session holds any',
    );
    expect(upgraded.report.verdict.headline).toContain('PRODUCTION IS READ-ONLY');
    expect([scenario.readOnly(BLUE), isFenced(scenario, BLUE), isFenced(scenario, GREEN)]).toEqual([
      false,
      true,
      false,
    ]);
    await expect(order(writer)).rejects.toThrow(/^229/);
    await expect(writer.run('CREATE TABLE dbo.Own (Id int)')).rejects.toThrow();

    const switched = await act('switch');
    expect([switched.report.result, switched.report.productionSlot]).toEqual(['succeeded', 'green']);
    acknowledged.push(await order(await clerkOn(GREEN)));
    expect(acknowledged.filter((id) => !ordersOn(scenario, GREEN).has(id))).toEqual([]);
    await expect(order(writer)).rejects.toThrow(/^229/);
    const { answered, failed } = await stopReading();
    expect(failed).toBeNull();
    expect(answered).toBeGreaterThan(20);
    const cleaned = await act('cleanup', { confirm: 'remove blue' });
    expect([cleaned.report.result, cleaned.report.state]).toEqual(['succeeded', 'not-prepared']);
  });

  test('a rollback restores exactly what users might do: what was denied before stays denied', async () => {
    await started();
    await asAdministrator(scenario, BLUE, [
      'DENY UPDATE ON dbo.Orders TO clerk',
      'CREATE ROLE auditors',
      'DENY DELETE TO auditors',
      'ALTER ROLE auditors ADD MEMBER clerk',
      'GRANT EXECUTE TO clerk',
    ]);
    await act('prepare');
    const before = rightsOn(scenario, BLUE);
    scenario.write('db/v2/99-wrong.sql', "THROW 50000, 'wrong', 1;\n");
    const failed = await act('upgrade, switch');
    expect([failed.report.result, failed.report.reasonCode]).toEqual(['rolled-back', 'script-failed']);
    expect(rightsOn(scenario, BLUE)).toEqual(before);
    expect(rightsOn(scenario, GREEN)).toEqual(before);
    const clerk = await clerkOn(BLUE);
    await order(clerk);
    await expect(clerk.run('UPDATE dbo.Orders SET Amount = 2')).rejects.toThrow(/^229/);
    await expect(clerk.run('DELETE FROM dbo.Orders')).rejects.toThrow(/^229/);
  });

  test('a return to V1 closes V2 in the same way, and opens V1', async () => {
    await started();
    await act('prepare, upgrade, switch');
    const back = await act('rollback', { confirm: RETURN.confirm });
    expect([back.report.result, back.report.productionSlot]).toEqual(['succeeded', 'blue']);
    expect([isFenced(scenario, BLUE), isFenced(scenario, GREEN)]).toEqual([false, true]);
    await order(await clerkOn(BLUE));
    await expect(order(await clerkOn(GREEN))).rejects.toThrow(/^229/);
  });

  test('a return to V1 that fails: V2 is open again, and V1 is fenced again', async () => {
    await started();
    await act('prepare, upgrade, switch');
    scenario.azure.faults.add({
      at: 'arm PUT .*/trafficManagerProfiles/',
      fault: { kind: 'error', status: 409, code: 'Conflict', message: 'Conflict' },
      times: null,
    });
    const back = await act('rollback', { confirm: RETURN.confirm });
    expect([back.report.result, back.report.state, back.report.productionSlot]).toEqual([
      'rolled-back',
      'switched',
      'green',
    ]);
    expect([isFenced(scenario, BLUE), isFenced(scenario, GREEN)]).toEqual([true, false]);
    await order(await clerkOn(GREEN));
  });

  test('somebody lifts the fence for one user before the switch: nobody is switched, everybody may write again', async () => {
    await started();
    await act('prepare, upgrade');
    await asAdministrator(scenario, BLUE, ['ALTER ROLE [rolling-upgrade-fence] DROP MEMBER clerk']);
    const switched = await act('switch');
    expect([switched.report.result, switched.report.reasonCode]).toEqual(['rolled-back', 'drain-failed']);
    expect(switched.report.error?.message).toContain('clerk is not in it');
    expect(isFenced(scenario, BLUE)).toBe(false);
    await order(await clerkOn(BLUE));
  });

  test("the command of the summary opens production by a person's hand", async () => {
    await started();
    await act('prepare');
    scenario.write('db/v2/99-wrong.sql', "THROW 50000, 'wrong', 1;\n");
    const held = await act('upgrade', { 'on-failure': 'hold' });
    expect([held.report.result, isFenced(scenario, BLUE)]).toEqual(['held', true]);
    const command = held.report.verdict.next
      .flatMap((text) => text.split('\n'))
      .find((line) => line.startsWith('sqlcmd'));
    await asAdministrator(scenario, BLUE, [statementOf(command ?? '')]);
    expect(isFenced(scenario, BLUE)).toBe(false);
    await order(await clerkOn(BLUE));
  });
});

/** What a shell makes of the last argument. */
function statementOf(command: string): string {
  const [, quoted = ''] = /-Q '(.*)'$/.exec(command) ?? [];
  return quoted.replaceAll("'\\''", "'");
}

describe('auto', () => {
  test('where SQL Server answers 1468, writing is denied', async () => {
    await started('auto');
    refuseReadOnly(scenario, BLUE);
    const { report, run } = await act('prepare, upgrade, switch');
    expect([report.result, report.productionSlot]).toEqual(['succeeded', 'green']);
    expect([scenario.readOnly(BLUE), isFenced(scenario, BLUE), isFenced(scenario, GREEN)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(run.main.log).toContain('the writing permissions are denied instead (freeze.method: auto)');
  });

  test('where it does not, production is READ_ONLY and nothing else', async () => {
    await started('auto');
    const { report } = await act('prepare, upgrade');
    expect([report.result, scenario.readOnly(BLUE), isFenced(scenario, BLUE)]).toEqual([
      'succeeded',
      true,
      false,
    ]);
  });

  test('1468 and somebody who cannot be denied: nothing is changed, users go on', async () => {
    await started('auto');
    refuseReadOnly(scenario, BLUE);
    await act('prepare');
    await asAdministrator(scenario, BLUE, [
      'CREATE SCHEMA sales AUTHORIZATION clerk',
      'CREATE TABLE sales.Own (Id int)',
    ]);
    const before = rightsOn(scenario, BLUE);
    const { report } = await act('upgrade');
    expect([report.result, report.reasonCode]).toEqual(['rolled-back', 'fence-not-possible']);
    expect(report.error?.message).toContain('clerk owns 1 object');
    expect([scenario.readOnly(BLUE), rightsOn(scenario, BLUE)]).toEqual([false, before]);
    await order(await clerkOn(BLUE));
  });
});

describe('refused before anything is written', () => {
  test.each([
    [
      'an owner',
      ['CREATE SCHEMA sales AUTHORIZATION clerk', 'CREATE TABLE sales.Own (Id int)'],
      'clerk owns 1 object',
    ],
    [
      'an application role',
      ["CREATE APPLICATION ROLE till WITH PASSWORD = 'Correct-Horse-8'"],
      'till is an application role',
    ],
    ['guest', ['GRANT CONNECT TO guest'], 'guest may connect'],
  ])('%s', async (_, batches, words) => {
    await started();
    await act('prepare');
    await asAdministrator(scenario, BLUE, batches);
    const refused = await act('upgrade');
    expect([refused.report.result, refused.report.reasonCode]).toEqual(['refused', 'fence-not-possible']);
    expect(refused.report.error?.message).toContain(words);
    expect(writes(refused.calls)).toEqual([]);
  });

  test('an administrator who is signed in', async () => {
    await started();
    await act('prepare');
    const { user } = scenario.azure.description.sqlLogin;
    people.push(await signIn(scenario, BLUE, user));
    const refused = await act('upgrade');
    expect([refused.report.result, refused.report.reasonCode]).toEqual(['refused', 'fence-not-possible']);
    expect(refused.report.error?.message).toContain(`person ${user}`);
    expect(writes(refused.calls)).toEqual([]);
  });
});
