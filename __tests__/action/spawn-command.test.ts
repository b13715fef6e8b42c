// The user's upgrade command, as real child processes.
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { commandRunner } from '../../src/action/spawn-command.ts';
import { UpgradeError } from '../../src/reasons.ts';

const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'rolling-upgrade-command-')));
const HOUR = 3_600_000;
/** Says that it is there and stays, whatever it is asked. */
const STUBBORN = `process.on('SIGTERM', () => console.log('asked to end')); console.log('here', process.pid); setInterval(() => {}, 1000);`;

interface Options {
  readonly environment?: Record<string, string>;
  readonly stage?: Record<string, string>;
  readonly timeoutMs?: number;
  readonly controller?: AbortController;
  /** Called with every line, and what has come so far. */
  readonly onLine?: (line: string) => void;
}

async function run(command: readonly string[], options: Options = {}) {
  const lines: string[] = [];
  const environment = { PATH: process.env.PATH ?? '', ...options.environment };
  const ended = await commandRunner(
    workspace,
    environment,
  )({
    command,
    environment: options.stage ?? {},
    timeoutMs: options.timeoutMs ?? HOUR,
    signal: (options.controller ?? new AbortController()).signal,
    onLine: (line) => {
      lines.push(line);
      options.onLine?.(line);
    },
  });
  return { ...ended, lines };
}

const node = (source: string, options: Options = {}) => run([process.execPath, '-e', source], options);

/** Whether the process is still there. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a command', () => {
  test('shows its output line by line, of both streams, the last without an end too', async () => {
    const { lines, exitCode } = await node(
      `process.stdout.write('one\\ntw'); process.stderr.write('problem\\n'); setTimeout(() => process.stdout.write('o\\r\\nüber'), 50)`,
    );
    expect(lines.filter((line) => line !== 'problem')).toEqual(['one', 'two', 'über']);
    expect(lines).toContain('problem');
    expect(exitCode).toBe(0);
  });

  test('shows its lines while it runs, not at its end', async () => {
    const controller = new AbortController();
    const { lines } = await node(`console.log('begun'); setInterval(() => {}, 1000)`, {
      controller,
      onLine: () => controller.abort(),
    });
    expect(lines).toEqual(['begun']);
  });

  test.each([0, 1, 42])('ends with its exit code %i', async (code) => {
    expect(await node(`process.exit(${code})`)).toMatchObject({ exitCode: code, timedOut: false });
  });

  test('gets its arguments as they are: no shell reads them', async () => {
    const { lines } = await run([process.execPath, '-p', 'process.argv[1]', '$HOME; echo `id` "*"']);
    expect(lines).toEqual(['$HOME; echo `id` "*"']);
  });

  test('runs in the workspace and cannot wait for input', async () => {
    const { lines } = await node(`process.stdin.on('end', () => console.log(process.cwd())).resume()`);
    expect(lines).toEqual([workspace]);
  });

  test('gets the stage connection and the environment of the job, without the inputs of this action', async () => {
    const { lines } = await node('console.log(JSON.stringify(process.env))', {
      environment: {
        DOTNET_ROOT: '/dotnet',
        SQL_SERVER: 'of the job',
        'INPUT_GITHUB-TOKEN': 's',
        INPUT_CONFIG: 'c',
      },
      stage: { SQL_SERVER: 'contoso-sql-green.database.windows.net', SQL_ACCESS_TOKEN: 'token' },
    });
    const seen = JSON.parse(lines.join(''));
    expect(seen).toMatchObject({
      DOTNET_ROOT: '/dotnet',
      SQL_SERVER: 'contoso-sql-green.database.windows.net',
      SQL_ACCESS_TOKEN: 'token',
    });
    expect(Object.keys(seen).filter((name) => name.startsWith('INPUT_'))).toEqual([]);
  });
});

describe('a command that does not end', () => {
  test('is ended after its time, and that is told', async () => {
    const ended = await node('setInterval(() => {}, 1000)', { timeoutMs: 200 });
    expect(ended).toMatchObject({ timedOut: true, exitCode: null });
  });

  test('is killed on a cancellation also where it does not care', async () => {
    const controller = new AbortController();
    const ended = await node(STUBBORN, { controller, onLine: () => controller.abort() });
    expect(ended.lines).toContain('asked to end');
    expect(ended).toMatchObject({ exitCode: null, timedOut: false });
    expect(lives(Number(ended.lines[0]?.split(' ')[1]))).toBe(false);
  });

  test('is ended with what it has started', async () => {
    const controller = new AbortController();
    const sign = join(workspace, 'sign-of-life');
    const inner = `setInterval(() => require('node:fs').writeFileSync('sign-of-life', ''), 10); ${STUBBORN}`;
    const outer = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(inner)}], { stdio: 'inherit' }); setInterval(() => {}, 1000)`;
    await node(outer, { controller, onLine: () => controller.abort() });
    await delay(100);
    rmSync(sign, { force: true });
    await delay(300);
    expect(existsSync(sign)).toBe(false);
  });

  test('is not even started when the job has been cancelled', async () => {
    const controller = new AbortController();
    const cancelled = new UpgradeError('cancelled', 'The job was cancelled');
    controller.abort(cancelled);
    const started: string[] = [];
    const ended = node('console.log("started")', { controller, onLine: (line) => started.push(line) });
    await expect(ended).rejects.toBe(cancelled);
    expect(started).toEqual([]);
  });
});

test('a program that is not there is told by its name', async () => {
  await expect(run(['no-such-program-anywhere', '--version'])).rejects.toMatchObject({
    reason: 'script-failed',
    message: expect.stringMatching(/no-such-program-anywhere could not be started: .*ENOENT/),
  });
});
