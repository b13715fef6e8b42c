// What is looked at all the while in a world of two slots, besides what users see.
import type { LocalAzure } from '../../../local-azure/start.ts';
import { watchScript } from '../script-once.ts';
import { DATABASE, type Places } from './slots-places.ts';

export interface SlotsWatch {
  /** Each violation once. */
  stop(): string[];
}

const EVERY_MS = 100;
/**
 * Users whose name led elsewhere a moment ago may still come: answers live for a second in these worlds. Whom no answer has
 * led to a database for longer than that nobody writes to: a return to V1 that fails gives V2 back to its users first
 * (design.md: restores service first and tidies after), and closes V1's database, on which nobody is, right after it.
 */
const STILL_THERE_MS = 5_000;
const OF_PROFILE = /^arm \S+ .*\/trafficManagerProfiles\//i;
const DELETES_DATABASE = /^arm DELETE .*\/servers\/([^/]+)\/databases\/([^/]+)$/i;
const DELETES_OTHER =
  /^arm DELETE .*\/(sites|serverfarms|servers|resourceGroups|trafficManagerProfiles)\/[^/]+$/i;

/** Law 7 at every call, laws 1 and 5 every 100 ms and at every look at the profile: between two writes of it there is one. */
export function watchSlots(azure: LocalAzure, places: Places): SlotsWatch {
  const seen = new Set<string>();
  const script = watchScript();
  const lastServed = new Map<string, number>();
  let upgraded = false;
  const sample = () => {
    const site = places.serving();
    if (site?.server == null) return void seen.add('law 5: at a time users were sent to nobody');
    lastServed.set(site.server, performance.now());
    const reached = [...lastServed].filter(([, at]) => performance.now() - at < STILL_THERE_MS);
    const writable = reached.map(([server]) => server).filter(places.isWritable);
    if (writable.length > 1) seen.add(`law 1: at a time users could write to ${writable.join(' and ')}`);
    if (!azure.fabric.hasDatabase(site.server, DATABASE)) {
      return void seen.add(`law 7: at a time ${DATABASE} was not on ${site.server}, which served users`);
    }
    // Looked at until it is: what was complete stays so.
    if (site.version === '2.0.0' && !upgraded) upgraded = places.isUpgraded(site.server);
    if (site.version === '2.0.0' && !upgraded) {
      seen.add(`law 5: at a time V2 served users on ${site.server}, which was not upgraded`);
    }
  };
  azure.faults.onCall((call) => {
    script.see(call);
    if (OF_PROFILE.test(call)) sample();
    if (DELETES_OTHER.test(call)) seen.add(`law 7: asked for what it had not created: ${call}`);
    const [, server, database] = DELETES_DATABASE.exec(call) ?? [];
    if (server === undefined || places.serving()?.server !== server) return;
    seen.add(`law 7: ${database} on ${server} was deleted while it served users`);
  });
  const timer = setInterval(sample, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      sample();
      return [...seen, ...script.violations()];
    },
  };
}
