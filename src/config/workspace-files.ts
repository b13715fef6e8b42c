// Files that the configuration names lie in the workspace, whatever symbolic links say: what is read is sent to Azure and
// to SQL Server and quoted in errors, and the machine has other files than the repository's.
import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';

/** @param file relative to `workspace`, or absolute. False where there is none, and where it leads out. */
export function isFileOf(workspace: string, file: string): boolean {
  const path = isAbsolute(file) ? file : join(workspace, file);
  try {
    return statSync(path).isFile() && leadsInto(realpathSync(workspace), realpathSync(path));
  } catch {
    return false; // also a glob that is too long for a name, and a name that no system has
  }
}

function leadsInto(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
