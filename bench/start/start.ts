// From the start of a job's process to the first thing it asks of anybody: what every phase pays before it begins.
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type LocalAzure, startLocalAzure } from '../../local-azure/start.ts';
import { type AnyOptions, DEFAULTS, UPGRADE_DOMAINS_DEFAULTS } from '../../local-azure/topologies/options.ts';
import type { Benchmark, Findings, Setting, Table, Target } from '../benchmark.ts';
import { ratios, sampleOf, spread } from '../statistics.ts';
import { bundlesBeside, msToFirstWord, nameOf, sizeOf } from './beside.ts';
import {
  type FilesRead,
  filesRead,
  type Job,
  msOfEmptyProgram,
  msOfRun,
  msToFirstRequest,
  requestsTo,
} from './one-start.ts';

const MOST_TIMES = 8;
const PHASES = ['status', 'plan', 'prepare', 'upgrade', 'switch', 'cleanup', 'rollback'];
/** The embedded Azure's own probes would share the processor with what is measured. */
const QUIET = { durations: { 'health-probe-interval': 600_000 } };
/** One process is measured in a moment, and no two of them are alike. */
const STARTS_A_ROUND = 3;

/** By the name of what is started: milliseconds, round by round. */
type Times = Map<string, number[]>;
const EMPTY = 'an empty Node program (node -e 0), start to end';
const WHOLE = 'status, single-region: the whole run, at no latency';
const first = (phase: string, topology: string) => `${phase}, ${topology}: until its first request`;
const STATUS = first('status', 'single-region');

export const start: Benchmark = {
  id: 'start',
  title: 'Start',
  about: [
    'From the start of the process to the first request that the embedded Azure sees of it, in a fresh job: nothing is in a cache of the product’s own. An empty Node program is started in turn with it, its whole process; ratios are made of neighbours. Every process is ended at its first request, and has changed nothing by then.',
    'What a run loads is told by a run of its own, which is not timed.',
  ],
  measure: async (setting) => {
    const slots = await open({ ...DEFAULTS, ...QUIET }, setting);
    const service = await open({ ...UPGRADE_DOMAINS_DEFAULTS, ...QUIET }, setting);
    try {
      return await measureAll(setting, slots, service);
    } finally {
      await service.azure.close();
      await slots.azure.close();
    }
  },
};

async function open(options: AnyOptions, { bundle, directory }: Setting): Promise<Job> {
  const azure: LocalAzure = await startLocalAzure(options);
  return { azure, requests: requestsTo(azure), bundle, directory };
}

async function measureAll(setting: Setting, slots: Job, service: Job): Promise<Findings> {
  const beside = bundlesBeside(process.env);
  const starts: readonly (readonly [string, () => Promise<number>])[] = [
    [EMPTY, msOfEmptyProgram],
    ...PHASES.map((phase) => [first(phase, 'single-region'), () => msToFirstRequest(slots, phase)] as const),
    [first('status', 'upgrade-domains'), () => msToFirstRequest(service, 'status')],
    [WHOLE, () => msOfRun(slots, 'status')],
  ];
  const others = [setting.bundle, ...beside].map(
    (bundle) => [bundle, () => msToFirstWord(bundle, setting.directory)] as const,
  );
  const times: Times = new Map();
  // Not told: the first start of all reads the disk.
  for (const [, measure] of starts) await measure();
  for (let round = 1; round <= setting.rounds * STARTS_A_ROUND; round++) {
    for (const [what, measure] of [...starts, ...(beside.length > 0 ? others : [])])
      times.set(what, [...(times.get(what) ?? []), await measure()]);
    setting.say(
      `${round}: ${Math.round(times.get(STATUS)?.at(-1) ?? 0)} ms until the first request of status`,
    );
  }
  const [read, readOfService] = [await filesRead(slots, 'status'), await filesRead(service, 'status')];
  return {
    tables: [
      timesTable(
        times,
        starts.map(([what]) => what),
      ),
      sizeTable(setting.bundle, read, readOfService),
      ...(beside.length > 0 ? [besideTable(times, setting.bundle, beside)] : []),
    ],
    targets: [target(times)],
    notes:
      beside.length > 0 ? [] : ['Beside bundles of other actions where BENCH_BESIDE names them: path,path.'],
  };
}

function target(times: Times): Target {
  const found = sampleOf(toEmpty(times, STATUS));
  return {
    what: 'From process start to the first request, in starts of an empty Node program',
    wanted: `at most ${MOST_TIMES}`,
    found: spread(found, 1),
    met: found.median <= MOST_TIMES,
  };
}

function toEmpty(times: Times, what: string): number[] {
  return ratios(times.get(what) ?? [], times.get(EMPTY) ?? []);
}

const MILLISECONDS = { title: 'ms', align: 'right' } as const;
const TIMES_EMPTY = { title: 'Times the empty program', align: 'right' } as const;

function timesTable(times: Times, order: readonly string[]): Table {
  return {
    title: 'What a start takes',
    columns: [{ title: 'What' }, MILLISECONDS, TIMES_EMPTY],
    rows: order.map((what) => [
      what,
      spread(sampleOf(times.get(what) ?? []), 0),
      what === EMPTY ? '1' : spread(sampleOf(toEmpty(times, what)), 1),
    ]),
  };
}

function sizeTable(bundle: string, ...[slots, service]: readonly [FilesRead, FilesRead]): Table {
  const folder = dirname(bundle);
  const kilobytes = (files: readonly string[]) =>
    Math.round(files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0) / 1000).toString();
  const all = readdirSync(folder).filter((file) => file.endsWith('.js'));
  const row = (what: string, files: readonly string[]) => [what, `${files.length}`, kilobytes(files)];
  return {
    title: 'The bundle, and what of it a run reads',
    columns: [{ title: 'What' }, { title: 'Files', align: 'right' }, { title: 'kB', align: 'right' }],
    rows: [
      row('the bundle', all),
      row('status, single-region: before its first request', slots.files.slice(0, slots.beforeFirstRequest)),
      row('status, single-region: in all', slots.files),
      row(
        'status, upgrade-domains: before its first request',
        service.files.slice(0, service.beforeFirstRequest),
      ),
      row('status, upgrade-domains: in all', service.files),
    ],
  };
}

function besideTable(times: Times, own: string, beside: readonly string[]): Table {
  return {
    title: 'Beside bundles of other actions: to the first output, or to the end, without any input',
    columns: [{ title: 'Bundle' }, { title: 'kB of its entry', align: 'right' }, MILLISECONDS, TIMES_EMPTY],
    rows: [own, ...beside].map((bundle) => [
      bundle === own ? 'this action' : `\`${nameOf(bundle)}\``,
      Math.round(sizeOf(bundle) / 1000).toString(),
      spread(sampleOf(times.get(bundle) ?? []), 0),
      spread(sampleOf(toEmpty(times, bundle)), 1),
    ]),
  };
}
