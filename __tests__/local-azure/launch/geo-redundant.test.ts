// Topology geo-redundant as it stands at the start, and what its four sites and four servers do.
import { afterEach, describe, expect, test } from '@jest/globals';
import { type LocalAzure, startLocalAzure } from '../../../local-azure/start.ts';
import { DEFAULTS, type LocalAzureOptions } from '../../../local-azure/topologies/options.ts';
import { administer, ask, ordersOn, until, whereUsersGo } from './whole-azure.ts';

const PRIMARY = 'contoso-sql-1';
const STANDBY = 'contoso-sql-dr';
const STAGE = 'contoso-sql-2';
const STAGE_STANDBY = 'contoso-sql-3';
const DATABASE = 'contoso';
const ORDER = { id: '6f1c2f0e-6a0b-4a51-9d53-0b1f8f7f2a11', customer: 'Adatum', amount: 12.5 };

let azure: LocalAzure | null = null;

afterEach(async () => {
  await azure?.close();
  azure = null;
});

async function start(change: Partial<LocalAzureOptions> = {}): Promise<LocalAzure> {
  azure = await startLocalAzure({ ...DEFAULTS, topology: 'geo-redundant', orders: 20, ...change });
  return azure;
}

const site = (name: string) => `${name}.azurewebsites.net`;

describe('topology geo-redundant', () => {
  test('version 1 serves users in the primary region, the backup region stands by, stage has no database', async () => {
    const local = await start();
    expect(local.description.environment.INPUT_TOPOLOGY).toBe('geo-redundant');
    expect(await ask(local, site('contoso-1'))).toEqual({
      status: 200,
      body: { version: '1.0.0', database: 'ok', writable: true },
    });
    expect(await ask(local, site('contoso-dr'))).toEqual({
      status: 200,
      body: { version: '1.0.0', database: 'ok', writable: false },
    });
    for (const stage of ['contoso-2', 'contoso-3']) {
      expect(await ask(local, site(stage))).toEqual({
        status: 503,
        body: { version: '2.0.0', database: 'unavailable' },
      });
    }
    expect(await whereUsersGo(local)).toBe(site('contoso-1'));
    expect(Object.keys(local.description.sql)).toEqual([PRIMARY, STANDBY, STAGE, STAGE_STANDBY]);
  });

  test('the state tells the link, caught up at once, and both endpoints', async () => {
    const local = await start();
    const link = {
      primary: { server: PRIMARY, database: DATABASE },
      secondary: { server: STANDBY, database: DATABASE },
      state: 'CATCH_UP',
      percentComplete: 100,
    };
    expect(local.state().databases).toMatchObject([
      { server: PRIMARY, links: [link] },
      { server: STANDBY, links: [link] },
    ]);
    expect(local.state().arm).toMatchObject({
      resourceGroups: [
        'contoso-blue',
        'contoso-blue-dr',
        'contoso-green',
        'contoso-green-dr',
        'contoso-traffic',
      ],
      sqlServers: [
        { name: PRIMARY, location: 'northeurope', databases: [{ name: DATABASE, objective: 'S1' }] },
        { name: STANDBY, location: 'westeurope', databases: [{ name: DATABASE, objective: 'S1' }] },
        { name: STAGE, location: 'northeurope', databases: [] },
        { name: STAGE_STANDBY, location: 'westeurope', databases: [] },
      ],
      webApps: [
        { name: 'contoso-1', stamp: 'waws-prod-db3-101' },
        { name: 'contoso-dr', stamp: 'waws-prod-am2-303' },
        { name: 'contoso-2', stamp: 'waws-prod-db3-202' },
        { name: 'contoso-3', stamp: 'waws-prod-am2-404' },
      ],
    });
    const online = { endpoints: { 'contoso-1': 'Online', 'contoso-dr': 'Online' } };
    await until(() => JSON.stringify(local.state().profiles).split('"Online"').length > 3);
    expect(local.state().profiles).toMatchObject([{ status: online }]);
  });

  test('the standby reads what the primary region wrote, and refuses writes', async () => {
    const local = await start();
    const written = await ask(local, site('contoso-1'), { path: '/orders', body: ORDER });
    expect(written).toEqual({ status: 201, body: { id: ORDER.id } });
    const read = () => ask(local, site('contoso-dr'), { path: `/orders/${ORDER.id}` });
    await until(async () => (await read()).status === 200);
    const again = { ...ORDER, id: '0d5f5f6e-3d1c-4a63-8f6a-77b2c1b7f5c2' };
    expect(await ask(local, site('contoso-dr'), { path: '/orders', body: again })).toEqual({
      status: 503,
      body: { error: 'read-only' },
    });
    expect(ordersOn(local, PRIMARY).has(again.id)).toBe(false);
  });

  test('users go to the standby when the primary region does not answer, and find the public name there', async () => {
    const local = await start();
    local.faults.add({ at: '^site contoso-1 ', fault: { kind: 'drop' }, times: null });
    await until(async () => (await whereUsersGo(local)) === site('contoso-dr'));
    const atStandby = await ask(local, site('contoso-dr'), { host: 'www.contoso.example' });
    expect(atStandby).toMatchObject({ status: 200, body: { version: '1.0.0' } });
  });

  test.each([
    'contoso-1',
    'contoso-dr',
    'contoso-2',
    'contoso-3',
  ])('%s answers to the public name and takes a deployment', async (name) => {
    const local = await start();
    await local.deploy(name, null, '3.0.0');
    expect((await ask(local, site(name), { host: 'www.contoso.example' })).body).toMatchObject({
      version: '3.0.0',
    });
  });

  test('every version is healthy where it can read: on a geo-secondary and on a frozen database', async () => {
    const local = await start();
    const upgrade = [
      'SELECT 1 AS [nothing]',
      "ALTER TABLE [dbo].[Orders] ADD [Currency] char(3) NOT NULL CONSTRAINT [DF_Orders_Currency] DEFAULT ('EUR')",
      "ALTER TABLE [dbo].[Orders] ADD [Channel] nvarchar(20) NOT NULL CONSTRAINT [DF_Orders_Channel] DEFAULT (N'web')",
    ];
    await administer(local, PRIMARY, DATABASE, 'CREATE TABLE [dbo].[SchemaVersion] ([Version] int NOT NULL)');
    for (const [index, batch] of upgrade.entries()) {
      const version = `${index + 1}.0.0`;
      await administer(local, PRIMARY, DATABASE, batch);
      await local.deploy('contoso-1', null, version);
      await local.deploy('contoso-dr', null, version);
      const healthy = { status: 200, body: { version, database: 'ok', writable: false } };
      await until(async () => (await ask(local, site('contoso-dr'))).status === 200);
      expect(await ask(local, site('contoso-dr'))).toEqual(healthy);
      await administer(
        local,
        PRIMARY,
        'master',
        `ALTER DATABASE [${DATABASE}] SET READ_ONLY WITH ROLLBACK IMMEDIATE`,
      );
      expect(await ask(local, site('contoso-1'))).toEqual(healthy);
      expect(await ask(local, site('contoso-dr'))).toEqual(healthy);
      await administer(
        local,
        PRIMARY,
        'master',
        `ALTER DATABASE [${DATABASE}] SET READ_WRITE WITH ROLLBACK IMMEDIATE`,
      );
    }
  });

  test('the chain: what is written in production arrives in the stage slot and in its backup region', async () => {
    const local = await start();
    const end = (server: string) => ({ server, database: DATABASE });
    local.fabric.startGeoReplication(end(PRIMARY), end(STAGE), 0);
    local.fabric.startGeoReplication(end(STAGE), end(STAGE_STANDBY), 0);
    await ask(local, site('contoso-1'), { path: '/orders', body: ORDER });
    for (const server of [STANDBY, STAGE, STAGE_STANDBY]) {
      await until(() => ordersOn(local, server).has(ORDER.id));
    }
    await local.deploy('contoso-3', null, '1.0.0');
    expect((await ask(local, site('contoso-3'), { path: `/orders/${ORDER.id}` })).status).toBe(200);
  });
});

describe('after a failover of the link', () => {
  test('the standby takes writes, and replication can still be slowed', async () => {
    const local = await start();
    const stage = local.fabric.startGeoReplication(
      { server: PRIMARY, database: DATABASE },
      { server: STAGE, database: DATABASE },
      0,
    );
    const dr = local.fabric.links(STANDBY, DATABASE)[0]?.id ?? '';
    await local.fabric.failover(dr, { forced: false });
    expect(local.fabric.links(PRIMARY, DATABASE).map((link) => link.id)).toContain(stage.id);
    expect(await ask(local, site('contoso-dr'), { path: '/orders', body: ORDER })).toMatchObject({
      status: 201,
    });
    await until(() => ordersOn(local, PRIMARY).has(ORDER.id));
    local.setReplicationLag(null);
    const unshipped = { ...ORDER, id: '0d5f5f6e-3d1c-4a63-8f6a-77b2c1b7f5c2' };
    expect(await ask(local, site('contoso-dr'), { path: '/orders', body: unshipped })).toMatchObject({
      status: 201,
    });
    expect(ordersOn(local, PRIMARY).has(unshipped.id)).toBe(false);
    local.setReplicationLag(0);
    await until(() => ordersOn(local, PRIMARY).has(unshipped.id));
  });
});
