// Hours in seconds: a clock for the embedded Azure and a file that moves the time of child processes with it
// (leaping-process.ts). Time leaps only while both processes have had nothing to do but to wait for a moment: then nothing is under
// way between them, and work takes no longer than it does, however slow the machine.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Clock, sleepOn } from '../../local-azure/clock.ts';

export interface LeapingTime {
  readonly clock: Clock;
  /** Of child processes. */
  readonly environment: Readonly<Record<string, string>>;
  /** Lets time leap until the work has ended, and resolves with what it resolves with. */
  until<T>(work: Promise<T>): Promise<T>;
  close(): void;
}

/** No more than this at once: less than what an answer may take before it is given up. Milliseconds. */
const LEAP_MS = 15_000;
/** Looks in a row at which a process had done nothing. */
const IDLE_LOOKS = 3;
const LOOK_EVERY_MS = 5;
/** More than looking takes. */
const IDLE_BELOW_MS = 2;

export function createLeapingTime(): LeapingTime {
  const directory = mkdtempSync(join(tmpdir(), 'leaping-'));
  const file = join(directory, 'offset');
  const seen = join(directory, 'seen');
  const timers = new Set<{ due: number; act: () => void; native: NodeJS.Timeout }>();
  let offset = 0;
  let looks = 0;
  const now = () => Date.now() + offset;
  const write = () => writeFileSync(file, new Float64Array([offset]));
  write();
  writeFileSync(seen, new Float64Array(3));

  /** Whether the child has seen the last leap, and has only waited since. */
  const waits = () => {
    const bytes = readFileSync(seen);
    const [offsetSeen = 0, idle = 0, looked = 0] = new Float64Array(bytes.buffer, bytes.byteOffset, 3);
    const isWaiting = offsetSeen === offset && idle >= IDLE_LOOKS && looked !== looks;
    if (isWaiting) looks = looked;
    return isWaiting;
  };

  const schedule: Clock['schedule'] = (ms, act) => {
    const fire = () => {
      timers.delete(timer);
      act();
    };
    const timer = { due: now() + ms, act: fire, native: setTimeout(fire, ms) };
    timer.native.unref();
    timers.add(timer);
    return () => {
      clearTimeout(timer.native);
      timers.delete(timer);
    };
  };
  const leap = () => {
    offset += LEAP_MS;
    write();
    for (const timer of [...timers].sort((a, b) => a.due - b.due)) {
      clearTimeout(timer.native);
      timer.native = setTimeout(timer.act, Math.max(0, timer.due - now()));
      timer.native.unref();
    }
  };

  return {
    clock: {
      now: () => new Date(now()),
      schedule,
      sleep: (ms, signal) => sleepOn(schedule, ms, signal),
    },
    environment: {
      LEAPING_TIME: file,
      LEAPING_SEEN: seen,
      NODE_OPTIONS: `--import ${fileURLToPath(new URL('./leaping-process.ts', import.meta.url))}`,
    },
    until: async (work) => {
      let over = false;
      const done = work.finally(() => {
        over = true;
      });
      done.catch(() => {}); // told by whoever waits for it below
      for (let idle = 0, used = performance.eventLoopUtilization(); !over; ) {
        await sleep(LOOK_EVERY_MS);
        const at = performance.eventLoopUtilization();
        idle = performance.eventLoopUtilization(at, used).active < IDLE_BELOW_MS ? idle + 1 : 0;
        used = at;
        if (idle < IDLE_LOOKS || !waits()) continue;
        idle = 0;
        leap();
      }
      return done;
    },
    close: () => {
      for (const { native } of timers) clearTimeout(native);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
