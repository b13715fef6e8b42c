// One kept connection a database, used by one at a time.
import { describe, expect, test } from '@jest/globals';
import { SqlError } from '../../src/azure/errors.ts';
import type { SqlConnection, SqlConnector, SqlTarget } from '../../src/azure/ports.ts';
import { createSessions } from '../../src/azure/tsql/sessions.ts';
import { systemClock } from '../../src/clock.ts';
import { createSimulatedClock } from '../engine/simulated-clock.ts';

interface Opened {
  readonly target: SqlTarget;
  readonly connection: SqlConnection;
  lose(): void;
  closed: boolean;
}

function connector(gate: () => Promise<void> = async () => {}, clock = systemClock) {
  const opened: Opened[] = [];
  const connects: Pick<SqlConnector, 'connect'> = {
    connect: async (target) => {
      await gate();
      let isOpen = true;
      const one: Opened = {
        target,
        closed: false,
        lose: () => {
          isOpen = false;
        },
        connection: {
          server: target.host,
          database: target.database,
          get isOpen() {
            return isOpen;
          },
          query: async () => [],
          batch: async () => {},
          close: async () => {
            isOpen = false;
            one.closed = true;
          },
        },
      };
      opened.push(one);
      return one.connection;
    },
  };
  return { opened, sessions: createSessions(connects as SqlConnector, clock) };
}

const target = (database: string, host = 'blue.database.windows.net'): SqlTarget => ({
  host,
  database,
  purpose: 'test',
});

/** A promise and its two ends. */
function turn() {
  return Promise.withResolvers<void>();
}

describe('sessions', () => {
  test('keep one connection a database, whatever case it is written in', async () => {
    const { opened, sessions } = connector();
    const used: SqlConnection[] = [];
    for (const one of [
      target('contoso'),
      target('Contoso', 'BLUE.database.windows.net'),
      target('billing'),
    ]) {
      await sessions.on(one, async (connection) => used.push(connection));
    }
    expect(opened.map((one) => one.target.database)).toEqual(['contoso', 'billing']);
    expect(used[0]).toBe(used[1]);
    await sessions.on(target('contoso', 'green.database.windows.net'), async () => {});
    expect(opened).toHaveLength(3);
  });

  test('let one in at a time, in the order they came, also while the connection is being opened', async () => {
    const gate = turn();
    const { opened, sessions } = connector(() => gate.promise);
    const story: string[] = [];
    const waits = [turn(), turn()];
    const uses = ['first', 'second', 'third'].map((name, index) =>
      sessions.on(target('contoso'), async () => {
        story.push(`${name} in`);
        await waits[index]?.promise;
        story.push(`${name} out`);
      }),
    );
    gate.resolve();
    waits[1]?.resolve(); // ready before its turn
    waits[0]?.resolve();
    await Promise.all(uses);
    expect(story).toEqual(['first in', 'first out', 'second in', 'second out', 'third in', 'third out']);
    expect(opened).toHaveLength(1);
  });

  test('do not make one database wait for another', async () => {
    const { sessions } = connector();
    const stuck = turn();
    const first = sessions.on(target('contoso'), () => stuck.promise);
    expect(await sessions.on(target('billing'), async () => 'went on')).toBe('went on');
    stuck.resolve();
    await first;
  });

  test('open a lost connection again', async () => {
    const { opened, sessions } = connector();
    await sessions.on(target('contoso'), async () => opened[0]?.lose());
    await sessions.on(target('contoso'), async (connection) => expect(connection.isOpen).toBe(true));
    expect(opened).toHaveLength(2);
  });

  test('give a failure to whom it happened, and go on with the next', async () => {
    const { opened, sessions } = connector();
    const failing = sessions.on(target('contoso'), async () => {
      throw new Error('Msg 207');
    });
    const next = sessions.on(target('contoso'), async () => 'next');
    await expect(failing).rejects.toThrow('Msg 207');
    expect(await next).toBe('next');
    expect(opened).toHaveLength(1); // the connection had not failed
  });

  test('try to connect anew after a refusal', async () => {
    let refused = false;
    const { sessions } = connector(async () => {
      if (refused) return;
      refused = true;
      throw new Error('Login failed');
    });
    await expect(sessions.on(target('contoso'), async () => {})).rejects.toThrow('Login failed');
    expect(await sessions.on(target('contoso'), async () => 'in')).toBe('in');
  });

  describe('a connection that nobody gets afterwards', () => {
    test('has its successor opened meanwhile, which whoever comes next gets', async () => {
      const { opened, sessions } = connector();
      await sessions.lastOn(target('contoso'), async () => {
        await new Promise(setImmediate);
        expect(opened).toHaveLength(2);
      });
      const next = await sessions.on(target('contoso'), async (connection) => connection);
      expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
      expect(opened).toHaveLength(2);
      expect(next.isOpen).toBe(true);
      await sessions.closeAll();
      expect(opened.map(({ closed }) => closed)).toEqual([true, true]);
    });

    test('is closed also where its use fails, and a successor that comes late is closed as well', async () => {
      const late = turn();
      let connects = 0;
      const { opened, sessions } = connector(() => (++connects === 2 ? late.promise : Promise.resolve()));
      const failure = new Error('the script failed');
      await expect(
        sessions.lastOn(target('contoso'), async () => {
          throw failure;
        }),
      ).rejects.toBe(failure);
      expect(opened.map(({ closed }) => closed)).toEqual([true]);
      await sessions.on(target('contoso'), async () => {});
      late.resolve();
      await new Promise(setImmediate);
      expect(opened.map(({ closed }) => closed)).toEqual([true, false, true]);
    });

    test('has a short use: its successor, under way still, is waited for, and no third one is opened', async () => {
      const late = turn();
      let connects = 0;
      const { opened, sessions } = connector(() => (++connects === 2 ? late.promise : Promise.resolve()));
      const used = sessions.lastOn(target('contoso'), async () => 'ran');
      const next = sessions.on(target('contoso'), async (connection) => connection);
      await new Promise(setImmediate);
      expect(opened.map(({ closed }) => closed)).toEqual([false]);
      late.resolve();
      expect([await used, (await next).isOpen]).toEqual(['ran', true]);
      expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
    });

    test('has a successor that does not come: it is waited for a moment, then another one is opened', async () => {
      const late = turn();
      const clock = createSimulatedClock(0);
      let connects = 0;
      const { opened, sessions } = connector(
        () => (++connects === 2 ? late.promise : Promise.resolve()),
        clock,
      );
      const used = sessions.lastOn(target('contoso'), async () => 'ran');
      const next = sessions.on(target('contoso'), async (connection) => connection);
      await clock.advance(1_000);
      expect([await used, (await next).isOpen]).toEqual(['ran', true]);
      late.resolve();
      await new Promise(setImmediate);
      expect(opened.map(({ closed }) => closed)).toEqual([true, false, true]);
    });

    test('may have no successor: the next one who comes opens one, and is told why it cannot be', async () => {
      let connects = 0;
      const { sessions } = connector(async () => {
        if (++connects > 1) throw new SqlError('not now', 'login', []);
      });
      expect(await sessions.lastOn(target('contoso'), async () => 'ran')).toBe('ran');
      await expect(sessions.on(target('contoso'), async () => {})).rejects.toMatchObject({ kind: 'login' });
    });
  });

  describe('where the connection is lost', () => {
    const lost = () => new SqlError('socket hang up', 'lost', []);

    /** Sends the texts, and loses the connection at the last of them the first time. */
    function losingOnce(texts: readonly string[]) {
      const { opened, sessions } = connector();
      let runs = 0;
      const outcome = sessions.on(target('contoso'), async (connection) => {
        runs++;
        for (const text of texts) await connection.query(text);
        if (runs > 1) return 'answered';
        opened[0]?.lose();
        throw lost();
      });
      return { outcome, opened, runs: () => runs };
    }

    test.each([
      [['SELECT 1 AS one;']],
      [['SELECT name FROM sys.databases', 'SELECT 2']],
      [['SELECT 0 AS look, 1 AS one;\nSELECT 1 AS look, 2 AS two;']],
      [[]],
    ])('look again on a new one: %j', async (texts) => {
      const { outcome, opened } = losingOnce(texts);
      expect(await outcome).toBe('answered');
      expect(opened).toHaveLength(2);
    });

    test.each([
      [['SELECT 1', 'EXEC sys.sp_updateextendedproperty @name = @name;']],
      [['SELECT 1 AS one INTO dbo.Made']],
      [['SELECT 1; DELETE FROM dbo.Orders']],
      [['IF EXISTS (SELECT 1) DROP TABLE dbo.Orders']],
    ])('never do again what may have changed something: %j', async (texts) => {
      const { outcome, runs } = losingOnce(texts);
      await expect(outcome).rejects.toMatchObject({ kind: 'lost' });
      expect(runs()).toBe(1);
    });

    test('never send a batch again', async () => {
      const { sessions } = connector();
      let sent = 0;
      const outcome = sessions.on(target('contoso'), async (connection) => {
        await connection.batch('SELECT 1', { timeoutMs: 0 });
        sent++;
        throw lost();
      });
      await expect(outcome).rejects.toMatchObject({ kind: 'lost' });
      expect(sent).toBe(1);
    });

    test('do not look again on one that was given up: somebody waits for its turn', async () => {
      const { sessions } = connector();
      const stuck = turn();
      let looks = 0;
      const look = sessions.on(target('contoso'), async () => {
        looks++;
        await stuck.promise;
        throw lost();
      });
      await new Promise(setImmediate);
      await sessions.drop(target('contoso'));
      stuck.resolve();
      await expect(look).rejects.toMatchObject({ kind: 'lost' });
      expect(looks).toBe(1);
    });
  });

  test('close one on request, also while it is used; whoever waits for it gets a new one', async () => {
    const { opened, sessions } = connector();
    const stuck = turn();
    const first = sessions.on(target('contoso'), () => stuck.promise);
    const next = sessions.on(target('contoso'), async (connection) => connection);
    await new Promise(setImmediate); // the first is in
    await sessions.drop(target('Contoso'));
    expect(opened.map((one) => one.closed)).toEqual([true]);
    stuck.resolve(); // as the driver does when the connection is closed
    await first;
    expect((await next).isOpen).toBe(true);
    expect(opened).toHaveLength(2);
    await sessions.drop(target('nobody has used it'));
  });

  test('close all they have open', async () => {
    const { opened, sessions } = connector();
    await Promise.all(['contoso', 'billing'].map((name) => sessions.on(target(name), async () => {})));
    await sessions.closeAll();
    expect(opened.map((one) => one.closed)).toEqual([true, true]);
    await sessions.closeAll();
  });

  test('leave nothing open that was being opened when they were closed', async () => {
    const gate = turn();
    const { opened, sessions } = connector(() => gate.promise);
    const used: string[] = [];
    const pending = ['one', 'two'].map((name) => sessions.on(target('contoso'), async () => used.push(name)));
    await new Promise(setImmediate); // the connector has been asked
    await sessions.closeAll();
    gate.resolve();
    const ended = await Promise.allSettled(pending);
    expect(ended.map((one) => one.status)).toEqual(['rejected', 'rejected']);
    expect(opened.map((one) => one.closed)).toEqual([true]);
    expect(used).toEqual([]);
  });

  describe('on which something was taken that ends with its session', () => {
    const take = async () => 'taken';

    test('is regained on the next connection before anything is changed there, once', async () => {
      const { opened, sessions } = connector();
      const regained: SqlConnection[] = [];
      await sessions.onTaking(target('contoso'), take, async (connection) => {
        regained.push(connection);
      });
      opened[0]?.lose();
      await sessions.on(target('contoso'), (connection) => connection.query('SELECT 1;'));
      expect(regained).toEqual([]);
      await sessions.on(target('contoso'), (connection) =>
        connection.batch('ALTER DATABASE x;', { timeoutMs: 0 }),
      );
      await sessions.on(target('contoso'), (connection) => connection.query('EXEC x;'));
      expect(regained).toEqual([opened[1]?.connection]);
    });

    test('nothing is changed where it cannot be regained; looking goes on', async () => {
      const { opened, sessions } = connector();
      await sessions.onTaking(target('contoso'), take, () => Promise.reject(new Error('another has it')));
      opened[0]?.lose();
      const change = () =>
        sessions.on(target('contoso'), (connection) =>
          connection.batch('ALTER DATABASE x;', { timeoutMs: 0 }),
        );
      await expect(change()).rejects.toThrow('another has it');
      await sessions.on(target('contoso'), (connection) => connection.query('SELECT 1;'));
      await expect(change()).rejects.toThrow('another has it');
      await sessions.onTaking(target('contoso'), take, async () => {});
      await change();
    });
  });
});
