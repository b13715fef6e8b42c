// Script files on disk; includes are kept within the workspace.
import { readFile } from 'node:fs/promises';
import { isAbsolute, posix, resolve } from 'node:path';
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
