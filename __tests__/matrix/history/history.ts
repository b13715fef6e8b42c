// Users at work in a world, and what became of all they did.
import { type Clock, systemClock } from '../../../local-azure/clock.ts';
import { createRandom, type Random } from '../../../local-azure/random.ts';
import type { LocalAzure } from '../../../local-azure/start.ts';
import { TRAFFIC } from '../../../local-azure/topologies/contoso.ts';
import type { SiteVariant } from '../../../local-azure/topologies/site-places.ts';
import { type Browser, createBrowser } from '../../../local-azure/users/browser.ts';
import { createResolver } from '../../../local-azure/users/resolver.ts';
import { violationsOf } from './checker.ts';
import { runClient } from './client.ts';
import { contentsOf, rowsOf, servingPlace } from './contents.ts';
import { type Event, isAcknowledged } from './events.ts';
import { openLog } from './log.ts';
import { type Places, placesOf } from './places.ts';

export interface HistoryOptions {
  readonly azure: LocalAzure;
  /** How the application is laid out. */
  readonly variant: SiteVariant;
  readonly seed: number;
  /** Each does one thing after another. Default 3. */
  readonly clients?: number;
  /** Mean pause of a client between two things. Default 400. */
  readonly pauseMs?: number;
}

export interface RunningHistory {
  events(): readonly Event[];
  /**
   * An operator confirms, with the run that begins now, that what a version's users wrote may be lost.
   * @param version 1 for V2. @returns to be called when that run has ended.
   */
  confirmed(version: number): () => void;
  /** One line for a log: what users did. */
  summary(): string;
  /** Sends the clients home and waits for what is under way. */
  stop(): Promise<void>;
  /** Stops, looks into the databases, and judges: a sentence for everything that is wrong, the law's number first. */
  check(): Promise<string[]>;
}

const REQUEST_TIMEOUT_MS = 5_000;

/** Clients begin at once. What is in production's database now was there before them. */
export function startHistory({
  azure,
  variant,
  seed,
  clients = 3,
  pauseMs = 400,
}: HistoryOptions): RunningHistory {
  const clock = systemClock();
  const places = placesOf(azure, variant);
  const [production] = places.databases();
  if (production === undefined) throw new Error('there is no database');
  const before = rowsOf(azure, production.database);
  const log = openLog(before);
  const home = new AbortController();
  const working = Array.from({ length: clients }, async (_none, number) => {
    const random = createRandom(seed * 1000 + number);
    const browser = newBrowser(azure, clock, random);
    const { publicName } = TRAFFIC;
    await runClient({
      number,
      publicName,
      browser,
      clock,
      random,
      log,
      places,
      pauseMs,
      signal: home.signal,
    });
    browser.close();
  });
  const stop = async () => {
    home.abort();
    await Promise.all(working);
  };
  return {
    events: () => log.events,
    confirmed: log.confirm,
    summary: () => summaryOf(log.events),
    stop,
    check: async () => {
      await stop();
      const serving = await whoServes(azure, places);
      const history = { events: log.events, before, confirmed: log.confirmed };
      const violations = violationsOf(history, { serving, databases: contentsOf(azure, places) });
      // What sees nothing proves nothing.
      return log.events.some(isAcknowledged)
        ? violations
        : [...violations, 'history: no write was acknowledged'];
    },
  };
}

function newBrowser({ description, ca }: LocalAzure, clock: Clock, random: Random): Browser {
  return createBrowser({
    resolver: createResolver(description.dns, clock, random),
    connectTo: JSON.parse(description.environment.INPUT_AZURE_ENVIRONMENT ?? '{}').connectTo,
    ca,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  });
}

async function whoServes(azure: LocalAzure, places: Places) {
  const browser = newBrowser(azure, systemClock(), createRandom(1));
  const place = await servingPlace(browser, TRAFFIC.publicName, places);
  browser.close();
  return place;
}

function summaryOf(events: readonly Event[]): string {
  const counted = Map.groupBy(events, ({ kind, outcome, servedBy }) =>
    [kind, outcome, servedBy && `by ${servedBy.site}`].filter(Boolean).join(' '),
  );
  return [...counted].map(([what, group]) => `${group.length} ${what}`).join(', ');
}
