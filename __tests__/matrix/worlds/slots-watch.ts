// What is looked at all the while in a world of two slots, besides what users see.
import type { LocalAzure } from '../../../local-azure/start.ts';
import { DATABASE, type Places } from './slots-places.ts';

export interface SlotsWatch {
  /** Each violation once. */
  stop(): string[];
}

const EVERY_MS = 100;
const DELETES_DATABASE = /^arm DELETE .*\/servers\/([^/]+)\/databases\/([^/]+)$/i;
const DELETES_OTHER =
  /^arm DELETE .*\/(sites|serverfarms|servers|resourceGroups|trafficManagerProfiles)\/[^/]+$/i;

/** Law 7 at every call, laws 1 and 5 every 100 ms. */
export function watchSlots(azure: LocalAzure, places: Places): SlotsWatch {
  const seen = new Set<string>();
  azure.faults.onCall((call) => {
    if (DELETES_OTHER.test(call)) seen.add(`law 7: asked for what it had not created: ${call}`);
    const [, server, database] = DELETES_DATABASE.exec(call) ?? [];
    if (server === undefined || places.serving()?.server !== server) return;
    seen.add(`law 7: ${database} on ${server} was deleted while it served users`);
  });
  let upgraded = false;
  const sample = () => {
    const site = places.serving();
    if (site?.server == null) return void seen.add('law 5: at a time users were sent to nobody');
    const other = places.otherDatabase(site.server);
    if (site.version === '2.0.0' && places.isWritable(site.server) && places.isWritable(other)) {
      seen.add(`law 1: at a time users were on V2, and both ${site.server} and ${other} could be written`);
    }
    // Looked at until it is: what was complete stays so.
    if (site.version === '2.0.0' && !upgraded) upgraded = places.isUpgraded(site.server);
    if (site.version === '2.0.0' && !upgraded) {
      seen.add(`law 5: at a time V2 served users on ${site.server}, which was not upgraded`);
    }
    if (!azure.fabric.hasDatabase(site.server, DATABASE)) {
      seen.add(`law 7: at a time ${DATABASE} was not on ${site.server}, which served users`);
    }
  };
  const timer = setInterval(sample, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      sample();
      return [...seen];
    },
  };
}
