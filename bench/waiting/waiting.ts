// How late the end of a wait is seen: time in which Azure is ready and nobody goes on.
import type { Benchmark, Findings, Table, Target } from '../benchmark.ts';
import { sampleOf, spread } from '../statistics.ts';
import { lateMs, latePercent, type Wait } from './waits.ts';
import { WAITS, type WaitsOfRun, watchedRun } from './watched-run.ts';

const SECONDS = [5, 20, 60] as const;
const LESS_THAN_PERCENT = 5;
/** A round takes as long as its longest waits. */
const MOST_ROUNDS = 3;
/** Of waits that are shorter a round trip alone is more than the target. */
const LONG_ENOUGH_SECONDS = 20;

const NAMES: Readonly<Record<(typeof WAITS)[number], string>> = {
  seeding: 'seeding done',
  endpoint: 'endpoint online, by DNS',
  link: 'link gone',
};

export const waiting: Benchmark = {
  id: 'waiting',
  title: 'Waiting',
  about: [
    'How late the end of a wait is acted on, from outside: from the moment at which the embedded Azure is ready (the link has caught up, or is gone; DNS answers with the new endpoint) until the product has ended its step or counts users as served, and what it asked meanwhile (Resource Manager, the databases, or DNS). Azure’s own latencies are typical; only the length of the wait is changed.',
  ],
  measure: async (setting) => {
    const runs = new Map<number, WaitsOfRun[]>(SECONDS.map((seconds) => [seconds, []]));
    for (let round = 1; round <= Math.min(setting.rounds, MOST_ROUNDS); round++) {
      await Promise.all(SECONDS.map(async (one) => runs.get(one)?.push(await watchedRun(setting, one))));
      setting.say(`${round}: ${SECONDS.join(', ')} s`);
    }
    return findings(runs);
  },
};

type Runs = ReadonlyMap<number, readonly WaitsOfRun[]>;

function findings(runs: Runs): Findings {
  return {
    tables: [tableOf(runs)],
    targets: [target(runs, 'seeding'), target(runs, 'endpoint')],
    notes: [
      `Under ${LONG_ENOUGH_SECONDS} s a round trip or two are more than ${LESS_THAN_PERCENT} %: a look at the seeding is a read of Resource Manager, and its end is confirmed on both databases, with logins to both. That is the floor, and what is late in “link gone”, whose removal ends with its own answer: the rest is the proof on both servers that it is gone.`,
      'Looks are paced by the time that was waited so far, so that a wait of hours costs at most four a minute. A creation is not waited for by its operation alone, which Azure wants to be asked every 15 s: the link says so sooner.',
    ],
  };
}

function waitsOf(runs: Runs, seconds: number, which: keyof WaitsOfRun): Wait[] {
  return (runs.get(seconds) ?? []).map((run) => run[which]);
}

function target(runs: Runs, which: keyof WaitsOfRun): Target {
  const long = SECONDS.filter((seconds) => seconds >= LONG_ENOUGH_SECONDS);
  const found = long.map((seconds) => sampleOf(waitsOf(runs, seconds, which).map(latePercent)));
  return {
    what: `Late, of the wait: ${NAMES[which]}, ${long.join(' and ')} s`,
    wanted: `under ${LESS_THAN_PERCENT} %`,
    found: found.map((one) => `${spread(one, 1)} %`).join(' and '),
    met: found.every(({ median }) => median < LESS_THAN_PERCENT),
  };
}

function tableOf(runs: Runs): Table {
  const right = (title: string) => ({ title, align: 'right' as const });
  return {
    title: 'How late the end of a wait is seen',
    columns: [
      { title: 'Wait' },
      right('Set to, s'),
      right('Took, s'),
      right('Late, s'),
      right('Late, %'),
      right('Requests'),
    ],
    rows: WAITS.flatMap((which) =>
      SECONDS.map((seconds) => {
        const waits = waitsOf(runs, seconds, which);
        const told = (value: (wait: Wait) => number, digits: number) =>
          spread(sampleOf(waits.map(value)), digits);
        return [
          NAMES[which],
          which === 'link' ? '–' : `${seconds}`,
          told(({ began, ended }) => (ended - began) / 1000, 2),
          told((wait) => lateMs(wait) / 1000, 2),
          told(latePercent, 1),
          told(({ requests }) => requests, 0),
        ];
      }),
    ),
  };
}
