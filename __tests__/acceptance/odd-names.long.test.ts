// A database, an application and users whose names hold everything that Azure lets a name hold, through whole upgrades.
import { afterEach, describe, expect, test } from '@jest/globals';
import { asAdministrator, freezeBy } from './fence-scenario.ts';
import { type Scenario, startScenario } from './scenario.ts';

const BLUE = 'contoso-sql-blue';
const GREEN = 'contoso-sql-green';
/** 128 characters, as SQL Server counts them. */
const ODD = `O'Brien ]]; DROP TABLE "x" -- [日本] $(whoami) \`id\` {0} 𝄞 ñ İ #!=+~^|,`
  .padEnd(127, 'é')
  .concat(']');
const IDENTIFIER = `[${ODD.replaceAll(']', ']]')}]`;

let scenario: Scenario;
afterEach(() => scenario?.close());

async function started(): Promise<void> {
  scenario = await startScenario();
  scenario.azure.arm.sql.createDatabase({ server: BLUE, name: ODD, sku: 'S1' });
  await asAdministrator(
    scenario,
    BLUE,
    [
      'CREATE TABLE dbo.T (Id int NOT NULL PRIMARY KEY)',
      'INSERT dbo.T VALUES (1)',
      `CREATE USER ${IDENTIFIER} WITH PASSWORD = N'Secret-1'`,
      `ALTER ROLE db_datawriter ADD MEMBER ${IDENTIFIER}`,
      `DENY DELETE TO ${IDENTIFIER}`,
    ],
    ODD,
  );
  scenario.write('db/odd.sql', 'ALTER TABLE dbo.T ADD Name nvarchar(20) NULL;\nGO\n');
  scenario.editConfig((text) =>
    text
      .replace('databases: [contoso]', `databases: [contoso, ${JSON.stringify(ODD)}]`)
      .replace(
        'scripts: [db/v2/*.sql]',
        `scripts: { contoso: [db/v2/*.sql], ${JSON.stringify(ODD)}: [db/odd.sql] }`,
      ),
  );
}

/** Who was denied what on the database itself, before as after. */
function denials(server: typeof BLUE | typeof GREEN): unknown {
  const query = `SELECT p.name, d.permission_name FROM sys.database_permissions AS d
    JOIN sys.database_principals AS p ON p.principal_id = d.grantee_principal_id WHERE d.state = 'D'`;
  return scenario.rows(server, query, ODD);
}

describe('names that hold everything', () => {
  test.each(['read-only', 'deny-writes'] as const)('a whole upgrade, closed by %s', async (method) => {
    await started();
    if (method === 'deny-writes') freezeBy(scenario, method, '2s');
    const results: unknown[] = [];
    for (const phase of ['plan', 'prepare', 'upgrade', 'switch']) {
      const { report } = await scenario.act({ phase });
      results.push([phase, report.result, report.error?.message ?? null]);
    }
    expect(results).toEqual(
      ['plan', 'prepare', 'upgrade', 'switch'].map((phase) => [phase, 'succeeded', null]),
    );
    expect(scenario.rows(GREEN, 'SELECT Id, Name FROM dbo.T', ODD)).toEqual([{ Id: 1, Name: null }]);
    expect(scenario.readOnly(GREEN, ODD)).toBe(false);
    expect(denials(GREEN)).toEqual([{ name: ODD, permission_name: 'DELETE' }]);
    const cleaned = await scenario.act({ phase: 'cleanup', confirm: 'remove blue' });
    expect([cleaned.report.result, cleaned.report.error]).toEqual(['succeeded', null]);
    expect(scenario.azure.fabric.databases(BLUE).filter((name) => name !== 'master')).toEqual([]);
  });
});
