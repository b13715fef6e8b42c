// A load of users: they open the public name, read and write, and keep books of what became of it.
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { type Books, openBooks, type UsersReport } from './books.ts';
import { type Answer, type Browser, createBrowser } from './browser.ts';
import { pause, repeat } from './rate.ts';
import { createResolver } from './resolver.ts';

export interface UsersOptions {
  /** The name users open, e.g. www.contoso.example. */
  readonly publicName: string;
  /** `address:port` */
  readonly dnsServer: string;
  readonly connectTo: Readonly<Record<string, string>>;
  /** PEM. */
  readonly ca: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  /** They go home after this, stopped or not. Default an hour. */
  readonly longestMs?: number;
}

export interface Users {
  report(): UsersReport;
  /** Ids of every write that was acknowledged. */
  acknowledged(): readonly string[];
  /** Ids of acknowledged writes that `read` does not find: none may be lost. */
  verify(read: (id: string) => Promise<boolean>): Promise<string[]>;
  /** Begins no new request and waits for those under way. */
  stop(): Promise<void>;
  /** When the last request is done, after `stop` or by themselves. */
  readonly finished: Promise<void>;
}

const REQUEST_TIMEOUT_MS = 15_000;
const LONGEST_MS = 3_600_000;
/** A user who is not told the outcome of a write sends it again, with the same id, as often as this. */
const ATTEMPTS = 5;
const PAUSE_BEFORE_AGAIN_MS = 300;

export function startUsers(options: UsersOptions): Users {
  const { clock, random } = options;
  const resolver = createResolver(options.dnsServer, clock, random);
  const browser = createBrowser({ ...options, resolver, requestTimeoutMs: REQUEST_TIMEOUT_MS });
  const books = openBooks(() => clock.now().getTime());
  const home = new AbortController();
  const lastCall = clock.now().getTime() + (options.longestMs ?? LONGEST_MS);
  const visit = { options, browser, books, signal: home.signal };
  const pace = { clock, random, lastCall, signal: home.signal };
  const finished = Promise.all([
    repeat({ ...pace, perSecond: options.readsPerSecond }, () => read(visit)),
    repeat({ ...pace, perSecond: options.writesPerSecond }, () => write(visit)),
  ]).then(() => browser.close());
  return {
    report: books.report,
    acknowledged: books.acknowledged,
    verify: async (readBack) => {
      const lost: string[] = [];
      for (const id of books.acknowledged()) if (!(await readBack(id))) lost.push(id);
      return lost;
    },
    stop: async () => {
      home.abort();
      await finished;
    },
    finished,
  };
}

interface Visit {
  readonly options: UsersOptions;
  readonly browser: Browser;
  readonly books: Books;
  readonly signal: AbortSignal;
}

async function read({ options, browser, books }: Visit): Promise<void> {
  const written = books.acknowledged();
  const one =
    options.random.next() < 0.5 ? written[options.random.integer(0, written.length - 1)] : undefined;
  const answer = await browser.get(options.publicName, one ? `/orders/${one}` : '/orders');
  if (answer.kind === 'answered' && answer.status === 200) return books.readAnswered(answer.servedBy);
  books.readFailed(reasonOf(answer));
}

const CUSTOMERS = [
  'Adatum',
  'Fabrikam',
  'Litware',
  'Northwind Traders',
  'Proseware',
  'Tailspin Toys',
] as const;

async function write(visit: Visit): Promise<void> {
  const { options, books } = visit;
  const { random } = options;
  const order = {
    id: random.guid(),
    customer: CUSTOMERS[random.integer(0, CUSTOMERS.length - 1)] ?? 'Contoso',
    amount: random.integer(100, 100_000) / 100,
  };
  let mayHaveHappened = false;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const answer = await visit.browser.post(options.publicName, '/orders', order);
    if (answer.kind === 'answered' && (answer.status === 201 || answer.status === 200)) {
      return books.writeAcknowledged(order.id, answer.servedBy);
    }
    mayHaveHappened ||= isUnknown(answer);
    if (answer.kind === 'answered' && !isUnknown(answer)) {
      if (isReadOnly(answer)) return books.writeRefused();
      return books.writeFailed(reasonOf(answer));
    }
    if (attempt < ATTEMPTS) await pause(options.clock, PAUSE_BEFORE_AGAIN_MS * attempt, visit.signal);
  }
  books.writeFailed(mayHaveHappened ? 'outcome-unknown' : 'unreachable');
}

/** No answer, or one that says that nobody knows: the write may be in the database. */
function isUnknown(answer: Answer): boolean {
  return answer.kind === 'failed' ? answer.why !== 'NXDOMAIN' : answer.body.includes('outcome-unknown');
}

function isReadOnly(answer: Answer): boolean {
  return answer.kind === 'answered' && answer.status === 503 && answer.body.includes('read-only');
}

function reasonOf(answer: Answer): string {
  if (answer.kind === 'failed') return answer.why;
  const named = answer.body.match(/"error":"([^"]{1,60})"/)?.[1];
  return named ? `${answer.status} ${named}` : String(answer.status);
}
