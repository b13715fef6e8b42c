import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { build } from '../../tools/build.ts';
import { differences } from '../../tools/checks/bundle.ts';
import { licencesOf } from '../../tools/licences.ts';

/** A project like this one with an entry of a few lines: two chunks, packages in both. */
function smallProject(main: string): string {
  const root = mkdtempSync(join(tmpdir(), 'rolling-upgrade-project-'));
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'), 'junction');
  for (const file of ['tsconfig.json', 'tsconfig.build.json']) cpSync(file, join(root, file));
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'src', 'main.ts'), main);
  return root;
}

const MAIN = `
import * as core from '@actions/core';
const { parse } = await import('yaml');
core.info(JSON.stringify(parse('works: true')));
`;

describe('build', () => {
  const root = smallProject(MAIN);
  const dist = join(root, 'dist');

  beforeAll(async () => {
    mkdirSync(dist);
    writeFileSync(join(dist, '999.index.js'), 'left over from an earlier build');
    await build({ root, out: dist });
  });

  test('gives a bundle that runs without node_modules', () => {
    const elsewhere = join(mkdtempSync(join(tmpdir(), 'rolling-upgrade-elsewhere-')), 'dist');
    cpSync(dist, elsewhere, { recursive: true });
    const { stdout, status } = spawnSync(process.execPath, [join(elsewhere, 'index.js')], {
      encoding: 'utf8',
    });
    expect({ stdout, status }).toEqual({ stdout: '{"works":true}\n', status: 0 });
  });

  test('names the licences of the packages of every chunk', () => {
    const licences = readFileSync(join(dist, 'licenses.txt'), 'utf8');
    for (const name of ['@actions/core', 'undici', 'yaml'])
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(licences).toMatch(/Permission is hereby granted/);
  });

  test('leaves nothing of an earlier build, and gives the same bytes again', async () => {
    const again = join(root, 'again');
    await build({ root, out: again });
    expect(differences(again, dist)).toEqual([]);
  });

  test('says what differs', () => {
    const other = join(root, 'other');
    cpSync(dist, other, { recursive: true });
    writeFileSync(join(other, 'index.js'), '');
    writeFileSync(join(other, 'extra.js'), '');
    writeFileSync(join(dist, 'licenses.txt.new'), '');
    expect(differences(dist, other)).toEqual([
      expect.stringMatching(/licenses\.txt\.new is missing/),
      expect.stringMatching(/extra\.js is left over/),
      expect.stringMatching(/index\.js is not what its sources give/),
    ]);
  });

  test('that fails says why, and leaves the bundle alone', async () => {
    const broken = smallProject("const text: number = 'no';\nexport { text };\n");
    mkdirSync(join(broken, 'dist'));
    writeFileSync(join(broken, 'dist', 'index.js'), 'kept');
    await expect(build({ root: broken, out: join(broken, 'dist') })).rejects.toThrow(
      /main\.ts.*not assignable/s,
    );
    expect(readFileSync(join(broken, 'dist', 'index.js'), 'utf8')).toBe('kept');
  });
});

describe('licences', () => {
  test('of a package that names none are an error', () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'rolling-upgrade-licences-')), 'node_modules', 'nameless');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"name":"nameless","version":"1.0.0"}');
    const stats = { modules: [{ identifier: join(folder, 'index.js') }] };
    expect(() => licencesOf(stats)).toThrow(/nameless 1\.0\.0 names no licence/);
  });
});
