// What users wrote to V1 and V2 does not have is never deleted, whoever opened V1 or moved users.
import { afterEach, expect, test } from '@jest/globals';
import { sqlByHand } from './by-hand.ts';
import { carryOut } from './person.ts';
import { type Acted, type Scenario, startScenario } from './scenario.ts';

const BLUE = 'contoso-sql-blue';
const GREEN = 'contoso-sql-green';
const OPEN = 'ALTER DATABASE [contoso] SET READ_WRITE WITH ROLLBACK IMMEDIATE;';
const CLOSE = 'ALTER DATABASE [contoso] SET READ_ONLY WITH ROLLBACK IMMEDIATE;';
const WRITE =
  "INSERT INTO dbo.Orders (Id, Customer, Amount, CreatedAt) VALUES (NEWID(), 'left on V1', 1, SYSUTCDATETIME());";
const MOVE_USERS = [
  'az network traffic-manager endpoint update -g contoso-traffic --profile-name contoso --type externalEndpoints -n green --endpoint-status Enabled',
  'az network traffic-manager endpoint update -g contoso-traffic --profile-name contoso --type externalEndpoints -n blue --endpoint-status Disabled',
];

let scenario: Scenario;
afterEach(() => scenario?.close());

const byHand = (text: string, database?: string) => sqlByHand(scenario.azure, BLUE, text, database);

const leftOnV1 = () => scenario.rows(BLUE, "SELECT Id FROM dbo.Orders WHERE Customer = 'left on V1'").length;

/** Switch and cleanup, whatever a status says, as somebody does who reads only the headings. */
async function goOn(): Promise<readonly Acted[]> {
  const status = await scenario.act({ phase: 'status' });
  const finished = await scenario.act({ phase: 'switch' });
  return [status, finished, await scenario.act({ phase: 'cleanup', confirm: 'remove blue' })];
}

const GREEN_RESULTS = ['succeeded', 'nothing-to-do'];

test('V1 given back by hand and written, then users moved by hand to the complete copy', async () => {
  scenario = await startScenario();
  const { report } = await scenario.act({ phase: 'prepare, upgrade' });
  expect(report.state).toBe('upgraded');
  await byHand(OPEN);
  await byHand(WRITE);
  await carryOut(scenario.azure, MOVE_USERS);
  const [status, ...acted] = await goOn();
  expect(status?.report.state).toBe('compromised');
  for (const { report } of acted) expect(GREEN_RESULTS).not.toContain(report.result);
  expect(leftOnV1()).toBe(1);
});

test('V1 opened, written and closed while users are moved: told, and kept by every later run', async () => {
  scenario = await startScenario();
  await scenario.act({ phase: 'prepare' });
  let opened: Promise<void> | null = null;
  scenario.azure.faults.onAnswered((call) => {
    if (!/^arm PUT .*\/trafficManagerProfiles\/contoso$/i.test(call)) return;
    opened ??= byHand(OPEN)
      .then(() => byHand(WRITE))
      .then(() => byHand(CLOSE));
  });
  const moved = await scenario.act({ phase: 'upgrade, switch' });
  await opened;
  expect([moved.report.result, moved.report.reasonCode]).toEqual(['held', 'production-frozen-elsewhere']);
  expect(moved.report.verdict.next.join('\n')).not.toContain('run phase cleanup');
  const [, ...acted] = await goOn();
  for (const { report } of acted) {
    expect(GREEN_RESULTS).not.toContain(report.result);
    expect(report.reasonCode).toBe('production-frozen-elsewhere');
    expect(report.verdict.next.join('\n')).toContain(
      `az sql db delete -g contoso-blue -s ${BLUE} -n contoso`,
    );
  }
  expect(leftOnV1()).toBe(1);
  // A person has brought it over, and removes V1: the upgrade comes to its end.
  await carryOut(scenario.azure, [`az sql db delete -g contoso-blue -s ${BLUE} -n contoso --yes`]);
  const { report } = await scenario.act({ phase: 'cleanup', confirm: 'remove blue' });
  expect(GREEN_RESULTS).toContain(report.result);
});

test('users moved by hand to a database whose script failed half-way, beside one that is complete', async () => {
  scenario = await startScenario();
  scenario.azure.arm.sql.createDatabase({ server: BLUE, name: 'billing', sku: 'S1' });
  await byHand('CREATE TABLE dbo.Invoices (Id uniqueidentifier NOT NULL PRIMARY KEY);', 'billing');
  await byHand('INSERT INTO dbo.Invoices (Id) VALUES (NEWID());', 'billing');
  scenario.write('db/billing.sql', 'DELETE FROM dbo.Invoices;\nGO\nALTER TABLE dbo.Nope ADD X int;\nGO\n');
  scenario.editConfig((text) =>
    text
      .replace('databases: [contoso]', 'databases: [contoso, billing]')
      .replace('scripts: [db/v2/*.sql]', 'scripts: { contoso: [db/v2/*.sql], billing: [db/billing.sql] }'),
  );
  await scenario.act({ phase: 'prepare' });
  const { report } = await scenario.act({ phase: 'upgrade', 'on-failure': 'hold' });
  expect([report.result, report.reasonCode]).toEqual(['held', 'script-failed']);
  await carryOut(scenario.azure, MOVE_USERS);
  const [, ...acted] = await goOn();
  for (const { report } of acted) expect(GREEN_RESULTS).not.toContain(report.result);
  const invoices = (server: typeof BLUE | typeof GREEN) =>
    scenario.rows(server, 'SELECT Id FROM dbo.Invoices', 'billing').length;
  expect([invoices(BLUE), invoices(GREEN)]).toEqual([1, 0]);
});
