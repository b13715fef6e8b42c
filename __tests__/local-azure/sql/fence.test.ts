// The product's second fence, its own T-SQL, on the embedded SQL: what it closes and how exactly it is undone.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SqlError } from '../../../src/azure/errors.ts';
import type { SqlConnection } from '../../../src/azure/ports.ts';
import { readRights } from '../../../src/azure/tsql/database-rights.ts';
import { readFenceObstacles, readUnboundSessions } from '../../../src/azure/tsql/fence-obstacles.ts';
import {
  FENCE_BINDS_CALLER,
  LOWER_FENCE,
  lowerFence,
  raiseFence,
  readFence,
} from '../../../src/azure/tsql/write-fence.ts';
import { endSession, readWriteHolders } from '../../../src/azure/tsql/write-holders.ts';
import { BLUE, type Client, createFixture, type Fixture, ORDERS, PRINCIPAL } from './fixture.ts';
import { settled } from './simulated-clock.ts';

const never = new AbortController().signal;
const INSERT = "INSERT dbo.Orders (Id, Customer) VALUES (1, N'Ann')";
const DEPLOYER = {
  name: "rolling]up'grade",
  objectId: '11111111-0000-4000-8000-000000000000',
  appId: '22222222-0000-4000-8000-000000000000',
};

let fixture: Fixture;
let admin: Client;
let tool: SqlConnection;
beforeEach(async () => {
  fixture = createFixture();
  fixture.fabric.addEntraPrincipal(DEPLOYER);
  admin = await fixture.login();
  await admin.run(ORDERS);
  await admin.run(
    "CREATE USER app WITH PASSWORD = 'Secret-1'; CREATE USER [o]]wner'] WITH PASSWORD = 'Secret-1'",
  );
  await admin.run(
    "ALTER ROLE db_datareader ADD MEMBER app; ALTER ROLE db_datawriter ADD MEMBER app; ALTER ROLE db_owner ADD MEMBER [o]]wner']",
  );
  await admin.run(
    "CREATE USER [rolling]]up'grade] FROM EXTERNAL PROVIDER; ALTER ROLE db_owner ADD MEMBER [rolling]]up'grade]",
  );
  await admin.run("CREATE PROCEDURE dbo.Place AS INSERT dbo.Orders (Id, Customer) VALUES (5, N'x')");
  await admin.run('GRANT EXECUTE TO app; DENY DELETE TO app; DENY UPDATE ON dbo.Orders TO app');
  tool = connection(await deployer());
});
afterEach(() => fixture.close());

const deployer = () =>
  fixture.login({
    login: { kind: 'token', objectId: DEPLOYER.objectId, appId: DEPLOYER.appId, audience: '' },
    programName: 'rolling-upgrade test',
  });
const signIn = (user: string) => fixture.login({ login: { kind: 'password', user, password: 'Secret-1' } });

/** As the product's client has it: an error is thrown, with all of SQL Server's messages. */
function connection(client: Client): SqlConnection {
  const run = async (text: string, parameters = {}) => {
    const { messages, errors, results, killed } = await client.run(text, parameters);
    if (errors.length > 0 || killed)
      throw new SqlError(
        messages[0]?.text ?? 'killed',
        'server',
        messages.map((message) => ({ ...message })),
      );
    return results.flat().map((row) => ({ ...row })) as Awaited<ReturnType<SqlConnection['query']>>;
  };
  return {
    server: 'contoso-sql-blue',
    database: client.database,
    isOpen: true,
    query: run,
    batch: async (text) => {
      await run(text);
    },
    close: async () => client.close(),
  };
}

/** Everything that was granted, denied, and who is in what. */
async function rights(): Promise<unknown> {
  const permissions = await admin.run(
    'SELECT class, major_id, grantee_principal_id, type, state FROM sys.database_permissions',
  );
  const members = await admin.run('SELECT * FROM sys.database_role_members');
  const principals = await admin.run('SELECT name, principal_id FROM sys.database_principals');
  const text = (rows: readonly unknown[]) =>
    rows.map((row) => JSON.stringify(row, (_, v) => (typeof v === 'bigint' ? String(v) : v))).sort();
  return [permissions, members, principals].map(({ rows }) => text(rows));
}

describe('the fence', () => {
  test('closes the database to everybody but the tool and dbo, for members of db_owner and for procedures too', async () => {
    const users = [await signIn('app'), await signIn("o]wner'")];
    await raiseFence(tool, never);
    for (const user of users) {
      expect((await user.run(INSERT)).errors).toEqual([229]);
      expect((await user.run('EXEC dbo.Place')).errors).toEqual([229]);
      expect((await user.run('TRUNCATE TABLE dbo.Orders')).errors).toEqual([1088]);
      expect((await user.run('CREATE TABLE dbo.T (A int)')).errors).toEqual([262]);
      expect((await user.run('ALTER ROLE [rolling-upgrade-fence] DROP MEMBER app')).errors).toEqual([15151]);
      expect(await user.value('SELECT COUNT(*) FROM dbo.Orders WHERE Id < @id', { id: 9 })).toBe(0);
    }
    expect(await readFence(tool)).toEqual({ members: 2, missing: [] });
    await tool.query(INSERT);
  });

  test('is undone to what was before, by the tool and by the command a person is given', async () => {
    const before = await rights();
    await raiseFence(tool, never);
    expect(await rights()).not.toEqual(before);
    await lowerFence(tool);
    expect(await rights()).toEqual(before);
    await raiseFence(tool, never);
    expect((await admin.run(LOWER_FENCE)).errors).toEqual([]);
    expect(await rights()).toEqual(before);
    const app = await signIn('app');
    expect((await app.run(INSERT)).errors).toEqual([]);
    expect((await app.run('DELETE dbo.Orders')).errors).toEqual([229]);
    expect((await app.run('UPDATE dbo.Orders SET Amount = 1')).errors).toEqual([229]);
    await lowerFence(tool);
  });

  test('raised where it would bind the tool itself, it is not there afterwards', async () => {
    await admin.run(
      "CREATE ROLE readers; DENY INSERT TO readers; ALTER ROLE readers ADD MEMBER [rolling]]up'grade]",
    );
    const before = await rights();
    await expect(raiseFence(tool, never)).rejects.toMatchObject({
      messages: [expect.objectContaining({ number: FENCE_BINDS_CALLER })],
    });
    expect(await rights()).toEqual(before);
    expect(await admin.value('SELECT @@TRANCOUNT')).toBe(0);
  });

  test('somebody who holds permissions for long keeps it from coming late', async () => {
    await admin.run('BEGIN TRAN; CREATE ROLE slow');
    const refused = expect(raiseFence(tool, never)).rejects.toMatchObject({
      messages: [expect.objectContaining({ number: 1222 })],
    });
    await settled();
    await fixture.clock.advance(20_000);
    await refused;
    await admin.run('COMMIT');
    expect(await admin.value("SELECT DATABASE_PRINCIPAL_ID('rolling-upgrade-fence')")).toBeNull();
  });

  test('what somebody has changed of it is told', async () => {
    await raiseFence(tool, never);
    await admin.run(
      'ALTER ROLE [rolling-upgrade-fence] DROP MEMBER app; REVOKE INSERT TO [rolling-upgrade-fence]',
    );
    await admin.run("CREATE USER late WITH PASSWORD = 'Secret-1'");
    await admin.run('CREATE SCHEMA shop');
    expect((await readFence(tool)).missing).toEqual([
      'app is not in it',
      'late is not in it',
      'INSERT is not denied',
      'EXECUTE is not denied in schema shop',
    ]);
  });
});

describe('what SQL Server takes names for', () => {
  test('a database whose name holds dots and brackets is asked by its whole name', async () => {
    const database = 'shop.contoso]com';
    fixture.fabric.createDatabase(BLUE, database);
    const there = connection(await fixture.login({ database }));
    expect((await readRights(there)).canAlter).toBe(true);
    expect(await readFenceObstacles(there)).toEqual([]);
    await raiseFence(there, never);
    expect((await readFence(there)).missing).toEqual([]);
  });

  test('names of permissions, which have a collation of their own, are united with others in one that is named', async () => {
    const sent: string[] = [];
    const spy: SqlConnection = {
      ...tool,
      query: async (text, ...rest) => {
        sent.push(text);
        return tool.query(text, ...rest);
      },
    };
    await raiseFence(tool, never);
    await readFence(spy);
    const united = (sent[0] ?? '').split('UNION ALL').map((part) => part.split('FROM')[0]);
    expect(united).toHaveLength(4);
    for (const columns of united) expect(columns).toContain('COLLATE DATABASE_DEFAULT');
  });
});

describe('what is in its way', () => {
  test('owners, application roles and guest', async () => {
    expect(await readFenceObstacles(tool)).toEqual([]);
    await admin.run('CREATE SCHEMA shop AUTHORIZATION app');
    await admin.run(
      "CREATE TABLE shop.T (A int); CREATE APPLICATION ROLE till WITH PASSWORD = 'Secret-1'; GRANT CONNECT TO guest",
    );
    expect(await readFenceObstacles(tool)).toEqual([
      { kind: 'owner', name: 'app', objects: 1 },
      { kind: 'application-role', name: 'till' },
      { kind: 'guest' },
    ]);
  });

  test('a caller that may not see or end writers', async () => {
    await admin.run("DENY KILL DATABASE CONNECTION, VIEW DATABASE STATE TO [rolling]]up'grade]");
    const obstacles = await readFenceObstacles(tool);
    expect(obstacles.map(({ kind }) => kind)).toEqual(['right', 'right']);
  });

  test('sessions of administrators, and none of those it binds', async () => {
    await signIn('app');
    await fixture.login({
      login: { kind: 'token', objectId: PRINCIPAL.objectId, appId: PRINCIPAL.appId, audience: '' },
    });
    await deployer();
    const unbound = await readUnboundSessions(tool);
    expect(unbound.map(({ login }) => login).sort()).toEqual([
      `${PRINCIPAL.appId}@${PRINCIPAL.objectId}`,
      'contoso-admin',
    ]);
  });
});

describe('who still writes when it stands', () => {
  test('transactions that have written and what had begun before, not those that read; they are ended', async () => {
    await admin.run(
      "CREATE PROCEDURE dbo.Slow AS BEGIN WAITFOR DELAY '00:01:00'; INSERT dbo.Orders (Id, Customer) VALUES (8, N'late') END",
    );
    const [writer, reader, slow, idle] = await Promise.all([
      signIn('app'),
      signIn('app'),
      signIn('app'),
      signIn('app'),
    ]);
    await writer.run(`BEGIN TRAN; ${INSERT}`);
    await reader.run('BEGIN TRAN; SELECT * FROM dbo.Orders');
    const late = slow.run('EXEC dbo.Slow');
    await settled();
    await fixture.clock.advance(1000);
    await raiseFence(tool, never);
    const since = fixture.clock.now();
    await fixture.clock.advance(1000);
    const ids = async () => (await readWriteHolders(tool, since)).map(({ id }) => id).sort((a, b) => a - b);
    expect(await ids()).toEqual([writer.spid, slow.spid]);
    for (const id of await ids()) await endSession(tool, id);
    expect(await ids()).toEqual([]);
    expect((await late).killed?.number).toBe(596);
    await endSession(tool, writer.spid);
    expect(await admin.value('SELECT COUNT(*) FROM dbo.Orders')).toBe(0);
    expect((await reader.run('SELECT COUNT(*) FROM dbo.Orders; COMMIT')).errors).toEqual([]);
    expect((await idle.run('SELECT 1')).killed).toBeNull();
  });
});
