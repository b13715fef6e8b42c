import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatDurationExactly, parseDuration } from '../../src/config/duration.ts';
import * as rules from '../../src/config/names.ts';
import { didYouMean, nearMiss } from '../../src/config/near-miss.ts';
import { resolveScripts } from '../../src/config/script-files.ts';
import { substituteVariables, variable } from '../../src/config/variables.ts';
import { workspace } from './sample.ts';

const names = { ...rules };

describe('durations', () => {
  test.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1h0m5s', 3_605_000],
    ['0s', 0],
  ])('%s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each([
    '',
    '10',
    'm',
    '1.5h',
    '-5s',
    '5 m',
    '30m1h',
    '5M',
    '5ms',
    ' 5m',
    '5m\n',
  ])('%j is none', (text) => expect(parseDuration(text)).toBeNull());

  test('are written as they are read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seconds) =>
        expect(parseDuration(formatDurationExactly(seconds * 1000))).toBe(seconds * 1000),
      ),
    );
  });
});

describe('near misses', () => {
  const keys = ['sql-server', 'web-app', 'endpoint', 'resource-group'];
  test.each([
    ['sqlserver', 'sql-server'],
    ['sql_server', 'sql-server'],
    ['SQL-Servre', 'sql-server'],
    ['webapp', 'web-app'],
    ['end-points', 'endpoint'],
    ['ressource-group', 'resource-group'],
  ])('%s is meant to be %s', (written, meant) => expect(nearMiss(written, keys)).toBe(meant));

  test.each(['database', 'x', ''])('%j is nothing near', (written) => {
    expect(nearMiss(written, keys)).toBeNull();
    expect(didYouMean(written, keys)).toBe('');
  });
});

describe("Azure's rules for names", () => {
  test.each([
    [
      'SQL_SERVER',
      ['contoso-sql-1', 'a'],
      ['Contoso', '-a', 'a-', 'a_b', 'a.database.windows.net', 'x'.repeat(64), ''],
    ],
    [
      'FAILOVER_GROUP',
      ['contoso-fog-blue', 'a', '1fog', 'x'.repeat(63)],
      ['Contoso', '-a', 'a-', 'a_b', 'a.database.windows.net', 'x'.repeat(64), ''],
    ],
    [
      'DATABASE',
      ['contoso', 'My Orders 2', 'x'.repeat(128), 'a.b'],
      ['a.', 'a ', 'a/b', 'a:b', 'Master', 'x'.repeat(129)],
    ],
    ['WEB_APP', ['contoso', 'Contoso-2'], ['a', 'a.azurewebsites.net', '-ab', 'x'.repeat(61)]],
    ['RESOURCE_GROUP', ['rg', 'Größe_(1).x', 'x'.repeat(90)], ['rg.', 'a b', 'x'.repeat(91)]],
    ['DEPLOYMENT_SLOT', ['staging', 'v2'], ['production', 'Production', 'a b']],
    ['PROFILE', ['contoso', 'contoso.eu'], ['contoso-', 'a b']],
    [
      'HOST_NAME',
      ['www.contoso.com', 'contoso.trafficmanager.net'],
      ['https://www.contoso.com', 'www.contoso.com/', 'contoso', '1.2.3.4'],
    ],
    ['URL_PATH', ['/health', '/a?b=c'], ['health', 'https://x', '/a b']],
  ] as const)('%s', (rule, right, wrong) => {
    for (const name of right) expect(names[rule].pattern.test(name) || name).toBe(true);
    for (const name of wrong) expect(names[rule].pattern.test(name) && name).toBe(false);
  });

  test('every example is right', () => {
    for (const rule of Object.values(names))
      expect(rule.pattern.test(rule.example) || rule.example).toBe(true);
  });
});

describe('scripts', () => {
  const files = {
    'db/10.sql': '',
    'db/2.sql': '',
    'db/B.sql': '',
    'db/a.sql': '',
    'db/x/1.sql': '',
    'other/[1].sql': '',
  };

  test('come in the order of the list, and of their bytes within a glob, each once', () => {
    const { files: found } = resolveScripts(['db/a.sql', 'db/*.sql', 'db/**/*.sql'], workspace(files));
    expect(found).toEqual(['db/a.sql', 'db/10.sql', 'db/2.sql', 'db/B.sql', 'db/x/1.sql']);
  });

  test('may have brackets in their names', () => {
    expect(resolveScripts(['other/[1].sql'], workspace(files))).toEqual({
      files: ['other/[1].sql'],
      unmatched: [],
    });
  });

  test('that match nothing, or only a folder, are told', () => {
    expect(resolveScripts(['db/2.sql', 'db/*.sqll', 'db/x'], workspace(files)).unmatched).toEqual([1, 2]);
  });

  test('may be told in one glob that is longer than a name can be', () => {
    const long = Array.from({ length: 60 }, (_, at) => `${at}.sql`).join(',');
    expect(resolveScripts([`db/{${long}}`], workspace(files)).files).toEqual(['db/10.sql', 'db/2.sql']);
  });
});

describe('variables', () => {
  test('text without references is left alone, and escapes give it back', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const escaped = text.replaceAll('${', '$${');
        // "$" before the escape would itself be read as one: "$${" stays what it is.
        fc.pre(!text.includes('$${'));
        expect(substituteVariables(escaped, {}).text).toBe(text);
      }),
    );
  });

  test('values are put in as they are, also where they look like references', () => {
    expect(substituteVariables(`a${variable('X')}b`, { X: `${variable('Y')}$&` })).toMatchObject({
      text: `a${variable('Y')}$&b`,
      missing: [],
    });
  });
});
