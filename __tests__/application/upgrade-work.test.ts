import { describe, expect, test } from '@jest/globals';
import type { UpgradeContext } from '../../src/application/upgrade-context.ts';
import { describeUpgrade, describeWork, upgradeWork } from '../../src/application/upgrade-work.ts';
import type { Config } from '../../src/config/config.ts';
import type { UpgradeScript } from '../../src/sqlcmd/script.ts';
import { config } from '../guards/parts.ts';

const script: UpgradeScript = { batches: [], digest: 'd1', files: ['db/1.sql', 'db/2.sql'] };

function application(upgrade: Config['upgrade']) {
  const read: string[] = [];
  const parts = {
    config: config({
      databases: Object.keys(upgrade.kind === 'command' ? upgrade.command : upgrade.scripts),
      upgrade,
    }),
    readScript: async (database: string) => {
      read.push(database);
      return script;
    },
  };
  return { context: parts as unknown as UpgradeContext, read };
}

const scripts = (byDatabase: Record<string, string[]>): Config['upgrade'] => ({
  kind: 'scripts',
  databasesAtOnce: 1,
  scripts: byDatabase,
  variables: {},
  timeoutMs: 1,
});
const commands = (byDatabase: Record<string, string[]>): Config['upgrade'] => ({
  kind: 'command',
  databasesAtOnce: 1,
  command: byDatabase,
  timeoutMs: 1,
});

describe('what is done to a database', () => {
  test('is its own script, or nothing; a script is only read where there is one', async () => {
    const { context, read } = application(scripts({ contoso: ['db/*.sql'], archive: [] }));
    expect(await upgradeWork(context, 'contoso')).toEqual({ kind: 'script', script });
    expect(await upgradeWork(context, 'archive')).toEqual({ kind: 'none' });
    expect(read).toEqual(['contoso']);
  });

  test('is its own command, or nothing', async () => {
    const { context } = application(commands({ contoso: ['dotnet', 'ef'], archive: [] }));
    expect(await upgradeWork(context, 'contoso')).toEqual({ kind: 'command', command: ['dotnet', 'ef'] });
    expect(await upgradeWork(context, 'archive')).toEqual({ kind: 'none' });
  });

  test('has to be said: what the configuration does not name is not taken for nothing', async () => {
    const { context } = application(scripts({ contoso: [] }));
    await expect(upgradeWork(context, 'billing')).rejects.toThrow(/billing/);
  });

  test('is told in words', async () => {
    expect(describeWork({ kind: 'script', script })).toBe('script of 0 batches from 2 files');
    expect(describeWork({ kind: 'command', command: ['flyway', 'migrate'] })).toBe('command flyway');
    expect(describeWork({ kind: 'none' })).toMatch(/stays as it is/);
  });

  test.each([
    [scripts({ contoso: ['a.sql'], billing: [] }), 'upgrade script'],
    [commands({ contoso: ['flyway'], billing: ['flyway', 'migrate'] }), 'command flyway'],
    [commands({ contoso: ['dotnet', 'ef'], billing: ['flyway'], archive: [] }), 'commands dotnet and flyway'],
  ])('of all databases is told in one', (upgrade, expected) => {
    expect(describeUpgrade(application(upgrade).context)).toBe(expected);
  });
});
