// Script files on disk: globs expanded, includes kept within the workspace.
import { glob, readFile } from 'node:fs/promises';
import { isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { UpgradeError } from '../reasons.ts';
import type { ScriptInput } from './script.ts';

/** How readUpgradeScript reaches files below `root`; names are relative to it, with `/`. */
export function scriptFiles(root: string): Pick<ScriptInput, 'readFile' | 'resolveInclude'> {
  return {
    readFile: (file) => readFile(resolve(root, file)),
    resolveInclude: (from, target) => {
      const path = target.replaceAll('\\', '/'); // scripts written on Windows
      if (isAbsolute(path) || /^[a-z]:/i.test(path))
        throw new Error('an absolute path; includes lie in the workspace');
      const file = posix.normalize(posix.join(posix.dirname(from), path));
      if (file === '..' || file.startsWith('../')) throw new Error('it leads out of the workspace');
      return file;
    },
  };
}

/**
 * The files that `patterns` (files or globs, relative to `root`) mean: patterns in their order, the files of
 * one glob by name, byte by byte, each file once. Throws UpgradeError 'script-invalid' for every pattern without a file.
 */
export async function expandScripts(root: string, patterns: readonly string[]): Promise<string[]> {
  const files = new Set<string>();
  const empty: string[] = [];
  for (const pattern of patterns) {
    const matches = await matching(root, pattern);
    if (matches.length === 0) empty.push(pattern);
    for (const file of matches) files.add(file);
  }
  if (empty.length === 0) return [...files];
  throw new UpgradeError(
    'script-invalid',
    `No file for ${empty.map((pattern) => `"${pattern}"`).join(', ')} in ${root}`,
    {
      advice: ['Correct `upgrade.scripts` in the config file, or check the files out before this step.'],
    },
  );
}

async function matching(root: string, pattern: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of glob(pattern, { cwd: root, withFileTypes: true })) {
    if (!entry.isDirectory())
      files.push(relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
  }
  return files.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
