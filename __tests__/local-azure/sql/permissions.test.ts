import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Login } from '../../../local-azure/sql/session.ts';
import { type Client, createFixture, DATABASE, type Fixture, GREEN, ORDERS } from './fixture.ts';

let fixture: Fixture;
let admin: Client;
beforeEach(async () => {
  fixture = createFixture();
  admin = await fixture.login();
  await admin.run(ORDERS);
  await admin.run(
    'CREATE PROCEDURE dbo.Place @id int AS INSERT dbo.Orders (Id, Customer) VALUES (@id, N$x$)'.replaceAll(
      '$',
      "'",
    ),
  );
  await admin.run("CREATE USER app WITH PASSWORD = 'Secret-1'; CREATE USER owner WITH PASSWORD = 'Secret-1'");
  await admin.run('ALTER ROLE db_datareader ADD MEMBER app; ALTER ROLE db_datawriter ADD MEMBER app');
  await admin.run('ALTER ROLE db_owner ADD MEMBER owner; GRANT EXECUTE TO app');
});
afterEach(() => fixture.close());

const as = (user: string): Promise<Client> =>
  fixture.login({ login: { kind: 'password', user, password: 'Secret-1' } satisfies Login });
const INSERT = "INSERT dbo.Orders (Id, Customer) VALUES (1, N'Ann')";

describe('what is denied on the database', () => {
  test('INSERT, UPDATE and DELETE are refused to a member of db_owner as well, in words of its own, and not to dbo', async () => {
    await admin.run(
      'CREATE ROLE fence; DENY INSERT, UPDATE, DELETE TO fence; ALTER ROLE fence ADD MEMBER owner; ALTER ROLE fence ADD MEMBER app',
    );
    for (const user of ['owner', 'app']) {
      const session = await as(user);
      const refused = await session.run(INSERT);
      expect(refused.messages[0]).toMatchObject({
        number: 229,
        severity: 14,
        text: "The INSERT permission was denied on the object 'Orders', database 'contoso', schema 'dbo'.",
      });
      expect((await session.run('UPDATE dbo.Orders SET Amount = 1')).errors).toEqual([229]);
      expect((await session.run('DELETE dbo.Orders')).errors).toEqual([229]);
      expect((await session.run('SELECT COUNT(*) FROM dbo.Orders')).errors).toEqual([]);
    }
    expect((await admin.run(INSERT)).errors).toEqual([]);
  });

  test('ALTER covers every definition, every user and role, and the access mode', async () => {
    await admin.run('CREATE ROLE fence; DENY ALTER TO fence; ALTER ROLE fence ADD MEMBER owner');
    const session = await as('owner');
    for (const [text, errors] of [
      ['CREATE TABLE dbo.T (A int)', [262]],
      ['CREATE VIEW dbo.V AS SELECT 1 AS a', [262]],
      ['CREATE PROCEDURE dbo.P AS SELECT 1 AS a', [262]],
      ['ALTER PROCEDURE dbo.Place AS SELECT 1 AS a', [3704]],
      ['CREATE SCHEMA s', [262]],
      ['SELECT * INTO dbo.Copy FROM dbo.Orders', [262]],
      ['ALTER TABLE dbo.Orders ADD B int', [4902]],
      ['CREATE INDEX I ON dbo.Orders (Amount)', [1088]],
      ['TRUNCATE TABLE dbo.Orders', [1088]],
      ['DROP TABLE dbo.Orders', [3701]],
      ["EXEC sp_rename 'dbo.Orders', 'Other'", [15225]],
      ["EXEC sp_addextendedproperty N'a', N'b'", [15247]],
      ["CREATE USER u WITH PASSWORD = 'Secret-1'", [15247]],
      ['CREATE ROLE r', [15247]],
      ['ALTER ROLE fence DROP MEMBER owner', [15151]],
      ['DROP ROLE fence', [15151]],
      ['DROP USER app', [15151]],
      [`ALTER DATABASE [${DATABASE}] SET READ_ONLY WITH ROLLBACK IMMEDIATE`, [5011, 5069]],
    ] as const)
      expect([text, (await session.run(text)).errors]).toEqual([text, errors]);
    expect((await session.run('SELECT * INTO #t FROM dbo.Orders; CREATE TABLE #u (A int)')).errors).toEqual(
      [],
    );
    expect((await session.run(INSERT)).errors).toEqual([]);
  });

  test('CONTROL covers reading too; EXECUTE covers the procedures of SQL Server', async () => {
    const owner = await as('owner');
    await admin.run('DENY CONTROL TO owner');
    expect((await owner.run('SELECT * FROM dbo.Orders')).errors).toEqual([229]);
    await admin.run('DENY EXECUTE TO app');
    const session = await as('app');
    const refused = await session.run('SELECT COUNT(*) FROM dbo.Orders WHERE Id = @id', { id: 1 });
    expect(refused.messages[0]?.text).toBe(
      "The EXECUTE permission was denied on the object 'sp_executesql', database 'mssqlsystemresource', schema 'sys'.",
    );
    expect((await session.run('SELECT COUNT(*) FROM dbo.Orders')).errors).toEqual([]);
  });
});

describe('procedures', () => {
  test('EXECUTE denied on the schema stops them; what the user may do without them goes on', async () => {
    const session = await as('app');
    await admin.run('DENY INSERT TO app');
    expect((await session.run('EXEC dbo.Place 1')).errors).toEqual([]);
    await admin.run('DENY EXECUTE ON SCHEMA::dbo TO app');
    expect((await session.run('EXEC dbo.Place 2')).errors).toEqual([229]);
    expect(await session.value('SELECT COUNT(*) FROM dbo.Orders WHERE Id < @id', { id: 9 })).toBe(1);
  });

  test('dynamic SQL may what the user may, not what the procedure around it may', async () => {
    await admin.run('DENY INSERT TO app');
    await admin.run(`CREATE PROCEDURE dbo.Place_Dynamically AS EXEC('${INSERT.replaceAll("'", "''")}')`);
    const session = await as('app');
    expect((await session.run('EXEC dbo.Place_Dynamically')).errors).toEqual([229]);
    expect((await session.run(`EXEC('${INSERT.replaceAll("'", "''")}')`)).errors).toEqual([229]);
    expect((await session.run('EXEC sp_executesql @text', { text: INSERT })).errors).toEqual([229]);
    expect(await admin.value('SELECT COUNT(*) FROM dbo.Orders')).toBe(0);
  });

  test('a procedure of one owner does not open the tables of another', async () => {
    await admin.run('CREATE SCHEMA shop AUTHORIZATION owner');
    await admin.run("CREATE PROCEDURE shop.Place AS INSERT dbo.Orders (Id, Customer) VALUES (7, N'x')");
    await admin.run('DENY INSERT ON SCHEMA::dbo TO app');
    expect((await (await as('app')).run('EXEC shop.Place')).errors).toEqual([229]);
  });
});

describe('owners', () => {
  test('a DENY does not bind who owns the schema or the table', async () => {
    await admin.run('CREATE SCHEMA shop AUTHORIZATION app');
    await admin.run('CREATE TABLE shop.T (A int); DENY INSERT, UPDATE, DELETE, SELECT TO app');
    const session = await as('app');
    expect((await session.run('INSERT shop.T VALUES (1)')).errors).toEqual([]);
    expect((await session.run(INSERT)).errors).toEqual([229]);
    await admin.run('ALTER AUTHORIZATION ON OBJECT::dbo.Orders TO app');
    expect((await session.run(INSERT)).errors).toEqual([]);
    await admin.run('ALTER AUTHORIZATION ON SCHEMA::shop TO dbo');
    expect((await session.run('INSERT shop.T VALUES (2)')).errors).toEqual([229]);
  });

  test('owners are to be seen, and are not dropped', async () => {
    await admin.run('CREATE SCHEMA shop AUTHORIZATION app');
    const { rows } = await admin.run(
      `SELECT p.name FROM sys.schemas AS s JOIN sys.database_principals AS p ON p.principal_id = s.principal_id WHERE s.name = N'shop'`,
    );
    expect(rows).toEqual([{ name: 'app' }]);
    const refused = await admin.run('DROP USER app');
    expect(refused.messages[0]?.text).toBe(
      'The database principal owns a schema in the database, and cannot be dropped.',
    );
    await admin.run('DROP SCHEMA shop');
    expect((await admin.run('DROP USER app')).errors).toEqual([]);
  });
});

describe('roles', () => {
  test('a role with members is not dropped; empty it goes with what was denied to it', async () => {
    await admin.run('CREATE ROLE fence; DENY INSERT TO fence; ALTER ROLE fence ADD MEMBER app');
    const session = await as('app');
    expect((await session.run(INSERT)).errors).toEqual([229]);
    const refused = await admin.run('DROP ROLE fence');
    expect(refused.messages[0]).toMatchObject({
      number: 15144,
      text: 'The role has members. It must be empty before it can be dropped.',
    });
    expect((await admin.run('ALTER ROLE fence DROP MEMBER app; DROP ROLE fence')).errors).toEqual([]);
    expect((await session.run(INSERT)).errors).toEqual([]);
    expect(
      await admin.value("SELECT COUNT(*) FROM sys.database_permissions WHERE permission_name = N'INSERT'"),
    ).toBe(0);
  });

  test('an own DENY outlives the role that denied the same', async () => {
    await admin.run(
      'DENY INSERT TO app; CREATE ROLE fence; DENY INSERT TO fence; ALTER ROLE fence ADD MEMBER app; ALTER ROLE fence DROP MEMBER app; DROP ROLE fence',
    );
    expect((await (await as('app')).run(INSERT)).errors).toEqual([229]);
  });

  test("SQL Server's own are not to be changed", async () => {
    await admin.run('CREATE ROLE fence; ALTER ROLE fence ADD MEMBER app; ALTER ROLE fence ADD MEMBER app');
    for (const [text, errors] of [
      ['ALTER ROLE fence ADD MEMBER dbo', [15405]],
      ['ALTER ROLE fence ADD MEMBER fence', [15413]],
      ['ALTER ROLE fence ADD MEMBER nobody', [15151]],
      ['ALTER ROLE [public] ADD MEMBER app', [15081]],
      ['DROP ROLE db_owner', [15150]],
      ['DROP USER dbo', [15150]],
      ['DENY INSERT TO db_datawriter', [4617]],
      ['DENY INSERT TO dbo', [4624]],
      ['DENY JUMP TO app', [102]],
      ['CREATE ROLE fence', [15023]],
      ['ALTER ROLE fence DROP MEMBER owner', []],
      ['DROP ROLE IF EXISTS other', []],
      ['DROP ROLE other', [15151]],
    ] as const)
      expect([text, (await admin.run(text)).errors]).toEqual([text, errors]);
  });

  test('rights are given by who has them', async () => {
    const session = await as('app');
    expect((await session.run('DENY INSERT TO owner')).errors).toEqual([4613]);
    expect((await session.run('GRANT SELECT ON SCHEMA::dbo TO owner')).errors).toEqual([15151]);
    await admin.run('ALTER ROLE db_securityadmin ADD MEMBER app');
    expect((await session.run('CREATE ROLE r; DENY INSERT TO r')).errors).toEqual([]);
    expect((await session.run('ALTER ROLE db_owner ADD MEMBER r')).errors).toEqual([15151]);
  });

  test('HAS_PERMS_BY_NAME says what would be refused', async () => {
    const asked = `SELECT HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'INSERT') AS ins,
      HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'ALTER') AS alt,
      HAS_PERMS_BY_NAME(N'dbo', N'SCHEMA', N'EXECUTE') AS exe,
      HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'KILL DATABASE CONNECTION') AS kil,
      HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'JUMP') AS jump, IS_ROLEMEMBER(N'fence') AS fenced`;
    await admin.run('CREATE ROLE fence; DENY ALTER TO fence; DENY EXECUTE ON SCHEMA::dbo TO fence');
    await admin.run('ALTER ROLE fence ADD MEMBER owner');
    expect((await (await as('owner')).run(asked)).rows).toEqual([
      { ins: 1, alt: 0, exe: 0, kil: 1, jump: null, fenced: 1 },
    ]);
    expect((await admin.run(asked)).rows).toEqual([
      { ins: 1, alt: 1, exe: 1, kil: 1, jump: null, fenced: 0 },
    ]);
  });
});

describe('CONNECT', () => {
  const refusal = (user: string) =>
    as(user).then(
      () => null,
      (error: { sqlMessage: { number: number } }) => error.sqlMessage.number,
    );

  test('comes with a user, and goes with REVOKE and DENY', async () => {
    await admin.run('REVOKE CONNECT FROM app; DENY CONNECT TO owner');
    expect([await refusal('app'), await refusal('owner')]).toEqual([4060, 4060]);
    await admin.run('GRANT CONNECT TO app');
    expect(await refusal('app')).toBeNull();
  });

  test('granted to guest it lets every login of the server in', async () => {
    await (await fixture.login({ database: null })).run("CREATE LOGIN visitor WITH PASSWORD = 'Secret-1'");
    expect(await refusal('visitor')).toBe(4060);
    await admin.run('GRANT CONNECT TO guest');
    expect(await (await as('visitor')).value('SELECT USER_NAME()')).toBe('guest');
  });
});

describe('in a transaction', () => {
  test('nobody else sees it before it is committed, and a rollback leaves nothing', async () => {
    const session = await as('app');
    await admin.run('BEGIN TRAN; CREATE ROLE fence; DENY INSERT TO fence; ALTER ROLE fence ADD MEMBER app');
    expect((await session.run(INSERT)).errors).toEqual([]);
    expect(await session.value("SELECT DATABASE_PRINCIPAL_ID(N'fence')")).toBeNull();
    await admin.run('ROLLBACK');
    expect(await admin.value("SELECT DATABASE_PRINCIPAL_ID(N'fence')")).toBeNull();
    await admin.run(
      'BEGIN TRAN; CREATE ROLE fence; DENY INSERT TO fence; ALTER ROLE fence ADD MEMBER app; COMMIT',
    );
    expect((await session.run(INSERT.replace('1,', '2,'))).errors).toEqual([229]);
  });

  test('an error under XACT_ABORT takes all of it back', async () => {
    await admin.run(
      'SET XACT_ABORT ON; BEGIN TRAN; CREATE ROLE fence; ALTER ROLE fence ADD MEMBER nobody; COMMIT',
    );
    expect(await admin.value("SELECT COUNT(*) FROM sys.database_principals WHERE name = N'fence'")).toBe(0);
    expect(await admin.value('SELECT @@TRANCOUNT')).toBe(0);
  });

  test('who writes rows is in nobody’s way, and goes on with the next statement only', async () => {
    const session = await as('app');
    await session.run(`BEGIN TRAN; ${INSERT}`);
    expect((await admin.run('DENY INSERT TO app')).errors).toEqual([]);
    expect((await session.run(INSERT.replace('1,', '2,'))).errors).toEqual([229]);
    await session.run('COMMIT');
    expect(await admin.value('SELECT COUNT(*) FROM dbo.Orders')).toBe(1);
  });

  test('a statement that had begun is not stopped by it', async () => {
    const [holder, waiting] = [await as('owner'), await as('app')];
    await holder.run(`BEGIN TRAN; ${INSERT}`);
    const late = waiting.run(INSERT.replace('1,', '2,'));
    await admin.run('DENY INSERT TO app');
    await holder.run('COMMIT');
    expect((await late).errors).toEqual([]);
    expect(await admin.value('SELECT COUNT(*) FROM dbo.Orders')).toBe(2);
  });

  test('two that change rights wait for each other', async () => {
    const owner = await as('owner');
    await admin.run('BEGIN TRAN; DENY INSERT TO app');
    const second = owner.run('CREATE ROLE r');
    let done = false;
    void second.then(() => {
      done = true;
    });
    expect((await (await as('app')).run(INSERT)).errors).toEqual([]);
    expect(done).toBe(false);
    await admin.run('COMMIT');
    expect((await second).errors).toEqual([]);
  });
});

describe('geo-secondaries', () => {
  test('roles and rights arrive with the rows, in order, and bind there once the link is gone', async () => {
    const link = fixture.link();
    fixture.fabric.setReplicationLag(link, 1000);
    await admin.run(`${INSERT}; CREATE ROLE fence; DENY INSERT TO fence; ALTER ROLE fence ADD MEMBER app`);
    const copy = () =>
      fixture.login({ server: GREEN, login: { kind: 'password', user: 'app', password: 'Secret-1' } });
    expect(await (await copy()).value("SELECT DATABASE_PRINCIPAL_ID(N'fence')")).toBeNull();
    await fixture.clock.advance(1000);
    expect(await (await copy()).value("SELECT IS_ROLEMEMBER(N'fence')")).toBe(1);
    fixture.fabric.removeLink(link);
    const session = await copy();
    expect((await session.run(INSERT.replace('1,', '2,'))).errors).toEqual([229]);
    const green = await fixture.login({ server: GREEN });
    await green.run('ALTER ROLE fence DROP MEMBER app; DROP ROLE fence');
    expect((await session.run(INSERT.replace('1,', '2,'))).errors).toEqual([]);
    expect(await admin.value("SELECT COUNT(*) FROM sys.database_principals WHERE name = N'fence'")).toBe(1);
  });
});
