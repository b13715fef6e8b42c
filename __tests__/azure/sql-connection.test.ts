import { afterEach, describe, expect, test } from '@jest/globals';
import { parseAzureEnvironment } from '../../src/azure/environment.ts';
import { createSqlConnector } from '../../src/azure/sql-connection.ts';
import { systemClock } from '../../src/clock.ts';
import { caught, closeServers, silent, start, target } from './scripted-connector.ts';
import { error, HOST } from './scripted-sql-server.ts';

afterEach(closeServers);

describe('connecting', () => {
  test('takes a fresh token each time and says what for', async () => {
    const { server, connector } = await start();
    for (let times = 0; times < 2; times++) await (await connector.connect(target)).close();
    expect(server.tokens).toEqual([
      'token-1 for https://database.windows.net/.default',
      'token-2 for https://database.windows.net/.default',
    ]);
    expect(server.logins[0]).toMatchObject({ database: 'contoso', programName: 'rolling-upgrade freeze' });
  });

  test('uses a SQL login where one is given', async () => {
    const { server, connector, masked } = await start(
      silent,
      {},
      { user: 'contoso-admin', password: 'pass;word' },
    );
    await (await connector.connect(target)).close();
    expect(server.logins[0]?.login).toEqual({
      kind: 'password',
      user: 'contoso-admin',
      password: 'pass;word',
    });
    expect(masked).toContain('pass;word');
  });

  test.each([40613, 40197, 49918, 4060])('is tried again after %i', async (number) => {
    const { server, connector } = await start(silent, { refusals: [error(number, 'not now')] });
    await (await connector.connect(target)).close();
    expect(server.logins).toHaveLength(1);
  });

  test('is tried again after the connection broke', async () => {
    const { server, connector } = await start();
    server.faults.add({ at: 'sql login', fault: { kind: 'drop' } });
    await (await connector.connect(target)).close();
    expect(server.logins).toHaveLength(1);
  });

  test.each([
    [18456, "Login failed for user 'x'."],
    [40615, 'Cannot open server: client is not allowed to access the server.'],
  ])('is refused at once with %i', async (number, text) => {
    const { server, connector } = await start(silent, { refusals: [error(number, text)] });
    const refused = await caught(connector.connect(target));
    expect(refused).toMatchObject({ kind: 'login', messages: [{ number, text }] });
    expect(refused.message).toContain(text);
    expect(server.logins).toHaveLength(0);
  });

  test('checks that the certificate is the server’s', async () => {
    const { server } = await start();
    const elsewhere = createSqlConnector({
      credential: { getToken: async () => ({ token: 't', expiresOnTimestamp: 0 }) },
      environment: parseAzureEnvironment(
        JSON.stringify({
          name: 'AzureCloud',
          connectTo: { 'sql.other.example:1433': `127.0.0.1:${server.port}` },
        }),
      ),
      sqlLogin: null,
      mask: () => {},
      clock: systemClock,
      log: () => {},
    });
    const refused = await caught(elsewhere.connect({ ...target, host: 'sql.other.example' }));
    expect(refused.message).toContain('sql.other.example');
    expect(server.tokens).toEqual([]);
  });

  test('ends when it is cancelled', async () => {
    const { server, connector } = await start();
    server.faults.add({ at: 'sql login', fault: { kind: 'hang' } });
    const controller = new AbortController();
    const connecting = caught(connector.connect(target, controller.signal));
    setTimeout(() => controller.abort(), 20);
    expect((await connecting).kind).toBe('cancelled');
  });
});

describe('what a command gets in its environment', () => {
  test('a token, masked, and a connection string without it', async () => {
    const { server, connector, masked } = await start();
    const variables = await connector.commandEnvironment(target);
    expect(variables).toEqual({
      SQL_SERVER: HOST,
      SQL_DATABASE: 'contoso',
      SQL_ACCESS_TOKEN: 'token-1 for https://database.windows.net/.default',
      SQL_CONNECTION_STRING: `Server=tcp:127.0.0.1,${server.port};Database=contoso;Encrypt=True;TrustServerCertificate=False;HostNameInCertificate=${HOST};Application Name="rolling-upgrade freeze"`,
    });
    expect(masked).toContain(variables.SQL_ACCESS_TOKEN);
  });

  test('a login, masked, quoted in the connection string', async () => {
    const { connector, masked } = await start(silent, {}, { user: 'admin', password: 'a;"b' });
    const variables = await connector.commandEnvironment(target);
    expect(variables).toMatchObject({ SQL_USER: 'admin', SQL_PASSWORD: 'a;"b' });
    expect(variables.SQL_CONNECTION_STRING).toContain('Password="a;""b"');
    expect(masked).toEqual(expect.arrayContaining(['a;"b', variables.SQL_CONNECTION_STRING]));
  });
});
