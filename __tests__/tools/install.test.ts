// `npm run …` twice on a fresh clone: tools/run.mjs installs once, with an npm that notices another one beside it.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';

const NPM = `#!/usr/bin/env node
const { appendFileSync, existsSync, mkdirSync, rmSync } = require('node:fs');
appendFileSync('npm.log', 'begin ');
if (process.env.NPM_FAILS) {
  process.exitCode = 3;
} else {
  rmSync('node_modules', { recursive: true, force: true });
  const installing = setInterval(() => {
    if (process.env.NPM_WAITS && !existsSync('may-end')) return;
    clearInterval(installing);
    mkdirSync('node_modules', { recursive: true });
    appendFileSync('npm.log', 'end ');
  }, 300);
}
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rolling-upgrade-install-'));
  for (const folder of ['tools', 'bin']) mkdirSync(join(root, folder));
  for (const file of ['run.mjs', 'install-lock.mjs'])
    copyFileSync(join('tools', file), join(root, 'tools', file));
  writeFileSync(join(root, 'package-lock.json'), '{}');
  writeFileSync(join(root, 'program.mjs'), 'console.log("ran");');
  writeFileSync(join(root, 'bin', 'npm'), NPM, { mode: 0o755 });
});

function start(environment: Record<string, string> = {}, onError: () => void = () => {}) {
  const path = [join(root, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = spawn(process.execPath, [join(root, 'tools', 'run.mjs'), 'program.mjs'], {
    cwd: root,
    env: { ...process.env, ...environment, PATH: path, npm_lifecycle_event: '' },
  });
  const told = { out: '', error: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    told.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    told.error += chunk.toString();
    onError();
  });
  return new Promise<{ code: number | null; out: string; error: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, ...told }));
  });
}

const npmLog = () => readFileSync(join(root, 'npm.log'), 'utf8').trim();
const isLocked = () => existsSync(join(root, '.installing'));

test('of commands that start at once one installs; the others wait, say so, and run too', async () => {
  let told = 0;
  // The installation goes on until all three have said what they do.
  const onError = () => {
    told++;
    if (told === 3) writeFileSync(join(root, 'may-end'), '');
  };
  const ends = await Promise.all([1, 2, 3].map(() => start({ NPM_WAITS: 'yes' }, onError)));
  expect(ends.map(({ code, out }) => [code, out.trim()])).toEqual(ends.map(() => [0, 'ran']));
  expect(npmLog()).toBe('begin end');
  expect(ends.filter(({ error }) => error.includes('Installing dependencies'))).toHaveLength(1);
  expect(ends.filter(({ error }) => /process \d+\) is installing/.test(error))).toHaveLength(2);
  expect(isLocked()).toBe(false);
});

test('the lock of a process that is dead is taken over', async () => {
  mkdirSync(join(root, '.installing'));
  // No process has a number beyond Linux's highest.
  writeFileSync(join(root, '.installing', 'pid'), '99999999');
  const ends = await Promise.all([start(), start()]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  expect(npmLog()).toBe('begin end');
  expect(isLocked()).toBe(false);
});

test('an installation that fails gives the lock back, and nothing is started', async () => {
  const failed = await start({ NPM_FAILS: 'yes' });
  expect([failed.code, failed.out]).toEqual([3, '']);
  expect(isLocked()).toBe(false);
  expect((await start()).code).toBe(0);
});
