// Whatever a name holds, it is one word to a shell, one identifier to SQL Server and one segment to Resource Manager.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quoteName } from '../../src/azure/tsql/identifiers.ts';
import { DATABASE, RESOURCE_GROUP } from '../../src/config/names.ts';
import { command, shell, sqlcmd } from '../../src/engine/command-line.ts';
import { azFor } from '../../src/service/az-command.ts';
import { literalAt } from '../../src/sqlcmd/literals.ts';
import { ScriptVariables, substitute } from '../../src/sqlcmd/variables.ts';

const NASTY = [
  ...[
    "'",
    '"',
    '`',
    '$(id)',
    '$HOME',
    '\\',
    ';',
    '&&',
    '|',
    '>',
    '<',
    '*',
    '?',
    '~',
    '!',
    '#',
    ' ',
    '=',
    '-',
  ],
  ...[
    ']',
    ']]',
    '[',
    '--',
    '/*',
    '*/',
    "';",
    "N'",
    '$(PATH)',
    'é',
    'İ',
    '𝄞',
    '%',
    '{',
    '}',
    '(',
    ')',
    ',',
    '\u02bc',
  ],
];
const name = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((pieces) => pieces.join('').slice(0, 128).toWellFormed());
const CONTROL = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const printable = name.filter((text) => !CONTROL.test(text));
const control = fc.constantFrom('\n', '\r', '\0', '\u001b[2J', '\u0003', '\u0085', '\u2028', '\u202e');

/** What a shell makes of command lines: the words of each. */
function wordsOf(commandLines: readonly string[]): string[][] {
  const script = commandLines.map((line) => `set -- ${line}\nprintf '%s\\0' "$#" "$@"\n`).join('');
  const { stdout, status } = spawnSync('/bin/sh', ['-f'], {
    input: script,
    encoding: 'utf8',
    env: { PATH: '/none' },
  });
  expect(status).toBe(0);
  const parts = stdout.split('\0');
  const words: string[][] = [];
  for (let at = 0; at < parts.length - 1; at += 1 + Number(parts[at]))
    words.push(parts.slice(at + 1, at + 1 + Number(parts[at])));
  return words;
}

describe('a command that people copy', () => {
  test('is to a shell the words that were meant, whatever names are', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(printable, printable), { minLength: 1, maxLength: 60 }), (names) => {
        const lines = names.flatMap(([one, other]) => [
          command('az', 'sql', 'db', 'show', '-g', one, '-n', other),
          shell`az sql db delete -g ${one} -s ${other} -n ${one}`,
        ]);
        expect(wordsOf(lines)).toEqual(
          names.flatMap(([one, other]) => [
            ['az', 'sql', 'db', 'show', '-g', one, '-n', other],
            ['az', 'sql', 'db', 'delete', '-g', one, '-s', other, '-n', one],
          ]),
        );
      }),
      { numRuns: 15 },
    );
  });

  test('has no character that a terminal obeys: a name with one is left out', () => {
    fc.assert(
      fc.property(name, control, name, (before, evil, after) => {
        for (const line of [command('az', `${before}${evil}${after}`), shell`az ${evil} -n ${before}`])
          expect(line).not.toMatch(CONTROL);
        expect(command('az', `${before}${evil}${after}`)).toBe("az '?'");
      }),
    );
  });

  test('gives sqlcmd a statement as it is: no scripting variable, one argument', () => {
    const statement = (database: string) => `ALTER DATABASE ${quoteName(database)} SET READ_WRITE;`;
    fc.assert(
      fc.property(fc.array(printable, { minLength: 1, maxLength: 40 }), (names) => {
        const lines = names.map((one) => sqlcmd('a.database.windows.net', one, statement(one)));
        for (const [at, words] of wordsOf(lines).entries()) {
          const database = names[at] ?? '';
          expect([words[4], words.at(-1)]).toEqual([database, statement(database)]);
          expect(words.includes('-x')).toBe(statement(database).includes('$('));
        }
      }),
      { numRuns: 15 },
    );
  });

  test('quotes the parts of a resource id too', () => {
    const id = "/subscriptions/1' ; id/resourceGroups/g/providers/x/y/z";
    expect(wordsOf([azFor(id, 'vmss', 'list')])).toEqual([
      ['az', 'vmss', 'list', '--subscription', "1' ; id"],
    ]);
  });

  test('is written by one of these everywhere in src', () => {
    // `az … ${…}` in a template that nothing quotes, and sqlcmd with a value in it.
    const unquoted = globSync('src/**/*.ts').flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      const templates = [...text.matchAll(/(\w*)`(?:[^`\\]|\\.)*`/g)];
      return templates
        .filter(
          ([whole, tag]) =>
            tag !== 'shell' && /(?:^|[`: ])(?:az [a-z-]+ [a-z-]+|sqlcmd -S) [^`]*\$\{/.test(whole),
        )
        .filter(([whole]) => !/az [^`]*\$\{shell$/.test(whole))
        .map(([whole]) => `${file}: ${whole.slice(0, 120)}`);
    });
    expect(unquoted).toEqual([]);
  });
});

describe('a name in T-SQL', () => {
  test('is one identifier, and that name', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          name,
          fc.tuple(name, control).map(([one, evil]) => `${one}${evil}`),
        ),
        (text) => {
          const quoted = quoteName(text);
          expect(literalAt(quoted, 0)).toEqual({ kind: 'bracketed', end: quoted.length, closed: true });
          expect(quoted.slice(1, -1).replaceAll(']]', ']')).toBe(text);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('is quoted, or a parameter, everywhere in src', () => {
    const statement = /\b(?:ALTER|CREATE|DROP|EXEC|SELECT|INSERT|UPDATE|DELETE|GRANT|DENY|REVOKE|USE)\b/;
    const handMade = /\[\$\{(?!values)|N?'\$\{(?!permission\}|FENCE_ROLE\})/;
    const found = globSync('src/{azure/tsql,steps,phases,guards,application}/**/*.ts').flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => statement.test(line) && handMade.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });

  test('a scripting variable of the configuration is text: what it holds is no variable again', () => {
    fc.assert(
      fc.property(name, (value) => {
        const variables = new ScriptVariables({ a: value, PATH: 'no' });
        expect(substitute('x$(a)y', variables, () => undefined)).toBe(`x${value}y`);
      }),
    );
  });
});

describe('a name in a path of Resource Manager', () => {
  test('that would be more than one segment is none', () => {
    fc.assert(
      fc.property(
        name,
        fc.constantFrom('/', '?', '#', '%2f', '\\', '..%2f', '&'),
        name,
        (before, evil, after) => {
          expect(RESOURCE_GROUP.pattern.test(`${before}${evil}${after}`)).toBe(false);
          // A database may be called "a#b": it goes through the SDK, which encodes it.
          if (evil !== '#') expect(DATABASE.pattern.test(`${before}${evil}${after}`)).toBe(false);
        },
      ),
    );
  });

  test('is encoded where a path is written by hand', () => {
    const raw = globSync('src/azure/**/*.ts').flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) =>
          /`[^`]*\/(?:databases|servers|extensions)\/\$\{(?!encodeURIComponent|segment)/.test(line),
        )
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(raw).toEqual([]);
  });
});
