import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decode, UndecodableError } from '../../src/sqlcmd/decode.ts';
import { parse } from './memory-files.ts';

const encodings: Readonly<Record<string, (text: string) => Buffer>> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with mark': (text) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]),
  'UTF-16LE': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'UTF-16BE': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
};

const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\0\r\n\ufeff]/g, '€'));

describe.each(Object.entries(encodings))('%s', (_, encode) => {
  test.each(['\n', '\r\n'])('any text comes back as it was, line breaks %j', (eol) => {
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.join(eol);
        expect(decode(encode(text))).toBe(text);
      }),
    );
  });

  test('makes the same batches', async () => {
    const script = "SELECT N'Ω 😀'\r\nGO\r\nSELECT '\ufffd'";
    const { batches, problems } = await parse({ 'a.sql': encode(script) });
    expect(problems).toEqual([]);
    expect(batches.map((batch) => batch.text)).toEqual(["SELECT N'Ω 😀'", "SELECT '\ufffd'"]);
  });
});

describe('refused, with the offset', () => {
  test.each([
    [
      'a Windows code page',
      Buffer.from("SELECT 1\nSELECT 'caf\xe9'", 'latin1'),
      20,
      /0xE9 at offset 20, line 2/,
    ],
    [
      'behind characters that are fine',
      Buffer.from([0xef, 0xbf, 0xbd, 0xc3, 0xa9, 0xff]),
      5,
      /0xFF at offset 5/,
    ],
    ['behind a mark', Buffer.from([0xef, 0xbb, 0xbf, 0x41, 0x80]), 4, /0x80 at offset 4/],
    ['an overlong sequence', Buffer.from([0x41, 0xc0, 0xaf]), 1, /0xC0 at offset 1/],
    ['a surrogate in UTF-8', Buffer.from([0xed, 0xa0, 0x80]), 0, /0xED at offset 0/],
    ['a sequence cut off', Buffer.from([0x41, 0xe2, 0x82]), 1, /0xE2 at offset 1/],
    ['a binary file', Buffer.from([0x4d, 0x5a, 0x90, 0x00, 0x03]), 3, /NUL character at offset 3: a binary/],
    [
      'UTF-16 without mark',
      Buffer.from('SELECT 1', 'utf16le'),
      1,
      /offset 1: UTF-16 without a byte order mark/,
    ],
    ['half a character', Buffer.from([0xff, 0xfe, 0x41, 0x00, 0x42]), 4, /half a character/],
    [
      'half a surrogate pair',
      Buffer.from([0xfe, 0xff, 0x00, 0x41, 0xd8, 0x00]),
      4,
      /half a surrogate pair at offset 4/,
    ],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), 0, /UTF-32/],
  ])('%s', (_, bytes, offset, message) => {
    const refusal = catchUndecodable(bytes);
    expect(refusal.message).toMatch(message);
    expect(refusal.offset).toBe(offset);
  });

  test('names the file, once, beside the problems of the others', async () => {
    const { problems } = await parse(
      { 'a.sql': Buffer.from([0xff]), 'b.sql': 'SELECT $(x)' },
      { files: ['a.sql', 'b.sql'] },
    );
    expect(problems.map(({ file, line: at }) => `${file}:${at}`)).toEqual(['a.sql:null', 'b.sql:1']);
  });
});

function catchUndecodable(bytes: Uint8Array): UndecodableError {
  try {
    decode(bytes);
  } catch (error) {
    if (error instanceof UndecodableError) return error;
    throw error;
  }
  throw new Error('the bytes were decoded');
}
