import { spawn, spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Connection, TYPES } from 'tedious';
import { createCertificates } from '../../../local-azure/certificates.ts';
import { systemClock } from '../../../local-azure/clock.ts';
import { createFaults } from '../../../local-azure/faults.ts';
import { createLatency } from '../../../local-azure/latency.ts';
import { createRandom } from '../../../local-azure/random.ts';
import { createSqlFabric } from '../../../local-azure/sql/create-fabric.ts';
import type { SqlFabric } from '../../../local-azure/sql/fabric.ts';
import { startTdsServer, type TdsServer } from '../../../local-azure/sql/tds/server.ts';
import { byPassword, byToken, configuration, open, query } from './client.ts';

const ADMIN = { login: 'contoso-admin', password: 'Aa1-secret-secret' };
const DEPLOYER = { name: 'rolling-upgrade', objectId: 'object-1', appId: 'app-1' };

let fabric: SqlFabric;
let server: TdsServer;
let ca: string;
let connections: Connection[];

beforeEach(async () => {
  const certificates = await createCertificates();
  const [clock, faults, latency] = [systemClock(), createFaults(), createLatency('off', 1)];
  fabric = createSqlFabric({ clock, latency, random: createRandom(1) });
  const host = fabric.addServer('contoso-sql-blue', ADMIN);
  fabric.setFirewall('contoso-sql-blue', [{ name: 'all', start: '0.0.0.0', end: '255.255.255.255' }]);
  fabric.addEntraPrincipal(DEPLOYER);
  fabric.setEntraAdministrator('contoso-sql-blue', DEPLOYER);
  fabric.createDatabase('contoso-sql-blue', 'contoso');
  server = await startTdsServer({
    host,
    certificate: certificates,
    verifySqlToken: () => ({ kind: 'token', objectId: 'object-1', appId: 'app-1', audience: 'sql' }),
    fedAuth: { stsUrl: 'https://localhost/t', servicePrincipalName: 'https://database.windows.net/' },
    faults,
    latency,
    clock,
  });
  ca = certificates.ca;
  connections = [];
});

afterEach(async () => {
  for (const connection of connections) connection.close();
  await server.close();
  await fabric.close();
});

async function connected(authentication = byPassword(ADMIN.login, ADMIN.password)): Promise<Connection> {
  const connection = await open(configuration({ port: server.port, ca }, authentication));
  connection.on('error', () => undefined);
  connections.push(connection);
  return connection;
}

const ORDERS = `CREATE TABLE dbo.Orders (
  Id uniqueidentifier NOT NULL PRIMARY KEY,
  Customer nvarchar(100) NOT NULL,
  Amount decimal(12,2) NOT NULL,
  CreatedAt datetime2 NOT NULL DEFAULT sysutcdatetime())`;

const ID = '5B2C7A10-0F3E-4D1C-9A55-3F1D2B6C8E01';

async function insertOrder(connection: Connection): Promise<void> {
  await query(connection, 'INSERT INTO dbo.Orders (Id, Customer, Amount) VALUES (@id, @customer, @amount)', [
    { name: 'id', type: TYPES.UniqueIdentifier, value: ID.toLowerCase() },
    { name: 'customer', type: TYPES.NVarChar, value: 'Müller 日本' },
    { name: 'amount', type: TYPES.Decimal, value: 12.5, options: { precision: 12, scale: 2 } },
  ]);
}

describe('the real driver, the real wire, the real engine', () => {
  test('what is written by parameters is read back by another session', async () => {
    const writer = await connected();
    await query(writer, ORDERS, [], 'batch');
    await insertOrder(writer);
    const reader = await connected(byToken('t'));
    const found = await query(reader, 'SELECT Id, Customer, Amount, CreatedAt FROM dbo.Orders', [], 'batch');
    expect(found).toEqual([[ID, 'Müller 日本', 12.5, expect.any(Date)]]);
  });

  test("a driver's transaction is seen by nobody until it commits, and not at all when rolled back", async () => {
    const writer = await connected();
    const reader = await connected();
    await query(writer, ORDERS, [], 'batch');
    const step = (act: (callback: (failure?: Error | null) => void) => void) =>
      new Promise<void>((resolve, reject) => act((failure) => (failure ? reject(failure) : resolve())));
    const count = () => query(reader, 'SELECT COUNT(*) FROM dbo.Orders', [], 'batch');

    await step((callback) => writer.beginTransaction(callback));
    await insertOrder(writer);
    await expect(count()).resolves.toEqual([[0]]);
    await step((callback) => writer.rollbackTransaction(callback));
    await step((callback) => writer.beginTransaction(callback));
    await insertOrder(writer);
    await step((callback) => writer.commitTransaction(callback));
    await expect(count()).resolves.toEqual([[1]]);
  });

  test('a freeze ends the other sessions, and writes are refused with 3906', async () => {
    const user = await connected();
    await query(user, ORDERS, [], 'batch');
    const ended = new Promise((resolve) => user.once('end', resolve));
    const upgrade = await connected(byToken('t'));
    await query(upgrade, 'ALTER DATABASE [contoso] SET READ_ONLY WITH ROLLBACK IMMEDIATE', [], 'batch');
    await ended;
    const again = await connected();
    await expect(insertOrder(again)).rejects.toMatchObject({ number: 3906 });
    await query(upgrade, 'ALTER DATABASE [contoso] SET READ_WRITE WITH ROLLBACK IMMEDIATE', [], 'batch');
    await insertOrder(await connected());
  });

  test('a freeze that waits for others is cancelled by an attention', async () => {
    const user = await connected();
    await query(user, 'SELECT 1', [], 'batch');
    const upgrade = await connected(byToken('t'));
    const freeze = query(upgrade, 'ALTER DATABASE [contoso] SET READ_ONLY', [], 'batch', (request) =>
      request.setTimeout(300),
    );
    await expect(freeze).rejects.toMatchObject({ code: 'ETIMEOUT' });
    await expect(query(upgrade, 'SELECT 1', [], 'batch')).resolves.toEqual([[1]]);
    expect(fabric.isReadOnly('contoso-sql-blue', 'contoso')).toBe(false);
  });

  test('an application lock of a session goes when its connection goes', async () => {
    const take = `DECLARE @got int; EXEC @got = sp_getapplock @Resource = N'rolling-upgrade', @LockMode = 'Exclusive',
      @LockOwner = 'Session', @LockTimeout = 0; SELECT @got`;
    const first = await connected();
    const second = await connected();
    await expect(query(first, take, [], 'batch')).resolves.toEqual([[0]]);
    await expect(query(second, take, [], 'batch')).resolves.toEqual([[-1]]);
    first.close();
    let got: unknown = -1;
    while (got !== 0) [[got]] = (await query(second, take, [], 'batch')) as [[unknown]];
  });

  test('a wrong password, an unknown database and an error in a batch have their numbers', async () => {
    await expect(connected(byPassword(ADMIN.login, 'wrong'))).rejects.toMatchObject({
      message: expect.stringContaining(`Login failed for user '${ADMIN.login}'`),
    });
    const connection = await connected();
    await expect(query(connection, 'SELECT * FROM dbo.Nothing', [], 'batch')).rejects.toMatchObject({
      number: 208,
      lineNumber: 1,
    });
  });
});

const tsql = spawnSync('tsql', ['-C']).status === 0;

test(tsql ? 'tsql reads what tedious wrote' : 'skipped: tsql is not installed', async () => {
  if (!tsql) return;
  const writer = await connected();
  await query(writer, ORDERS, [], 'batch');
  await insertOrder(writer);
  const output = await runTsql(
    'SELECT Customer, Amount FROM dbo.Orders\ngo\nSELECT * FROM nothing\ngo\nexit\n',
  );
  expect(output).toMatch(/Customer\tAmount\nMüller 日本\t12\.50+\n\(1 row affected\)/);
  expect(output).toContain('Msg 208 (severity 16');
});

function runTsql(input: string): Promise<string> {
  const where = ['-H', '127.0.0.1', '-p', String(server.port), '-D', 'contoso'];
  const child = spawn('tsql', [...where, '-U', ADMIN.login, '-P', ADMIN.password], {
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', () => resolve(output)));
}
