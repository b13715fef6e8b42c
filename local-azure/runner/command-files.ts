// The files through which an action speaks to the runner: GITHUB_OUTPUT, GITHUB_STATE.
import { readFileSync } from 'node:fs';

/**
 * Reads `name<<delimiter`, lines, `delimiter` entries, and `name=value` lines; the last one of a name holds. A
 * file that a killed process left in the middle of an entry gives what is complete.
 */
export function readCommandFile(path: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = readFileSync(path, 'utf8').split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const heredoc = /^(.+?)<<(.+)$/.exec(line);
    const [, name = '', delimiter = ''] = heredoc ?? [];
    if (heredoc) {
      const end = lines.indexOf(delimiter, at + 1);
      if (end < 0) break;
      values[name] = lines.slice(at + 1, end).join('\n');
      at = end;
      continue;
    }
    const equals = line.indexOf('=');
    if (equals > 0) values[line.slice(0, equals)] = line.slice(equals + 1);
  }
  return values;
}
