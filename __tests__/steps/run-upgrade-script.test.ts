// (5) runs on the copy of this very freeze, on each database what the configuration gives it, and nowhere else.
import { describe, expect, test } from '@jest/globals';
import { targetOn } from '../../src/application/regions.ts';
import { SqlError } from '../../src/azure/errors.ts';
import type { Config } from '../../src/config/config.ts';
import { encodeJournal } from '../../src/engine/journal.ts';
import { runUpgradeScript } from '../../src/steps/run-upgrade-script.ts';
import { freezing } from '../guards/parts.ts';
import { beforeTheSwitch, entry } from './before-the-switch.ts';
import { sessionsWith } from './sessions-with.ts';
import { type Application, application, type Database, statusOf } from './upgrade-databases.ts';

const run = { signal: new AbortController().signal, progress: () => {} };
const GREEN = 'contoso-sql-green.database.windows.net';

const scripts = (byDatabase: Record<string, string[]>): Config['upgrade'] => ({
  kind: 'scripts',
  databasesAtOnce: 1,
  scripts: byDatabase,
  variables: {},
  timeoutMs: 60_000,
});
const commands = (byDatabase: Record<string, string[]>): Config['upgrade'] => ({
  kind: 'command',
  databasesAtOnce: 1,
  command: byDatabase,
  timeoutMs: 60_000,
});

const statuses = ({ stage }: Application) =>
  Object.fromEntries(Object.entries(stage).map(([name, database]) => [name, statusOf(database)]));

describe('each database', () => {
  test('gets its own script, one after the other; one without is upgraded by being left as it is', async () => {
    const app = application({
      upgrade: scripts({ contoso: ['db/1.sql'], archive: [], billing: ['db/2.sql'] }),
      batches: { contoso: ['one', 'two'], archive: ['must not run'], billing: ['three'] },
    });
    const evidence = await runUpgradeScript(app.context).apply(run);
    expect(app.story).toEqual([
      `contoso at ${GREEN}: one (upgrading)`,
      `contoso at ${GREEN}: two (upgrading)`,
      `billing at ${GREEN}: three (upgrading)`,
    ]);
    expect(statuses(app)).toEqual({ contoso: 'upgraded', archive: 'upgraded', billing: 'upgraded' });
    expect(evidence).toEqual([
      expect.stringMatching(/^contoso: 2 batches, .* on contoso-sql-green$/),
      expect.stringMatching(/^archive: .*stays as it is$/),
      expect.stringMatching(/^billing: 1 batches/),
    ]);
    expect(app.stage.contoso?.journal).toContain('digest of contoso');
  });

  test.each([
    ['ALTER TABLE dbo.Orders ADD X int', 'a second one is opened meanwhile'],
    ['ALTER  DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON', 'it is the only one'],
  ])('runs "%s" on a connection of its own: %s', async (batch, how) => {
    const app = application({ upgrade: scripts({ contoso: ['1.sql'] }), batches: { contoso: [batch] } });
    const { sessions } = app.context;
    const used: string[] = [];
    const watched: typeof sessions = {
      ...sessions,
      lastOn: (...given) => {
        used.push('a second one is opened meanwhile');
        return sessions.lastOn(...given);
      },
      drop: async () => {
        used.push('it is the only one');
      },
    };
    await runUpgradeScript({ ...app.context, sessions: watched }).apply(run);
    expect(used).toEqual([how]);
    expect(statuses(app)).toEqual({ contoso: 'upgraded' });
  });

  test('gets its own command, with its own connection; one without gets none', async () => {
    const app = application({
      upgrade: commands({ contoso: ['dotnet', 'ef'], archive: [], billing: ['flyway', 'migrate'] }),
    });
    await runUpgradeScript(app.context).apply(run);
    expect(app.story).toEqual([`contoso at ${GREEN}: dotnet ef`, `billing at ${GREEN}: flyway migrate`]);
    expect(statuses(app)).toEqual({ contoso: 'upgraded', archive: 'upgraded', billing: 'upgraded' });
  });

  test('is assessed: to do before, done after, in all of them', async () => {
    const app = application({ upgrade: scripts({ contoso: ['db/1.sql'], archive: [] }) });
    const step = runUpgradeScript(app.context);
    expect(await step.assess(run)).toMatchObject({ kind: 'to-do' });
    await step.apply(run);
    expect(await step.assess(run)).toMatchObject({ kind: 'done' });
  });

  test('is not upgraded a second time by a second run', async () => {
    const app = application({ upgrade: scripts({ contoso: ['db/1.sql'] }), batches: { contoso: ['one'] } });
    const step = runUpgradeScript(app.context);
    await step.apply(run);
    expect(await step.apply(run)).toEqual(['contoso: run before']);
    expect(app.story).toHaveLength(1);
  });
});

describe('where the answer to the announcement is lost, and the stage database says "upgrading"', () => {
  const OWN = 'https://github.com/contoso/app/actions/runs/1';

  /** Written by `runUrl`. */
  function announcedBy(runUrl: string) {
    const app = application({ upgrade: scripts({ contoso: ['db/1.sql'] }), batches: { contoso: ['one'] } });
    let isLost = false;
    const sessions = sessionsWith((target, use) =>
      app.context.sessions.on(target, (connection) =>
        use({
          ...connection,
          query: async (text, parameters = {}, ...rest) => {
            if (text.includes('APPLOCK_MODE')) return [{ mode: 'Exclusive' }];
            if (isLost || !text.includes('sp_addextendedproperty'))
              return connection.query(text, parameters, ...rest);
            isLost = true;
            const value = JSON.stringify({ ...JSON.parse(String(parameters.value)), runUrl });
            await connection.query(text, { ...parameters, value }, ...rest);
            throw new SqlError('the connection was lost', 'lost', []);
          },
        }),
      ),
    );
    // Pauses are over at once; the watch over production, which looks every 20 s, is not what this is about.
    const { clock: stopped } = app.context;
    const sleep = (ms: number, signal?: AbortSignal) =>
      ms < 1_000 ? Promise.resolve() : stopped.sleep(ms, signal);
    const clock = { now: stopped.now, sleep };
    return { ...app, context: { ...app.context, sessions, clock, runUrl: OWN } };
  }

  test('the script runs, once, where this run wrote that', async () => {
    const app = announcedBy(OWN);
    await runUpgradeScript(app.context).apply(run);
    expect(app.story).toEqual([`contoso at ${GREEN}: one (upgrading)`]);
  });

  test('and not where another run did, which had the lock meanwhile', async () => {
    const app = announcedBy('https://github.com/contoso/app/actions/runs/2');
    await expect(runUpgradeScript(app.context).apply(run)).rejects.toMatchObject({
      reason: 'script-outcome-unknown',
    });
    expect(app.story).toEqual([]);
  });
});

test('a command that fails stops the next database’s, and its own database is not called upgraded', async () => {
  const app = application({
    upgrade: commands({ contoso: ['dotnet', 'ef'], billing: ['flyway'] }),
    exitCode: 3,
  });
  const step = runUpgradeScript(app.context);
  await expect(step.apply(run)).rejects.toMatchObject({
    reason: 'script-failed',
    message: expect.stringMatching(/dotnet ended with exit code 3 \(database contoso\)/),
  });
  expect(app.story).toHaveLength(1);
  expect(statuses(app)).toEqual({ contoso: 'upgrading', billing: 'freezing' });
  expect(await step.assess(run)).toMatchObject({ kind: 'blocked', reason: 'script-outcome-unknown' });
});

describe.each(['script', 'command'])('a %s is never begun', (kind) => {
  const begin = (change: (stage: Database) => void) => {
    const list = { contoso: ['x'] };
    const app = application({
      upgrade: kind === 'script' ? scripts(list) : commands(list),
      batches: { contoso: ['must not run'] },
    });
    if (app.stage.contoso) change(app.stage.contoso);
    return { app, ended: runUpgradeScript(app.context).apply(run) };
  };

  test.each<[string, (stage: Database) => void, RegExp]>([
    [
      'on production’s server',
      (stage) => Object.assign(stage, { serverName: 'contoso-sql-blue' }),
      /contoso-sql-blue, not to/,
    ],
    [
      'on a database that is still linked',
      (stage) => Object.assign(stage, { linked: true }),
      /geo-secondary/,
    ],
    [
      'on a database without an entry',
      (stage) => Object.assign(stage, { journal: null }),
      /not a copy of this freeze/,
    ],
    [
      'on a copy of an earlier freeze',
      (stage) => Object.assign(stage, { journal: encodeJournal({ ...freezing(), upgradeId: 'earlier' }) }),
      /not a copy of this freeze/,
    ],
    [
      'on a copy of another application',
      (stage) => Object.assign(stage, { journal: encodeJournal({ ...freezing(), application: 'other' }) }),
      /not a copy of this freeze/,
    ],
  ])('%s', async (_, change, message) => {
    const { app, ended } = begin(change);
    const before = app.stage.contoso?.journal;
    await expect(ended).rejects.toThrow(message);
    expect(app.story).toEqual([]);
    expect(app.stage.contoso?.journal).toBe(before);
  });
});

describe('where the stage slot has a backup region', () => {
  const cutOff = (before: (text: string) => void | Promise<void> = () => {}) =>
    beforeTheSwitch({ databases: { '2': { entry: entry('1', 'freezing'), before } } });

  test('the script makes it scripted, not upgraded, and does not run again', async () => {
    const app = cutOff();
    await app.ended(runUpgradeScript(app.context).apply(run));
    expect(app.story).toEqual(['2 journal upgrading', '2 journal scripted']);
    expect(await runUpgradeScript(app.context).assess(run)).toMatchObject({ kind: 'done' });
  });

  test('whoever waits for the stage database meanwhile gets a connection that nobody closes', async () => {
    const app = cutOff((text) =>
      text.includes('sp_addextendedproperty') ? app.clock.sleep(10_000) : undefined,
    );
    const script = app.ended(runUpgradeScript(app.context).apply(run));
    await app.clock.advance(1_000);
    // Side by side with the script, as the seeding of its geo-secondary is waited for.
    const open = app.context.sessions.on(
      targetOn(app.context.stage, 'contoso', 'seeding'),
      async (connection) => {
        await app.clock.sleep(1_000);
        return connection.isOpen;
      },
    );
    await script;
    expect(await open).toBe(true);
  });
});
