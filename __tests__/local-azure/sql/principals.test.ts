import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Login, LoginRefused } from '../../../local-azure/sql/session.ts';
import { type Client, createFixture, type Fixture, GREEN, ORDERS, PRINCIPAL } from './fixture.ts';

let fixture: Fixture;
let admin: Client;
beforeEach(async () => {
  fixture = createFixture();
  admin = await fixture.login();
  await admin.run(ORDERS);
});
afterEach(() => fixture.close());

const app = (password = 'Secret-1'): Login => ({ kind: 'password', user: 'contoso-app', password });
const token = (objectId: string, appId = ''): Login => ({
  kind: 'token',
  objectId,
  appId,
  audience: 'https://database.windows.net/',
});

async function refused(details: Parameters<Fixture['login']>[0]): Promise<{ number: number; text: string }> {
  try {
    await fixture.login(details);
  } catch (error) {
    if (error instanceof LoginRefused) return error.sqlMessage;
    throw error;
  }
  throw new Error('was let in');
}

describe('login', () => {
  test('40615 where the firewall has no rule for the address, in Azure’s words', async () => {
    expect(await refused({ address: '10.1.2.3' })).toMatchObject({
      number: 40615,
      text: expect.stringContaining(
        "Cannot open server 'contoso-sql-blue' requested by the login. Client with IP address '10.1.2.3' is not allowed",
      ),
    });
    fixture.fabric.setFirewall('contoso-sql-blue', [{ name: 'ten', start: '10.1.0.0', end: '10.1.255.255' }]);
    const session = await fixture.login({ address: '10.1.2.3' });
    expect(await session.value('SELECT 1')).toBe(1);
  });

  test('18456 for a wrong password or an unknown user, 4060 for an unknown database', async () => {
    expect(
      await refused({ login: { kind: 'password', user: 'contoso-admin', password: 'no' } }),
    ).toMatchObject({ number: 18456, text: "Login failed for user 'contoso-admin'." });
    expect(await refused({ login: app() })).toMatchObject({ number: 18456 });
    expect(await refused({ database: 'nowhere' })).toMatchObject({
      number: 4060,
      text: 'Cannot open database "nowhere" requested by the login. The login failed.',
    });
    expect(await refused({ login: token('0badf00d-0000-4000-8000-000000000000') })).toMatchObject({
      number: 18456,
      text: "Login failed for user '<token-identified principal>'.",
    });
  });

  test('contained users log in where their database is, a copy of it included', async () => {
    fixture.link();
    await admin.run("CREATE USER [contoso-app] WITH PASSWORD = N'Secret-1'");
    expect(await (await fixture.login({ login: app() })).value('SELECT USER_NAME()')).toBe('contoso-app');
    expect(await (await fixture.login({ login: app(), server: GREEN })).value('SELECT SUSER_SNAME()')).toBe(
      'contoso-app',
    );
    expect(await refused({ login: app(), database: null })).toMatchObject({ number: 18456 });
    await admin.run("ALTER USER [contoso-app] WITH PASSWORD = N'Other-2'");
    expect(await refused({ login: app() })).toMatchObject({ number: 18456 });
    await fixture.login({ login: app('Other-2') });
  });

  test('server logins stay with their server, and need a user of the same SID', async () => {
    const master = await fixture.login({ database: null });
    await master.run("CREATE LOGIN [contoso-app] WITH PASSWORD = 'Secret-1'");
    expect(
      (await master.run("SELECT name FROM sys.sql_logins WHERE name = 'contoso-app'")).rows,
    ).toHaveLength(1);
    expect(await refused({ login: app() })).toMatchObject({ number: 4060 });
    await admin.run('CREATE USER [contoso-app] FOR LOGIN [contoso-app]');
    await fixture.login({ login: app() });
    fixture.link();
    expect(await refused({ login: app(), server: GREEN })).toMatchObject({ number: 18456 });
    const greenMaster = await fixture.login({ server: GREEN, database: null });
    await greenMaster.run("CREATE LOGIN [contoso-app] WITH PASSWORD = 'Secret-1'");
    expect(await refused({ login: app(), server: GREEN })).toMatchObject({ number: 4060 });
    const sid = await master.value(
      "SELECT CONVERT(varchar(200), sid, 1) FROM sys.sql_logins WHERE name = 'contoso-app'",
    );
    await greenMaster.run(
      `DROP LOGIN [contoso-app]; CREATE LOGIN [contoso-app] WITH PASSWORD = 'Secret-1', SID = ${String(sid)}`,
    );
    await fixture.login({ login: app(), server: GREEN });
    expect((await admin.run("CREATE LOGIN x WITH PASSWORD = 'Secret-1'")).errors).toEqual([5001]);
  });

  test('the Entra administrator is dbo; others by CREATE USER … FROM EXTERNAL PROVIDER', async () => {
    expect(
      await (await fixture.login({ login: token(PRINCIPAL.objectId) })).value('SELECT USER_NAME()'),
    ).toBe('dbo');
    expect((await admin.run('CREATE USER [deployer] FROM EXTERNAL PROVIDER')).errors).toEqual([33130]);
    const deployer = {
      name: 'deployer',
      objectId: '11111111-0000-4000-8000-000000000000',
      appId: '22222222-0000-4000-8000-000000000000',
    };
    fixture.fabric.addEntraPrincipal(deployer);
    await admin.run(
      'CREATE USER [deployer] FROM EXTERNAL PROVIDER; ALTER ROLE db_owner ADD MEMBER [deployer]',
    );
    const session = await fixture.login({ login: token(deployer.objectId, deployer.appId) });
    expect(
      (
        await session.run(
          "SELECT USER_NAME() AS name, IS_ROLEMEMBER('db_owner') AS owner, HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'ALTER') AS may",
        )
      ).rows,
    ).toEqual([{ name: 'deployer', owner: 1, may: 1 }]);
  });
});

describe('rights', () => {
  let user: Client;
  beforeEach(async () => {
    await admin.run("CREATE USER [contoso-app] WITH PASSWORD = N'Secret-1'");
    user = await fixture.login({ login: app() });
  });

  test('without a role nothing may be read or written: 229', async () => {
    const outcome = await user.run('SELECT * FROM dbo.Orders');
    expect(outcome.messages[0]).toMatchObject({
      number: 229,
      text: "The SELECT permission was denied on the object 'Orders', database 'contoso', schema 'dbo'.",
    });
    expect((await user.run("INSERT dbo.Orders (Id, Customer) VALUES (1, N'x')")).errors).toEqual([229]);
    expect((await user.run('CREATE TABLE dbo.T (A int)')).errors).toEqual([262]);
    expect((await user.run('ALTER TABLE dbo.Orders ADD B int')).errors).toEqual([4902]);
    expect((await user.run('SELECT * FROM sys.dm_geo_replication_link_status')).errors).toEqual([262]);
  });

  test('db_datareader reads, db_datawriter writes, at once and in sessions that are open', async () => {
    await admin.run('ALTER ROLE db_datareader ADD MEMBER [contoso-app]');
    expect((await user.run('SELECT * FROM dbo.Orders')).errors).toEqual([]);
    expect((await user.run('DELETE dbo.Orders')).errors).toEqual([229]);
    await admin.run('ALTER ROLE db_datawriter ADD MEMBER [contoso-app]');
    expect((await user.run('DELETE dbo.Orders')).errors).toEqual([]);
    await admin.run('ALTER ROLE db_datareader DROP MEMBER [contoso-app]');
    expect((await user.run('SELECT * FROM dbo.Orders')).errors).toEqual([229]);
  });

  test('GRANT, DENY and REVOKE, through roles as well', async () => {
    await admin.run(
      'CREATE ROLE sellers; ALTER ROLE sellers ADD MEMBER [contoso-app]; GRANT SELECT, INSERT ON dbo.Orders TO sellers; GRANT VIEW DATABASE STATE TO sellers',
    );
    expect(
      (
        await user.run(
          "INSERT dbo.Orders (Id, Customer) VALUES (1, N'x'); SELECT * FROM dbo.Orders; SELECT * FROM sys.dm_exec_sessions",
        )
      ).errors,
    ).toEqual([]);
    await admin.run('DENY SELECT ON SCHEMA::dbo TO [contoso-app]');
    expect((await user.run('SELECT * FROM dbo.Orders')).errors).toEqual([229]);
    await admin.run('REVOKE SELECT ON SCHEMA::dbo FROM [contoso-app]');
    expect((await user.run('SELECT * FROM dbo.Orders')).errors).toEqual([]);
  });

  test('a procedure may do for the user what the user may not', async () => {
    await admin.run('CREATE PROCEDURE dbo.Count_Orders AS SELECT COUNT(*) AS n FROM dbo.Orders');
    expect((await user.run('EXEC dbo.Count_Orders')).errors).toEqual([229]);
    await admin.run('GRANT EXECUTE ON dbo.Count_Orders TO [contoso-app]');
    expect((await user.run('EXEC dbo.Count_Orders')).rows).toEqual([{ n: 0 }]);
  });

  test('who is there can be seen', async () => {
    const { rows } = await admin.run(
      'SELECT login_name, program_name, open_transaction_count AS n FROM sys.dm_exec_sessions WHERE is_user_process = 1 AND session_id <> @@SPID',
    );
    expect(rows).toEqual([{ login_name: 'contoso-app', program_name: 'test', n: 0 }]);
    const members = await admin.run(
      "SELECT m.name FROM sys.database_role_members r JOIN sys.database_principals m ON m.principal_id = r.member_principal_id JOIN sys.database_principals g ON g.principal_id = r.role_principal_id WHERE g.name = 'db_owner'",
    );
    expect(members.rows).toEqual([{ name: 'dbo' }]);
  });
});
