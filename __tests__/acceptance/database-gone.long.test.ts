// Somebody deletes one of several databases while production is read-only: the others are given back.
import { afterEach, expect, test } from '@jest/globals';
import { sqlByHand } from './by-hand.ts';
import { carryOut } from './person.ts';
import { type Scenario, startScenario } from './scenario.ts';

const BLUE = 'contoso-sql-blue';
const GREEN = 'contoso-sql-green';
const ENTRY = 'rolling-upgrade';

let scenario: Scenario;
afterEach(() => scenario?.close());

test('also where a switch was tried an hour ago, and users are where they were', async () => {
  scenario = await startScenario();
  const { azure } = scenario;
  azure.arm.sql.createDatabase({ server: BLUE, name: 'billing', sku: 'S1' });
  const table = 'CREATE TABLE dbo.Invoices (Id uniqueidentifier NOT NULL PRIMARY KEY);';
  await sqlByHand(azure, BLUE, table, 'billing');
  scenario.write('db/billing.sql', 'ALTER TABLE dbo.Invoices ADD Due date NULL;\nGO\n');
  scenario.editConfig((text) =>
    text
      .replace('databases: [contoso]', 'databases: [contoso, billing]')
      .replace('scripts: [db/v2/*.sql]', 'scripts: { contoso: [db/v2/*.sql], billing: [db/billing.sql] }'),
  );
  const { report } = await scenario.act({ phase: 'prepare, upgrade' });
  expect(report.state).toBe('upgraded');
  // What a run says that was killed on its way to the write that moves users.
  const [row] = scenario.rows(
    GREEN,
    `SELECT value AS entry FROM sys.extended_properties WHERE name = '${ENTRY}'`,
  );
  const at = new Date(Date.now() - 60 * 60_000).toISOString();
  const entry = JSON.stringify({ ...JSON.parse(String(row?.entry)), status: 'switching', at });
  const write = `EXEC sys.sp_updateextendedproperty @name = N'${ENTRY}', @value = N'${entry}';`;
  await sqlByHand(azure, GREEN, write);
  await carryOut(azure, [`az sql db delete -g contoso-blue -s ${BLUE} -n billing --yes`]);

  const back = await scenario.act({ phase: 'rollback' });
  expect([back.report.result, back.report.reasonCode]).toEqual(['held', 'resource-not-found']);
  expect(scenario.readOnly(BLUE)).toBe(false);
  expect(back.report.verdict.headline).toContain('A DATABASE OF THEIRS IS GONE: billing');
  expect(back.report.verdict.next.join('\n')).toMatch(
    /^az sql db restore .* -s contoso-sql-blue -n billing /m,
  );
});
