// Chained geo-replication: production to stage, stage to the stage's standby in the backup region.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BLUE, createFixture, DATABASE, type Fixture, GREEN, ORDERS } from './fixture.ts';

const FAR = 'contoso-sql-3';
const LINKS = 'SELECT * FROM sys.dm_geo_replication_link_status ORDER BY role';
const insert = (id: number) => `INSERT dbo.Orders (Id, Customer) VALUES (${id}, N'Bob')`;
const at = (server: string) => ({ server, database: DATABASE });

let fixture: Fixture;
let head: string;
beforeEach(async () => {
  fixture = createFixture();
  fixture.fabric.addServer(FAR, { login: 'contoso-admin', password: 'Correct-Horse-1' });
  fixture.fabric.setFirewall(FAR, [{ name: 'loopback', start: '127.0.0.1', end: '127.0.0.1' }]);
  const session = await fixture.login();
  await session.run(`${ORDERS}; ${insert(1)}`);
  head = fixture.link();
});
afterEach(() => fixture.close());

const chain = () => fixture.fabric.startGeoReplication(at(GREEN), at(FAR), 0).id;
const ids = (server: string) =>
  fixture.fabric.inspect(server, DATABASE, 'SELECT Id FROM dbo.Orders ORDER BY Id').map((row) => row.Id);

describe('a chain of two links', () => {
  test('brings what is written at its head to its end, each link after its own lag', async () => {
    const tail = chain();
    fixture.fabric.setReplicationLag(head, 2_000);
    fixture.fabric.setReplicationLag(tail, 3_000);
    const production = await fixture.login();
    await production.run(insert(2));
    await fixture.clock.advance(2_000);
    expect([ids(GREEN), ids(FAR)]).toEqual([[1, 2], [1]]);
    await fixture.clock.advance(2_999);
    expect(ids(FAR)).toEqual([1]);
    await fixture.clock.advance(1);
    expect(ids(FAR)).toEqual([1, 2]);
  });

  test('is not begun at a secondary that is still being seeded, or is suspended', async () => {
    fixture.fabric.removeLink(head);
    fixture.fabric.dropDatabase(GREEN, DATABASE);
    const seeding = fixture.link(10_000);
    expect(chain).toThrow();
    await fixture.clock.advance(10_000);
    fixture.fabric.setLinkState(seeding, 'SUSPENDED');
    expect(chain).toThrow();
    fixture.fabric.setLinkState(seeding, 'CATCH_UP');
    expect(chain).not.toThrow();
  });

  test('shows one link at its head, two in the middle, one at its end', async () => {
    chain();
    const statusOf = async (server: string) => {
      const { rows } = await (await fixture.login({ server })).run(LINKS);
      return rows.map((row) => [row.role_desc, row.partner_server, row.replication_lag_sec]);
    };
    expect(await statusOf(BLUE)).toEqual([['PRIMARY', GREEN, 0]]);
    expect(await statusOf(GREEN)).toEqual([
      ['PRIMARY', FAR, 0],
      ['SECONDARY', BLUE, null],
    ]);
    expect(await statusOf(FAR)).toEqual([['SECONDARY', GREEN, null]]);
  });

  test('is read from everywhere and written at its head only', async () => {
    chain();
    const production = await fixture.login();
    for (const server of [GREEN, FAR]) {
      const session = await fixture.login({ server });
      expect(await session.value('SELECT COUNT(*) FROM dbo.Orders')).toBe(1);
      expect((await session.run(insert(9))).errors).toEqual([3906]);
      await production.run(`ALTER DATABASE ${DATABASE} SET READ_ONLY WITH ROLLBACK IMMEDIATE`);
      expect((await session.run(insert(9))).errors).toEqual([3906]);
      expect(await session.value('SELECT COUNT(*) FROM dbo.Orders')).toBe(1);
      await production.run(`ALTER DATABASE ${DATABASE} SET READ_WRITE WITH ROLLBACK IMMEDIATE`);
      expect((await session.run(insert(9))).errors).toEqual([3906]);
    }
  });
});

describe('cutting the link at the head of a chain', () => {
  test('leaves the middle a primary with its own link, which goes on shipping', async () => {
    const tail = chain();
    const production = await fixture.login();
    await production.run(`ALTER DATABASE ${DATABASE} SET READ_ONLY WITH ROLLBACK IMMEDIATE`);
    fixture.fabric.removeLink(head);
    expect(fixture.fabric.links(GREEN, DATABASE).map((link) => [link.id, link.primary.server])).toEqual([
      [tail, GREEN],
    ]);
    const stage = await fixture.login({ server: GREEN });
    expect((await stage.run(insert(2))).errors).toEqual([3906]);
    await stage.run(`ALTER DATABASE ${DATABASE} SET READ_WRITE WITH ROLLBACK IMMEDIATE`);
    await stage.run(`${insert(2)}; ALTER TABLE dbo.Orders ADD Currency char(3) NULL`);
    expect(fixture.fabric.inspect(FAR, DATABASE, 'SELECT Id, Currency FROM dbo.Orders')).toEqual([
      { Id: 1, Currency: null },
      { Id: 2, Currency: null },
    ]);
    expect(ids(BLUE)).toEqual([1]);
    expect((await (await fixture.login({ server: FAR })).run(insert(3))).errors).toEqual([3906]);
  });

  test('loses to both copies what had not been shipped', async () => {
    chain();
    fixture.fabric.setReplicationLag(head, 5_000);
    await (await fixture.login()).run(insert(2));
    fixture.fabric.removeLink(head);
    await fixture.clock.advance(60_000);
    expect([ids(GREEN), ids(FAR)]).toEqual([[1], [1]]);
  });
});
