// Runs the user's upgrade command: an argument list, no shell, its output line by line.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { CommandRun, RunCommand } from '../application/upgrade-context.ts';
import { speaksForJob } from '../config/job-variables.ts';
import { UpgradeError } from '../reasons.ts';
import type { Environment } from './input-reader.ts';

/** Between asking a command to end and ending it. Milliseconds; a cancelled job has ten seconds in all. */
const GRACE_MS = 2_000;

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** The command gets the job's environment without what speaks for the job, and the stage connection on top. */
export function commandRunner(workspace: string, environment: Environment): RunCommand {
  const inherited = Object.fromEntries(Object.entries(environment).filter(([name]) => !speaksForJob(name)));
  return (run) => runCommand(run, workspace, inherited);
}

function runCommand(run: CommandRun, cwd: string, inherited: Environment): ReturnType<RunCommand> {
  const [program = '', ...args] = run.command;
  return new Promise((resolve, reject) => {
    run.signal.throwIfAborted();
    const child = spawn(program, args, {
      cwd,
      env: { ...inherited, ...run.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, because what writes is often a child of what was started: flyway is a script around java.
      detached: process.platform !== 'win32',
    });
    let timedOut = false;
    const end = () => endGroup(child);
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, run.timeoutMs);
    run.signal.addEventListener('abort', end, { once: true });
    onLines(child.stdout, run.onLine);
    onLines(child.stderr, run.onLine);
    const settle = () => {
      clearTimeout(timer);
      run.signal.removeEventListener('abort', end);
    };
    child.once('error', (cause) => {
      settle();
      reject(
        new UpgradeError(
          'script-failed',
          `The upgrade command ${program} could not be started: ${cause.message}`,
          { cause },
        ),
      );
    });
    child.once('close', (exitCode) => {
      settle();
      resolve({ exitCode, timedOut });
    });
  });
}

/** Asks the command and all it has started to end, then ends them. */
function endGroup(child: Child): void {
  kill(child, 'SIGTERM');
  setTimeout(() => {
    kill(child, 'SIGKILL');
    // Whoever still holds the pipes is not waited for.
    child.stdout.destroy();
    child.stderr.destroy();
  }, GRACE_MS).unref();
}

function kill(child: Child, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

function onLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on('line', onLine);
}
