import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EngineValue } from '../../../local-azure/sql/session.ts';
import { type Client, createFixture, type Fixture } from './fixture.ts';

let fixture: Fixture;
let session: Client;
beforeAll(async () => {
  fixture = createFixture();
  session = await fixture.login();
});
afterAll(() => fixture.close());

describe('expressions', () => {
  const cases: readonly (readonly [string, EngineValue])[] = [
    ['1 + 2 * 3', 7],
    ['7 / 2', 3],
    ['-7 / 2', -3],
    ['7 % 3', 1],
    ['7.0 / 2', '3.500000'],
    ['CAST(1.005 AS decimal(5,2))', '1.01'],
    ['1.10 * 2', '2.20'],
    ["'a' + 'b'", 'ab'],
    ["N'it''s'", "it's"],
    ["'a' + NULL", null],
    ["CONCAT('a', NULL, 1)", 'a1'],
    ["LEN('abc  ')", 3],
    ["UPPER(LEFT('hello', 2))", 'HE'],
    ["SUBSTRING('hello', 2, 3)", 'ell'],
    ["REPLACE('aXbx', 'x', '-')", 'a-b-'],
    ["CHARINDEX('L', 'hello')", 3],
    ["STUFF('abcdef', 2, 3, '-')", 'a-ef'],
    ['ISNULL(NULL, 5)', 5],
    ['COALESCE(NULL, NULL, 2.5)', '2.5'],
    ['NULLIF(3, 3)', null],
    ["CASE WHEN 'A' = 'a' THEN 'same' ELSE 'other' END", 'same'],
    ["CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END", 'two'],
    ["IIF(1 > 2, 'yes', 'no')", 'no'],
    ["CAST('42' AS int)", 42],
    ["TRY_CAST('x' AS int)", null],
    ["CONVERT(varchar(10), CAST('2026-01-31' AS date), 112)", '20260131'],
    ["CONVERT(varchar(30), CAST('2026-01-31T12:34:56.789' AS datetime2(3)), 126)", '2026-01-31T12:34:56.789'],
    ['CAST(1 AS bit)', true],
    ['CAST(12345678901 AS bigint)', 12345678901n],
    [
      "CAST('c0ffee00-5d1e-4b6a-9f00-2b7c4d8e9a03' AS uniqueidentifier)",
      'C0FFEE00-5D1E-4B6A-9F00-2B7C4D8E9A03',
    ],
    ["DATEADD(month, 1, CAST('2026-01-31' AS datetime2))", new Date('2026-02-28T00:00:00Z')],
    ["DATEDIFF(day, '2026-01-01', '2026-01-31T23:59:59')", 30],
    ["DATEPART(weekday, CAST('2026-01-31' AS date))", 7],
    ['GETDATE()', new Date('2026-01-31T12:00:00Z')],
    ["DATENAME(month, '2026-01-31')", 'January'],
    ['ROUND(123.456, 1)', '123.500'],
    ['ABS(-5)', 5],
    ["QUOTENAME('a]b')", '[a]]b]'],
    ["CASE WHEN 'abc' LIKE '[a-c]b_' THEN 1 ELSE 0 END", 1],
    ["CASE WHEN '50%' LIKE '50!%' ESCAPE '!' THEN 1 ELSE 0 END", 1],
    ['CASE WHEN NULL = NULL THEN 1 ELSE 0 END', 0],
    ['CASE WHEN 1 NOT IN (2, NULL) THEN 1 ELSE 0 END', 0],
    [
      "HASHBYTES('SHA2_256', 'a')",
      Buffer.from('ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb', 'hex'),
    ],
    ["SERVERPROPERTY('EngineEdition')", '5'],
    ['@@SERVERNAME', 'contoso-sql-blue'],
    ['DB_NAME()', 'contoso'],
    ['SUSER_SNAME()', 'contoso-admin'],
    ['USER_NAME()', 'dbo'],
    ["PARSENAME('a.b.c', 2)", 'b'],
    ['(SELECT MAX(x) FROM (VALUES (1), (5), (3)) v(x))', 5],
  ];
  test.each(cases)('%s', async (expression, expected) => {
    expect(await session.value(`SELECT ${expression} AS value`)).toEqual(expected);
  });

  test('parameters arrive as what they are', async () => {
    const row = (
      await session.run("SELECT @i + 1 AS i, @t + N'!' AS t, @d AS d, @n AS n, @b AS b", {
        i: 41,
        t: 'hey',
        d: new Date('2026-01-31T12:00:00Z'),
        n: null,
        b: true,
      })
    ).rows[0];
    expect(row).toEqual({ i: 42, t: 'hey!', d: new Date('2026-01-31T12:00:00Z'), n: null, b: true });
  });
});

describe('queries', () => {
  beforeAll(async () => {
    await session.run(`CREATE TABLE dbo.Customer (Id int IDENTITY PRIMARY KEY, Name nvarchar(50) NOT NULL UNIQUE);
      CREATE TABLE dbo.Sale (Id int IDENTITY(100, 10) PRIMARY KEY, CustomerId int NOT NULL REFERENCES dbo.Customer, Amount decimal(10,2) NOT NULL, At date NOT NULL);
      INSERT dbo.Customer (Name) VALUES (N'Ann'), (N'bob'), (N'Cid');
      INSERT dbo.Sale (CustomerId, Amount, At) SELECT c.Id, c.Id * 10.5, DATEADD(day, c.Id, '2026-01-01') FROM dbo.Customer c WHERE c.Name <> 'cid';
      INSERT dbo.Sale (CustomerId, Amount, At) VALUES (1, 4.5, '2026-03-01')`);
  });

  test('joins, groups, order, having', async () => {
    const { rows } = await session.run(`SELECT c.Name, COUNT(s.Id) AS sales, SUM(s.Amount) AS total
      FROM dbo.Customer AS c LEFT JOIN dbo.Sale s ON s.CustomerId = c.Id
      GROUP BY c.Name HAVING COUNT(*) > 0 ORDER BY total DESC, c.Name`);
    expect(rows).toEqual([
      { Name: 'bob', sales: 1, total: '21.00' },
      { Name: 'Ann', sales: 2, total: '15.00' },
      { Name: 'Cid', sales: 0, total: null },
    ]);
  });

  test('comparison and order do not heed case', async () => {
    expect(
      (await session.run("SELECT Name FROM dbo.Customer WHERE Name IN ('BOB', 'ANN') ORDER BY Name DESC"))
        .rows,
    ).toEqual([{ Name: 'bob' }, { Name: 'Ann' }]);
  });

  test('TOP, OFFSET FETCH, DISTINCT, set operators', async () => {
    expect((await session.run('SELECT TOP 1 Id FROM dbo.Sale ORDER BY Id DESC')).rows).toEqual([{ Id: 120 }]);
    expect(
      (await session.run('SELECT Id FROM dbo.Sale ORDER BY Id OFFSET 1 ROWS FETCH NEXT 1 ROWS ONLY')).rows,
    ).toEqual([{ Id: 110 }]);
    expect(
      (await session.run('SELECT DISTINCT CustomerId FROM dbo.Sale ORDER BY CustomerId')).rows,
    ).toHaveLength(2);
    expect(
      (await session.run('SELECT 1 AS n UNION SELECT 1 UNION ALL SELECT 3 EXCEPT SELECT 3')).rows,
    ).toEqual([{ n: 1 }]);
  });

  test('common tables, recursive too, and correlated subqueries', async () => {
    const { rows } =
      await session.run(`WITH days AS (SELECT 1 AS d UNION ALL SELECT d + 1 FROM days WHERE d < 3),
      big AS (SELECT Id FROM dbo.Sale WHERE Amount > 10)
      SELECT d, (SELECT COUNT(*) FROM dbo.Sale s WHERE s.CustomerId = d) AS sales, (SELECT COUNT(*) FROM big) AS big FROM days ORDER BY d`);
    expect(rows).toEqual([
      { d: 1, sales: 2, big: 2 },
      { d: 2, sales: 1, big: 2 },
      { d: 3, sales: 0, big: 2 },
    ]);
  });

  test('window functions and STRING_AGG', async () => {
    expect(
      (
        await session.run(
          'SELECT Id, ROW_NUMBER() OVER (PARTITION BY CustomerId ORDER BY Id DESC) AS n FROM dbo.Sale ORDER BY Id',
        )
      ).rows,
    ).toEqual([
      { Id: 100, n: 2n },
      { Id: 110, n: 1n },
      { Id: 120, n: 1n },
    ]);
    expect(
      await session.value("SELECT STRING_AGG(Name, ',') WITHIN GROUP (ORDER BY Name DESC) FROM dbo.Customer"),
    ).toBe('Cid,bob,Ann');
  });

  test('INSERT, UPDATE and DELETE tell what they did', async () => {
    const inserted = await session.run(
      "INSERT dbo.Customer (Name) OUTPUT inserted.Id, inserted.Name VALUES (N'Dan'); SELECT SCOPE_IDENTITY() AS id, @@ROWCOUNT AS n",
    );
    expect(inserted.results[0]).toEqual([{ Id: 4, Name: 'Dan' }]);
    expect(inserted.results[1]?.[0]?.id).toBe(4n);
    const updated = await session.run(
      "UPDATE c SET Name = c.Name + '!' OUTPUT deleted.Name AS old, inserted.Name AS new FROM dbo.Customer c LEFT JOIN dbo.Sale s ON s.CustomerId = c.Id WHERE s.Id IS NULL AND c.Name LIKE 'D%'",
    );
    expect(updated.rows).toEqual([{ old: 'Dan', new: 'Dan!' }]);
    const deleted = await session.run("DELETE FROM dbo.Customer WHERE Name = 'dan!'");
    expect(deleted.counts).toEqual([1]);
  });

  test('NOCOUNT keeps the counts to itself', async () => {
    const outcome = await session.run(
      'SET NOCOUNT ON; UPDATE dbo.Customer SET Name = Name; SET NOCOUNT OFF; UPDATE dbo.Customer SET Name = Name',
    );
    expect(outcome.counts.filter((count) => count !== null)).toEqual([3]);
  });

  test('temporary tables, table variables, SELECT INTO, INSERT EXEC', async () => {
    const { rows } = await session.run(`CREATE TABLE #ids (Id int PRIMARY KEY);
      DECLARE @t TABLE (Id int, Name nvarchar(50) DEFAULT N'none');
      INSERT @t (Id) SELECT Id FROM dbo.Customer;
      INSERT #ids SELECT Id FROM @t WHERE Id > 1;
      INSERT #ids EXEC('SELECT 77');
      SELECT i.Id, t.Name INTO #both FROM #ids i LEFT JOIN @t t ON t.Id = i.Id;
      SELECT * FROM #both ORDER BY Id; DROP TABLE #ids, #both`);
    expect(rows).toEqual([
      { Id: 2, Name: 'none' },
      { Id: 3, Name: 'none' },
      { Id: 77, Name: null },
    ]);
  });
});

describe('control of flow', () => {
  test('IF, WHILE, BREAK, variables, PRINT', async () => {
    const outcome = await session.run(`DECLARE @i int = 0, @text nvarchar(max) = N'';
      WHILE 1 = 1 BEGIN
        SET @i += 1;
        IF @i % 2 = 0 CONTINUE;
        IF @i > 7 BREAK ELSE SET @text = @text + CONVERT(nvarchar(10), @i);
      END
      PRINT @text; SELECT @i = COUNT(*) FROM (VALUES (1),(2)) v(x); SELECT @i AS i, @text AS t`);
    expect(outcome.messages.map((message) => message.text)).toEqual(['1357']);
    expect(outcome.rows).toEqual([{ i: 2, t: '1357' }]);
  });

  test('SELECT @a = … takes the last row, SELECT @a = @a + … every one', async () => {
    const { rows } = await session.run(`DECLARE @last int, @all nvarchar(max) = N'', @sum int = 0;
      SELECT @last = x FROM (VALUES (1), (3), (2)) v(x) ORDER BY x;
      SELECT @all = @all + CONVERT(nvarchar(9), v.x) + N';', @sum += x FROM (VALUES (1), (3), (2)) v(x) ORDER BY x DESC;
      SELECT @last AS last, @all AS [all], @sum AS [sum]`);
    expect(rows).toEqual([{ last: 3, all: '3;2;1;', sum: 6 }]);
  });

  test('procedures: defaults, OUTPUT, return code, nested errors with their line', async () => {
    await session.run(`CREATE PROCEDURE dbo.Twice @n int, @factor int = 2, @result int OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  IF @n < 0
    RAISERROR (N'%s is below zero: %d', 16, 3, N'@n', @n);
  SET @result = @n * @factor;
  RETURN 4;
END`);
    const fine = await session.run(
      'DECLARE @r int, @s int; EXEC @s = dbo.Twice @n = 21, @result = @r OUTPUT; SELECT @r AS r, @s AS s',
    );
    expect(fine.rows).toEqual([{ r: 42, s: 4 }]);
    const failed = await session.run('DECLARE @r int;\nEXEC Twice -1, 2, @r OUTPUT');
    expect(failed.messages[0]).toMatchObject({
      number: 50000,
      severity: 16,
      state: 3,
      line: 6,
      procedure: 'Twice',
      text: '@n is below zero: -1',
    });
    expect((await session.run('EXEC dbo.Twice 1, 2')).errors).toEqual([201]);
    expect((await session.run('EXEC dbo.Missing')).errors).toEqual([2812]);
    await session.run('ALTER PROCEDURE dbo.Twice AS SELECT 1 AS one');
    expect((await session.run('dbo.Twice')).rows).toEqual([{ one: 1 }]);
  });

  test('sp_executesql and EXEC of text', async () => {
    const { rows } = await session.run(`DECLARE @out int;
      EXEC sp_executesql N'SELECT @o = @a + @b', N'@a int, @b int, @o int OUTPUT', @a = 1, @b = 2, @o = @out OUTPUT;
      EXEC('PRINT ''x'''); SELECT @out AS o`);
    expect(rows).toEqual([{ o: 3 }]);
  });

  test('TRY and CATCH: what was wrong, THROW again, what passes it by', async () => {
    const caught = await session.run(`BEGIN TRY
  SELECT 1 / 0;
END TRY
BEGIN CATCH
  SELECT ERROR_NUMBER() AS number, ERROR_LINE() AS line, ERROR_MESSAGE() AS text, ERROR_SEVERITY() AS severity;
  THROW;
END CATCH
SELECT 'not reached'`);
    expect(caught.results.at(-1)).toEqual([
      { number: 8134, line: 2, text: 'Divide by zero error encountered.', severity: 16 },
    ]);
    expect(caught.errors).toEqual([8134]);
    expect(
      (await session.run("BEGIN TRY SELECT * FROM dbo.Nowhere END TRY BEGIN CATCH PRINT 'no' END CATCH"))
        .errors,
    ).toEqual([208]);
    expect(
      (
        await session.run(
          "BEGIN TRY EXEC('SELECT * FROM dbo.Nowhere') END TRY BEGIN CATCH PRINT 'yes' END CATCH",
        )
      ).errors,
    ).toEqual([]);
    const thrown = await session.run("THROW 50123, N'stop', 7; PRINT 'not reached'");
    expect(thrown.messages).toEqual([
      { number: 50123, severity: 16, state: 7, line: 1, procedure: '', text: 'stop' },
    ]);
  });

  test('RAISERROR below 11 informs, from 11 on it is an error that the batch survives', async () => {
    const outcome = await session.run(
      "RAISERROR (N'%d%% of %5s|%-4d|', 10, 1, 50, N'abc', 7) WITH NOWAIT; RAISERROR ('bad', 16, 1); SELECT @@ERROR AS e",
    );
    expect(outcome.messages.map((message) => message.text)).toEqual(['50% of   abc|7   |', 'bad']);
    expect(outcome.rows).toEqual([{ e: 50000 }]);
  });

  test('a loop lets others run', async () => {
    const attention = new AbortController();
    setTimeout(() => attention.abort(), 20);
    await session.run('WHILE 1 = 1 SET NOCOUNT OFF', {}, attention.signal);
    expect(await session.value('SELECT 1')).toBe(1);
  });
});

describe('what is refused, and in which words', () => {
  const cases: readonly (readonly [string, number, string])[] = [
    ['SELEC 1', 2812, "Could not find stored procedure 'SELEC'."],
    ['SELECT 1 +', 102, "Incorrect syntax near ''."],
    ['SELECT FROM x', 156, "Incorrect syntax near the keyword 'FROM'."],
    ["SELECT 'open", 105, "Unclosed quotation mark after the character string 'open'."],
    ['SELECT 1 /* open', 113, "Missing end comment mark '*/'."],
    ['SELECT * FROM dbo.Nowhere', 208, "Invalid object name 'dbo.Nowhere'."],
    ['SELECT Nope FROM sys.tables', 207, "Invalid column name 'Nope'."],
    ['SELECT t.Nope FROM sys.tables t', 207, "Invalid column name 'Nope'."],
    ['SELECT x.name FROM sys.tables t', 4104, 'The multi-part identifier "x.name" could not be bound.'],
    ['SELECT name FROM sys.tables a CROSS JOIN sys.tables b', 209, "Ambiguous column name 'name'."],
    ['SELECT NOSUCH(1)', 195, "'NOSUCH' is not a recognized built-in function name."],
    ['SELECT LEN()', 174, 'The len function requires 1 argument(s).'],
    ['SELECT @nope', 137, 'Must declare the scalar variable "@nope".'],
    [
      "SELECT CAST('abc' AS int)",
      245,
      "Conversion failed when converting the varchar value 'abc' to data type int.",
    ],
    [
      "SELECT CAST('abc' AS uniqueidentifier)",
      8169,
      'Conversion failed when converting from a character string to uniqueidentifier.',
    ],
    [
      "SELECT CAST('2026-02-30' AS date)",
      241,
      'Conversion failed when converting date and/or time from character string.',
    ],
    ['SELECT 2147483647 + 1', 8115, 'Arithmetic overflow error converting expression to data type int.'],
    [
      'SELECT (SELECT x FROM (VALUES (1),(2)) v(x))',
      512,
      'Subquery returned more than 1 value. This is not permitted when the subquery follows =, !=, <, <= , >, >= or when the subquery is used as an expression.',
    ],
    [
      'USE other',
      40508,
      'USE statement is not supported to switch between databases. Use a new connection to connect to a different database.',
    ],
    [
      'SELECT * FROM otherdb.dbo.T',
      40515,
      "Reference to database and/or server name in 'otherdb.dbo.T' is not supported in this version of SQL Server.",
    ],
    [
      "BACKUP DATABASE contoso TO DISK = 'x'",
      40510,
      "Statement 'BACKUP' is not supported in this version of SQL Server.",
    ],
    [
      'CREATE TRIGGER t ON dbo.x AFTER INSERT AS SELECT 1',
      40510,
      "Statement 'CREATE TRIGGER' is not supported in this version of SQL Server.",
    ],
    [
      'SELECT 1; CREATE VIEW dbo.v AS SELECT 1 AS a',
      111,
      "'CREATE VIEW' must be the first statement in a query batch.",
    ],
    [
      'SELECT 1 WHERE 1',
      4145,
      "An expression of non-boolean type specified in a context where a condition is expected, near ''.",
    ],
    ['DECLARE @t NOTYPE', 2715, 'Column, parameter, or variable #1: Cannot find data type NOTYPE.'],
    [
      'SELECT * FROM sys.tables FOR JSON AUTO',
      40517,
      "Keyword or statement option 'FOR' is not supported in this version of SQL Server.",
    ],
    ["WAITFOR DELAY 'soon'", 148, "Incorrect time syntax in time string 'soon' used with WAITFOR."],
  ];
  test.each(cases)('%s', async (text, number, words) => {
    const outcome = await session.run(text);
    expect(outcome.messages.at(-1)).toMatchObject({ number, text: words });
  });

  test('the line is that of the statement', async () => {
    expect((await session.run('SELECT 1;\n\n/* more\n lines */\nSELECT 1/0')).messages[0]?.line).toBe(5);
    const separated = await session.run('CREATE TABLE dbo.Never (A int)\nGO\nSELECT 2');
    expect(separated.messages[0]).toMatchObject({
      number: 102,
      line: 2,
      text: "Incorrect syntax near 'GO'.",
    });
  });

  test('nothing of a batch runs where it does not parse', async () => {
    await session.run('CREATE TABLE dbo.Unborn (A int); SELEKT 1 FROM');
    expect(await session.value("SELECT OBJECT_ID('dbo.Unborn')")).toBeNull();
  });

  test('a column that the batch itself adds cannot be used in that batch', async () => {
    await session.run('CREATE TABLE dbo.Grows (A int)');
    const one = await session.run('ALTER TABLE dbo.Grows ADD B int; UPDATE dbo.Grows SET B = 1');
    expect(one.errors).toEqual([207]);
    expect(await session.value("SELECT COL_LENGTH('dbo.Grows', 'B')")).toBeNull();
    await session.run('ALTER TABLE dbo.Grows ADD B int');
    expect((await session.run('UPDATE dbo.Grows SET B = 1')).errors).toEqual([]);
    expect(
      (await session.run("ALTER TABLE dbo.Grows ADD C int; EXEC('UPDATE dbo.Grows SET C = 1')")).errors,
    ).toEqual([]);
  });
});
