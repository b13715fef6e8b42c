// What a reader of the growth tables has to know, with what each database more takes.
import { sampleOf } from '../statistics.ts';
import { peak, type Rounds } from './growth-tables.ts';
import type { MeasuredUpgrade } from './one-upgrade.ts';

/** Open in an upgrade: to production and to its copy. */
const CONNECTIONS_EACH = 2;

export function growthNotes(rounds: Rounds): string[] {
  const cpu = eachMore(rounds, 100, ({ upgrade }) => upgrade.cpuSeconds);
  const azureCpu = eachMore(rounds, 100, ({ upgrade }) => upgrade.azureCpuSeconds);
  const largest = Math.max(...rounds.keys());
  const megabytes = eachMore(rounds, largest, peak);
  return [
    'Databases that somebody is connected to are frozen first, the others when these are read-only: the grace (`freeze.grace`, 2 s here), which READ_ONLY waits for sessions that stay, is over then. Announcing and freezing the others is part of the window.',
    `Each database more takes ${milliseconds(cpu)} ms of a processor in the action and ${milliseconds(azureCpu)} ms in the embedded Azure, before the window and in it. Both are one process each, so hundreds of databases wait for these two.`,
    `Each database more takes ${megabytes.toFixed(2)} MB of memory at ${largest} databases. A connection to it is kept open on both servers (${(megabytes / CONNECTIONS_EACH).toFixed(2)} MB a connection): production's so that it can be given back by one statement, the copy's so that nobody waits for a login while users can only read. To close either would make the window, or the way back, longer.`,
    'Removing the links takes one request a database. From 200 databases on Azure itself makes that slower than anything else: it takes 200 deletes at once and 10 more a second.',
  ];
}

/** What each database more than one takes, by the medians. */
function eachMore(rounds: Rounds, databases: number, value: (run: MeasuredUpgrade) => number): number {
  const median = (count: number) => sampleOf((rounds.get(count) ?? []).map(value)).median;
  return (median(databases) - median(1)) / (databases - 1);
}

function milliseconds(seconds: number): string {
  return (seconds * 1000).toFixed(0);
}
