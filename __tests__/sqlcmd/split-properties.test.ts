import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { locate, type ParsedScript } from '../../src/sqlcmd/script.ts';
import { generatedScript } from './generated-script.ts';
import { parse } from './memory-files.ts';

const lines = (text: string) => text.split('\n');

describe('any script', () => {
  test('is cut exactly at the GO lines outside literals', async () => {
    await fc.assert(
      fc.asyncProperty(generatedScript, async ({ script, batches }) => {
        const parsed = await parse({ 'a.sql': script });
        expect(parsed.problems).toEqual([]);
        expect(parsed.batches.map((batch) => batch.text)).toEqual(batches);
      }),
      { numRuns: 500 },
    );
  });

  test('every line of every batch is found again in its file', async () => {
    await fc.assert(
      fc.asyncProperty(generatedScript, async ({ script }) => {
        expectLinesFound(await parse({ 'a.sql': script }), { 'a.sql': script });
      }),
    );
  });

  test('also across includes, commands and variables of several lines', async () => {
    const included = fc.constantFrom(
      '',
      'SELECT b\n',
      'SELECT b',
      '\n\nSELECT b\nGO\nSELECT c',
      ':setvar x 1\nSELECT b',
    );
    await fc.assert(
      fc.asyncProperty(generatedScript, included, included, async ({ script }, first, second) => {
        const files = {
          'a.sql': `SELECT a\n:r b.sql\nSELECT d\n:setvar y 1\nSELECT e\nGO\n\n:r c.sql\n${script}`,
          'b.sql': first,
          'c.sql': second,
        };
        expectLinesFound(await parse(files), files);
      }),
    );
  });
});

/** Lines without a variable in them stand in the file as they stand in the batch. */
function expectLinesFound(parsed: ParsedScript, files: Readonly<Record<string, string>>): void {
  expect(parsed.problems).toEqual([]);
  for (const batch of parsed.batches) {
    const sent = lines(batch.text);
    const found = sent.map((_, index) => locate(batch, index + 1));
    expect(found[0]).toEqual({ file: batch.file, line: batch.line });
    expect(found.map(({ file, line }) => lines(files[file] ?? '')[line - 1]?.trim())).toEqual(
      sent.map((line) => line.trim()),
    );
  }
}

describe('line map', () => {
  test('a value of several lines belongs to the line of its reference', async () => {
    const script = 'SELECT 1\nGO\n\nSELECT\n$(v),\n2';
    const { batches } = await parse({ 'a.sql': script }, { variables: { v: 'a,\nb,\nc' } });
    const batch = batches[1];
    if (batch === undefined) throw new Error('no second batch');
    expect(lines(batch.text).map((_, index) => locate(batch, index + 1).line)).toEqual([4, 5, 5, 5, 6]);
  });

  test("lines beyond the batch, as SQL Server's line 0, do not throw", async () => {
    const { batches } = await parse({ 'a.sql': 'SELECT 1\nGO\nSELECT 2' });
    const batch = batches[1];
    if (batch === undefined) throw new Error('no second batch');
    expect(locate(batch, 0)).toEqual({ file: 'a.sql', line: 3 });
  });
});

describe('digest', () => {
  const digestOf = async (script: string) => (await parse({ 'a.sql': script })).digest;

  test('tells the batches, their order and their repeats, not how the files are laid out', async () => {
    const one = await digestOf('SELECT 1\nGO\nSELECT 2');
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(await digestOf('\n\nSELECT 1\ngo\n\nGO\nSELECT 2\nGO\n')).toBe(one);
    const others = ['SELECT 2\nGO\nSELECT 1', 'SELECT 1\nGO 2\nSELECT 2', 'SELECT 1\nSELECT 2'];
    const digests = await Promise.all(others.map(digestOf));
    expect(new Set([one, ...digests]).size).toBe(4);
  });
});
