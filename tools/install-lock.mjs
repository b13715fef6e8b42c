// One installation at a time: npm deletes what another npm is installing, and programs under way with it. Plain
// JavaScript without dependencies, as run.mjs. The lock is a folder that holds its holder's pid; it appears whole, by a
// rename, and stands outside node_modules, which npm empties.
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PAUSE_MS = 200;
/** What renaming onto a folder that is not empty is answered with, by system. */
const TAKEN = ['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'];

/** Runs `work` while no other process does. Waits as long as one does, and tells so once: `waiting` gets its pid. */
export function holding(lock, waiting, work) {
  let told = false;
  while (!take(lock)) {
    const pid = holderOf(lock); // null: given back meanwhile
    if (pid !== null && !isAlive(pid)) {
      clear(lock, pid);
      continue;
    }
    if (pid !== null && !told) waiting(pid);
    told ||= pid !== null;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

export function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function take(lock) {
  const own = mkdtempSync(`${lock}-`);
  writeFileSync(join(own, 'pid'), String(process.pid));
  try {
    renameSync(own, lock);
    return true;
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (TAKEN.includes(error.code)) return false;
    throw error;
  }
}

/** Null where nobody holds it. */
function holderOf(lock) {
  try {
    return Number(readFileSync(join(lock, 'pid'), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Of a holder that is dead. Moved away first, and put back where another process was faster and holds it by now. */
function clear(lock, dead) {
  const aside = mkdtempSync(`${lock}-`);
  const moved = join(aside, 'lock');
  try {
    renameSync(lock, moved);
    if (holderOf(moved) !== dead) renameSync(moved, lock);
  } catch (error) {
    if (error.code !== 'ENOENT' && !TAKEN.includes(error.code)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
