// A user who does one thing after another: writes an order, or looks for one, by the public name.
import type { Clock } from '../../../local-azure/clock.ts';
import type { Random } from '../../../local-azure/random.ts';
import type { Answer, Browser } from '../../../local-azure/users/browser.ts';
import { pause } from '../../../local-azure/users/rate.ts';
import type { WriteEvent } from './events.ts';
import type { Log } from './log.ts';
import type { Places } from './places.ts';

export interface ClientOptions {
  readonly number: number;
  readonly publicName: string;
  readonly browser: Browser;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly places: Places;
  /** Mean pause between two things it does. */
  readonly pauseMs: number;
  /** Goes home once what is under way is done. */
  readonly signal: AbortSignal;
}

const SHARE_OF_WRITES = 0.5;
/** An order whose outcome is unknown is sent as often as this. */
const ATTEMPTS = 5;
const PAUSE_BEFORE_AGAIN_MS = 150;
/** Mostly orders of late are looked for: those are the ones that get lost. */
const OF_LATE = 12;

export async function runClient(options: ClientOptions): Promise<void> {
  const { random, clock, pauseMs, signal } = options;
  for (let orders = 1; !signal.aborted; ) {
    if (random.next() < SHARE_OF_WRITES) await write(options, orders++);
    else await read(options);
    // People do not come in step: between half and one and a half of the mean.
    await pause(clock, pauseMs * (0.5 + random.next()), signal);
  }
}

async function write(options: ClientOptions, nth: number): Promise<void> {
  const { number, random, clock, signal } = options;
  const order = {
    id: random.guid(),
    customer: `client ${number}, order ${nth}`,
    amount: random.integer(100, 100_000) / 100,
  };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const end = options.log.begin(number, order.id);
    const answer = await options.browser.post(options.publicName, '/orders', order);
    const outcome = outcomeOf(answer);
    end({ kind: 'write', content: contentOf(order), attempt, outcome, servedBy: servedBy(options, answer) });
    if (outcome !== 'unknown') return;
    await pause(clock, PAUSE_BEFORE_AGAIN_MS * attempt, signal);
  }
}

async function read(options: ClientOptions): Promise<void> {
  const { number, random, log } = options;
  const oldest = random.next() < 0.8 ? Math.max(0, log.keys.length - OF_LATE) : 0;
  const key = log.keys[random.integer(oldest, log.keys.length - 1)];
  if (key === undefined) return;
  const end = log.begin(number, key);
  const replicas = options.places.replicas();
  const answer = await options.browser.get(options.publicName, `/orders/${key}`);
  const place = servedBy(options, answer);
  // Where a failover came meanwhile, a database that was a replica when the request began may have answered as one.
  const by = place && { ...place, isReplica: place.isReplica || replicas.includes(place.database) };
  end({ kind: 'read', ...seenIn(answer), servedBy: by });
}

function servedBy({ places }: ClientOptions, answer: Answer) {
  return answer.kind === 'answered' ? places.find(answer.servedBy) : null;
}

/** What an order says, for users and in the database. */
export function contentOf({
  customer,
  amount,
}: {
  readonly customer: string;
  readonly amount: number;
}): string {
  return `${customer}: ${amount.toFixed(2)}`;
}

/** Nothing was sent: a name that does not resolve, a port where nobody listens. */
const NOT_SENT = ['NXDOMAIN', 'no DNS answer', 'ECONNREFUSED'];
/** The database is read-only, or the permission is denied: the two ways to freeze. */
const FROZEN = /"error":"(read-only|sql-229)"/;

function outcomeOf(answer: Answer): WriteEvent['outcome'] {
  if (answer.kind === 'failed') return NOT_SENT.includes(answer.why) ? 'failed' : 'unknown';
  if (answer.status === 201) return 'created';
  if (answer.status === 200) return 'existed';
  if (FROZEN.test(answer.body)) return 'refused';
  return /outcome-unknown|application-error/.test(answer.body) ? 'unknown' : 'failed';
}

function seenIn(answer: Answer): { outcome: 'ok' | 'failed'; seen: string | null } {
  if (answer.kind === 'failed') return { outcome: 'failed', seen: null };
  if (answer.status === 200) return { outcome: 'ok', seen: seenOrder(answer.body) };
  // Of the application; a front end that knows no such site says 404 too.
  if (answer.status === 404 && answer.body.includes('"not-found"')) return { outcome: 'ok', seen: null };
  return { outcome: 'failed', seen: null };
}

function seenOrder(body: string): string {
  const order: Readonly<Record<string, unknown>> = JSON.parse(body);
  return contentOf({ customer: String(order.Customer), amount: Number(order.Amount) });
}
