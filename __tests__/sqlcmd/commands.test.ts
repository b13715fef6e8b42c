import { describe, expect, test } from '@jest/globals';
import { batchesOf, parse, problemsOf } from './memory-files.ts';

describe('variables', () => {
  test.each([
    ['in code', 'SELECT $(x)', 'SELECT v'],
    ['in a string', "SELECT '$(x)', '$(x)'", "SELECT 'v', 'v'"],
    ['in a bracketed name', 'SELECT * FROM [$(x)]', 'SELECT * FROM [v]'],
    ['in a quoted name', 'SELECT * FROM "$(X)"', 'SELECT * FROM "v"'],
    ['within a word', 'SELECT a$(x)b', 'SELECT avb'],
    ['not in comments', 'SELECT 1 -- $(x)\n/* $(nobody) */', 'SELECT 1 -- $(x)\n/* $(nobody) */'],
    ['no $( at all', "SELECT '$x', $5, '(x)'", "SELECT '$x', $5, '(x)'"],
  ])('%s', async (_, script, text) => {
    expect(await batchesOf(script, { variables: { x: 'v' } })).toEqual([text]);
  });

  test('a value is text, not script: GO and $( in it stay what they are', async () => {
    expect(await batchesOf("SELECT '$(x)'", { variables: { x: 'a\nGO\n$(y)' } })).toEqual([
      "SELECT 'a\nGO\n$(y)'",
    ]);
  });

  test.each([
    [':setvar x 1', '1'],
    [':SETVAR X 1', '1'],
    ['  :setvar\tx\t1  ', '1'],
    [':setvar x "a b"', 'a b'],
    [':setvar x "say ""hi"""', 'say "hi"'],
    [':setvar x ""', ''],
    [':setvar x "a -- b" -- why', 'a -- b'],
    [':setvar x 1 -- it"s', '1'],
    [':setvar y 2\n:setvar x $(y)$(y)', '22'],
    [":setvar x it''s", "it''s"],
  ])('%j sets', async (line, value) => {
    expect(await batchesOf(`${line}\nSELECT '<$(x)>'`, { variables: { x: 'config' } })).toEqual([
      `SELECT '<${value}>'`,
    ]);
  });

  test('a value holds from its line on, in includes and in later files too', async () => {
    const { batches, problems } = await parse(
      {
        'a.sql': ':setvar v 1\n:r b.sql\nSELECT $(v) -- a\n',
        'b.sql': 'SELECT $(v) -- b\nGO\n:setvar v 2\n',
        'c.sql': 'SELECT $(v) -- c',
      },
      { files: ['a.sql', 'c.sql'] },
    );
    expect(problems).toEqual([]);
    expect(batches.map((batch) => batch.text)).toEqual(['SELECT 1 -- b', 'SELECT 2 -- a', 'SELECT 2 -- c']);
  });

  test('without a value, :setvar takes the variable away', async () => {
    expect(await problemsOf(':setvar x\nSELECT $(x)', { variables: { x: '1' } })).toEqual([
      '2:8 $(x) has no value',
    ]);
  });

  test('every variable without a value is told at once, with its place', async () => {
    const script = "SELECT $(a),\n  '$(b)'\nGO $(c)\n:setvar d $(e)\n:r $(f)\n";
    const problems = await problemsOf(script);
    expect(problems).toEqual([
      '1:8 $(a) has no value',
      '2:4 $(b) has no value',
      '3:4 $(c) has no value',
      '4:11 $(e) has no value',
      '5:4 $(f) has no value',
    ]);
  });

  test.each([
    "SELECT $('#id')",
    'SELECT $(',
    'SELECT $(1a)',
    'SELECT $( x )',
    'SELECT $()',
  ])('what only looks like a variable is told: %s', async (script) => {
    expect(await problemsOf(script, { variables: { x: '1' } })).toEqual([
      expect.stringMatching(/^1:8 `\$\(` begins a variable/),
    ]);
  });

  test('a value that would leave a string open is told; a list that closes what it opens is not', async () => {
    expect(await problemsOf("SELECT '$(x)'", { variables: { x: "O'Brien" } })).toEqual([
      expect.stringMatching(/^1:9 the value of \$\(x\) has a ' without its pair/),
    ]);
    expect(await problemsOf("SELECT '$(x)'", { variables: { x: "a','b" } })).toEqual([]);
    expect(await problemsOf('SELECT [$(x)]', { variables: { x: "O'Brien" } })).toEqual([]);
  });

  test('SQLCMDDBNAME is the database, and cannot be set', async () => {
    expect(await batchesOf('SELECT 1 FROM [$(SQLCMDDBNAME)].dbo.t', { database: 'contoso' })).toEqual([
      'SELECT 1 FROM [contoso].dbo.t',
    ]);
    expect(await problemsOf(':setvar SqlCmdDbName other\nSELECT 1')).toEqual([
      expect.stringMatching(/^1:1 `SQLCMDDBNAME` cannot be set/),
    ]);
  });
});

describe('commands', () => {
  test('a command line is taken out of its batch; :on error exit is what happens anyway', async () => {
    expect(await batchesOf('SELECT 1,\n:on error exit\n:setvar x 2\n$(x)')).toEqual(['SELECT 1,\n2']);
  });

  test.each([
    [':connect other', ':connect'],
    [':Connect other -U sa', ':connect'],
    ['!! dir', '!!'],
    [':!!dir', '!!'],
    [':out x.txt', ':out'],
    [':error stderr', ':error'],
    [':perftrace x', ':perftrace'],
    [':xml on', ':xml'],
    [':quit', ':quit'],
    ['quit', ':quit'],
    ['EXIT', ':exit'],
    ['exit (SELECT 1)', ':exit'],
    [':reset', ':reset'],
    ['ed', ':ed'],
    [':help', ':help'],
    [':list', ':list'],
    [':listvar', ':listvar'],
    [':serverlist', ':serverlist'],
  ])('%s is refused by name', async (line, name) => {
    const problems = await problemsOf(`SELECT 1\n${line}\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`2:1 sqlcmd's \`${name}\` is refused: `);
  });

  test.each([
    [':on error ignore', '`:on error ignore` is refused'],
    [':setvars x 1', '`:setvars` is no command of sqlcmd'],
    [':setvar', "`:setvar` needs a variable's name"],
    [':setvar 1x 2', "`:setvar` needs a variable's name"],
    [':setvar x a b', 'the value is not written as sqlcmd reads it'],
    [':setvar x "a', 'the value is not written as sqlcmd reads it'],
    [':r', '`:r` needs the path of a file'],
  ])('%s is told', async (line, message) => {
    const problems = await problemsOf(`SELECT 1\n  ${line}\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('2:1 ');
    expect(problems[0]).toContain(message);
  });

  test.each([
    ['a call on an instance', "SELECT @x\n::Parse('1')"],
    ['names that begin like commands', 'SELECT 1 AS\nexit_code, 2 AS\neditor'],
    ['within a string', "SELECT '\n:quit\n!! dir\n'"],
    ['within a comment', '/*\n:connect x\n*/ SELECT 1'],
  ])('no command: %s', async (_, script) => {
    expect(await batchesOf(script)).toEqual([script]);
  });
});

describe(':r', () => {
  test('reads the file in place, relative to the one that includes it', async () => {
    const { batches, problems, files } = await parse({
      'db/up.sql': 'SELECT 1,\n:r parts/two.sql\n4',
      'db/parts/two.sql': '2,\n:r "the third.sql" -- last\n',
      'db/parts/the third.sql': '3,',
    });
    expect(problems).toEqual([]);
    expect(batches.map((batch) => batch.text)).toEqual(['SELECT 1,\n2,\n3,\n4']);
    expect(files).toEqual(['db/up.sql', 'db/parts/two.sql', 'db/parts/the third.sql']);
  });

  test('GO in an included file ends the batch', async () => {
    const { batches } = await parse({ 'a.sql': 'SELECT 1\n:r b.sql\nSELECT 3', 'b.sql': 'SELECT 2\nGO' });
    expect(batches.map((batch) => batch.text)).toEqual(['SELECT 1\nSELECT 2', 'SELECT 3']);
  });

  test('a circle is told as the way it goes', async () => {
    const { problems } = await parse({
      'a.sql': 'SELECT 1\n:r b.sql\n',
      'b.sql': 'SELECT 2\n\n:r a.sql\n',
    });
    expect(problems).toEqual([
      expect.objectContaining({
        file: 'b.sql',
        line: 3,
        message: expect.stringContaining('a.sql → b.sql → a.sql'),
      }),
    ]);
  });

  test('too deep, and too many', async () => {
    const deep = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [`${n}.sql`, `:r ${n + 1}.sql\nSELECT ${n}`]),
    );
    expect((await parse(deep)).problems.map((problem) => problem.message)).toEqual([
      expect.stringContaining('more than 16 files deep'),
    ]);
    const twice = Object.fromEntries(
      Array.from({ length: 14 }, (_, n) => [`${n}.sql`, `:r ${n + 1}.sql\n:r ${n + 1}.sql\nSELECT ${n}`]),
    );
    const { problems } = await parse({ ...twice, '14.sql': 'SELECT 14' });
    expect(problems[0]?.message).toContain('more than 1000 files');
  });

  test('a file that is missing is told where it is asked for', async () => {
    const { problems } = await parse({ 'a.sql': 'SELECT 1\n:r b.sql\n' });
    expect(problems).toEqual([expect.objectContaining({ file: 'a.sql', line: 2, column: 1 })]);
    expect(problems[0]?.message).toContain('b.sql cannot be read: ENOENT');
  });

  test('files of the list do not run into each other', async () => {
    const { batches } = await parse(
      { 'a.sql': 'SELECT 1', 'b.sql': 'SELECT 2' },
      { files: ['a.sql', 'b.sql'] },
    );
    expect(batches.map((batch) => `${batch.file}: ${batch.text}`)).toEqual([
      'a.sql: SELECT 1',
      'b.sql: SELECT 2',
    ]);
  });
});
