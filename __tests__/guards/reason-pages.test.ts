// Every code has a page, every page a code, and both are found from the index.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { REASON_CODES } from '../../src/reasons.ts';

const FOLDER = new URL('../../docs/reasons/', import.meta.url);
const SECTIONS = ['## For users now', '## Why', '## What to do'];
const read = (file: string) => readFileSync(new URL(file, FOLDER), 'utf8');
const pages = readdirSync(FOLDER).filter((file) => file.endsWith('.md') && file !== 'README.md');

/** Code to title, as the index has them. */
function indexed(): Map<string, string> {
  const rows = [...read('README.md').matchAll(/^\| \[`([a-z-]+)`\]\(\1\.md\) \| (.+) \|$/gm)];
  return new Map(rows.map(([, code = '', title = '']) => [code, title]));
}

describe('pages of reason codes', () => {
  test('are those of the codes', () => {
    expect(pages.map((file) => file.replace(/\.md$/, '')).sort()).toEqual([...REASON_CODES].sort());
  });

  test('are all in the index, under their titles and in the order of the list', () => {
    const titles = REASON_CODES.map((code) => [code, /^# (.+)$/m.exec(read(`${code}.md`))?.[1]]);
    expect([...indexed()]).toEqual(titles);
  });

  test.each([...REASON_CODES])('%s says what it means, why, and what to do', (code) => {
    const page = read(`${code}.md`);
    expect(page).toContain(`Reason code \`${code}\`.`);
    expect(page.match(/^## .+$/gm)).toEqual(SECTIONS);
    for (const section of page.split(/^## .+$/m)) expect(section.trim().length).toBeGreaterThan(5);
  });

  test.each([...REASON_CODES, 'README'])('%s links to pages that exist', (code) => {
    const targets = [...read(`${code}.md`).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(
      ([, target = '']) => target,
    );
    for (const target of targets) expect(() => readFileSync(new URL(target, FOLDER))).not.toThrow();
  });
});
