// What runs on which database: one list for all of them, or one for each.
import { describe, expect, test } from '@jest/globals';
import { variable } from '../../src/config/variables.ts';
import { changed, load, problemsOf, sample } from './sample.ts';

const two = () => ({ ...sample(), databases: ['contoso', 'billing'] });
const files = { 'db/1.sql': '', 'billing/1.sql': '' };

describe('upgrade', () => {
  test.each(['scripts', 'command'] as const)('%s as a list hold for every database', (key) => {
    const { config } = load({ ...two(), upgrade: { [key]: ['db/*.sql'] } });
    expect(config?.upgrade).toMatchObject({ [key]: { contoso: ['db/*.sql'], billing: ['db/*.sql'] } });
  });

  test('scripts as a mapping are each database its own', () => {
    const scripts = { billing: ['billing/*.sql'], contoso: ['db/1.sql'] };
    expect(load({ ...two(), upgrade: { scripts } }, {}, files).config?.upgrade).toMatchObject({ scripts });
  });

  test('a command as a mapping is each database its own', () => {
    const command = { contoso: ['dotnet', 'ef'], billing: ['flyway', 'migrate'] };
    expect(load({ ...two(), upgrade: { command } }).config?.upgrade).toMatchObject({
      kind: 'command',
      command,
    });
  });

  test('a database may be left as it is, where that is said', () => {
    const scripts = { contoso: ['db/*.sql'], billing: [] };
    expect(load({ ...two(), upgrade: { scripts } }).config?.upgrade).toMatchObject({ scripts });
  });

  test.each([{ scripts: [] }, { command: [] }])('%j for all of them is refused', (upgrade) => {
    expect(problemsOf(load({ ...two(), upgrade }))).toEqual([
      expect.stringMatching(/upgrade\.(?:scripts|command): found an empty list/),
    ]);
  });

  test('a mistyped database is told with the one that was meant', () => {
    const upgrade = { scripts: { contoso: ['db/*.sql'], biling: [] } };
    expect(problemsOf(load({ ...two(), upgrade }))).toEqual([
      expect.stringMatching(/upgrade\.scripts: found nothing for the database billing/),
      expect.stringMatching(/upgrade\.scripts\.biling: .*Did you mean "billing"\?/),
    ]);
  });

  test('an entry that is not a list is told at its place', () => {
    expect(problemsOf(load(changed(sample(), 'upgrade.scripts', { contoso: 'db/*.sql' })))).toEqual([
      expect.stringMatching(
        /upgrade\.scripts\.contoso: found "db\/\*\.sql"; allowed: a list of files or globs/,
      ),
    ]);
    expect(problemsOf(load(changed(sample(), 'upgrade.scripts', 'db/*.sql')))).toEqual([
      expect.stringMatching(/upgrade\.scripts: found .*; allowed: a list .*, or a mapping with such a list/),
    ]);
  });

  test('a database named by a variable is meant by its value, which is not shown', () => {
    const file = { ...sample(), databases: [variable('DB')] };
    const right = load({ ...file, upgrade: { scripts: { orders: ['db/*.sql'] } } }, { DB: 'orders' });
    expect(right.config?.upgrade).toMatchObject({ scripts: { orders: ['db/*.sql'] } });
    const wrong = load({ ...file, upgrade: { scripts: {} } }, { DB: 'orders' });
    expect(problemsOf(wrong)).toEqual([expect.stringContaining(`for the database ${variable('DB')}`)]);
  });
});
