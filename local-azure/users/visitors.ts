// A load of visitors: they open services that only answer, and keep books of who answered and of every refusal.
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { type Answer, createBrowser } from './browser.ts';
import { repeat } from './rate.ts';
import { createResolver } from './resolver.ts';

export interface VisitorsOptions {
  /** Host names they open, over HTTPS. */
  readonly hosts: readonly string[];
  /** `address:port` */
  readonly dnsServer: string;
  readonly connectTo: Readonly<Record<string, string>>;
  /** PEM. */
  readonly ca: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Of each host. */
  readonly requestsPerSecond: number;
}

export interface VisitsReport {
  readonly answered: number;
  /** By kind: "503 No instance is in service.", ECONNRESET, timeout … */
  readonly refused: Readonly<Record<string, number>>;
  /** Answers by the version that gave them. */
  readonly byVersion: Readonly<Record<string, number>>;
}

export interface Visitors {
  /** By host. */
  report(): Readonly<Record<string, VisitsReport>>;
  /** Begins no new request and waits for those under way. */
  stop(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 5_000;
/** They go home after this, stopped or not. */
const LONGEST_MS = 3_600_000;

export function startVisitors(options: VisitorsOptions): Visitors {
  const { clock, random, hosts } = options;
  const resolver = createResolver(options.dnsServer, clock, random);
  const browser = createBrowser({ ...options, resolver, requestTimeoutMs: REQUEST_TIMEOUT_MS });
  const home = new AbortController();
  const rate = {
    perSecond: options.requestsPerSecond,
    clock,
    random,
    lastCall: clock.now().getTime() + LONGEST_MS,
    signal: home.signal,
  };
  const books = hosts.map((host) => ({ host, answered: 0, refused: counts(), byVersion: counts() }));
  const visits = books.map((book) => repeat(rate, async () => note(book, await browser.get(book.host, '/'))));
  return {
    report: () => Object.fromEntries(books.map(({ host, ...book }) => [host, structuredClone(book)])),
    stop: async () => {
      home.abort();
      await Promise.all(visits);
      browser.close();
    },
  };
}

type Counts = Record<string, number>;
const counts = (): Counts => ({});

interface Book {
  answered: number;
  readonly refused: Counts;
  readonly byVersion: Counts;
}

function note(book: Book, answer: Answer): void {
  const refusal = refusalOf(answer);
  if (refusal !== null) {
    count(book.refused, refusal);
    return;
  }
  book.answered++;
  const body = answer.kind === 'answered' ? answer.body : '';
  count(book.byVersion, body.match(/"version":"([^"]{1,20})"/)?.[1] ?? 'unknown');
}

function refusalOf(answer: Answer): string | null {
  if (answer.kind === 'failed') return answer.why;
  if (answer.status === 200) return null;
  return `${answer.status} ${answer.body.match(/"error":"([^"]{1,60})"/)?.[1] ?? ''}`.trim();
}

function count(counted: Counts, key: string): void {
  counted[key] = (counted[key] ?? 0) + 1;
}
