// Runs a piece of the action in a Node of its own, as the runner does: @actions/core writes to real files and streams.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface RunnerResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly temporary: string;
}

/** What a process inherits here is only what a runner gives: no file commands of the run that runs the tests. */
const BASE = { PATH: process.env.PATH ?? '' };

/**
 * @param source a module body; `load('action/outputs.ts')` imports a source file of the product.
 * @param files whether GITHUB_OUTPUT and GITHUB_STATE exist.
 */
export function runPiece(
  source: string,
  { files = true, environment = {} }: { files?: boolean; environment?: Record<string, string> } = {},
): RunnerResult {
  const temporary = mkdtempSync(join(tmpdir(), 'rolling-upgrade-runner-'));
  const output = join(temporary, 'output');
  const state = join(temporary, 'state');
  if (files) for (const file of [output, state]) writeFileSync(file, '');
  const root = new URL('../../src/', import.meta.url);
  const script = `const load = (path) => import(new URL(path, ${JSON.stringify(root.href)}).href);\n${source}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(root),
    encoding: 'utf8',
    env: {
      ...BASE,
      RUNNER_TEMP: temporary,
      ...(files ? { GITHUB_OUTPUT: output, GITHUB_STATE: state } : {}),
      ...environment,
    },
  });
  return {
    code: status,
    stdout,
    stderr,
    outputs: files ? parseCommands(readFileSync(output, 'utf8')) : {},
    state: files ? parseCommands(readFileSync(state, 'utf8')) : {},
    temporary,
  };
}

/** `name<<delimiter`, lines of the value, `delimiter`; a later value replaces an earlier one, as in the runner. */
function parseCommands(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [, name, , value] of text.matchAll(/^(.+?)<<(\S+)\n([\s\S]*?)\n\2$/gm)) {
    if (name !== undefined && value !== undefined) values[name] = value;
  }
  return values;
}
