// The embedded Azure as a whole: what one part does shows in the others.
import { afterEach, describe, expect, test } from '@jest/globals';
import { type LocalAzure, startLocalAzure } from '../../../local-azure/start.ts';
import { DEFAULTS, type LocalAzureOptions } from '../../../local-azure/topologies/options.ts';
import { administer, ask, ordersOn, until, usersOf, whereUsersGo } from './whole-azure.ts';

const BLUE = 'contoso-sql-blue';
const GREEN = 'contoso-sql-green';
const DATABASE = 'contoso';
let azure: LocalAzure | null = null;

afterEach(async () => {
  await azure?.close();
  azure = null;
});

async function start(change: Partial<LocalAzureOptions> = {}): Promise<LocalAzure> {
  azure = await startLocalAzure({ ...DEFAULTS, orders: 20, ...change });
  return azure;
}

describe('topology single-region', () => {
  test('version 1 serves users on blue; green waits without a database', async () => {
    const local = await start();
    expect(await ask(local, 'contoso-blue.azurewebsites.net')).toEqual({
      status: 200,
      body: { version: '1.0.0', database: 'ok', writable: true },
    });
    expect((await ask(local, 'contoso-green.azurewebsites.net')).status).toBe(503);
    expect(await whereUsersGo(local)).toBe('contoso-blue.azurewebsites.net');
    expect(local.state().databases.map(({ server, database, access }) => [server, database, access])).toEqual(
      [[BLUE, DATABASE, 'read-write']],
    );
    await until(() => JSON.stringify(local.state().profiles).includes('"blue":"Online"'));
  });

  test('the same seed gives the same passwords and rows, another seed others', async () => {
    const seen: string[] = [];
    for (const seed of [5, 5, 6]) {
      const local = await start({ seed });
      const { environment, sqlLogin } = local.description;
      seen.push([environment.AZURE_CLIENT_SECRET, sqlLogin.password, ...ordersOn(local, BLUE)].join());
      await local.close();
    }
    expect(seen[0]).toBe(seen[1]);
    expect(seen[0]).not.toBe(seen[2]);
  });

  test('a link taken away keeps every acknowledged write when it was drained, and loses some when it was not', async () => {
    const local = await start();
    const ends = [
      { server: BLUE, database: DATABASE },
      { server: GREEN, database: DATABASE },
    ] as const;
    const { id } = local.fabric.startGeoReplication(...ends, 0);
    await until(() => local.fabric.links(BLUE, DATABASE)[0]?.state === 'CATCH_UP');
    const users = usersOf(local);
    await until(() => users.report().writes.acknowledged > 5);
    await until(() => ordersOn(local, GREEN).size > 20);
    local.setReplicationLag(null);
    const shipped = users.report().writes.acknowledged;
    await until(() => users.report().writes.acknowledged > shipped + 5);
    await users.stop();
    local.fabric.removeLink(id);

    const [blue, green] = [ordersOn(local, BLUE), ordersOn(local, GREEN)];
    expect(await users.verify(async (order) => blue.has(order))).toEqual([]);
    const lost = await users.verify(async (order) => green.has(order));
    expect(lost.length).toBeGreaterThan(0);
    expect(green.size).toBeGreaterThan(20);
  });

  test('users read on while production is frozen', async () => {
    const local = await start();
    const users = usersOf(local);
    await until(() => users.report().writes.acknowledged > 3);
    await administer(
      local,
      BLUE,
      'master',
      `ALTER DATABASE [${DATABASE}] SET READ_ONLY WITH ROLLBACK AFTER 1 SECONDS`,
    );
    await until(() => users.report().writes.refusedReadOnly > 3);
    const frozen = users.report();
    await until(() => users.report().reads.answered > frozen.reads.answered + 5);
    expect(local.state().databases[0]?.access).toBe('read-only');
    await administer(
      local,
      BLUE,
      'master',
      `ALTER DATABASE [${DATABASE}] SET READ_WRITE WITH ROLLBACK AFTER 1 SECONDS`,
    );
    await until(() => users.report().writes.acknowledged > frozen.writes.acknowledged + 3);
    await users.stop();
    const there = ordersOn(local, BLUE);
    expect(await users.verify(async (order) => there.has(order))).toEqual([]);
    expect(users.report().writes.failed).toEqual({});
  });

  test('a deployment brings a site back that was removed, and refuses what it does not know', async () => {
    const local = await start();
    await local.deploy('contoso-green', null, '1.0.0');
    await local.deploy('contoso-blue', null, '3.0.0');
    expect(await ask(local, 'contoso-blue.azurewebsites.net')).toEqual({
      status: 503,
      body: { version: '3.0.0', database: 'schema 1' },
    });
    await expect(local.deploy('contoso-blue', null, '9.9.9')).rejects.toThrow('There is no version 9.9.9');
    await expect(local.deploy('contoso-red', null, '1.0.0')).rejects.toThrow('contoso-red.azurewebsites.net');
  });
});

describe('variants', () => {
  test('slot-swap: one web app with a deployment slot', async () => {
    const local = await start({ switchMethod: 'slot-swap' });
    expect((await ask(local, 'contoso.azurewebsites.net')).body).toMatchObject({ version: '1.0.0' });
    expect((await ask(local, 'contoso-staging.azurewebsites.net')).status).toBe(503);
    expect(await whereUsersGo(local)).toBe('contoso.azurewebsites.net');
  });

  test('no stage site, no profile, SQL logins: users go straight to the site', async () => {
    const local = await start({ createWebApp: true, profile: 'absent', sqlLogins: true });
    expect(await whereUsersGo(local)).toBe('contoso-blue.azurewebsites.net');
    expect(local.state().profiles).toEqual([]);
    expect((await ask(local, 'contoso-green.azurewebsites.net')).status).toBe(404);
    expect(local.description.environment.SQL_PASSWORD).toBe(local.description.sqlLogin.password);
  });
});
