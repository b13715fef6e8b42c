// Other actions' bundles, where somebody names them: what a runner waits for before their code says anything.
import { spawn } from 'node:child_process';
import { mkdtempSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Paths of bundles, from BENCH_BESIDE, separated by commas. */
export function bundlesBeside(environment: NodeJS.ProcessEnv): string[] {
  const paths = (environment.BENCH_BESIDE ?? '').split(',').map((path) => path.trim());
  return paths.filter((path) => path !== '');
}

/** "checkout/dist/index.js". */
export function nameOf(bundle: string): string {
  const folder = dirname(bundle);
  return join(basename(dirname(folder)), basename(folder), basename(bundle));
}

export function sizeOf(bundle: string): number {
  return statSync(bundle).size;
}

/**
 * Milliseconds from the start of the process to its first output, or to its end where it says nothing. It is given no
 * input at all, and is then ended.
 */
export async function msToFirstWord(bundle: string, directory: string): Promise<number> {
  const cwd = mkdtempSync(join(directory, 'beside-'));
  const startedAt = performance.now();
  const child = spawn(process.execPath, [bundle], {
    cwd,
    env: { PATH: process.env.PATH ?? '', GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: cwd, RUNNER_TEMP: cwd },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<void>((resolve, reject) => {
    child.once('close', () => resolve()).once('error', reject);
  });
  const spoken = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) stream.once('data', () => resolve());
  });
  await Promise.race([spoken, closed]);
  const took = performance.now() - startedAt;
  child.kill('SIGKILL');
  await closed;
  return took;
}
