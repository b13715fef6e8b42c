// Failover of a replication link: who is the primary, what is lost, what becomes of the other links.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LoginRefused } from '../../../local-azure/sql/session.ts';
import { BLUE, createFixture, DATABASE, type Fixture, GREEN, ORDERS } from './fixture.ts';
import { settled } from './simulated-clock.ts';

const FAR = 'contoso-sql-3';
const END = 'contoso-sql-4';
const insert = (id: number) => `INSERT dbo.Orders (Id, Customer) VALUES (${id}, N'Bob')`;
const at = (server: string) => ({ server, database: DATABASE });

let fixture: Fixture;
beforeEach(async () => {
  fixture = createFixture();
  for (const server of [FAR, END]) {
    fixture.fabric.addServer(server, { login: 'contoso-admin', password: 'Correct-Horse-1' });
    fixture.fabric.setFirewall(server, [{ name: 'loopback', start: '127.0.0.1', end: '127.0.0.1' }]);
  }
  const session = await fixture.login();
  await session.run(`${ORDERS}; ${insert(1)}`);
  session.close();
});
afterEach(() => fixture.close());

const ids = (server: string) =>
  fixture.fabric.inspect(server, DATABASE, 'SELECT Id FROM dbo.Orders ORDER BY Id').map((row) => row.Id);
const linksOf = (server: string) =>
  fixture.fabric
    .links(server, DATABASE)
    .map((link) => `${link.primary.server}>${link.secondary.server} ${link.state}`);
const write = async (server: string, id: number) =>
  (await (await fixture.login({ server })).run(insert(id))).errors;

describe('a planned failover', () => {
  test('exchanges the roles, keeps the id and loses nothing', async () => {
    const link = fixture.link();
    fixture.fabric.setReplicationLag(link, 3_000);
    const before = await fixture.login();
    await before.run(insert(2));
    const done = fixture.fabric.failover(link, { forced: false });
    await settled();
    expect(linksOf(BLUE)).toEqual([`${BLUE}>${GREEN} CATCH_UP`]);
    await expect(fixture.login()).rejects.toThrow(LoginRefused);
    expect((await before.run('SELECT 1')).killed).not.toBeNull();
    await fixture.clock.advance(3_000);
    await done;
    expect(fixture.fabric.links(GREEN, DATABASE)[0]?.id).toBe(link);
    expect(linksOf(GREEN)).toEqual([`${GREEN}>${BLUE} CATCH_UP`]);
    expect(await write(GREEN, 3)).toEqual([]);
    expect(await write(BLUE, 4)).toEqual([3906]);
    await fixture.clock.advance(3_000);
    expect([ids(GREEN), ids(BLUE)]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  test('given up while it waits, it leaves everything as it was', async () => {
    const link = fixture.link();
    fixture.fabric.setReplicationLag(link, null);
    await write(BLUE, 2);
    const patience = new AbortController();
    const done = fixture.fabric.failover(link, { forced: false, signal: patience.signal });
    await settled();
    patience.abort(new Error('enough'));
    await expect(done).rejects.toThrow('enough');
    expect(linksOf(BLUE)).toEqual([`${BLUE}>${GREEN} CATCH_UP`]);
    expect(await write(BLUE, 3)).toEqual([]);
  });

  test('is refused on a link that has not caught up, and within a chain', async () => {
    const seeding = fixture.link(10_000);
    await expect(fixture.fabric.failover(seeding, { forced: false })).rejects.toThrow(/state/);
    await fixture.clock.advance(10_000);
    const tail = fixture.fabric.startGeoReplication(at(GREEN), at(FAR), 0).id;
    for (const forced of [true, false])
      await expect(fixture.fabric.failover(tail, { forced })).rejects.toThrow(/itself a geo-secondary/);
  });

  test('a READ_ONLY that had travelled stays, until it is set READ_WRITE on the new primary', async () => {
    const link = fixture.link();
    await (await fixture.login()).run(`ALTER DATABASE ${DATABASE} SET READ_ONLY WITH ROLLBACK IMMEDIATE`);
    await fixture.fabric.failover(link, { forced: false });
    expect(await write(GREEN, 2)).toEqual([3906]);
    const primary = await fixture.login({ server: GREEN });
    await primary.run(`ALTER DATABASE ${DATABASE} SET READ_WRITE WITH ROLLBACK IMMEDIATE`);
    expect(await write(GREEN, 2)).toEqual([]);
    expect(ids(BLUE)).toEqual([1, 2]);
  });

  test('another secondary gets a new link; the old primary lists the old one for a while', async () => {
    const link = fixture.link();
    const other = fixture.fabric.startGeoReplication(at(BLUE), at(FAR), 0).id;
    await fixture.fabric.failover(link, { forced: false });
    expect(linksOf(GREEN)).toEqual([`${GREEN}>${BLUE} CATCH_UP`, `${GREEN}>${FAR} SEEDING`]);
    await fixture.clock.advance(1_000);
    expect(linksOf(GREEN)).toEqual([`${GREEN}>${BLUE} CATCH_UP`, `${GREEN}>${FAR} CATCH_UP`]);
    expect(fixture.fabric.links(GREEN, DATABASE).map((each) => each.id)).not.toContain(other);
    expect(fixture.fabric.links(BLUE, DATABASE)[0]).toMatchObject({ id: other, primary: at(BLUE) });
    await write(GREEN, 2);
    expect([ids(BLUE), ids(FAR)]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    await fixture.clock.advance(60_000);
    expect(linksOf(BLUE)).toEqual([`${GREEN}>${BLUE} CATCH_UP`]);
  });
});

describe('a forced failover', () => {
  test('is done at once, and loses what was not shipped', async () => {
    const link = fixture.link();
    fixture.fabric.setReplicationLag(link, null);
    await write(BLUE, 2);
    await fixture.fabric.failover(link, { forced: true });
    expect(linksOf(GREEN)).toEqual([`${GREEN}>${BLUE} SUSPENDED`]);
    expect(await write(GREEN, 3)).toEqual([]);
    await expect(fixture.login()).rejects.toThrow(LoginRefused);
    await fixture.clock.advance(1_000);
    expect(linksOf(BLUE)).toEqual([`${GREEN}>${BLUE} CATCH_UP`]);
    expect([ids(GREEN), ids(BLUE)]).toEqual([
      [1, 3],
      [1, 3],
    ]);
    expect(await write(BLUE, 4)).toEqual([3906]);
  });

  test('in the middle of an upgrade: stage and its standby follow the new primary', async () => {
    const standby = fixture.fabric.startGeoReplication(at(BLUE), at(FAR), 0).id;
    const stage = fixture.link();
    const chained = fixture.fabric.startGeoReplication(at(GREEN), at(END), 0).id;
    for (const link of [standby, stage]) fixture.fabric.setReplicationLag(link, null);
    await write(BLUE, 2);
    await fixture.fabric.failover(standby, { forced: true });
    await write(FAR, 3);
    await fixture.clock.advance(1_000);
    expect(linksOf(FAR)).toEqual([`${FAR}>${BLUE} CATCH_UP`, `${FAR}>${GREEN} CATCH_UP`]);
    expect(fixture.fabric.links(END, DATABASE).map((link) => link.id)).toEqual([chained]);
    for (const server of [BLUE, GREEN, FAR, END]) expect(ids(server)).toEqual([1, 3]);
  });

  test('while the link is brought in line again it can be removed, and nothing of the copy is lost', async () => {
    const link = fixture.link();
    await fixture.fabric.failover(link, { forced: true });
    fixture.fabric.removeLink(link);
    expect(await write(BLUE, 2)).toEqual([]);
    expect(ids(BLUE)).toEqual([1, 2]);
  });
});

describe('T-SQL', () => {
  const fail = async (server: string, verb: string) => {
    const master = await fixture.login({ server, database: null });
    return (await master.run(`ALTER DATABASE [${DATABASE}] ${verb}`)).errors;
  };

  test("FAILOVER and FORCE_FAILOVER_ALLOW_DATA_LOSS in the secondary's master", async () => {
    fixture.link();
    expect(await fail(GREEN, 'FAILOVER')).toEqual([]);
    expect(linksOf(GREEN)).toEqual([`${GREEN}>${BLUE} CATCH_UP`]);
    expect(await fail(BLUE, 'FORCE_FAILOVER_ALLOW_DATA_LOSS')).toEqual([]);
    await fixture.clock.advance(1_000);
    expect(linksOf(BLUE)).toEqual([`${BLUE}>${GREEN} CATCH_UP`]);
  });

  test("not in the primary's, and by no database user", async () => {
    fixture.link();
    expect(await fail(BLUE, 'FAILOVER')).toContain(5069);
    const user = await fixture.login({ server: GREEN });
    expect((await user.run(`ALTER DATABASE [${DATABASE}] FAILOVER`)).errors).toEqual([5001, 5069]);
  });
});

test('the listeners of a failover group lead to its servers as long as it exists', () => {
  fixture.fabric.setListeners('Contoso-Fog', { primary: BLUE, secondary: GREEN });
  expect(fixture.fabric.listenerTarget('contoso-fog.database.windows.net')).toBe(BLUE);
  expect(fixture.fabric.listenerTarget('CONTOSO-FOG.secondary.database.windows.net')).toBe(GREEN);
  expect(fixture.fabric.listenerTarget(`${BLUE}.database.windows.net`)).toBeNull();
  fixture.fabric.setListeners('contoso-fog', null);
  expect(fixture.fabric.listenerTarget('contoso-fog.database.windows.net')).toBeNull();
});
