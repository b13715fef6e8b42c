import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { writeSummary } from '../../src/action/summary/write.ts';

const NAMES = ['GITHUB_STEP_SUMMARY', 'RUNNER_TEMP'] as const;
const saved = NAMES.map((name) => [name, process.env[name]] as const);
// @actions/core remembers the summary's path for as long as the process lives, so it is one for all tests.
const folder = await mkdtemp(join(tmpdir(), 'summary-test-'));
const file = join(folder, 'step-summary.md');

beforeEach(async () => {
  await writeFile(file, '');
  process.env.GITHUB_STEP_SUMMARY = file;
  process.env.RUNNER_TEMP = folder;
});

afterEach(() => {
  for (const [name, value] of saved) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

afterAll(() => rm(folder, { recursive: true }));

describe('writeSummary', () => {
  test('appends to the file that GitHub reads, with secrets masked', async () => {
    await writeFile(file, 'earlier\n');
    expect(await writeSummary('now, password hunter2hunter2\n', ['hunter2hunter2'])).toBe(file);
    expect(await readFile(file, 'utf8')).toBe('earlier\nnow, password ***\n');
  });

  test('replaces what was there where both together exceed the limit of 1 MiB', async () => {
    await writeFile(file, 'x'.repeat(1024 * 1024 - 10));
    await writeSummary('the newest counts\n');
    expect(await readFile(file, 'utf8')).toBe('the newest counts\n');
  });

  test('outside of GitHub it writes a file only this user can read, and says where', async () => {
    delete process.env.GITHUB_STEP_SUMMARY;
    const path = await writeSummary('text\n');
    expect(dirname(dirname(path))).toBe(folder);
    expect(await readFile(path, 'utf8')).toBe('text\n');
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o077).toBe(0);
  });

  test('a summary file that is not there does not lose the summary, nor spill it into a later one', async () => {
    process.env.GITHUB_STEP_SUMMARY = join(folder, 'missing.md');
    const path = await writeSummary('first\n');
    expect(await readFile(path, 'utf8')).toBe('first\n');
    process.env.GITHUB_STEP_SUMMARY = file;
    await writeSummary('second\n');
    expect(await readFile(file, 'utf8')).toBe('second\n');
  });
});
