// Upgrade scripts: files and globs of the configuration, in the order in which they run.
import { globSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { isFileOf } from './workspace-files.ts';

export interface ScriptFiles {
  /** Paths relative to the workspace with "/", in order, each once. */
  readonly files: readonly string[];
  /** Indexes of the entries that match no file of the workspace. */
  readonly unmatched: readonly number[];
}

/**
 * @param entries files or globs (`*`, `**`, `?`, `[…]`, `{a,b}`) relative to `workspace`. The files of one glob
 *   are in the order of their names, byte by byte, as `LC_ALL=C ls` shows them; a file matched twice runs once.
 */
export function resolveScripts(entries: readonly string[], workspace: string): ScriptFiles {
  const files = new Set<string>();
  const unmatched: number[] = [];
  for (const [index, entry] of entries.entries()) {
    const matches = matching(entry, workspace);
    if (matches.length === 0) unmatched.push(index);
    for (const file of matches) files.add(file);
  }
  return { files: [...files], unmatched };
}

function matching(entry: string, workspace: string): string[] {
  if (entry.includes('\0')) return []; // the glob would throw
  // A file that is really named so comes first: brackets are common in names and would be read as a glob.
  if (isFileOf(workspace, entry)) return [withSlashes(entry, workspace)];
  return globSync(entry, { cwd: workspace })
    .filter((file) => isFileOf(workspace, file))
    .map((file) => withSlashes(file, workspace))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function absolute(file: string, workspace: string): string {
  return isAbsolute(file) ? file : join(workspace, file);
}

function withSlashes(file: string, workspace: string): string {
  return relative(workspace, absolute(file, workspace)).split(sep).join('/');
}
