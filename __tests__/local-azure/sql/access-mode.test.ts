import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createFixture, DATABASE, type Fixture, GREEN, ORDERS } from './fixture.ts';
import { settled } from './simulated-clock.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = createFixture();
  const session = await fixture.login();
  await session.run(ORDERS);
  session.close();
});
afterEach(() => fixture.close());

const FREEZE = `ALTER DATABASE [${DATABASE}] SET READ_ONLY`;
const INSERT = "INSERT dbo.Orders (Id, Customer) VALUES (1, N'Ann')";
const MODE = "SELECT DATABASEPROPERTYEX(DB_NAME(), 'Updateability')";

describe('read-only', () => {
  test('every write is refused with 3906, reads go on, READ_WRITE takes it back', async () => {
    const session = await fixture.login();
    expect((await session.run(`${FREEZE} WITH ROLLBACK IMMEDIATE`)).errors).toEqual([]);
    for (const write of [
      INSERT,
      'UPDATE dbo.Orders SET Amount = 1',
      'DELETE dbo.Orders',
      'CREATE TABLE dbo.T (A int)',
      "EXEC sp_addextendedproperty N'a', N'b'",
      'CREATE USER u WITHOUT LOGIN',
    ]) {
      const outcome = await session.run(write);
      expect(outcome.errors).toEqual([3906]);
      expect(outcome.messages[0]?.text).toBe(
        'Failed to update database "contoso" because the database is read-only.',
      );
    }
    expect(await session.value(MODE)).toBe('READ_ONLY');
    expect(await session.value('SELECT COUNT(*) FROM dbo.Orders')).toBe(0);
    expect(await session.value(`SELECT is_read_only FROM sys.databases WHERE name = DB_NAME()`)).toBe(true);
    await session.run(`ALTER DATABASE [${DATABASE}] SET READ_WRITE`);
    expect(await session.value(MODE)).toBe('READ_WRITE');
    expect((await session.run(INSERT)).errors).toEqual([]);
  });

  test('a session that was there before keeps nothing: its next write is refused', async () => {
    const session = await fixture.login();
    await session.run('BEGIN TRAN');
    session.close();
    const [freezer] = [await fixture.login()];
    await freezer.run(FREEZE);
    const late = await fixture.login();
    expect((await late.run(`BEGIN TRAN; ${INSERT}`)).errors).toEqual([3906]);
  });

  test('temporary tables can be written', async () => {
    const session = await fixture.login();
    await session.run(FREEZE);
    expect(await session.value('CREATE TABLE #t (A int); INSERT #t VALUES (4); SELECT A FROM #t')).toBe(4);
  });
});

describe('exclusive access', () => {
  test('without a clause it waits for idle sessions, as long as they stay', async () => {
    const [freezer, idle] = [await fixture.login(), await fixture.login()];
    let done = false;
    const freeze = freezer.run(FREEZE).then(() => {
      done = true;
    });
    await fixture.clock.advance(3_600_000);
    expect(done).toBe(false);
    expect(await idle.value(MODE)).toBe('READ_WRITE');
    idle.close();
    await freeze;
    expect(await freezer.value(MODE)).toBe('READ_ONLY');
  });

  test('an attention ends the wait, and nothing has changed', async () => {
    const [freezer, idle] = [await fixture.login(), await fixture.login()];
    const attention = new AbortController();
    const freeze = freezer.run(FREEZE, {}, attention.signal);
    await settled();
    attention.abort();
    await freeze;
    expect(await freezer.value(MODE)).toBe('READ_WRITE');
    idle.close();
    await settled();
    expect(await freezer.value(MODE)).toBe('READ_WRITE');
  });

  test('ROLLBACK IMMEDIATE ends the others: idle ones are told, open transactions rolled back', async () => {
    const [freezer, idle, writer] = [await fixture.login(), await fixture.login(), await fixture.login()];
    const told: number[] = [];
    idle.onKilled((message) => told.push(message.number));
    await writer.run(`BEGIN TRAN; ${INSERT}`);
    const outcome = await freezer.run(`${FREEZE} WITH ROLLBACK IMMEDIATE`);
    expect(outcome.messages.map((message) => message.number)).toEqual([5060]);
    expect(told).toEqual([596]);
    expect((await writer.run('SELECT 1')).killed?.number).toBe(596);
    expect(await freezer.value('SELECT COUNT(*) FROM dbo.Orders')).toBe(0);
  });

  test('a session that is waiting in the middle of a batch is ended there', async () => {
    const [freezer, sleeper] = [await fixture.login(), await fixture.login()];
    const batch = sleeper.run(`${INSERT}; WAITFOR DELAY '00:10:00'; ${INSERT.replace('1,', '2,')}`);
    await settled();
    await freezer.run(`${FREEZE} WITH ROLLBACK IMMEDIATE`);
    expect((await batch).killed?.severity).toBe(21);
    expect(await freezer.value('SELECT COUNT(*) FROM dbo.Orders')).toBe(1);
  });

  test('ROLLBACK AFTER n lets them finish, then ends who is left', async () => {
    const [freezer, writer, idle] = [await fixture.login(), await fixture.login(), await fixture.login()];
    const told: number[] = [];
    idle.onKilled((message) => told.push(message.number));
    await writer.run(`BEGIN TRAN; ${INSERT}`);
    const freeze = freezer.run(`${FREEZE} WITH ROLLBACK AFTER 10 SECONDS`);
    await fixture.clock.advance(5_000);
    await writer.run('COMMIT');
    writer.close();
    await fixture.clock.advance(4_999);
    expect(told).toEqual([]);
    await fixture.clock.advance(1);
    await freeze;
    expect(told).toEqual([596]);
    expect(await freezer.value('SELECT COUNT(*) FROM dbo.Orders')).toBe(1);
  });

  test('ROLLBACK AFTER n does not use up the time when all leave at once', async () => {
    const [freezer, idle] = [await fixture.login(), await fixture.login()];
    const freeze = freezer.run(`${FREEZE} WITH ROLLBACK AFTER 3600`);
    await settled();
    idle.close();
    await freeze;
    expect(await freezer.value(MODE)).toBe('READ_ONLY');
  });

  test('a login made while it waits is let in, and ended with the rest', async () => {
    const [freezer, idle] = [await fixture.login(), await fixture.login()];
    const freeze = freezer.run(`${FREEZE} WITH ROLLBACK AFTER 10 SECONDS`);
    await fixture.clock.advance(1_000);
    const late = await fixture.login();
    expect(await late.value('SELECT 1')).toBe(1);
    await fixture.clock.advance(9_000);
    await freeze;
    expect((await late.run('SELECT 1')).killed).not.toBeNull();
    expect((await idle.run('SELECT 1')).killed).not.toBeNull();
  });

  test('NO_WAIT fails with its cause and 5069', async () => {
    const [freezer, other] = [await fixture.login(), await fixture.login()];
    const refused = await freezer.run(`${FREEZE} WITH NO_WAIT`);
    expect(refused.messages.map((message) => message.number)).toEqual([5070, 5069]);
    other.close();
    expect((await freezer.run(`${FREEZE} WITH NO_WAIT`)).errors).toEqual([]);
  });

  test('sessions of another database, master among them, are in nobody’s way', async () => {
    const [freezer, elsewhere] = [await fixture.login(), await fixture.login({ database: null })];
    expect((await freezer.run(`${FREEZE} WITH NO_WAIT`)).errors).toEqual([]);
    expect(await elsewhere.value("SELECT is_read_only FROM sys.databases WHERE name = 'contoso'")).toBe(true);
    expect(
      (await elsewhere.run(`ALTER DATABASE contoso SET READ_WRITE WITH ROLLBACK IMMEDIATE`)).errors,
    ).toEqual([]);
    expect((await freezer.run('SELECT 1')).killed).not.toBeNull();
  });
});

describe('refusals', () => {
  test('not in a transaction: 226', async () => {
    const session = await fixture.login();
    expect((await session.run(`BEGIN TRAN; ${FREEZE}`)).errors).toEqual([226]);
    expect((await session.run('SELECT @@TRANCOUNT AS n')).rows).toEqual([{ n: 1 }]);
  });

  test('not without db_owner: 5011, then 5069', async () => {
    const admin = await fixture.login();
    await admin.run("CREATE USER app WITH PASSWORD = 'Secret-1'; ALTER ROLE db_datawriter ADD MEMBER app");
    const app = await fixture.login({ login: { kind: 'password', user: 'app', password: 'Secret-1' } });
    expect((await app.run(FREEZE)).errors).toEqual([5011, 5069]);
    await admin.run('ALTER ROLE db_owner ADD MEMBER app');
    admin.close();
    expect((await app.run(FREEZE)).errors).toEqual([]);
  });

  test('not on a geo-secondary: 1468, then 5069', async () => {
    fixture.link();
    const secondary = await fixture.login({ server: GREEN });
    const outcome = await secondary.run(`ALTER DATABASE contoso SET READ_WRITE WITH ROLLBACK IMMEDIATE`);
    expect(outcome.errors).toEqual([1468, 5069]);
    expect((await secondary.run(INSERT)).errors).toEqual([3906]);
    expect(await secondary.value(MODE)).toBe('READ_ONLY');
  });

  test('SINGLE_USER is not to be had in Azure', async () => {
    const session = await fixture.login();
    expect((await session.run('ALTER DATABASE contoso SET SINGLE_USER')).errors).toEqual([40517]);
  });
});
