// Runs one of this project's TypeScript programs on the action's own Node (24), after installing what
// is missing. Plain JavaScript without dependencies: it is the first thing that runs after a clone.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { holding, isAlive } from './install-lock.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [program, ...args] = process.argv.slice(2);

const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const stamp = join(root, 'node_modules', '.cache', 'rolling-upgrade-lock');
const lock = join(root, '.installing');

if (!isInstalled()) {
  const status = holding(lock, tellWaiting, () => (isInstalled() ? 0 : install()));
  if (status !== 0) process.exit(status);
}
run(node24());

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

function tellWaiting(pid) {
  process.stderr.write(
    `Another command (process ${pid}) is installing the dependencies: waiting for it … ` +
      `If it is none of this project, remove ${lock}\n`,
  );
}

/** The exit status of npm. */
function install() {
  process.stderr.write('Installing dependencies (npm ci) …\n');
  const npm = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    process.stderr.write('npm ci failed: the messages above say why. Nothing was started.\n');
    return npm.status ?? 1;
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  return 0;
}

/** The action runs on Node 24. Where the registry has it for this platform, it is a dependency. */
function node24() {
  const os = process.platform === 'win32' ? 'win' : process.platform;
  const bin = process.platform === 'win32' ? 'node.exe' : 'node';
  const installed = join(root, 'node_modules', `node-${os}-${process.arch}`, 'bin', bin);
  if (existsSync(installed)) return installed;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  process.stderr.write(
    `Node 24 is needed, this is ${process.version}, and the registry has no Node 24 package for ` +
      `${process.platform}-${process.arch}. Install Node 24 (https://nodejs.org) and run the command again.\n`,
  );
  process.exit(1);
}

function run(node) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(root, program), ...args], {
    cwd: root,
    // Over the channel the program notices the end of this process, also where it was killed.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) whenParentEnds(() => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
}

/** npm that is killed outright tells nobody: it, and the shell between, are looked at twice a second. */
function whenParentEnds(end) {
  const watched = [process.ppid, parentOf(process.ppid)].filter((pid) => pid > 1);
  const timer = setInterval(() => {
    if (watched.every(isAlive)) return;
    clearInterval(timer);
    end();
  }, 500);
  timer.unref();
}

/** NaN where the system has no `ps`. */
function parentOf(pid) {
  return Number.parseInt(
    spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout,
    10,
  );
}
