import { afterEach, describe, expect, test } from '@jest/globals';
import type { SqlMessage } from '../../src/azure/ports.ts';
import { caught, closeServers, DONE, start, target } from './scripted-connector.ts';
import { error } from './scripted-sql-server.ts';

afterEach(closeServers);

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
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

describe('what SQL Server refuses for now', () => {
  /** Refuses with this number so often, then answers 1. */
  async function refusing(number: number, times: number) {
    let asked = 0;
    const { connector, server } = await start(async function* (text) {
      if (!text.includes('of the tool')) {
        yield DONE;
        return;
      }
      if (++asked <= times) {
        yield { kind: 'message', message: error(number, 'not now') };
      } else {
        yield { kind: 'columns', columns: [{ name: 'n', type: 'int' }] };
        yield { kind: 'row', values: [1] };
      }
      yield DONE;
    });
    const connection = await connector.connect(target);
    return { connection, server, asked: () => asked };
  }

  test.each([40613, 40501, 40197, 1205])('%i: a statement of the tool is sent again', async (number) => {
    const { connection, asked } = await refusing(number, 1);
    expect(await connection.query("SELECT 'of the tool'")).toEqual([{ n: 1 }]);
    expect(asked()).toBe(2);
    await connection.close();
  });

  test.each([40613, 1205])('%i: a batch is not', async (number) => {
    const { connection, asked } = await refusing(number, 1);
    expect((await caught(connection.batch("PRINT 'of the tool'", { timeoutMs: 0 }))).has(number)).toBe(true);
    expect(asked()).toBe(1);
    await connection.close();
  });

  test('nor is what it refuses for good', async () => {
    const { connection, asked } = await refusing(229, 1);
    expect((await caught(connection.query("SELECT 'of the tool'"))).has(229)).toBe(true);
    expect(asked()).toBe(1);
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
