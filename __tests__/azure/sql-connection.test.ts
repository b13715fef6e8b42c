import { afterEach, describe, expect, test } from '@jest/globals';
import type { SessionEvent } from '../../local-azure/sql/session.ts';
import { parseAzureEnvironment } from '../../src/azure/environment.ts';
import { SqlError } from '../../src/azure/errors.ts';
import type { SqlMessage } from '../../src/azure/ports.ts';
import { createSqlConnector, type SqlLogin } from '../../src/azure/sql-connection.ts';
import { type Clock, systemClock } from '../../src/engine/clock.ts';
import { error, HOST, type Script, type ScriptedServer, startScriptedServer } from './scripted-sql-server.ts';

const target = { host: HOST, database: 'contoso', purpose: 'freeze' };
const DONE: SessionEvent = { kind: 'done', rowCount: null };
const open: ScriptedServer[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const silent: Script['run'] = async function* () {
  yield DONE;
};

async function start(
  run: Script['run'] = silent,
  more: Omit<Script, 'run'> = {},
  sqlLogin: SqlLogin | null = null,
) {
  const server = await startScriptedServer({ run, ...more });
  open.push(server);
  let minted = 0;
  const masked: string[] = [];
  const quick: Clock = {
    now: systemClock.now,
    // Pauses between attempts are 1 to 10 s; limits of requests are longer, or in milliseconds here.
    sleep: (ms: number, signal?: AbortSignal) =>
      systemClock.sleep(ms >= 1_000 && ms <= 10_000 ? 1 : ms, signal),
  };
  const connector = createSqlConnector({
    credential: {
      getToken: async (scope) => ({ token: `token-${++minted} for ${scope}`, expiresOnTimestamp: 0 }),
    },
    environment: parseAzureEnvironment(
      JSON.stringify({ name: 'AzureCloud', connectTo: { [`${HOST}:1433`]: `127.0.0.1:${server.port}` } }),
    ),
    sqlLogin,
    mask: (secret) => masked.push(secret),
    clock: quick,
    log: () => {},
  });
  return { server, connector, masked };
}

async function caught(promise: Promise<unknown>): Promise<SqlError> {
  try {
    await promise;
  } catch (thrown) {
    if (thrown instanceof SqlError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

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
    const server = await startScriptedServer({ run: silent });
    open.push(server);
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

describe('a query', () => {
  test('sends values as parameters and gets rows by name', async () => {
    const seen: unknown[] = [];
    const { connector } = await start(async function* (_, parameters) {
      seen.push(...parameters.map(({ name, value }) => [name.replace('@', ''), value]));
      yield {
        kind: 'columns',
        columns: [
          { name: 'n', type: 'int' },
          { name: 'big', type: 'bigint' },
          { name: 'text', type: 'nvarchar' },
          { name: 'flag', type: 'bit' },
          { name: 'none', type: 'nvarchar' },
        ],
      };
      yield { kind: 'row', values: [1, 9_007_199_254_740_993n, 'Ω]', true, null] };
      yield { kind: 'done', rowCount: 1 };
    });
    const connection = await connector.connect(target);
    const rows = await connection.query('SELECT @a, @b', { a: "o'clock", b: 7 });
    expect(rows).toEqual([{ n: 1, big: 9_007_199_254_740_993n, text: 'Ω]', flag: true, none: null }]);
    expect(seen).toEqual(
      expect.arrayContaining([
        ['a', "o'clock"],
        ['b', 7],
      ]),
    );
    await connection.close();
  });

  test('keeps all errors in order: the cause first, 5069 second', async () => {
    const { connector } = await start(async function* () {
      yield { kind: 'message', message: error(1468, 'involved in an availability group') };
      yield { kind: 'message', message: error(5069, 'ALTER DATABASE statement failed.') };
      yield DONE;
    });
    const connection = await connector.connect(target);
    const failed = await caught(connection.batch('ALTER DATABASE x', { timeoutMs: 0 }));
    expect(failed.kind).toBe('server');
    expect(failed.messages.map(({ number }) => number)).toEqual([1468, 5069]);
    expect(failed.message).toContain('involved in an availability group');
    expect(connection.isOpen).toBe(true);
    await connection.close();
  });

  test('of a wrong statement is told as the server’s', async () => {
    const { connector } = await start(async function* () {
      yield { kind: 'message', message: error(208, 'Invalid object name.', 16, 3) };
      yield DONE;
    });
    const connection = await connector.connect(target);
    const failed = await caught(connection.query('SELECT 1'));
    expect(failed.kind).toBe('server');
    expect(failed.messages).toEqual([
      { number: 208, severity: 16, state: 1, line: 3, procedure: '', text: 'Invalid object name.' },
    ]);
    await connection.close();
  });
});

describe('a batch', () => {
  test('goes out as it is and its messages arrive while it runs', async () => {
    let goOn: (() => void) | undefined;
    const { server, connector } = await start(async function* () {
      yield { kind: 'message', message: error(0, 'half', 0) };
      await new Promise<void>((resolve) => (goOn = resolve));
      yield DONE;
    });
    const connection = await connector.connect(target);
    const heard: SqlMessage[] = [];
    const ended = connection.batch('CREATE PROCEDURE p AS PRINT 1', {
      timeoutMs: 0,
      onMessage: (message) => {
        heard.push(message);
        goOn?.();
      },
    });
    await ended;
    expect(heard.map(({ text }) => text)).toEqual(['half']);
    expect(server.batches).toContain('CREATE PROCEDURE p AS PRINT 1');
    await connection.close();
  });

  test('that is cancelled has ended on the server before we go on, and the connection serves on', async () => {
    let ended = false;
    const { connector } = await start(async function* (text, _, signal) {
      if (text.includes('WAITFOR')) {
        await untilAborted(signal);
        ended = true;
      }
      yield DONE;
    });
    const connection = await connector.connect(target);
    const controller = new AbortController();
    const failing = caught(connection.batch('WAITFOR', { timeoutMs: 0, signal: controller.signal }));
    setTimeout(() => controller.abort(), 20);
    expect((await failing).kind).toBe('cancelled');
    expect(ended).toBe(true);
    await connection.batch('PRINT 1', { timeoutMs: 0 });
    await connection.close();
  });

  test('that was cancelled before is not sent', async () => {
    const { server, connector } = await start();
    const connection = await connector.connect(target);
    const failed = await caught(connection.batch('DROP', { timeoutMs: 0, signal: AbortSignal.abort() }));
    expect(failed.kind).toBe('cancelled');
    expect(server.batches).not.toContain('DROP');
    await connection.close();
  });

  test('that takes too long is unknown, also when it had begun to answer', async () => {
    const { connector } = await start(async function* (text, _, signal) {
      if (text.includes('SLOW')) {
        yield { kind: 'message', message: error(0, 'begun', 0) };
        await untilAborted(signal);
      }
      yield DONE;
    });
    const connection = await connector.connect(target);
    const failed = await caught(connection.batch('SLOW', { timeoutMs: 50 }));
    expect(failed.kind).toBe('lost');
    expect(failed.message).toContain('not known');
    await connection.close();
  });

  test.each([
    'drop',
    'drop-after',
  ] as const)('whose connection broke (%s) is unknown and never sent again', async (kind) => {
    const { server, connector } = await start();
    const connection = await connector.connect(target);
    server.faults.add({ at: 'sql batch .* UPDATE', fault: { kind } });
    expect((await caught(connection.batch('UPDATE t', { timeoutMs: 0 }))).kind).toBe('lost');
    expect(server.batches.filter((text) => text === 'UPDATE t').length).toBeLessThanOrEqual(1);
    expect(connection.isOpen).toBe(false);
    expect((await caught(connection.batch('SELECT 1', { timeoutMs: 0 }))).kind).toBe('lost');
  });

  test('whose session was ended by the server keeps the reason', async () => {
    const { connector } = await start(async function* (text) {
      if (text.includes('UPDATE')) {
        yield { kind: 'killed', message: error(596, 'the session is in the kill state.', 21) };
      }
      yield DONE;
    });
    const connection = await connector.connect(target);
    const failed = await caught(connection.batch('UPDATE t', { timeoutMs: 0 }));
    expect(failed.kind).toBe('lost');
    expect(failed.has(596)).toBe(true);
  });

  test('an idle connection that the server ends is seen as closed', async () => {
    const { server, connector } = await start();
    const connection = await connector.connect(target);
    server.kill();
    while (connection.isOpen) await new Promise((resolve) => setTimeout(resolve, 5));
    await connection.close();
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
