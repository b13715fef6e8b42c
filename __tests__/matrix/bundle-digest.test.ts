// Two bundles are told apart by any of their chunks.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { digestOfBundle } from '../../tools/bundle-digest.ts';

test('another chunk is another bundle, another licence text is not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  const main = join(folder, 'index.js');
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('index.js', 'one');
  write('25.index.js', 'two');
  const before = digestOfBundle(main);
  write('licenses.txt', 'all of them');
  expect(digestOfBundle(main)).toBe(before);
  write('25.index.js', 'three');
  expect(digestOfBundle(main)).not.toBe(before);
});
