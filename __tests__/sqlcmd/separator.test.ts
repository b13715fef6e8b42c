import { describe, expect, test } from '@jest/globals';
import { batchesOf, parse, problemsOf } from './memory-files.ts';

describe('what ends a batch', () => {
  test.each([
    ['GO', 'GO'],
    ['lower case', 'go'],
    ['mixed case', 'Go'],
    ['blanks around it', '  \tGO \t'],
    ['a comment behind it', 'GO -- next'],
    ['a count and a comment', 'GO 1--once'],
    ['a comment with a quote', "GO -- it's next"],
  ])('%s', async (_, line) => {
    expect(await batchesOf(`SELECT 1\n${line}\nSELECT 2`)).toEqual(['SELECT 1', 'SELECT 2']);
  });

  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('%s line ends, with and without a final one', async (_, eol) => {
    const script = ['SELECT 1', 'GO', 'SELECT 2', 'GO'].join(eol);
    expect(await batchesOf(script)).toEqual(['SELECT 1', 'SELECT 2']);
    expect(await batchesOf(script + eol)).toEqual(['SELECT 1', 'SELECT 2']);
  });

  test('line breaks within a batch are sent as they stand', async () => {
    expect(await batchesOf("SELECT '1\r\n2'\r\nGO\r\n")).toEqual(["SELECT '1\r\n2'"]);
  });

  test.each([
    ['GO 3', 3],
    ['go\t3', 3],
    ['GO 003', 3],
    ['GO 2 -- twice', 2],
    ['GO 2--twice', 2],
    ['GO 2147483647', 2147483647],
  ])('%s runs the batch that often', async (line, repeat) => {
    const { batches, problems } = await parse({ 'a.sql': `SELECT 1\n${line}\n` });
    expect(problems).toEqual([]);
    expect(batches.map((batch) => batch.repeat)).toEqual([repeat]);
  });

  test('a count may be a variable', async () => {
    const { batches } = await parse({ 'a.sql': 'SELECT 1\nGO $(n)' }, { variables: { N: '4' } });
    expect(batches[0]?.repeat).toBe(4);
  });

  test('batches without anything to execute are dropped', async () => {
    const script = 'GO\n\nGO 5\n-- only\n/* comments */\nGO\nSELECT 1\nGO\n  \t\n';
    expect(await batchesOf(script)).toEqual(['SELECT 1']);
  });

  test('a comment before a statement belongs to its batch', async () => {
    expect(await batchesOf('\n-- why\nCREATE VIEW v AS SELECT 1 AS a\n\nGO')).toEqual([
      '-- why\nCREATE VIEW v AS SELECT 1 AS a',
    ]);
  });
});

describe('what does not end a batch', () => {
  test.each([
    ['a string', "SELECT 'a\nGO\nb'"],
    ['a string with doubled quotes', "SELECT 'it''s\nGO\n'''"],
    ['a string with a backslash, which T-SQL does not know', "SELECT '\\', '\nGO\n'"],
    ['a quoted name', 'SELECT 1 AS "a""\nGO\n"'],
    ['a bracketed name', 'SELECT 1 AS [a]]\nGO\n]'],
    ['a comment', '/*\nGO\n*/ SELECT 1'],
    ['nested comments', '/* a /* b\nGO\n*/\nGO\n*/ SELECT 1'],
    ['a comment that seems to open a string', "/* it's\nGO\n*/ SELECT 1"],
    ['a string that seems to open a comment', "SELECT '/*\nGO\n*/'"],
    ['a name in brackets with a quote', "SELECT 1 AS [it's\nGO\n]"],
    ['a longer word', 'SELECT 1 AS\nGOTO_x'],
    ['a label', 'go:\nSELECT 1'],
    ['a qualified name', 'SELECT\ngo.Id, go.Name FROM t AS [go]'],
    ['an identifier with other letters', 'SELECT 1 AS\ngoûter'],
    ['a list', 'SELECT a,\ngo, b FROM t'],
  ])('%s', async (_, script) => {
    expect(await batchesOf(script)).toEqual([script]);
  });

  test("a line comment's quote opens no string", async () => {
    expect(await batchesOf("SELECT 1 -- it's\nGO\nSELECT 2")).toEqual(["SELECT 1 -- it's", 'SELECT 2']);
  });
});

describe('what looks like the end of a batch is told by its place', () => {
  test.each([
    ['GO;', '`GO;`'],
    ['GO ;', '`GO ;`'],
    ['GO--c', '`GO--c`'],
    ['GO/* c */', '`GO/* c */`'],
    ['GO /* c */', '`GO /* c */`'],
    ['GO 0', '`GO 0`'],
    ['GO -1', '`GO -1`'],
    ['GO x', '`GO x`'],
    ['GO 2;', '`GO 2;`'],
    ['GO 1.5', '`GO 1.5`'],
    ['GO 2147483648', '`GO 2147483648`'],
    ['  go;', '`go;`'],
    ['\u00a0GO', '`<U+00A0>GO`'],
    ['\ufeffGO', '`<U+FEFF>GO`'],
  ])('%j', async (line, shown) => {
    const problems = await problemsOf(`SELECT 1\n\n${line}\nSELECT 2`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('3:1 ');
    expect(problems[0]).toContain(shown);
  });

  test.each([
    ['behind a comment', 'SELECT 1\n/* c */ GO\n', '2:8'],
    ['behind the end of a comment', 'SELECT 1 /* c\n*/GO\n', '2:3'],
    ['behind a statement', 'SELECT 1; GO\nSELECT 2', '1:11'],
    ['behind a procedure', 'CREATE PROC p AS SELECT 1\nEND;GO', '2:5'],
  ])('%s', async (_, script, place) => {
    const problems = await problemsOf(script);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${place} GO behind a (comment|statement)`));
  });

  test.each([
    ['a string', "SELECT 1\nGO\nSELECT 'a\nGO\n", '3:8 a string begins here'],
    ['a quoted name', 'SELECT "a', '1:8 a quoted name begins here'],
    ['a bracketed name', 'SELECT [a]]', '1:8 a bracketed name begins here'],
    ['a nested comment', 'SELECT 1 /* a /* b */\nGO', '1:10 a comment begins here'],
  ])('%s without its end', async (_, script, expected) => {
    const problems = await problemsOf(script);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });

  test('a carriage return without line feed, once a file; within a string it is text', async () => {
    expect(await problemsOf('SELECT 1 -- c\rSELECT 2\rGO\r')).toEqual([
      expect.stringMatching(/^1:14 a carriage return without line feed/),
    ]);
    expect(await problemsOf("SELECT 'a\rb'")).toEqual([]);
  });

  test('a byte order mark in the middle', async () => {
    expect(await problemsOf('SELECT 1\n\ufeffSELECT 2')).toEqual([
      expect.stringMatching(/^2:1 a byte order mark/),
    ]);
  });
});
