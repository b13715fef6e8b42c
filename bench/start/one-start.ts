// One start of the bundle in a job of its own, watched by the embedded Azure.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ActionRun, runAction } from '../../local-azure/runner/action-runner.ts';
import type { LocalAzure } from '../../local-azure/start.ts';

export interface Job {
  readonly azure: LocalAzure;
  readonly requests: Requests;
  readonly bundle: string;
  /** For the runner's files. */
  readonly directory: string;
}

export interface Requests {
  /** When the next one came, by performance.now(). */
  next(): Promise<number>;
}

/** What only the product asks; sites of the embedded Azure are asked by its own probes too. */
const OF_THE_PRODUCT = /^(github|entra|arm|dns) /;

export function requestsTo({ faults }: LocalAzure): Requests {
  const waiting: ((at: number) => void)[] = [];
  faults.onCall((call) => {
    if (!OF_THE_PRODUCT.test(call)) return;
    for (const tell of waiting.splice(0)) tell(performance.now());
  });
  return { next: () => new Promise((resolve) => waiting.push(resolve)) };
}

/** Milliseconds from the start of the process to its first request. The process is then ended, and has changed nothing. */
export async function msToFirstRequest(job: Job, phase: string): Promise<number> {
  const startedAt = performance.now();
  const run = begin(job, phase, (end) => end());
  const ended = run.then(({ main }) => {
    throw new Error(`Phase ${phase} asked for nothing. Its log:\n${main.log}`);
  });
  const at = await Promise.race([job.requests.next(), ended]);
  await run;
  ended.catch(() => {});
  return at - startedAt;
}

/** Milliseconds of a whole run that only looks, from the start of the process to its end. */
export async function msOfRun(job: Job, phase: string): Promise<number> {
  const startedAt = performance.now();
  const run = await begin(job, phase);
  const took = performance.now() - startedAt;
  mustBeGreen(run);
  return took;
}

/** Names of the bundle's files that a run reads, in order; how many of them before its first request. */
export interface FilesRead {
  readonly files: readonly string[];
  readonly beforeFirstRequest: number;
}

export async function filesRead(job: Job, phase: string): Promise<FilesRead> {
  const list = join(mkdtempSync(join(job.directory, 'files-')), 'list');
  const hook = pathToFileURL(join(import.meta.dirname, 'note-files.mjs')).href;
  const noting = { NODE_OPTIONS: `--import ${hook}`, NOTE_FILES_IN: list };
  let before = 0;
  const run = begin(job, phase, () => (before = linesOf(list).length), noting);
  mustBeGreen(await run);
  return { files: linesOf(list), beforeFirstRequest: before };
}

/** Milliseconds of a Node program that does nothing, from the start of its process to its end. */
export async function msOfEmptyProgram(): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  return performance.now() - startedAt;
}

/** @param onRequest is told of the first request, with how to end the process. */
function begin(
  { azure, requests, bundle, directory }: Job,
  phase: string,
  onRequest: (end: () => void) => void = () => {},
  variables: Readonly<Record<string, string>> = {},
): Promise<ActionRun> {
  const environment = { ...azure.description.environment, ...variables };
  return runAction(
    { bundle, environment, directory },
    { phase },
    {
      runnerLost: true,
      onMain: (child) => void requests.next().then(() => onRequest(() => child.kill('SIGKILL'))),
    },
  );
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

function mustBeGreen({ main }: ActionRun): void {
  if (main.exitCode !== 0) throw new Error(`The run ended with ${main.exitCode}. Its log:\n${main.log}`);
}
