// What grows with an application, and what must not: the tables and the targets.
import type { Table, Target } from '../benchmark.ts';
import { ratios, sampleOf, spread } from '../statistics.ts';
import type { MeasuredUpgrade } from './one-upgrade.ts';

/** Measured with so many databases, in the order of the rounds. */
export type Rounds = ReadonlyMap<number, readonly MeasuredUpgrade[]>;

const MOST_WINDOW_RATIO = 1.25;
const MOST_MEGABYTES = 200;

/** Of the window what is neither the script nor the waiting for one. */
export const rest = ({ windowSeconds, scriptSeconds }: MeasuredUpgrade) => windowSeconds - scriptSeconds;

export const requestsEach = ({ prepare, upgrade, application }: MeasuredUpgrade) =>
  (prepare.requests + upgrade.requests) / application.databases;

export const refused = ({ prepare, upgrade }: MeasuredUpgrade) => prepare.refused + upgrade.refused;

export const peak = ({ prepare, upgrade }: MeasuredUpgrade) =>
  Math.max(prepare.peakMegabytes, upgrade.peakMegabytes);

const of = (runs: readonly MeasuredUpgrade[], value: (run: MeasuredUpgrade) => number, digits = 1) =>
  spread(sampleOf(runs.map(value)), digits);

const RIGHT = 'right';

export function windowTable(rounds: Rounds): Table {
  return {
    title: 'Databases, and the read-only window',
    columns: [
      { title: 'Databases', align: RIGHT },
      { title: 'Window, s', align: RIGHT },
      { title: 'Script, s', align: RIGHT },
      { title: 'Rest, s', align: RIGHT },
      { title: 'Rest, beside one database', align: RIGHT },
      { title: 'CPU of the action, s', align: RIGHT },
      { title: 'CPU of the embedded Azure, s', align: RIGHT },
    ],
    rows: [...rounds].map(([databases, runs]) => [
      String(databases),
      of(runs, (run) => run.windowSeconds),
      of(runs, (run) => run.scriptSeconds),
      of(runs, rest),
      spread(sampleOf(besideOne(rounds, runs))),
      of(runs, (run) => run.upgrade.cpuSeconds),
      of(runs, (run) => run.upgrade.azureCpuSeconds),
    ]),
  };
}

export function requestTable(rounds: Rounds): Table {
  return {
    title: 'Databases, requests to Azure Resource Manager, and memory',
    columns: [
      { title: 'Databases', align: RIGHT },
      { title: 'prepare', align: RIGHT },
      { title: 'upgrade, switch', align: RIGHT },
      { title: 'A database', align: RIGHT },
      { title: 'Refused (429)', align: RIGHT },
      { title: 'Peak memory, MB', align: RIGHT },
    ],
    rows: [...rounds].map(([databases, runs]) => [
      String(databases),
      of(runs, (run) => run.prepare.requests, 0),
      of(runs, (run) => run.upgrade.requests, 0),
      of(runs, requestsEach),
      of(runs, refused, 0),
      of(runs, peak, 0),
    ]),
  };
}

/** @param runs one after the other: what was varied, and what it took. */
export function variedTable(
  title: string,
  what: string,
  runs: ReadonlyMap<string, readonly MeasuredUpgrade[]>,
): Table {
  return {
    title,
    columns: [
      { title: what, align: RIGHT },
      { title: 'Window, s', align: RIGHT },
      { title: 'Script, s', align: RIGHT },
      { title: 'Rest, s', align: RIGHT },
    ],
    rows: [...runs].map(([value, measured]) => [
      value,
      of(measured, (run) => run.windowSeconds, 2),
      of(measured, (run) => run.scriptSeconds, 2),
      of(measured, rest, 2),
    ]),
  };
}

/** Measured with a long script in each database, and a place for every script. */
export interface WithCapacity {
  readonly one: readonly MeasuredUpgrade[];
  readonly hundred: readonly MeasuredUpgrade[];
}

export function growthTargets(rounds: Rounds, { one, hundred: withCapacity }: WithCapacity): Target[] {
  const all = [...rounds.values()].flat();
  const hundred = rounds.get(100) ?? [];
  const ten = sampleOf((rounds.get(10) ?? []).map(requestsEach)).median;
  const most = Math.max(
    ...[...rounds].filter(([count]) => count > 10).flatMap(([, runs]) => runs.map(requestsEach)),
  );
  const ratio = sampleOf(besideOne(rounds, hundred));
  const whole = (runs: readonly MeasuredUpgrade[]) => runs.map(({ windowSeconds }) => windowSeconds);
  const ratioWithCapacity = sampleOf(ratios(whole(withCapacity), whole(one)));
  const throttled = all.map(refused).reduce((sum, count) => sum + count, 0);
  const largest = rounds.get(Math.max(...rounds.keys())) ?? [];
  const megabytes = sampleOf(largest.map(peak));
  return [
    {
      what: 'Window without the script, 100 databases beside one',
      wanted: `at most ${MOST_WINDOW_RATIO} times`,
      found: spread(ratio),
      met: ratio.median <= MOST_WINDOW_RATIO,
    },
    {
      what: `Window, 100 databases beside one, with a script of ${withCapacity[0]?.application.scriptSeconds} s and a place for each`,
      wanted: `at most ${MOST_WINDOW_RATIO} times`,
      found: spread(ratioWithCapacity),
      met: ratioWithCapacity.median <= MOST_WINDOW_RATIO,
    },
    {
      what: 'Requests to Resource Manager a database, 100 and 500 beside 10',
      wanted: `at most ${ten.toFixed(1)}`,
      found: most.toFixed(1),
      met: most <= ten,
    },
    {
      what: 'Requests refused for their number (429)',
      wanted: '0',
      found: String(throttled),
      met: throttled === 0,
    },
    {
      what: `Peak memory with ${Math.max(...rounds.keys())} databases`,
      wanted: `under ${MOST_MEGABYTES} MB`,
      found: `${spread(megabytes, 0)} MB`,
      met: megabytes.median < MOST_MEGABYTES,
    },
  ];
}

/** Round by round, as far as both were measured. */
function besideOne(rounds: Rounds, runs: readonly MeasuredUpgrade[]): number[] {
  const one = (rounds.get(1) ?? []).slice(0, runs.length);
  return ratios(runs.map(rest), one.map(rest));
}
