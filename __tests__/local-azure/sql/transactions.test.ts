import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { collect, createFixture, type Fixture, ORDERS } from './fixture.ts';
import { settled } from './simulated-clock.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = createFixture();
  const session = await fixture.login();
  await session.run(ORDERS);
  session.close();
});
afterEach(() => fixture.close());

const COUNT = 'SELECT COUNT(*) FROM dbo.Orders';
const insert = (id: number) => `INSERT dbo.Orders (Id, Customer) VALUES (${id}, N'Ann')`;

describe('isolation', () => {
  test('what is not committed nobody else sees, and readers do not wait for it', async () => {
    const [writer, reader] = [await fixture.login(), await fixture.login()];
    await writer.run(`BEGIN TRAN; ${insert(1)}`);
    expect(await writer.value(COUNT)).toBe(1);
    expect(await reader.value(COUNT)).toBe(0);
    await writer.run('COMMIT');
    expect(await reader.value(COUNT)).toBe(1);
  });

  test('a reader in a transaction sees each statement anew what is committed', async () => {
    const [writer, reader] = [await fixture.login(), await fixture.login()];
    await reader.run(`BEGIN TRAN; ${COUNT}`);
    await writer.run(insert(1));
    expect(await reader.value(COUNT)).toBe(1);
  });

  test('a second writer waits for the first, in order of arrival', async () => {
    const [first, second, third] = [await fixture.login(), await fixture.login(), await fixture.login()];
    await first.run(`BEGIN TRAN; ${insert(1)}`);
    const ended: string[] = [];
    const waiting = [
      second.run(insert(2)).then(() => ended.push('second')),
      third.run(insert(3)).then(() => ended.push('third')),
    ];
    await settled();
    expect(ended).toEqual([]);
    await first.run('COMMIT');
    await Promise.all(waiting);
    expect(ended).toEqual(['second', 'third']);
    expect(await first.value(COUNT)).toBe(3);
  });

  test('a waiting writer can be cancelled, and the one after it goes on', async () => {
    const [first, second, third] = [await fixture.login(), await fixture.login(), await fixture.login()];
    await first.run(`BEGIN TRAN; ${insert(1)}`);
    const attention = new AbortController();
    const cancelled = second.run(insert(2), {}, attention.signal);
    const next = third.run(insert(3));
    await settled();
    attention.abort();
    expect((await cancelled).counts).toEqual([]);
    await first.run('COMMIT');
    await next;
    const ids = (await third.run('SELECT Id FROM dbo.Orders ORDER BY Id')).rows.map((row) => row.Id);
    expect(ids).toEqual([1, 3]);
  });

  test('SET LOCK_TIMEOUT gives up with 1222', async () => {
    const [first, second] = [await fixture.login(), await fixture.login()];
    await first.run(`BEGIN TRAN; ${insert(1)}`);
    const waiting = second.run(`SET LOCK_TIMEOUT 500; ${insert(2)}`);
    await fixture.clock.advance(500);
    expect((await waiting).errors).toEqual([1222]);
  });

  test('a closed session leaves nothing behind: no rows, no lock', async () => {
    const [first, second] = [await fixture.login(), await fixture.login()];
    await first.run(`BEGIN TRAN; ${insert(1)}`);
    first.close();
    await second.run(insert(2));
    expect((await second.run('SELECT Id FROM dbo.Orders')).rows).toEqual([{ Id: 2 }]);
  });
});

describe('transactions', () => {
  test('ROLLBACK takes back rows and definitions alike', async () => {
    const session = await fixture.login();
    await session.run(
      `BEGIN TRAN; ${insert(1)}; CREATE TABLE dbo.T (A int); ALTER TABLE dbo.Orders ADD B int; ROLLBACK`,
    );
    expect(await session.value(COUNT)).toBe(0);
    expect(await session.value("SELECT OBJECT_ID('dbo.T')")).toBeNull();
    expect(await session.value("SELECT COL_LENGTH('dbo.Orders', 'B')")).toBeNull();
  });

  test('nested COMMITs count down; one ROLLBACK ends them all', async () => {
    const session = await fixture.login();
    await session.run(`BEGIN TRAN; BEGIN TRAN; ${insert(1)}; COMMIT`);
    expect(await session.value('SELECT @@TRANCOUNT')).toBe(1);
    await session.run('BEGIN TRAN; ROLLBACK');
    expect(await session.value('SELECT @@TRANCOUNT')).toBe(0);
    expect(await session.value(COUNT)).toBe(0);
  });

  test('COMMIT and ROLLBACK without BEGIN: 3902, 3903', async () => {
    const session = await fixture.login();
    expect((await session.run('COMMIT')).errors).toEqual([3902]);
    expect((await session.run('ROLLBACK')).errors).toEqual([3903]);
  });

  test('a savepoint keeps what came before it', async () => {
    const session = await fixture.login();
    await session.run(`BEGIN TRAN; ${insert(1)}; SAVE TRAN here; ${insert(2)}; ROLLBACK TRAN here; COMMIT`);
    expect((await session.run('SELECT Id FROM dbo.Orders')).rows).toEqual([{ Id: 1 }]);
  });

  test('a statement that fails half-way leaves none of its rows', async () => {
    const session = await fixture.login();
    const outcome = await session.run(
      `${insert(1)}; INSERT dbo.Orders (Id, Customer) VALUES (2, 'a'), (1, 'b'); ${COUNT}`,
    );
    expect(outcome.errors).toEqual([2627]);
    expect(outcome.rows).toEqual([{ 0: 1 }]);
  });

  test('XACT_ABORT ON rolls back and ends the batch; OFF goes on', async () => {
    const session = await fixture.login();
    const off = await session.run(`BEGIN TRAN; ${insert(1)}; ${insert(1)}; ${insert(2)}; COMMIT`);
    expect(off.errors).toEqual([2627]);
    expect(await session.value(COUNT)).toBe(2);
    const on = await session.run(
      `SET XACT_ABORT ON; BEGIN TRAN; ${insert(3)}; ${insert(1)}; ${insert(4)}; COMMIT`,
    );
    expect(on.errors).toEqual([2627]);
    expect(await session.value('SELECT @@TRANCOUNT')).toBe(0);
    expect(await session.value(COUNT)).toBe(2);
  });

  test('a doomed transaction refuses writes and COMMIT, and is rolled back with the batch', async () => {
    const session = await fixture.login();
    const outcome = await session.run(`SET XACT_ABORT ON; BEGIN TRAN;
      BEGIN TRY ${insert(1)}; SELECT 1/0 END TRY
      BEGIN CATCH SELECT XACT_STATE() AS state; COMMIT END CATCH`);
    expect(outcome.results.at(-1)).toEqual([{ state: -1 }]);
    expect(outcome.errors).toEqual([3930]);
    expect(await session.value('SELECT @@TRANCOUNT')).toBe(0);
    expect(await session.value(COUNT)).toBe(0);
    const left = await session.run(
      "BEGIN TRAN; BEGIN TRY SELECT CAST('x' AS int) END TRY BEGIN CATCH PRINT 'left open' END CATCH",
    );
    expect(left.errors).toEqual([3998]);
    expect(await session.value('SELECT @@TRANCOUNT')).toBe(0);
  });

  test('IMPLICIT_TRANSACTIONS opens one with the first statement that needs a table', async () => {
    const session = await fixture.login();
    await session.run(`SET IMPLICIT_TRANSACTIONS ON; ${insert(1)}`);
    expect(await session.value('SELECT @@TRANCOUNT')).toBe(1);
    await session.run('ROLLBACK; SET IMPLICIT_TRANSACTIONS OFF');
    expect(await session.value(COUNT)).toBe(0);
  });

  test('requests of the transaction manager are BEGIN, COMMIT and ROLLBACK', async () => {
    const session = await fixture.login();
    await collect(session.transaction('begin'));
    await session.run(insert(1));
    await collect(session.transaction('rollback'));
    expect(await session.value(COUNT)).toBe(0);
    expect((await collect(session.transaction('commit'))).errors).toEqual([3902]);
  });
});
