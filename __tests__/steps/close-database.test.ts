// Closing a database by either method, on a database that is a few facts: what is sent, what is waited for, what is refused.

import { describe, expect, test } from '@jest/globals';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { SqlError } from '../../src/azure/errors.ts';
import type { SqlConnection, SqlMessage, SqlRow } from '../../src/azure/ports.ts';
import { readAccess, setReadWrite } from '../../src/azure/tsql/access-mode.ts';
import type { FreezeMethod } from '../../src/config/config.ts';
import { closeDatabase, settleWriters } from '../../src/steps/close-database.ts';
import { whyNotClosed, whyNotSettled } from '../../src/steps/still-closed.ts';
import { unfreezeCommand } from '../../src/steps/unfreeze-command.ts';
import { createSimulatedClock } from '../engine/simulated-clock.ts';
import { config, START } from '../guards/parts.ts';
import { ALL_KNOWN } from './all-known.ts';
import { sessionsWith } from './sessions-with.ts';

const TARGET = { host: 'contoso-sql-blue.database.windows.net', database: 'contoso', purpose: 'test' };
const NEVER = new AbortController().signal;
const HOLDER = { session_id: 61, login_name: 'clerk', program_name: 'till', host_name: 'shop' };

const sqlError = (number: number) => {
  const message: SqlMessage = {
    number,
    severity: 16,
    state: 1,
    line: 1,
    procedure: '',
    text: `error ${number}`,
  };
  return new SqlError(`error ${number}`, 'server', [message]);
};

function databaseOf(method: FreezeMethod, graceSeconds = 10) {
  const clock = createSimulatedClock(START);
  const facts = {
    readOnly: false,
    fenced: false,
    refusesReadOnly: false,
    bindsCaller: false,
    obstacles: [] as SqlRow[],
    holders: [] as SqlRow[],
    /** Of the fence: what it has. */
    parts: [] as SqlRow[],
    lastWrite: null as Date | null,
    story: [] as string[],
  };
  const whole = [
    ...['INSERT', 'UPDATE', 'DELETE', 'ALTER', 'TAKE OWNERSHIP'].map((name) => ({ kind: 'denied', name })),
    { kind: 'member', name: 'clerk' },
  ];
  const connection: SqlConnection = {
    server: TARGET.host,
    database: TARGET.database,
    isOpen: true,
    query: async (text) => {
      const server_time = new Date(clock.now());
      if (text.includes('Updateability'))
        return [
          { mode: facts.readOnly ? 'READ_ONLY' : 'READ_WRITE', fence: facts.fenced ? 7 : null, server_time },
        ];
      if (text.includes('CREATE ROLE')) {
        if (facts.bindsCaller) throw sqlError(51_001);
        facts.story.push('fence raised');
        facts.fenced = true;
        facts.parts = whole;
        return [];
      }
      if (text.includes('DROP ROLE')) {
        facts.story.push('fence dropped');
        facts.fenced = false;
        return [];
      }
      if (text.includes('extended_properties')) return [];
      if (text.includes('application-role')) return facts.obstacles;
      if (text.includes('dm_tran_database_transactions')) return facts.holders;
      if (text.includes('authenticating_database_id')) return [];
      if (text.includes('open schema')) return facts.parts;
      if (text.includes('dm_db_index_usage_stats')) return [{ last_write: facts.lastWrite, server_time }];
      throw new Error(`a query no step sends: ${text}`);
    },
    batch: async (text) => {
      if (text.startsWith('KILL')) {
        facts.story.push(text);
        facts.holders = [];
        return;
      }
      const mode = /SET (READ_ONLY|READ_WRITE)/.exec(text)?.[1] ?? '';
      if (facts.refusesReadOnly) throw sqlError(1468);
      facts.story.push(mode);
      facts.readOnly = mode === 'READ_ONLY';
    },
    close: async () => {},
  };
  const parts: Partial<UpgradeContext> = {
    config: config({ freezeMethod: method, freezeGraceSeconds: graceSeconds }),
    clock,
    log: { line: () => {}, warning: () => {}, group: () => {}, endGroup: () => {} },
    known: ALL_KNOWN,
    sessions: sessionsWith(async (_, use) => use(connection)),
  };
  const context = parts as UpgradeContext;
  const close = async () => {
    await closeDatabase(context, TARGET, NEVER);
    const settled = settleWriters(context, TARGET, NEVER);
    settled.catch(() => {}); // told to whoever waits for it
    for (let seconds = 0; seconds < 120; seconds++) await clock.advance(1_000);
    return settled;
  };
  return { facts, context, clock, connection, close };
}

describe('closing a database', () => {
  test.each([
    ['read-only', false, ['READ_ONLY']],
    ['auto', false, ['READ_ONLY']],
    ['auto', true, ['fence raised']],
    ['deny-writes', false, ['fence raised']],
  ] as const)('%s, SET READ_ONLY refused: %s', async (method, refusesReadOnly, story) => {
    const { facts, close } = databaseOf(method);
    facts.refusesReadOnly = refusesReadOnly;
    await close();
    expect(facts.story).toEqual(story);
  });

  test('read-only does not go on to the fence by itself', async () => {
    const { facts, close } = databaseOf('read-only');
    facts.refusesReadOnly = true;
    await expect(close()).rejects.toThrow('1468');
    expect(facts.story).toEqual([]);
  });

  test('a fence that stands already is not raised again', async () => {
    const { facts, close } = databaseOf('deny-writes');
    await close();
    await close();
    expect(facts.story).toEqual(['fence raised']);
  });

  test('who holds writes gets the grace, and is ended then', async () => {
    const { facts, close } = databaseOf('deny-writes');
    facts.holders = [HOLDER];
    expect((await close()).evidence).toContain('1 that held writes after the grace was ended');
    expect(facts.story).toEqual(['fence raised', 'KILL 61;']);
  });

  test('who commits within the grace is not ended', async () => {
    const { facts, close, clock } = databaseOf('deny-writes', 60);
    facts.holders = [HOLDER];
    clock.sleep(30_000, NEVER).then(
      () => {
        facts.holders = [];
      },
      () => {},
    );
    expect((await close()).evidence).toContain('no session holds any');
    expect(facts.story).toEqual(['fence raised']);
  });

  test('a fence that would bind the caller is refused', async () => {
    const { facts, close } = databaseOf('deny-writes');
    facts.bindsCaller = true;
    await expect(close()).rejects.toMatchObject({ reason: 'fence-not-possible' });
  });

  test('obstacles that have come since the guards are refused before anything is written', async () => {
    const { facts, close } = databaseOf('deny-writes');
    facts.obstacles = [{ kind: 'application-role', name: 'till', objects: 0 }];
    await expect(close()).rejects.toMatchObject({ reason: 'fence-not-possible' });
    expect(facts.story).toEqual([]);
  });

  test('a user who is created meanwhile is not in it: not closed', async () => {
    const { facts, close } = databaseOf('deny-writes');
    await closeDatabase(databaseOf('deny-writes').context, TARGET, NEVER);
    facts.fenced = true;
    facts.parts = [{ kind: 'free', name: 'newcomer' }];
    await expect(close()).rejects.toMatchObject({
      reason: 'freeze-failed',
      message: expect.stringContaining('newcomer is not in it'),
    });
  });
});

describe('opening it', () => {
  test('lifts whichever stands, and both', async () => {
    const { facts, connection } = databaseOf('auto');
    Object.assign(facts, { readOnly: true, fenced: true });
    await setReadWrite(connection);
    Object.assign(facts, { readOnly: false, fenced: true });
    await setReadWrite(connection);
    Object.assign(facts, { readOnly: true, fenced: false });
    await setReadWrite(connection);
    expect(facts.story).toEqual(['READ_WRITE', 'fence dropped', 'fence dropped', 'READ_WRITE']);
  });

  test("a person's command has what the method may have closed", () => {
    const command = (method: FreezeMethod) => {
      const { context } = databaseOf(method);
      const server = { fullyQualifiedDomainName: TARGET.host, name: 'contoso-sql-blue' };
      const slots = { production: { server, standby: null }, databases: [] };
      return unfreezeCommand({ ...context, ...slots } as unknown as UpgradeContext, "it's");
    };
    expect(command('read-only')).toContain(
      "ALTER DATABASE [it'\\''s] SET READ_WRITE WITH ROLLBACK IMMEDIATE;",
    );
    expect(command('read-only')).not.toContain('ROLE');
    for (const method of ['deny-writes', 'auto'] as const) {
      expect(command(method)).toContain('DROP ROLE IF EXISTS [rolling-upgrade-fence];');
      expect(command(method)).not.toContain('\n');
    }
  });
});

describe('asked again before something rests upon it', () => {
  async function closed() {
    const database = databaseOf('deny-writes');
    const { at } = await database.close();
    return { ...database, at };
  }

  test('nobody has written: closed', async () => {
    const { facts, connection, at } = await closed();
    facts.lastWrite = at;
    expect(await whyNotClosed(connection, await readAccess(connection), at)).toBeNull();
    expect(await whyNotSettled(connection, await readAccess(connection))).toBeNull();
  });

  test('somebody whom it does not bind has written', async () => {
    const { facts, connection, at } = await closed();
    facts.lastWrite = new Date((at?.getTime() ?? 0) + 20);
    expect(await whyNotClosed(connection, await readAccess(connection), at)).toContain(
      'whom the fence does not bind wrote',
    );
  });

  test.each([
    [{ kind: 'free', name: 'clerk' }, 'clerk is not in it'],
    [{ kind: 'open schema', name: 'sales' }, 'EXECUTE is not denied in schema sales'],
  ])('%o', async (row, words) => {
    const { facts, connection, at } = await closed();
    facts.parts = [...facts.parts, row];
    expect(await whyNotClosed(connection, await readAccess(connection), at)).toContain(words);
  });

  test('a denial that is gone', async () => {
    const { facts, connection, at } = await closed();
    facts.parts = facts.parts.filter(({ name }) => name !== 'DELETE');
    expect(await whyNotClosed(connection, await readAccess(connection), at)).toContain(
      'DELETE is not denied',
    );
  });

  test('a transaction from before it goes on, which a killed run did not see end', async () => {
    const { facts, connection } = await closed();
    facts.holders = [HOLDER];
    expect(await whyNotSettled(connection, await readAccess(connection))).toContain(
      'writes are held by session 61 (clerk, till, shop)',
    );
    expect(await whyNotClosed(connection, await readAccess(connection), null)).toContain('session 61');
  });

  test('somebody dropped the role', async () => {
    const { facts, connection, at } = await closed();
    facts.fenced = false;
    expect(await whyNotClosed(connection, await readAccess(connection), at)).toBe(
      'somebody set it read-write',
    );
  });
});
