// A GitHub runner, as far as one action needs it: main, then post, each a process of its own, with the files
// through which an action speaks to its runner. Post runs whatever became of main, killed or not.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readCommandFile } from './command-files.ts';

export interface RunnerOptions {
  /** The bundle, e.g. dist/index.js. */
  readonly bundle: string;
  /** What a job would have set, the action's inputs included. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the runner's files go. */
  readonly directory: string;
}

export interface ProcessRun {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly log: string;
  /** Markdown. */
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface ActionRun {
  readonly main: ProcessRun;
  /** Null where the runner was lost. */
  readonly post: ProcessRun | null;
  /** What GITHUB_STATE held after main. */
  readonly state: Readonly<Record<string, string>>;
}

export interface Watch {
  /** Every line of both processes as it is written. */
  readonly onLine?: (line: string, step: 'main' | 'post') => void;
  /** The machine goes with the main process: no post step. */
  readonly runnerLost?: boolean;
  /** The main process, so that a test can signal it. */
  readonly onMain?: (main: ChildProcess) => void;
  /** The post process, likewise. */
  readonly onPost?: (post: ChildProcess) => void;
}

/** Runs the action once: main, then post. */
export async function runAction(
  options: RunnerOptions,
  inputs: Readonly<Record<string, string>>,
  watch: Watch = {},
): Promise<ActionRun> {
  const directory = mkdtempSync(join(options.directory, 'run-'));
  const main = await runStep(options, inputs, directory, 'main', {}, watch);
  const state = readCommandFile(join(directory, 'main-state'));
  const carried = Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
  const post = watch.runnerLost ? null : await runStep(options, inputs, directory, 'post', carried, watch);
  return { main, post, state };
}

async function runStep(
  options: RunnerOptions,
  inputs: Readonly<Record<string, string>>,
  directory: string,
  step: 'main' | 'post',
  state: Readonly<Record<string, string>>,
  watch: Watch,
): Promise<ProcessRun> {
  const file = (name: string) => join(directory, `${step}-${name}`);
  for (const name of ['output', 'state', 'summary']) writeFileSync(file(name), '');
  const child = spawn(process.execPath, [options.bundle], {
    env: {
      PATH: process.env.PATH ?? '',
      GITHUB_ACTIONS: 'true',
      ...options.environment,
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [inputVariable(name), value])),
      ...state,
      GITHUB_OUTPUT: file('output'),
      GITHUB_STATE: file('state'),
      GITHUB_STEP_SUMMARY: file('summary'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (step === 'main') watch.onMain?.(child);
  else watch.onPost?.(child);
  const log: string[] = [];
  const ended = await new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>(
    (resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          log.push(line);
          watch.onLine?.(line, step);
        });
      }
      child.once('error', reject);
      child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
    },
  );
  return {
    ...ended,
    log: log.join('\n'),
    summary: readFileSync(file('summary'), 'utf8'),
    outputs: readCommandFile(file('output')),
  };
}

function inputVariable(name: string): string {
  return `INPUT_${name.toUpperCase().replaceAll(' ', '_')}`;
}
