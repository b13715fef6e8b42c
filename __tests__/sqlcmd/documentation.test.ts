// docs/scripts.md says line by line what ends a batch: what it says is what happens.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from './memory-files.ts';

const page = readFileSync(new URL('../../docs/scripts.md', import.meta.url), 'utf8');
const rows = Array.from(
  (page.split('## Encodings')[0] ?? '').matchAll(/^\| `(.+?)` \| (ends the batch|error|text)(.*?) \|/gm),
  ([, line = '', outcome = '', more = '']) => ({ line, outcome, more }),
);

describe('docs/scripts.md, what ends a batch', () => {
  test.each(rows)('$line: $outcome$more', async ({ line, outcome, more }) => {
    const script = `SELECT a\n${line}\nSELECT b`;
    const { batches, problems } = await parse({ 'a.sql': script }, { variables: { n: '4' } });
    if (outcome === 'error') {
      expect(problems).toEqual([expect.objectContaining({ line: 2 })]);
      return;
    }
    expect(problems).toEqual([]);
    const texts = batches.map((batch) => batch.text);
    expect(texts).toEqual(outcome === 'text' ? [script] : ['SELECT a', 'SELECT b']);
    const repeat = more.includes('as often as') ? 4 : Number(/\d+/.exec(more)?.[0] ?? 1);
    expect(batches[0]?.repeat).toBe(repeat);
  });

  test('has a table to check', () => {
    expect(rows.length).toBeGreaterThan(10);
  });
});
