// What git does not keep is what runs leave behind, live passwords among it (docs/local-azure.md, azure.json). The linter
// prints what it would format, so it must not read those.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const root = new URL('../../', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, root), 'utf8');

test('the linter leaves alone what git ignores', () => {
  const ignored = textOf('.gitignore')
    .split('\n')
    .map((line) => line.replace(/\/$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'))
    // Logs are no files that it knows.
    .filter((line) => line !== '*.log');
  expect(ignored).toContain('azure.json');
  const { files }: { files: { includes: string[] } } = JSON.parse(textOf('biome.json'));
  expect(files.includes).toEqual(expect.arrayContaining(ignored.map((path) => `!${path}`)));
});
