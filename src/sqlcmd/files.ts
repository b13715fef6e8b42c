// Script files on disk; they and their includes are kept within the workspace, whatever symbolic links say.
import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, posix, relative, resolve, sep } from 'node:path';
import type { ScriptInput } from './script.ts';

/** How readUpgradeScript reaches files below `root`; names are relative to it, with `/`. */
export function scriptFiles(root: string): Pick<ScriptInput, 'readFile' | 'resolveInclude'> {
  return {
    readFile: async (file) => {
      const path = await realpath(resolve(root, file));
      const way = relative(await realpath(root), path);
      if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
        throw new Error('it leads out of the workspace');
      return readFile(path);
    },
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
