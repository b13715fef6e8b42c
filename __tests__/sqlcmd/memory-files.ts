// Scripts in memory, for tests of the reader.
import { posix } from 'node:path';
import { type ParsedScript, parseUpgradeScript, type ScriptInput } from '../../src/sqlcmd/script.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Reads `files`; the first named is the script unless `options.files` says otherwise. */
export function parse(files: Files, options: Partial<ScriptInput> = {}): Promise<ParsedScript> {
  return parseUpgradeScript(memoryInput(files, options));
}

export function memoryInput(files: Files, options: Partial<ScriptInput> = {}): ScriptInput {
  return {
    files: Object.keys(files).slice(0, 1),
    variables: {},
    readFile: async (file) => {
      const content = files[file];
      if (content === undefined) throw new Error(`ENOENT: no such file '${file}'`);
      return typeof content === 'string' ? Buffer.from(content) : content;
    },
    resolveInclude: (from, target) => posix.join(posix.dirname(from), target),
    ...options,
  };
}

/** The batches' texts of one script without problems. */
export async function batchesOf(script: string, options: Partial<ScriptInput> = {}): Promise<string[]> {
  const parsed = await parse({ 'a.sql': script }, options);
  if (parsed.problems.length > 0) throw new Error(JSON.stringify(parsed.problems));
  return parsed.batches.map((batch) => batch.text);
}

/** "line:column message" of every problem of one script. */
export async function problemsOf(script: string, options: Partial<ScriptInput> = {}): Promise<string[]> {
  const { problems } = await parse({ 'a.sql': script }, options);
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}
