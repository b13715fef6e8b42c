// Loaded into a child process before its program (NODE_OPTIONS=--import): its time is the machine's plus an offset that is read from
// a file, so that hours pass at once for the program as it is shipped. AbortSignal.timeout and what Node itself waits for (sockets)
// stay in the machine's time: they measure answers, and those do not take longer because hours pass.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { type EventLoopUtilization, performance as measured } from 'node:perf_hooks';

const LOOK_EVERY_MS = 5;
/** More than looking itself takes: the program is at work. */
const IDLE_BELOW_MS = 2;

interface Pending {
  readonly fire: () => void;
  due: number;
  native: NodeJS.Timeout;
}

const native = {
  Date,
  setTimeout,
  clearTimeout,
  setInterval,
  performanceNow: performance.now.bind(performance),
};
const file = openSync(process.env.LEAPING_TIME ?? '', 'r');
const offset = new Float64Array(1);
/** The offset that was seen, for how many looks nothing has been done since, and how many looks there were. */
const told = new Float64Array(3);
const telling = openSync(process.env.LEAPING_SEEN ?? '', 'r+');
let used: EventLoopUtilization | undefined;
const pending = new Map<object, Pending>();

function tell(): void {
  const at = measured.eventLoopUtilization();
  const { active } = used === undefined ? at : measured.eventLoopUtilization(at, used);
  used = at;
  const isIdle = active < IDLE_BELOW_MS && told[0] === offset[0];
  told.set([offset[0] ?? 0, isIdle ? (told[1] ?? 0) + 1 : 0, (told[2] ?? 0) + 1]);
  writeSync(telling, told, 0, told.byteLength, 0);
}

function look(): void {
  const before = offset[0];
  readSync(file, offset, 0, offset.byteLength, 0);
  if (before === offset[0]) return;
  for (const one of pending.values()) {
    native.clearTimeout(one.native);
    const wasRef = one.native.hasRef();
    one.native = native.setTimeout(one.fire, Math.max(0, one.due - now()));
    if (!wasRef) one.native.unref();
  }
}

const now = () => native.Date.now() + (offset[0] ?? 0);

class LeapingDate extends native.Date {
  constructor(...given: [] | [number | string | Date]) {
    super(given.length === 0 ? now() : given[0]);
  }
  static override now = now;
}

/** What callers get for a timer: enough of Node's Timeout for those who hold one. */
class LeapingTimer {
  readonly #delay: number;
  readonly #act: () => void;
  readonly #repeats: boolean;

  constructor(act: () => void, delay: number, repeats: boolean) {
    this.#act = act;
    this.#delay = Math.max(1, Number(delay) || 1);
    this.#repeats = repeats;
    this.#begin();
  }

  #begin(): void {
    const fire = () => {
      pending.delete(this);
      if (this.#repeats) this.#begin();
      this.#act();
    };
    pending.set(this, { fire, due: now() + this.#delay, native: native.setTimeout(fire, this.#delay) });
  }

  ref(): this {
    pending.get(this)?.native.ref();
    return this;
  }
  unref(): this {
    pending.get(this)?.native.unref();
    return this;
  }
  hasRef(): boolean {
    return pending.get(this)?.native.hasRef() ?? false;
  }
  refresh(): this {
    this.close();
    this.#begin();
    return this;
  }
  close(): this {
    const one = pending.get(this);
    if (one) native.clearTimeout(one.native);
    pending.delete(this);
    return this;
  }
  [Symbol.dispose](): void {
    this.close();
  }
}

type Act = (...args: unknown[]) => void;

const clear = (timer?: unknown) => {
  if (timer instanceof LeapingTimer) timer.close();
  else native.clearTimeout(timer as NodeJS.Timeout);
};

look();
native
  .setInterval(() => {
    look();
    tell();
  }, LOOK_EVERY_MS)
  .unref();
process.once('exit', () => {
  closeSync(file);
  closeSync(telling);
});
performance.now = () => native.performanceNow() + (offset[0] ?? 0);
Object.assign(globalThis, {
  Date: LeapingDate,
  setTimeout: (act: Act, delay = 0, ...args: unknown[]) => new LeapingTimer(() => act(...args), delay, false),
  setInterval: (act: Act, delay = 0, ...args: unknown[]) => new LeapingTimer(() => act(...args), delay, true),
  clearTimeout: clear,
  clearInterval: clear,
});
