import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Client, createFixture, type Fixture, ORDERS } from './fixture.ts';
import { settled } from './simulated-clock.ts';

let fixture: Fixture;
let admin: Client;
beforeEach(async () => {
  fixture = createFixture();
  admin = await fixture.login();
  await admin.run(ORDERS);
});
afterEach(() => fixture.close());

const INSERT = "INSERT dbo.Orders (Id, Customer) VALUES (1, N'Ann')";

describe('KILL', () => {
  test('rolls the transaction back and ends the connection, idle or in the middle of something', async () => {
    const [idle, waiting] = [await fixture.login(), await fixture.login()];
    const told: number[] = [];
    idle.onKilled((message) => told.push(message.number));
    await idle.run(`BEGIN TRAN; ${INSERT}`);
    const batch = waiting.run("WAITFOR DELAY '00:10:00'; SELECT 1");
    await settled();
    expect((await admin.run(`KILL ${idle.spid}; KILL ${waiting.spid}`)).errors).toEqual([]);
    expect(told).toEqual([596]);
    expect((await batch).killed?.severity).toBe(21);
    expect((await idle.run('SELECT 1')).killed?.number).toBe(596);
    expect(await admin.value('SELECT COUNT(*) FROM dbo.Orders')).toBe(0);
    expect((await admin.run(INSERT)).errors).toEqual([]);
  });

  test('is refused as SQL Server refuses it', async () => {
    const master = await fixture.login({ database: null });
    const other = await fixture.login();
    for (const [text, errors] of [
      [`KILL ${admin.spid}`, [6104]],
      ['KILL 9999', [6106]],
      [`KILL ${master.spid}`, [6106]],
      [`DECLARE @n int = ${other.spid}; KILL @n`, [102]],
      [`BEGIN TRAN; KILL ${other.spid}`, [6115]],
    ] as const)
      expect([text, (await admin.run(text)).errors]).toEqual([text, errors]);
    await admin.run('ROLLBACK');
    await admin.run(`EXEC('KILL ${other.spid}')`);
    expect((await other.run('SELECT 1')).killed?.number).toBe(596);
  });

  test('needs KILL DATABASE CONNECTION, which db_owner has', async () => {
    await admin.run("CREATE USER app WITH PASSWORD = 'Secret-1'; ALTER ROLE db_datawriter ADD MEMBER app");
    const app = await fixture.login({ login: { kind: 'password', user: 'app', password: 'Secret-1' } });
    const refused = await app.run(`KILL ${admin.spid}`);
    expect(refused.messages[0]).toMatchObject({
      number: 6102,
      text: 'User does not have permission to use the KILL statement.',
    });
    await admin.run('ALTER ROLE db_owner ADD MEMBER app');
    expect((await app.run(`KILL ${admin.spid}`)).errors).toEqual([]);
  });
});

describe('who still writes', () => {
  const WRITING = `SELECT s.session_id, d.database_transaction_begin_time AS begun
    FROM sys.dm_tran_session_transactions AS s
    JOIN sys.dm_tran_database_transactions AS d ON d.transaction_id = s.transaction_id
    WHERE d.database_id = DB_ID() AND s.session_id <> @@SPID ORDER BY s.session_id`;

  test('a transaction has a time of its own from its first log record on', async () => {
    const [reader, writer, roles] = [await fixture.login(), await fixture.login(), await fixture.login()];
    await reader.run('BEGIN TRAN; SELECT * FROM dbo.Orders');
    await writer.run('BEGIN TRAN');
    await fixture.clock.advance(5000);
    await writer.run(INSERT);
    await roles.run('BEGIN TRAN; CREATE ROLE r');
    const { rows } = await admin.run(WRITING);
    expect(rows.map((row) => [row.session_id, row.begun === null])).toEqual([
      [reader.spid, true],
      [writer.spid, false],
      [roles.spid, false],
    ]);
    await writer.run('COMMIT');
    await roles.run('ROLLBACK');
    expect((await admin.run(WRITING)).rows.map((row) => row.session_id)).toEqual([reader.spid]);
  });

  test('a procedure that is running is to be told from a batch, by what its handle stands for', async () => {
    await admin.run("CREATE PROCEDURE dbo.Slow AS WAITFOR DELAY '00:00:30'");
    const [procedure, batch] = [await fixture.login(), await fixture.login()];
    const running = [procedure.run('EXEC dbo.Slow'), batch.run("WAITFOR DELAY '00:00:30'")];
    await settled();
    const { rows } = await admin.run(`SELECT r.session_id, r.command FROM sys.dm_exec_requests AS r
      WHERE EXISTS (SELECT 1 FROM sys.dm_exec_sql_text(r.sql_handle) AS x WHERE x.objectid = OBJECT_ID(N'dbo.Slow'))`);
    expect(rows).toEqual([{ session_id: procedure.spid, command: 'WAITFOR' }]);
    const texts = await admin.run(`SELECT r.session_id FROM sys.dm_exec_requests AS r
      WHERE EXISTS (SELECT 1 FROM sys.dm_exec_sql_text(r.sql_handle) AS x WHERE x.text LIKE N'WAITFOR%' AND x.objectid IS NULL)`);
    expect(texts.rows).toEqual([{ session_id: batch.spid }]);
    await fixture.clock.advance(30_000);
    await Promise.all(running);
  });
});
