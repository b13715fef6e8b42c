// A user who only writes, and asks DNS before every try: what the public name lets through is seen at once.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../local-azure/clock.ts';
import type { Random } from '../../local-azure/random.ts';
import { createBrowser } from '../../local-azure/users/browser.ts';
import { createResolver, type Resolver } from '../../local-azure/users/resolver.ts';

/** One try to write. Milliseconds of the same clock as the calls. */
export interface Try {
  /** Host name that DNS led to; null where it answered none. */
  readonly site: string | null;
  readonly resolved: number;
  /** Null where the write was not accepted. */
  readonly accepted: number | null;
}

export interface Writer {
  /** Resolves to the first accepted try on a site; null where none came within the time. */
  acceptedOn(site: string, withinMs: number): Promise<Try | null>;
  tries(): readonly Try[];
  /** Ends when the try under way has ended. */
  stop(): Promise<void>;
}

export interface WriterOptions {
  readonly publicName: string;
  /** `address:port` */
  readonly dnsServer: string;
  readonly connectTo: Readonly<Record<string, string>>;
  /** PEM. */
  readonly ca: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly now: () => number;
}

/** Between two tries: a change of DNS is seen late by as much, a write that is accepted is not. */
const PAUSE_MS = 50;
const REQUEST_TIMEOUT_MS = 5_000;

export function startWriter(options: WriterOptions): Writer {
  const { clock, now } = options;
  const tries: Try[] = [];
  const home = new AbortController();
  let last: { site: string; resolved: number } | null = null;
  const resolver: Resolver = {
    // A new resolver has nothing in its cache.
    resolve: async (name) => {
      const answer = await createResolver(options.dnsServer, clock, options.random).resolve(name);
      if (answer.kind === 'resolved') last = { site: answer.canonicalName, resolved: now() };
      return answer;
    },
  };
  const browser = createBrowser({ ...options, resolver, requestTimeoutMs: REQUEST_TIMEOUT_MS });

  async function write(): Promise<void> {
    last = null;
    const order = { id: randomUUID(), customer: 'Contoso', amount: 1 };
    const answer = await browser.post(options.publicName, '/orders', order);
    const isAccepted = answer.kind === 'answered' && answer.status === 201;
    const { site, resolved }: { site: string | null; resolved: number } = last ?? {
      site: null,
      resolved: now(),
    };
    tries.push({ site, resolved, accepted: isAccepted ? now() : null });
  }

  const finished = (async () => {
    while (!home.signal.aborted) {
      await write();
      await clock.sleep(PAUSE_MS, home.signal).catch(() => undefined);
    }
    browser.close();
  })();

  const firstOn = (site: string) => tries.find((one) => one.site === site && one.accepted !== null) ?? null;
  return {
    acceptedOn: async (site, withinMs) => {
      const end = now() + withinMs;
      while (firstOn(site) === null && now() < end) await clock.sleep(PAUSE_MS);
      return firstOn(site);
    },
    tries: () => tries,
    stop: async () => {
      home.abort();
      await finished;
    },
  };
}
