import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Client, createFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
let session: Client;
beforeEach(async () => {
  fixture = createFixture();
  session = await fixture.login();
});
afterEach(() => fixture.close());

async function refusal(text: string): Promise<string[]> {
  return (await session.run(text)).messages.map((message) => `${message.number} ${message.text}`);
}

describe('constraints', () => {
  beforeEach(async () => {
    await session.run(`CREATE TABLE dbo.Parent (Id int NOT NULL CONSTRAINT PK_Parent PRIMARY KEY, Code char(3) NULL CONSTRAINT UQ_Code UNIQUE);
      CREATE TABLE dbo.Child (
        Id int IDENTITY CONSTRAINT PK_Child PRIMARY KEY,
        ParentId int NULL CONSTRAINT FK_Child_Parent FOREIGN KEY REFERENCES dbo.Parent (Id),
        Amount decimal(8,2) NOT NULL CONSTRAINT CK_Amount CHECK (Amount >= 0) CONSTRAINT DF_Amount DEFAULT (1),
        Name varchar(5) NULL);
      INSERT dbo.Parent VALUES (1, 'abc'); INSERT dbo.Child (ParentId) VALUES (1)`);
  });

  test('keys: 2627, the table and the value named; NULL counts as a value', async () => {
    expect(await refusal("INSERT dbo.Parent VALUES (1, 'x')")).toEqual([
      "2627 Violation of PRIMARY KEY constraint 'PK_Parent'. Cannot insert duplicate key in object 'dbo.Parent'. The duplicate key value is (1).",
    ]);
    expect(await refusal("INSERT dbo.Parent VALUES (2, 'ABC')")).toEqual([
      "2627 Violation of UNIQUE KEY constraint 'UQ_Code'. Cannot insert duplicate key in object 'dbo.Parent'. The duplicate key value is (abc).",
    ]);
    expect(await refusal('INSERT dbo.Parent (Id) VALUES (2)')).toEqual([]);
    expect((await session.run('INSERT dbo.Parent (Id) VALUES (3)')).errors).toEqual([2627]);
  });

  test('unique indexes: 2601; building one over duplicates: 1505', async () => {
    await session.run('CREATE UNIQUE INDEX IX_Name ON dbo.Child (Name) WHERE Name IS NOT NULL');
    await session.run("INSERT dbo.Child (Name) VALUES ('a'), (NULL), (NULL)");
    expect(await refusal("UPDATE dbo.Child SET Name = 'A' WHERE Id = 1")).toEqual([
      "2601 Cannot insert duplicate key row in object 'dbo.Child' with unique index 'IX_Name'. The duplicate key value is (a).",
    ]);
    expect((await session.run('CREATE UNIQUE INDEX IX_Amount ON dbo.Child (Amount)')).errors).toEqual([
      1505, 1750,
    ]);
    expect((await session.run('CREATE INDEX IX_Name ON dbo.Child (Name)')).errors).toEqual([1913]);
  });

  test('NOT NULL: 515; too long: 2628; CHECK: 547', async () => {
    expect(await refusal('INSERT dbo.Child (Amount) VALUES (NULL)')).toEqual([
      "515 Cannot insert the value NULL into column 'Amount', table 'contoso.dbo.Child'; column does not allow nulls. INSERT fails.",
    ]);
    expect(await refusal("INSERT dbo.Child (Name) VALUES ('abcdef')")).toEqual([
      "2628 String or binary data would be truncated in table 'contoso.dbo.Child', column 'Name'. Truncated value: 'abcde'.",
    ]);
    expect(await refusal('UPDATE dbo.Child SET Amount = -1')).toEqual([
      '547 The UPDATE statement conflicted with the CHECK constraint "CK_Amount". The conflict occurred in database "contoso", table "dbo.Child".',
    ]);
    expect((await session.run('INSERT dbo.Child (Amount) VALUES (1234567)')).errors).toEqual([8115]);
  });

  test('foreign keys, from both sides', async () => {
    expect(await refusal('INSERT dbo.Child (ParentId) VALUES (9)')).toEqual([
      '547 The INSERT statement conflicted with the FOREIGN KEY constraint "FK_Child_Parent". The conflict occurred in database "contoso", table "dbo.Parent", column \'Id\'.',
    ]);
    expect(await refusal('DELETE dbo.Parent')).toEqual([
      '547 The DELETE statement conflicted with the REFERENCE constraint "FK_Child_Parent". The conflict occurred in database "contoso", table "dbo.Child", column \'ParentId\'.',
    ]);
    expect((await session.run('DROP TABLE dbo.Parent')).errors).toEqual([3726]);
    expect((await session.run('TRUNCATE TABLE dbo.Parent')).errors).toEqual([4712]);
    expect(await refusal('DELETE dbo.Child; DELETE dbo.Parent')).toEqual([]);
  });

  test('ON DELETE CASCADE and SET NULL carry the children along', async () => {
    await session.run(`CREATE TABLE dbo.Leaf (Id int PRIMARY KEY, ChildId int REFERENCES dbo.Child ON DELETE CASCADE, ParentId int REFERENCES dbo.Parent ON DELETE SET NULL);
      INSERT dbo.Parent (Id) VALUES (5); INSERT dbo.Leaf VALUES (1, 1, NULL), (2, NULL, 5)`);
    await session.run('DELETE dbo.Child WHERE Id = 1; DELETE dbo.Parent WHERE Id = 5');
    expect((await session.run('SELECT Id, ParentId FROM dbo.Leaf')).rows).toEqual([
      { Id: 2, ParentId: null },
    ]);
  });

  test('identities count on from the highest; explicit ones need IDENTITY_INSERT', async () => {
    expect((await session.run('INSERT dbo.Child (Id) VALUES (50)')).errors).toEqual([544]);
    await session.run(
      'SET IDENTITY_INSERT dbo.Child ON; INSERT dbo.Child (Id) VALUES (50); SET IDENTITY_INSERT dbo.Child OFF; INSERT dbo.Child DEFAULT VALUES',
    );
    expect((await session.run('SELECT Id FROM dbo.Child ORDER BY Id')).rows).toEqual([
      { Id: 1 },
      { Id: 50 },
      { Id: 51 },
    ]);
    expect(await session.value("SELECT IDENT_CURRENT('dbo.Child')")).toBe(51n);
  });
});

describe('ALTER TABLE', () => {
  beforeEach(async () => {
    await session.run(
      "CREATE TABLE dbo.T (Id int NOT NULL PRIMARY KEY, Name nvarchar(20) NULL); INSERT dbo.T VALUES (1, N'one'), (2, NULL)",
    );
  });

  test('ADD several columns; rows there take a default where they must', async () => {
    await session.run(`ALTER TABLE dbo.T ADD Currency char(3) NOT NULL CONSTRAINT DF_Currency DEFAULT 'EUR', Note nvarchar(10) NULL DEFAULT N'new',
      Seen bit NULL CONSTRAINT DF_Seen DEFAULT 1 WITH VALUES`);
    expect((await session.run('SELECT * FROM dbo.T ORDER BY Id')).rows).toEqual([
      { Id: 1, Name: 'one', Currency: 'EUR', Note: null, Seen: true },
      { Id: 2, Name: null, Currency: 'EUR', Note: null, Seen: true },
    ]);
    expect((await session.run('ALTER TABLE dbo.T ADD Must int NOT NULL')).errors).toEqual([4901]);
    expect(await refusal('ALTER TABLE dbo.T ADD Name int')).toEqual([
      "2705 Column names in each table must be unique. Column name 'Name' in table 'dbo.T' is specified more than once.",
    ]);
  });

  test('DROP COLUMN: not while something leans on it', async () => {
    await session.run('ALTER TABLE dbo.T ADD Extra int NOT NULL CONSTRAINT DF_Extra DEFAULT 5');
    expect((await session.run('ALTER TABLE dbo.T DROP COLUMN Extra')).errors).toEqual([5074, 4922]);
    expect(
      (await session.run('ALTER TABLE dbo.T DROP CONSTRAINT DF_Extra; ALTER TABLE dbo.T DROP COLUMN Extra'))
        .errors,
    ).toEqual([]);
    expect((await session.run('ALTER TABLE dbo.T DROP COLUMN Extra')).errors).toEqual([4924]);
    expect((await session.run('ALTER TABLE dbo.T DROP COLUMN IF EXISTS Extra')).errors).toEqual([]);
    expect((await session.run('ALTER TABLE dbo.T DROP COLUMN Id')).errors).toEqual([5074, 4922]);
  });

  test('ALTER COLUMN converts what is there, or fails and changes nothing', async () => {
    expect((await session.run('ALTER TABLE dbo.T ALTER COLUMN Name int NULL')).errors).toEqual([245]);
    expect((await session.run('ALTER TABLE dbo.T ALTER COLUMN Name nvarchar(20) NOT NULL')).errors).toEqual([
      515,
    ]);
    expect((await session.run('ALTER TABLE dbo.T ALTER COLUMN Id bigint NOT NULL')).errors).toEqual([]);
    expect((await session.run('SELECT Id, Name FROM dbo.T ORDER BY Id')).rows).toEqual([
      { Id: 1n, Name: 'one' },
      { Id: 2n, Name: null },
    ]);
    expect((await session.run('INSERT dbo.T VALUES (2, NULL)')).errors).toEqual([2627]);
  });

  test('ADD CONSTRAINT holds for the rows that are there', async () => {
    expect((await session.run("ALTER TABLE dbo.T ADD CONSTRAINT CK CHECK (Name = 'two')")).errors).toEqual([
      547,
    ]);
    expect(
      (await session.run("ALTER TABLE dbo.T WITH NOCHECK ADD CONSTRAINT CK CHECK (Name = 'two')")).errors,
    ).toEqual([]);
    expect((await session.run("INSERT dbo.T VALUES (3, N'three')")).errors).toEqual([547]);
    expect(
      (await session.run('ALTER TABLE dbo.T ADD CONSTRAINT FK FOREIGN KEY (Name) REFERENCES dbo.Nowhere (X)'))
        .errors,
    ).toEqual([1767, 1750]);
    expect((await session.run('ALTER TABLE dbo.T ADD CONSTRAINT PK2 PRIMARY KEY (Name)')).errors).toEqual([
      1779, 1750,
    ]);
    expect((await session.run('ALTER TABLE dbo.Nowhere ADD A int')).errors).toEqual([4902]);
  });

  test('sp_rename: the data does not notice', async () => {
    await session.run("EXEC sp_rename 'dbo.T.Name', 'Title', 'COLUMN'; EXEC sp_rename 'dbo.T', 'Titles'");
    expect((await session.run('SELECT Title FROM dbo.Titles WHERE Id = 1')).rows).toEqual([{ Title: 'one' }]);
    expect((await session.run('SELECT * FROM dbo.T')).errors).toEqual([208]);
  });
});

describe('objects', () => {
  test('what exists is not made again (2714), what does not is not dropped (3701)', async () => {
    await session.run('CREATE TABLE dbo.T (A int)');
    expect(await refusal('CREATE TABLE dbo.T (A int)')).toEqual([
      "2714 There is already an object named 'T' in the database.",
    ]);
    expect(await refusal('DROP TABLE dbo.Nowhere')).toEqual([
      "3701 Cannot drop the table 'dbo.Nowhere', because it does not exist or you do not have permission.",
    ]);
    expect(await refusal('DROP TABLE IF EXISTS dbo.Nowhere, dbo.T')).toEqual([]);
    expect((await session.run('CREATE TABLE nowhere.T (A int)')).errors).toEqual([2760]);
  });

  test('schemas, views over tables and views', async () => {
    await session.run('CREATE SCHEMA app');
    await session.run("CREATE TABLE app.T (A int, B nvarchar(5)); INSERT app.T VALUES (1, N'x'), (2, N'y')");
    await session.run('CREATE VIEW app.V (Number, Letter) AS SELECT A, B FROM app.T WHERE A > 1');
    await session.run('CREATE OR ALTER VIEW app.W AS SELECT v.*, v.Number * 10 AS Tens FROM app.V v');
    expect((await session.run('SELECT * FROM app.W')).rows).toEqual([{ Number: 2, Letter: 'y', Tens: 20 }]);
    expect((await session.run('CREATE VIEW app.W AS SELECT 1 AS a')).errors).toEqual([2714]);
    expect((await session.run('CREATE VIEW app.X AS SELECT 1')).errors).toEqual([4511]);
    expect((await session.run('INSERT app.V VALUES (1, NULL)')).errors).toEqual([4406]);
    expect((await session.run('DROP SCHEMA app')).errors).toEqual([3729]);
  });

  test('catalog views and INFORMATION_SCHEMA know them', async () => {
    await session.run(
      "CREATE TABLE dbo.Orders (Id int NOT NULL CONSTRAINT PK_Orders PRIMARY KEY, Name nvarchar(30) NULL DEFAULT N'-')",
    );
    const { rows } =
      await session.run(`SELECT c.name, t.name AS type, c.max_length, c.is_nullable FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.user_type_id
      WHERE c.object_id = OBJECT_ID(N'[dbo].[Orders]', N'U') ORDER BY c.column_id`);
    expect(rows).toEqual([
      { name: 'Id', type: 'int', max_length: 4, is_nullable: false },
      { name: 'Name', type: 'nvarchar', max_length: 60, is_nullable: true },
    ]);
    expect(
      (
        await session.run(
          "SELECT name FROM sys.indexes WHERE object_id = OBJECT_ID('dbo.Orders') AND is_primary_key = 1",
        )
      ).rows,
    ).toEqual([{ name: 'PK_Orders' }]);
    expect(
      (
        await session.run(
          "SELECT COLUMN_NAME, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH AS n FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'orders' ORDER BY ORDINAL_POSITION",
        )
      ).rows,
    ).toEqual([
      { COLUMN_NAME: 'Id', DATA_TYPE: 'int', n: null },
      { COLUMN_NAME: 'Name', DATA_TYPE: 'nvarchar', n: 30 },
    ]);
    expect(
      (
        await session.run(
          "IF NOT EXISTS (SELECT * FROM sys.tables t JOIN sys.schemas s ON s.schema_id = t.schema_id WHERE s.name = 'dbo' AND t.name = 'ORDERS') PRINT 'missing'",
        )
      ).messages,
    ).toEqual([]);
  });

  test('extended properties: 15233 for what is there, 15217 for what is not', async () => {
    const add = "EXEC sys.sp_addextendedproperty @name = N'rolling-upgrade', @value = N'{\"a\":1}'";
    expect(await refusal(add)).toEqual([]);
    expect(await refusal(add)).toEqual([
      "15233 Property cannot be added. Property 'rolling-upgrade' already exists for 'contoso'.",
    ]);
    await session.run("EXEC sp_updateextendedproperty N'rolling-upgrade', N'second'");
    expect(
      (await session.run('SELECT class_desc, value FROM sys.extended_properties WHERE class = 0')).rows,
    ).toEqual([{ class_desc: 'DATABASE', value: 'second' }]);
    await session.run("EXEC sp_dropextendedproperty N'rolling-upgrade'");
    expect(await refusal("EXEC sp_updateextendedproperty N'rolling-upgrade', N'x'")).toEqual([
      "15217 Property cannot be updated or deleted. Property 'rolling-upgrade' does not exist for 'contoso'.",
    ]);
  });

  test('when users last wrote into a table can be asked, until a reconfiguration', async () => {
    await session.run('CREATE TABLE dbo.T (A int)');
    const last =
      'SELECT MAX(last_user_update) AS at FROM sys.dm_db_index_usage_stats WHERE database_id = DB_ID()';
    expect(await session.value(last)).toBeNull();
    await fixture.clock.advance(5_000);
    await session.run('INSERT dbo.T VALUES (1)');
    expect(await session.value(last)).toEqual(fixture.clock.now());
    fixture.fabric.killSessions('contoso-sql-blue', 'contoso');
    const again = await fixture.login();
    expect(await again.value(last)).toBeNull();
  });
});
