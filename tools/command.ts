// Runs a program of node_modules on this very Node, without a shell.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface CommandResult {
  readonly code: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd: string;
  /** Called with every whole line while the program runs. */
  readonly onLine?: (line: string) => void;
  readonly environment?: Readonly<Record<string, string>>;
}

/** @param args the script and its arguments, e.g. `['node_modules/typescript/bin/tsc', '--noEmit']`. */
export function runNode(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return run(process.execPath, args, options);
}

/** Resolves with the exit code whatever it is; rejects where the program cannot be started. */
export function run(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const { cwd, onLine, environment } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        onLine?.(line);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output: lines.join('\n') }));
  });
}
