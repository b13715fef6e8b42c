import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LoginRefused } from '../../../local-azure/sql/session.ts';
import { BLUE, createFixture, DATABASE, type Fixture, GREEN, ORDERS } from './fixture.ts';
import { settled } from './simulated-clock.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = createFixture();
  const session = await fixture.login();
  await session.run(`${ORDERS}; INSERT dbo.Orders (Id, Customer) VALUES (1, N'Ann')`);
  session.close();
});
afterEach(() => fixture.close());

const insert = (id: number) => `INSERT dbo.Orders (Id, Customer) VALUES (${id}, N'Bob')`;
const DRAIN = `DECLARE @code int; EXEC @code = sys.sp_wait_for_database_copy_sync @target_server = N'${GREEN}', @target_database = N'${DATABASE}'; SELECT @code AS code`;
const LINKS = 'SELECT * FROM sys.dm_geo_replication_link_status';
const ids = (server: string) =>
  fixture.fabric.inspect(server, DATABASE, 'SELECT Id FROM dbo.Orders ORDER BY Id').map((row) => row.Id);

describe('seeding', () => {
  test('goes PENDING, SEEDING with a rising percentage, CATCH_UP; until then nobody may look', async () => {
    fixture.link(10_000);
    const state = () => fixture.fabric.links(BLUE, DATABASE)[0];
    expect(state()?.state).toBe('PENDING');
    await fixture.clock.advance(5_000);
    expect(state()).toMatchObject({ state: 'SEEDING', percentComplete: 50 });
    await expect(fixture.login({ server: GREEN })).rejects.toThrow(LoginRefused);
    const primary = await fixture.login();
    expect((await primary.run(LINKS)).rows[0]).toMatchObject({
      role_desc: 'PRIMARY',
      replication_state_desc: 'SEEDING',
      replication_lag_sec: null,
    });
    await fixture.clock.advance(5_000);
    expect(state()).toMatchObject({ state: 'CATCH_UP', percentComplete: 100 });
    expect((await primary.run(LINKS)).rows[0]).toMatchObject({
      partner_server: GREEN,
      replication_state: 2,
      replication_lag_sec: 0,
    });
    const secondary = await fixture.login({ server: GREEN });
    expect((await secondary.run(LINKS)).rows[0]).toMatchObject({
      partner_server: BLUE,
      role: 1,
      role_desc: 'SECONDARY',
      replication_lag_sec: null,
    });
  });

  test('what is committed meanwhile arrives as well, an open transaction does not', async () => {
    const primary = await fixture.login();
    const other = await fixture.login();
    await other.run('BEGIN TRAN');
    fixture.link(10_000);
    await primary.run(insert(2));
    await other.run(insert(3));
    await fixture.clock.advance(10_000);
    expect(ids(GREEN)).toEqual([1, 2]);
    await other.run('COMMIT');
    expect(ids(GREEN)).toEqual([1, 2, 3]);
  });

  test('cutting the link ends it, and takes the unfinished copy away', () => {
    const link = fixture.link(10_000);
    fixture.fabric.removeLink(link);
    expect(fixture.fabric.hasDatabase(GREEN, DATABASE)).toBe(false);
  });

  test('a copy in the way is refused', async () => {
    fixture.fabric.createDatabase(GREEN, DATABASE);
    expect(() => fixture.link()).toThrow(/already exists/);
    const master = await fixture.login({ database: null });
    expect(
      (await master.run(`ALTER DATABASE ${DATABASE} ADD SECONDARY ON SERVER [${GREEN}]`)).errors,
    ).toContain(5069);
  });
});

describe('shipping', () => {
  test('rows, definitions, users, properties and identities replicate', async () => {
    fixture.link();
    const primary = await fixture.login();
    await primary.run(`CREATE TABLE dbo.T (A int IDENTITY(5,5), B uniqueidentifier DEFAULT NEWID(), C datetime2 DEFAULT SYSUTCDATETIME());
      INSERT dbo.T DEFAULT VALUES; INSERT dbo.T DEFAULT VALUES;
      ALTER TABLE dbo.Orders ADD Currency char(3) NOT NULL DEFAULT 'EUR';
      UPDATE dbo.Orders SET Amount = 2.5; DELETE dbo.T WHERE A = 5;
      EXEC sp_addextendedproperty N'rolling-upgrade', N'{}';
      CREATE USER app WITH PASSWORD = 'Secret-1'; ALTER ROLE db_datareader ADD MEMBER app`);
    await primary.run('CREATE VIEW dbo.V AS SELECT Id, Currency FROM dbo.Orders');
    for (const query of [
      'SELECT * FROM dbo.T',
      'SELECT * FROM dbo.V',
      'SELECT name, value FROM sys.extended_properties',
    ]) {
      const expected = fixture.fabric.inspect(BLUE, DATABASE, query);
      expect(expected.length).toBeGreaterThan(0);
      expect(fixture.fabric.inspect(GREEN, DATABASE, query)).toEqual(expected);
    }
    const app = await fixture.login({
      server: GREEN,
      login: { kind: 'password', user: 'app', password: 'Secret-1' },
    });
    expect(await app.value('SELECT COUNT(*) FROM dbo.V')).toBe(1);
  });

  test('a commit arrives after the lag, whole or not at all', async () => {
    const link = fixture.link();
    fixture.fabric.setReplicationLag(link, 3_000);
    const primary = await fixture.login();
    await primary.run(`BEGIN TRAN; ${insert(2)}; ${insert(3)}; COMMIT`);
    await fixture.clock.advance(2_999);
    expect(ids(GREEN)).toEqual([1]);
    expect((await primary.run(LINKS)).rows[0]).toMatchObject({ replication_lag_sec: 2 });
    await fixture.clock.advance(1);
    expect(ids(GREEN)).toEqual([1, 2, 3]);
    expect((await primary.run(LINKS)).rows[0]).toMatchObject({ replication_lag_sec: 0 });
  });

  test('last_commit is the same on both sides once all has arrived', async () => {
    const link = fixture.link();
    fixture.fabric.setReplicationLag(link, 1_000);
    const [primary, secondary] = [await fixture.login(), await fixture.login({ server: GREEN })];
    await fixture.clock.advance(60_000);
    await primary.run(insert(2));
    const commits = async () => [
      (await primary.run(LINKS)).rows[0]?.last_commit,
      (await secondary.run(LINKS)).rows[0]?.last_commit,
    ];
    const [here, there] = await commits();
    expect(here).not.toEqual(there);
    await fixture.clock.advance(1_000);
    expect((await commits())[1]).toEqual(here);
  });

  test('a suspended link ships nothing and knows no lag', async () => {
    const link = fixture.link();
    fixture.fabric.setLinkState(link, 'SUSPENDED');
    const primary = await fixture.login();
    await primary.run(insert(2));
    await fixture.clock.advance(10_000);
    expect(ids(GREEN)).toEqual([1]);
    expect((await primary.run(LINKS)).rows[0]).toMatchObject({
      replication_state_desc: 'SUSPENDED',
      replication_lag_sec: null,
    });
    fixture.fabric.setLinkState(link, 'CATCH_UP');
    expect(ids(GREEN)).toEqual([1, 2]);
  });

  test('a secondary of a secondary gets everything too', async () => {
    fixture.fabric.addServer('contoso-sql-far', { login: 'contoso-admin', password: 'p' });
    const first = fixture.link();
    const at = (server: string) => ({ server, database: DATABASE });
    fixture.fabric.startGeoReplication(at(GREEN), at('contoso-sql-far'), 0);
    const primary = await fixture.login();
    await primary.run(insert(2));
    expect(ids('contoso-sql-far')).toEqual([1, 2]);
    fixture.fabric.removeLink(first);
    const green = await fixture.login({ server: GREEN });
    await green.run(insert(3));
    expect(ids('contoso-sql-far')).toEqual([1, 2, 3]);
    expect(ids(BLUE)).toEqual([1, 2]);
  });
});

describe('drain', () => {
  test('returns 0 only when everything committed before is there', async () => {
    const link = fixture.link();
    fixture.fabric.setReplicationLag(link, 5_000);
    const primary = await fixture.login();
    await primary.run(insert(2));
    let code: unknown = null;
    const drain = primary.value(DRAIN).then((value) => {
      code = value;
    });
    await fixture.clock.advance(4_999);
    expect(code).toBeNull();
    await fixture.clock.advance(1);
    await drain;
    expect(code).toBe(0);
    expect(ids(GREEN)).toEqual([1, 2]);
  });

  test('works while the database is read-only, and waits for the freeze itself', async () => {
    const link = fixture.link();
    fixture.fabric.setReplicationLag(link, 5_000);
    const primary = await fixture.login();
    await primary.run(insert(2));
    await primary.run(`ALTER DATABASE ${DATABASE} SET READ_ONLY`);
    const drain = primary.value(DRAIN);
    await fixture.clock.advance(5_000);
    expect(await drain).toBe(0);
    fixture.fabric.removeLink(link);
    expect(fixture.fabric.isReadOnly(GREEN, DATABASE)).toBe(true);
  });

  test('waits for ever where nothing is shipped, until an attention', async () => {
    const link = fixture.link();
    fixture.fabric.setReplicationLag(link, null);
    const primary = await fixture.login();
    await primary.run(insert(2));
    const attention = new AbortController();
    let done = false;
    const drain = primary.run(DRAIN, {}, attention.signal).then(() => {
      done = true;
    });
    await fixture.clock.advance(86_400_000);
    expect(done).toBe(false);
    attention.abort();
    await drain;
    expect(await primary.value('SELECT 1')).toBe(1);
  });

  test('anything but 0 where there is no such link, or it goes while waiting', async () => {
    const primary = await fixture.login();
    expect(await primary.value(DRAIN)).not.toBe(0);
    const link = fixture.link();
    fixture.fabric.setReplicationLag(link, null);
    await primary.run(insert(2));
    const drain = primary.value(DRAIN);
    await settled();
    fixture.fabric.removeLink(link);
    expect(await drain).not.toBe(0);
    const secondary = await fixture.login({ server: GREEN });
    expect(await secondary.value(DRAIN)).not.toBe(0);
  });
});

describe('the end of a link', () => {
  test('is forced: what had not been shipped is lost to the copy', async () => {
    const link = fixture.link();
    fixture.fabric.setReplicationLag(link, 5_000);
    const primary = await fixture.login();
    await primary.run(insert(2));
    await fixture.clock.advance(2_000);
    await primary.run(insert(3));
    await fixture.clock.advance(3_000);
    fixture.fabric.removeLink(link);
    await fixture.clock.advance(60_000);
    expect(ids(GREEN)).toEqual([1, 2]);
    expect((await primary.run(LINKS)).rows).toEqual([]);
    expect(fixture.fabric.links(GREEN, DATABASE)).toEqual([]);
  });

  test('makes the copy a database of its own', async () => {
    const link = fixture.link();
    const before = await fixture.login({ server: GREEN });
    expect((await before.run(insert(2))).errors).toEqual([3906]);
    fixture.fabric.removeLink(link);
    expect((await before.run(insert(2))).errors).toEqual([]);
    expect(ids(BLUE)).toEqual([1]);
    expect(ids(GREEN)).toEqual([1, 2]);
  });

  test('leaves the copy read-only where the primary was, unless told otherwise', async () => {
    const frozen = async (target: Fixture) => {
      const link = target.link();
      const session = await target.login();
      await session.run(`ALTER DATABASE ${DATABASE} SET READ_ONLY`);
      target.fabric.removeLink(link);
      return target.fabric.isReadOnly(GREEN, DATABASE);
    };
    expect(await frozen(fixture)).toBe(true);
    const other = createFixture({ readOnlyTravels: false });
    expect(await frozen(other)).toBe(false);
    await other.close();
  });

  test('T-SQL: ADD and REMOVE SECONDARY from master, which also shows the links', async () => {
    const master = await fixture.login({ database: null });
    expect(
      (
        await master.run(
          `ALTER DATABASE [${DATABASE}] ADD SECONDARY ON SERVER [${GREEN}] WITH (ALLOW_CONNECTIONS = ALL)`,
        )
      ).errors,
    ).toEqual([]);
    expect(
      (await master.run('SELECT partner_server, role_desc FROM sys.geo_replication_links')).rows,
    ).toEqual([{ partner_server: GREEN, role_desc: 'PRIMARY' }]);
    expect((await master.run(LINKS)).rows).toEqual([]);
    const user = await fixture.login();
    expect(
      (await user.run(`ALTER DATABASE [${DATABASE}] REMOVE SECONDARY ON SERVER [${GREEN}]`)).errors,
    ).toEqual([5001, 5069]);
    expect((await user.run('SELECT * FROM sys.geo_replication_links')).errors).toEqual([208]);
    expect(
      (await master.run(`ALTER DATABASE [${DATABASE}] REMOVE SECONDARY ON SERVER [${GREEN}]`)).errors,
    ).toEqual([]);
    expect(fixture.fabric.isReadOnly(GREEN, DATABASE)).toBe(false);
    expect(
      (await master.run('SELECT operation, state_desc FROM sys.dm_operation_status ORDER BY start_time')).rows
        .length,
    ).toBeGreaterThan(0);
  });

  test('dropping the primary leaves the secondary on its own', async () => {
    fixture.link();
    fixture.fabric.dropDatabase(BLUE, DATABASE);
    const copy = await fixture.login({ server: GREEN });
    expect((await copy.run(insert(2))).errors).toEqual([]);
    await expect(fixture.login()).rejects.toThrow(
      'Cannot open database "contoso" requested by the login. The login failed.',
    );
  });
});
