import { afterEach, describe, expect, test } from '@jest/globals';
import { type Connection, Request, TYPES } from 'tedious';
import { configuration, open, query } from './client.ts';
import {
  done,
  error,
  info,
  rows,
  type Script,
  type ScriptedServer,
  startScriptedServer,
} from './scripted-host.ts';

let server: ScriptedServer;
let connection: Connection;

async function start(script: Script): Promise<void> {
  server = await startScriptedServer({ script });
  connection = await open(configuration(server));
}

afterEach(async () => {
  connection.close();
  await server.close();
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });

describe('batches', () => {
  test('the text arrives as it was sent', async () => {
    await start(() => [done()]);
    const text = "-- ünïcode 🚀\r\nSELECT N'日本'";
    await query(connection, text, [], 'batch');
    expect(server.executed).toEqual([{ text, parameters: [] }]);
  });

  test('a text longer than many packets arrives whole', async () => {
    await start(() => [done()]);
    const text = `SELECT '${'x'.repeat(300_000)}'`;
    await query(connection, text, [], 'batch');
    expect(server.executed[0]?.text).toBe(text);
  });

  test('all result sets of a batch arrive, rows longer than a packet included', async () => {
    const long = 'ä'.repeat(20_000);
    await start(() => [
      ...rows([['a', 'int']], [[1], [2]]),
      done(3),
      ...rows([['b', 'nvarchar']], [[long], [null]]),
    ]);
    await expect(query(connection, 'SELECT', [], 'batch')).resolves.toEqual([[1], [2], [long], [null]]);
  });

  test('a hundred thousand rows arrive', async () => {
    await start(function* () {
      yield { kind: 'columns', columns: [{ name: 'n', type: 'int' }] };
      for (let n = 0; n < 100_000; n++) yield { kind: 'row', values: [n] };
      yield done(100_000);
    });
    const found = await query(connection, 'SELECT', [], 'batch');
    expect(found.length).toBe(100_000);
    expect(found.at(-1)).toEqual([99_999]);
  });

  test('every error of a batch arrives, with number, severity, state, line and server', async () => {
    await start(() => [
      error(
        5070,
        "Database state cannot be changed while other users are using the database 'contoso'",
        16,
        3,
      ),
      error(5069, 'ALTER DATABASE statement failed.', 16, 3),
    ]);
    const failure = await query(connection, 'ALTER DATABASE', [], 'batch').catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(AggregateError);
    expect((failure as AggregateError).errors).toMatchObject([
      { number: 5070, class: 16, state: 1, lineNumber: 3, serverName: 'contoso-sql-blue' },
      { number: 5069 },
    ]);
  });

  test('messages arrive while the batch is still running', async () => {
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    await start(async function* () {
      yield info('half way');
      await held;
      yield done();
    });
    const heard: string[] = [];
    connection.on('infoMessage', ({ message }) => {
      heard.push(message);
      go();
    });
    await query(connection, 'PRINT', [], 'batch');
    expect(heard).toEqual(['half way']);
  });

  test('a message longer than SQL Server sends is cut, not lost', async () => {
    await start(() => [info('x'.repeat(100_000)), done()]);
    const heard: string[] = [];
    connection.on('infoMessage', ({ message }) => heard.push(message));
    await query(connection, 'PRINT', [], 'batch');
    expect(heard).toEqual(['x'.repeat(4000)]);
  });

  test('a value that its column cannot hold is an error of SQL Server, and the connection lives on', async () => {
    await start((text) => rows([['n', 'int']], [[text === 'bad' ? 3_000_000_000 : 3]]));
    await expect(query(connection, 'bad', [], 'batch')).rejects.toMatchObject({ number: 8115 });
    await expect(query(connection, 'good', [], 'batch')).resolves.toEqual([[3]]);
  });

  test('a session that the server kills tells the error and ends the connection', async () => {
    await start(() => [
      {
        kind: 'killed',
        message: {
          number: 596,
          severity: 21,
          state: 1,
          line: 1,
          procedure: '',
          text: 'Cannot continue the execution because the session is in the kill state.',
        },
      },
    ]);
    connection.on('error', () => undefined);
    const ended = new Promise((resolve) => connection.once('end', resolve));
    await expect(query(connection, 'SELECT', [], 'batch')).rejects.toMatchObject({ number: 596, class: 21 });
    await ended;
  });

  test('an idle session that is killed is cut off', async () => {
    await start(() => [done()]);
    connection.on('error', () => undefined);
    const ended = new Promise((resolve) => connection.once('end', resolve));
    server.kill({ number: 596, severity: 21, state: 1, line: 1, procedure: '', text: 'killed' });
    await ended;
    await until(() => server.closed.includes(51));
  });

  test('a failure of the engine itself is told and ends the connection', async () => {
    await start(() => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('out of cheese')) }),
    }));
    connection.on('error', () => undefined);
    await expect(query(connection, 'SELECT', [], 'batch')).rejects.toMatchObject({
      number: 3624,
      message: expect.stringContaining('out of cheese'),
    });
  });
});

describe('cancelling', () => {
  test('an attention stops the batch, and the connection serves the next one', async () => {
    await start(async function* (text, _parameters, signal) {
      if (text === 'next') return yield* rows([['n', 'int']], [[1]]);
      yield info('started');
      await untilAborted(signal);
      yield done();
    });
    connection.once('infoMessage', () => connection.cancel());
    await expect(query(connection, 'WAITFOR', [], 'batch')).rejects.toMatchObject({ code: 'ECANCEL' });
    await expect(query(connection, 'next', [], 'batch')).resolves.toEqual([[1]]);
  });

  test('an attention before anything was answered does too', async () => {
    await start(async function* (text, _parameters, signal) {
      if (text === 'next') return yield* rows([['n', 'int']], [[1]]);
      setImmediate(() => connection.cancel());
      await untilAborted(signal);
      throw signal.reason;
    });
    await expect(query(connection, 'WAITFOR', [], 'rpc')).rejects.toMatchObject({ code: 'ECANCEL' });
    await expect(query(connection, 'next', [], 'rpc')).resolves.toEqual([[1]]);
  });

  test("the driver's own time-out is an attention", async () => {
    await start(async function* (text, _parameters, signal) {
      if (text === 'next') return yield* rows([['n', 'int']], [[1]]);
      await untilAborted(signal);
      yield done();
    });
    const impatient = (request: Request) => request.setTimeout(50);
    await expect(query(connection, 'WAITFOR', [], 'batch', impatient)).rejects.toMatchObject({
      code: 'ETIMEOUT',
    });
    await expect(query(connection, 'next', [], 'batch')).resolves.toEqual([[1]]);
  });

  test('a client that goes away stops its batch', async () => {
    let stopped = false;
    await start(async function* (_text, _parameters, signal) {
      yield info('started');
      await untilAborted(signal);
      stopped = true;
      yield done();
    });
    connection.once('infoMessage', () => connection.close());
    await expect(query(connection, 'WAITFOR', [], 'batch')).rejects.toBeDefined();
    await until(() => stopped && server.closed.length > 0);
  });
});

describe('prepared statements and procedures', () => {
  test('sp_executesql runs its text with named parameters', async () => {
    await start((_text, parameters) => rows([['n', 'int']], [[parameters[0]?.value ?? null]]));
    const values = [{ name: 'id', type: TYPES.Int, value: 7 }];
    await expect(query(connection, 'SELECT @id', values)).resolves.toEqual([[7]]);
    expect(server.executed).toEqual([{ text: 'SELECT @id', parameters: [{ name: '@id', value: 7 }] }]);
  });

  test('a statement is prepared once, executed twice and let go', async () => {
    await start((_text, parameters) => rows([['n', 'int']], [[parameters[0]?.value ?? null]]));
    const results: unknown[] = [];
    let finish: (failure: unknown) => void = () => undefined;
    const request = new Request('SELECT @n', (failure) => finish(failure ?? null));
    request.addParameter('n', TYPES.Int, null);
    request.on('row', (columns: { value: unknown }[]) => results.push(columns[0]?.value));
    request.once('prepared', () => finish(null));
    const step = (act: () => void) =>
      new Promise<void>((resolve, reject) => {
        finish = (failure) => (failure ? reject(failure) : resolve());
        act();
      });
    await step(() => connection.prepare(request));
    await step(() => connection.execute(request, { n: 1 }));
    await step(() => connection.execute(request, { n: 2 }));
    await step(() => connection.unprepare(request));
    expect(results).toEqual([1, 2]);
    await expect(step(() => connection.execute(request, { n: 3 }))).rejects.toMatchObject({ number: 8179 });
  });

  test('a procedure called by name is run by EXEC with its values as parameters', async () => {
    await start(() => [{ kind: 'return-status', status: 1 }, done()]);
    const values = [
      { name: 'Resource', type: TYPES.NVarChar, value: 'lock' },
      { name: 'LockTimeout', type: TYPES.Int, value: 0 },
    ];
    const statuses: unknown[] = [];
    await query(connection, 'sys.sp_getapplock', values, 'procedure', (request) => {
      request.on('doneProc', (_count: unknown, _more: unknown, status: unknown) => statuses.push(status));
    });
    expect(statuses).toEqual([1]);
    expect(server.executed).toEqual([
      {
        text: 'EXEC sys.sp_getapplock @Resource = @P1, @LockTimeout = @P2',
        parameters: [
          { name: '@P1', value: 'lock' },
          { name: '@P2', value: 0 },
        ],
      },
    ]);
  });

  test('an output parameter is refused, not forgotten', async () => {
    await start(() => [done()]);
    const withOutput = (request: Request) => request.addOutputParameter('result', TYPES.Int);
    await expect(query(connection, 'SET @result = 1', [], 'rpc', withOutput)).rejects.toMatchObject({
      number: 40510,
    });
    expect(server.executed).toEqual([]);
  });

  test('a table-valued parameter is refused, and the connection lives on', async () => {
    await start(() => rows([['n', 'int']], [[1]]));
    const table = { columns: [{ name: 'n', type: TYPES.Int }], rows: [[1]] };
    const values = [{ name: 't', type: TYPES.TVP, value: table }];
    await expect(query(connection, 'SELECT', values)).rejects.toMatchObject({ number: 8009 });
    await expect(query(connection, 'SELECT 1')).resolves.toEqual([[1]]);
  });
});

describe('transactions and pooled connections', () => {
  const step = (act: (callback: (failure?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => {
      act((failure) => (failure ? reject(failure) : resolve()));
    });

  test("a driver's transactions begin, commit and roll back", async () => {
    await start(() => [done()]);
    await step((callback) => connection.beginTransaction(callback));
    await step((callback) => connection.commitTransaction(callback));
    await step((callback) => connection.beginTransaction(callback));
    await step((callback) => connection.rollbackTransaction(callback));
    expect(server.transactions).toEqual(['begin', 'commit', 'begin', 'rollback']);
  });

  test('a savepoint is rolled back to by its name, the transaction goes on', async () => {
    await start(() => [done()]);
    await step((callback) => connection.beginTransaction(callback));
    await step((callback) => connection.saveTransaction(callback, 'here'));
    await step((callback) => connection.rollbackTransaction(callback, 'here'));
    await step((callback) => connection.commitTransaction(callback));
    expect(server.executed.map(({ text }) => text)).toEqual([
      'SAVE TRANSACTION [here]',
      'ROLLBACK TRANSACTION [here]',
    ]);
    expect(server.transactions).toEqual(['begin', 'commit']);
  });

  test('a reset connection gets a fresh session of the same login', async () => {
    await start(() => [done()]);
    await step((callback) => connection.reset(callback));
    await query(connection, 'SELECT 1', [], 'batch');
    expect(server.logins.length).toBe(2);
    expect(server.logins[1]).toEqual(server.logins[0]);
    expect(server.closed).toEqual([51]);
  });
});
