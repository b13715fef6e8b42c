// What was measured of the window, as tables and targets.
import type { Column, Table, Target } from '../benchmark.ts';
import { ratios, sampleOf, spread } from '../statistics.ts';
import type { MeasuredWindow } from './measured-window.ts';
import { PLATFORM_IN_WINDOW_MS, PLATFORM_MS, type Round } from './round.ts';
import { KINDS } from './shares.ts';

const MOST_OVERHEAD = 1.05;
const MOST_OF_AZ = 0.5;

export interface Measured {
  readonly name: string;
  /** Null where it could not be measured here. */
  readonly rounds: readonly Round[] | null;
}

/** A column for each procedure. */
export function procedureTable(title: string, procedures: readonly Measured[]): Table {
  const row = rowOf(procedures);
  const seconds = (part: 'window' | 'script' | 'dns' | 'rest' | 'untilProfile') => (window: MeasuredWindow) =>
    window[part] / 1000;
  const toArm = ({ asked }: MeasuredWindow) => asked.armReads + asked.armActions + asked.armWrites;
  return {
    title,
    columns: columnsOf(procedures),
    rows: [
      row('window', seconds('window')),
      row('in it: the script', seconds('script')),
      row('in it: DNS, after the write of the profile', seconds('dns')),
      row('in it: the rest', seconds('rest')),
      row("the rest, by the platform's own time", overheadOf),
      row('from the freeze to the acknowledged write of the profile', seconds('untilProfile')),
      row('requests to ARM in that time', toArm, 0),
      row('SQL logins, those of the sites included', ({ asked }) => asked.sqlLogins, 0),
      row('SQL batches', ({ asked }) => asked.sqlBatches, 0),
    ],
  };
}

/** What was under way, as the embedded Azure saw it; a column for each procedure. */
export function sharesTable(title: string, procedures: readonly Measured[]): Table {
  const row = rowOf(procedures);
  return {
    title,
    columns: columnsOf(procedures),
    rows: KINDS.map((kind) => row(kind, ({ shares }) => shares[kind] / 1000)),
  };
}

function columnsOf(procedures: readonly Measured[]): Column[] {
  return [{ title: '' }, ...procedures.map(({ name }) => ({ title: name, align: 'right' as const }))];
}

function rowOf(procedures: readonly Measured[]) {
  return (what: string, part: (window: MeasuredWindow) => number, digits?: number): string[] => [
    what,
    ...procedures.map(({ rounds }) =>
      rounds === null ? 'not installed' : spread(sampleOf(rounds.map(part)), digits),
    ),
  ];
}

/** From the action's reports: medians of each part, in order. */
export function spentTable(title: string, rounds: readonly Round[]): Table {
  const spent = rounds.map(({ told }) => told?.spentOn ?? []);
  const parts = [...new Set(spent.flatMap((parts) => parts.map(({ what }) => what)))];
  const secondsOf = (what: string) =>
    spent.map((parts) =>
      parts.filter((part) => part.what === what).reduce((sum, { seconds }) => sum + seconds, 0),
    );
  return {
    title,
    columns: [{ title: 'Spent on' }, { title: 'Seconds', align: 'right' }],
    rows: parts.map((what) => [what, spread(sampleOf(secondsOf(what)))]),
  };
}

/** @param az null where it could not be measured. */
export function targetsOf(action: readonly Round[], az: readonly Round[] | null): Target[] {
  const overhead = sampleOf(action.map(overheadOf));
  const rest = (rounds: readonly Round[]) => rounds.map((round) => round.rest);
  const beside = az && sampleOf(ratios(rest(action), rest(az)));
  return [
    {
      what: "The window's rest, by the platform's own time",
      wanted: `at most ${MOST_OVERHEAD}`,
      found: spread(overhead),
      met: overhead.median <= MOST_OVERHEAD,
    },
    {
      what: "The window's rest, by that of the az procedure",
      wanted: `under ${MOST_OF_AZ}`,
      found: beside === null ? 'az or FreeTDS is not installed' : spread(beside),
      met: beside && beside.median < MOST_OF_AZ,
    },
  ];
}

/** Why the second target is where it is: what nobody could go below, as a share of az's rest. */
export function leastBesideAz(az: readonly Round[]): string {
  const least = sampleOf(az.map(({ rest }) => PLATFORM_IN_WINDOW_MS / rest));
  const seconds = (PLATFORM_IN_WINDOW_MS / 1000).toFixed(2);
  return `Unlink, stage read-write and the write of the profile take ${seconds} s by themselves, which is ${spread(least)} of the az procedure's rest: nobody could be below that beside it.`;
}

function overheadOf({ rest }: MeasuredWindow): number {
  return rest / PLATFORM_MS;
}
