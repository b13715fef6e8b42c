// A region is lost: what clients of its SQL servers see, what is committed, and what the links do.
import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../local-azure/clock.ts';
import type { LocalAzure } from '../../../local-azure/start.ts';
import { until } from '../launch/whole-azure.ts';
import {
  connectAsProduct,
  connectTo,
  DATABASE,
  FIRST,
  loseAtCall,
  NORTH,
  STAGE_STANDBY,
  STANDBY,
  sqlClient,
  startTwoRegions,
  WEST,
} from './two-regions.ts';

const INSERT = 'INSERT INTO [dbo].[Orders] ([Id], [Customer], [Amount]) VALUES (NEWID(), @customer, 1)';
const FREEZE = 'ALTER DATABASE [contoso] SET READ_ONLY';
const LINKS = 'SELECT [replication_state_desc] FROM sys.dm_geo_replication_link_status';

function ordersOf(local: LocalAzure, server: string, customer: string): number {
  return local.fabric
    .inspect(server, DATABASE, 'SELECT Customer FROM Orders')
    .filter((row) => row.Customer === customer).length;
}

/** Once all that was under way has had its time. */
async function isFrozen(local: LocalAzure): Promise<boolean> {
  await systemClock().sleep(100);
  return local.fabric.isReadOnly(FIRST, DATABASE);
}

const linkState = (local: LocalAzure, server: string) => local.fabric.links(server, DATABASE)[0]?.state;

describe('connections to the servers of a lost region', () => {
  test('break at once and are reset when they are opened; the other region is not touched', async () => {
    const local = await startTwoRegions();
    const [first, standby] = [await connectTo(local, FIRST), await connectTo(local, STANDBY)];
    local.setRegionDown('North Europe', true);
    await expect(first.query('SELECT 1 AS [one]', {})).rejects.toMatchObject({ kind: 'lost' });
    await expect(connectTo(local, FIRST)).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/ECONNRESET|socket hang up/),
    });
    await expect(standby.query('SELECT 1 AS [one]', {})).resolves.toEqual([{ one: 1 }]);

    local.setRegionDown('North Europe', false);
    const again = await connectTo(local, FIRST);
    await expect(again.query('SELECT COUNT(*) AS [n] FROM [dbo].[Orders]', {})).resolves.toEqual([{ n: 5 }]);
  });

  test('an idle connection hears of it without having asked', async () => {
    const local = await startTwoRegions();
    const first = await connectTo(local, FIRST);
    local.setRegionDown(NORTH, true);
    await until(() => !first.isOpen);
  });

  test('a login that the disaster meets is not let in', async () => {
    const local = await startTwoRegions();
    loseAtCall(local, NORTH, /^sql login contoso-sql-1\//);
    await expect(connectTo(local, FIRST)).rejects.toMatchObject({ kind: 'unavailable', number: null });
  });
});

describe('nothing commits in a lost region', () => {
  test('not the very statement that the disaster meets', async () => {
    const local = await startTwoRegions();
    const first = await connectTo(local, FIRST);
    loseAtCall(local, NORTH, /^sql batch contoso-sql-1\/contoso .*INSERT/);
    await expect(first.query(INSERT, { customer: 'Trey' })).rejects.toMatchObject({ kind: 'lost' });
    local.setRegionDown(NORTH, false);
    expect(ordersOf(local, FIRST, 'Trey')).toBe(0);
  });

  test('not what a transaction that was open had written', async () => {
    const local = await startTwoRegions();
    const first = await connectTo(local, FIRST);
    const batch = `BEGIN TRANSACTION; ${INSERT}; WAITFOR DELAY '00:00:30'; COMMIT`;
    const result = first.query(batch, { customer: 'Trey' });
    const broken = expect(result).rejects.toMatchObject({ kind: 'lost' });
    const other = await connectTo(local, FIRST);
    const requests = 'SELECT [open_transaction_count] FROM sys.dm_exec_sessions WHERE [session_id] <> @@SPID';
    await until(async () =>
      (await other.query(requests, {})).some((row) => row.open_transaction_count === 1),
    );
    local.setRegionDown(NORTH, true);
    await broken;
    local.setRegionDown(NORTH, false);
    expect(ordersOf(local, FIRST, 'Trey')).toBe(0);
    const again = await connectTo(local, FIRST);
    await again.query(INSERT, { customer: 'Wingtip' });
    expect(ordersOf(local, FIRST, 'Wingtip')).toBe(1);
  });

  test('not a freeze that waits and would outlive its client elsewhere', async () => {
    const local = await startTwoRegions();
    const holder = await connectTo(local, FIRST);
    const master = await connectAsProduct(local, FIRST, 'master');
    const broken = expect(master.batch(FREEZE, { timeoutMs: 0 })).rejects.toMatchObject({ name: 'SqlError' });
    const waiting = "SELECT [command] FROM sys.dm_exec_requests WHERE [command] LIKE N'ALTER%'";
    const administrator = await connectTo(local, FIRST, 'master');
    await until(async () => (await administrator.query(waiting, {})).length > 0);
    expect(holder.isOpen).toBe(true);
    local.setRegionDown(NORTH, true);
    await broken;
    local.setRegionDown(NORTH, false);
    expect(await isFrozen(local)).toBe(false);
  });

  test('not a freeze that the disaster meets', async () => {
    const local = await startTwoRegions();
    const master = await connectAsProduct(local, FIRST, 'master');
    loseAtCall(local, NORTH, /^sql batch contoso-sql-1\/master ALTER DATABASE/);
    await expect(master.batch(FREEZE, { timeoutMs: 0 })).rejects.toMatchObject({ name: 'SqlError' });
    local.setRegionDown(NORTH, false);
    expect(await isFrozen(local)).toBe(false);
  });
});

describe('links with an end in a lost region', () => {
  test('are SUSPENDED to the side that is left, ship nothing, and go on when the region returns', async () => {
    const local = await startTwoRegions();
    const first = await connectTo(local, FIRST);
    local.setReplicationLag(null);
    await first.query(INSERT, { customer: 'Trey' });
    local.setRegionDown(NORTH, true);
    local.setReplicationLag(0);

    const listed = sqlClient(local).replicationLinks.listByDatabase('contoso-blue-dr', STANDBY, DATABASE);
    expect((await listed.next()).value).toMatchObject({ replicationState: 'SUSPENDED', role: 'Secondary' });
    const standby = await connectTo(local, STANDBY);
    await expect(standby.query(LINKS, {})).resolves.toEqual([{ replication_state_desc: 'SUSPENDED' }]);
    expect(ordersOf(local, STANDBY, 'Trey')).toBe(0);

    local.setRegionDown(NORTH, false);
    await until(() => ordersOf(local, STANDBY, 'Trey') === 1);
    expect(linkState(local, FIRST)).toBe('CATCH_UP');
    await expect(standby.query(LINKS, {})).resolves.toEqual([{ replication_state_desc: 'CATCH_UP' }]);
  });

  test('do not keep the primary from serving when it is the standby that is lost', async () => {
    const local = await startTwoRegions();
    const first = await connectTo(local, FIRST);
    local.setRegionDown(WEST, true);
    await first.query(INSERT, { customer: 'Trey' });
    await expect(first.query(LINKS, {})).resolves.toEqual([{ replication_state_desc: 'SUSPENDED' }]);
    expect(ordersOf(local, STANDBY, 'Trey')).toBe(0);
    local.setRegionDown(WEST, false);
    await until(() => ordersOf(local, STANDBY, 'Trey') === 1);
  });

  test('within the region that is left go on', async () => {
    const local = await startTwoRegions();
    const end = (server: string) => ({ server, database: DATABASE });
    local.fabric.startGeoReplication(end(STANDBY), end(STAGE_STANDBY), 0);
    local.setRegionDown(NORTH, true);
    const states = local.fabric
      .links(STANDBY, DATABASE)
      .map(({ secondary, state }) => [secondary.server, state]);
    expect(states).toEqual([
      [STAGE_STANDBY, 'CATCH_UP'],
      [STANDBY, 'SUSPENDED'],
    ]);
  });

  test('that were still being seeded are so again when the region returns', async () => {
    const local = await startTwoRegions();
    const end = (server: string) => ({ server, database: DATABASE });
    const link = local.fabric.startGeoReplication(end(FIRST), end(STAGE_STANDBY), 50);
    const state = () => local.fabric.links(STAGE_STANDBY, DATABASE).find(({ id }) => id === link.id)?.state;
    local.setRegionDown(WEST, true);
    await systemClock().sleep(150);
    expect(state()).toBe('SUSPENDED');
    local.setRegionDown(WEST, false);
    await until(() => state() === 'CATCH_UP');
    await expect(connectTo(local, STAGE_STANDBY)).resolves.toMatchObject({ isOpen: true });
  });

  test('over which a failover was forced go on the other way round, without what had not been shipped', async () => {
    const local = await startTwoRegions();
    const first = await connectTo(local, FIRST);
    local.setReplicationLag(null);
    await first.query(INSERT, { customer: 'Trey' });
    const [link] = local.fabric.links(FIRST, DATABASE);
    local.setRegionDown(NORTH, true);
    await local.fabric.failover(link?.id ?? '', { forced: true });
    local.setReplicationLag(0);
    const standby = await connectTo(local, STANDBY);
    await standby.query(INSERT, { customer: 'Wingtip' });
    // Longer than the old primary takes to follow where it can be reached.
    await systemClock().sleep(700);
    expect(linkState(local, STANDBY)).toBe('SUSPENDED');

    local.setRegionDown(NORTH, false);
    await until(() => linkState(local, STANDBY) === 'CATCH_UP' && ordersOf(local, FIRST, 'Wingtip') === 1);
    expect(ordersOf(local, FIRST, 'Trey')).toBe(0);
    const returned = await connectTo(local, FIRST);
    await expect(returned.query(INSERT, { customer: 'Trey' })).rejects.toMatchObject({ number: 3906 });
  });
});
