import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { close, configuration, open, query } from './client.ts';
import { rows, type ScriptedServer, startScriptedServer } from './scripted-host.ts';

let server: ScriptedServer;

beforeEach(async () => {
  server = await startScriptedServer({ script: () => rows([['n', 'int']], [[1]]) });
});

afterEach(() => server.close());

async function connected() {
  const connection = await open(configuration(server));
  connection.on('error', () => undefined);
  return connection;
}

describe('faults of logins', () => {
  test('an error refuses the login by its number, once', async () => {
    server.faults.add({
      at: '^sql login contoso-sql-blue/contoso$',
      fault: { kind: 'error', status: 0, code: '40613', message: 'Database is not currently available.' },
    });
    await expect(open(configuration(server))).rejects.toMatchObject({
      message: 'Database is not currently available.',
    });
    expect(server.logins).toEqual([]);
    await close(await open(configuration(server)));
  });

  test.each(['drop', 'drop-after'] as const)('%s closes the connection without an answer', async (kind) => {
    server.faults.add({ at: 'sql login', fault: { kind } });
    await expect(open(configuration(server))).rejects.toMatchObject({ code: 'ESOCKET' });
    expect(server.logins.length).toBe(kind === 'drop' ? 0 : 1);
    expect(server.closed.length).toBe(server.logins.length);
  });

  test('hang keeps the client waiting until it gives up', async () => {
    server.faults.add({ at: 'sql login', fault: { kind: 'hang' } });
    const config = configuration(server, undefined, { connectTimeout: 500 });
    await expect(open(config)).rejects.toMatchObject({ code: 'ETIMEOUT' });
    expect(server.logins).toEqual([]);
  });
});

describe('faults of batches', () => {
  test('an error is answered instead of the work', async () => {
    server.faults.add({
      at: 'sql batch contoso-sql-blue/contoso ALTER DATABASE .* SET READ_ONLY',
      fault: { kind: 'error', status: 0, code: '5069', message: 'ALTER DATABASE statement failed.' },
    });
    const connection = await connected();
    const text = 'ALTER DATABASE [contoso]\n  SET READ_ONLY';
    await expect(query(connection, text, [], 'batch')).rejects.toMatchObject({ number: 5069 });
    expect(server.executed).toEqual([]);
    await expect(query(connection, text, [], 'batch')).resolves.toEqual([[1]]);
    await close(connection);
  });

  test.each([
    ['drop', 0],
    ['drop-after', 1],
  ] as const)('%s loses the connection, the work done %i times', async (kind, times) => {
    server.faults.add({ at: 'sql batch .* UPDATE', fault: { kind } });
    const connection = await connected();
    await expect(query(connection, 'UPDATE t', [], 'rpc')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(server.executed.length).toBe(times);
    expect(server.closed).toEqual([51]);
  });

  test.each([
    ['hang', 0],
    ['late-success', 1],
  ] as const)('%s never answers, the work done %i times', async (kind, times) => {
    server.faults.add({ at: 'sql batch', after: 1, fault: { kind } });
    const connection = await connected();
    let answered = false;
    const asked = query(connection, 'UPDATE t').finally(() => {
      answered = true;
    });
    while (server.executed.length < times) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(answered).toBe(false);
    expect(server.executed.length).toBe(times);
    connection.close();
    await expect(asked).rejects.toBeDefined();
  });

  test('delay waits and then goes on', async () => {
    server.faults.add({ at: 'sql batch', fault: { kind: 'delay', ms: 10 }, times: null });
    const connection = await connected();
    await expect(query(connection, 'SELECT')).resolves.toEqual([[1]]);
    await close(connection);
  });
});
