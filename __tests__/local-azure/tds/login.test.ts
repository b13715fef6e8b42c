import { afterEach, describe, expect, test } from '@jest/globals';
import { TokenRejected } from '../../../local-azure/entra/access-tokens.ts';
import { LoginRefused } from '../../../local-azure/sql/session.ts';
import { byPassword, byToken, close, configuration, open, query } from './client.ts';
import { rows, type ScriptedOptions, type ScriptedServer, startScriptedServer } from './scripted-host.ts';

let server: ScriptedServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

async function start(options: ScriptedOptions = {}): Promise<ScriptedServer> {
  server = await startScriptedServer(options);
  return server;
}

describe('logging in over TDS', () => {
  test('a SQL login arrives with its password, database, program and address', async () => {
    const blue = await start();
    const connection = await open(configuration(blue, byPassword('app', 'gehe1m-Ü%'), { appName: 'orders' }));
    await close(connection);
    expect(blue.logins).toEqual([
      {
        login: { kind: 'password', user: 'app', password: 'gehe1m-Ü%' },
        database: 'contoso',
        address: '127.0.0.1',
        programName: 'orders',
        hostName: expect.any(String),
        readOnlyIntent: false,
      },
    ]);
  });

  test('the old user@server form of a name is the same user', async () => {
    const blue = await start();
    await close(await open(configuration(blue, byPassword('app@contoso-sql-blue'))));
    expect(blue.logins[0]?.login).toMatchObject({ user: 'app' });
  });

  test('a read-only intent is passed on', async () => {
    const blue = await start();
    await close(await open(configuration(blue, byPassword(), { readOnlyIntent: true })));
    expect(blue.logins[0]?.readOnlyIntent).toBe(true);
  });

  test('an access token of any usual length logs in', async () => {
    const tokens: string[] = [];
    const blue = await start({
      verifySqlToken: (token) => {
        tokens.push(token);
        return { kind: 'token', objectId: 'o1', appId: 'a1', audience: 'https://database.windows.net/' };
      },
    });
    const token = 'x.y-'.repeat(2000);
    await close(await open(configuration(blue, byToken(token))));
    expect(tokens).toEqual([token]);
    expect(blue.logins[0]?.login).toMatchObject({ kind: 'token', objectId: 'o1' });
  });

  test('a client that asks where to get a token is told, and gets in with it', async () => {
    const asked: unknown[] = [];
    const blue = await start({
      verifySqlToken: (token) => ({ kind: 'token', objectId: token, appId: 'a', audience: 'sql' }),
    });
    const credential = {
      getToken: async (scopes: string | string[]) => {
        asked.push(scopes);
        return { token: 'fetched', expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
      },
    };
    const connection = await open(configuration(blue, { type: 'token-credential', options: { credential } }));
    await close(connection);
    expect(asked).toEqual(['https://database.windows.net/.default']);
    expect(blue.logins[0]?.login).toMatchObject({ objectId: 'fetched' });
  });

  test('TDS 8 (strict) encrypts first and then serves the same', async () => {
    const blue = await start({ script: () => rows([['n', 'int']], [[1]]) });
    const connection = await open(configuration(blue, byPassword(), { encrypt: 'strict' }));
    await expect(query(connection, 'SELECT 1')).resolves.toEqual([[1]]);
    await close(connection);
  });

  test('a client that does not encrypt is told that it must, as Azure SQL does', async () => {
    const blue = await start();
    await expect(open(configuration(blue, byPassword(), { encrypt: false }))).rejects.toMatchObject({
      code: 'EENCRYPT',
    });
    expect(blue.logins).toEqual([]);
  });

  test('a client that does not know the authority refuses the certificate', async () => {
    const blue = await start();
    const config = configuration(blue, byPassword(), { cryptoCredentialsDetails: {} });
    await expect(open(config)).rejects.toMatchObject({ code: 'ESOCKET' });
    expect(blue.logins).toEqual([]);
  });

  test("a refusal keeps the engine's number and text", async () => {
    const text = 'Cannot open database "nope" requested by the login. The login failed.';
    const blue = await start({
      onLogin: () => {
        throw new LoginRefused({ number: 4060, severity: 11, state: 1, line: 1, procedure: '', text });
      },
    });
    await expect(open(configuration(blue))).rejects.toMatchObject({ code: 'ELOGIN', message: text });
  });

  test.each([
    ['expired', "Login failed for user '<token-identified principal>'. Token is expired."],
    ['audience', "Login failed for user '<token-identified principal>'."],
  ] as const)('a token that is no good (%s) is refused with 18456', async (reason, text) => {
    const blue = await start({
      verifySqlToken: () => {
        throw new TokenRejected(reason, 'no good');
      },
    });
    await expect(open(configuration(blue, byToken('t')))).rejects.toMatchObject({ message: text });
    expect(blue.logins).toEqual([]);
  });

  test('the session is closed when the client goes', async () => {
    const blue = await start();
    const connection = await open(configuration(blue));
    await close(connection);
    while (blue.closed.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(blue.closed).toEqual([51]);
  });

  test('what is no TDS is cut off, and others are served on', async () => {
    const blue = await start();
    const { connect } = await import('node:net');
    for (const garbage of [
      'GET / HTTP/1.1\r\n\r\n',
      '\x12\x01\x00\x04',
      '\x12\x01\x00\x10\0\0\0\0\0\0\0\0\0\0\0\0',
    ]) {
      const socket = connect(blue.port, '127.0.0.1');
      socket.write(Buffer.from(garbage, 'latin1'));
      socket.resume();
      socket.end();
      await new Promise((resolve) => socket.once('close', resolve));
    }
    await close(await open(configuration(blue)));
  });
});
