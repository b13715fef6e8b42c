// How many requests each phase sends.
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { runBundle } from '../../demo/acts/bundle.ts';
import { type LocalAzure, startLocalAzure } from '../../local-azure/start.ts';
import { SLOTS, type TopologyName } from '../../local-azure/topologies/contoso.ts';
import { DEFAULTS } from '../../local-azure/topologies/options.ts';
import type { Benchmark, Setting, Table } from '../benchmark.ts';
import { type AzPhase, missingPrograms, runAzProcedure } from '../peers/az.ts';
import { writeScript } from '../window/script.ts';
import { keepTally, newestLoginOf, type Tally } from './tally.ts';

/** By phase, of one upgrade. */
type Counted = ReadonlyMap<string, Tally>;

const ONE_RUN = 'upgrade, switch';
/** Each a run of its own, in this order. */
const APART = ['status', 'plan', 'prepare', 'upgrade', 'switch', 'cleanup'];
const TOGETHER = ['prepare', ONE_RUN];
const ROWS = ['status', 'plan', 'prepare', 'upgrade', 'switch', ONE_RUN, 'cleanup'];
/** The az procedure's phases, beside the action's. */
const AZ_PHASES: readonly (readonly [string, AzPhase])[] = [
  ['prepare', 'prepare'],
  [ONE_RUN, 'upgrade'],
  ['cleanup', 'cleanup'],
];
const KINDS = [
  ['ARM reads', 'armReads'],
  ['ARM actions', 'armActions'],
  ['ARM writes', 'armWrites'],
  ['SQL logins', 'sqlLogins'],
  ['SQL batches', 'sqlBatches'],
] as const;

export const requests: Benchmark = {
  id: 'requests',
  title: 'Requests',
  about: [
    'What one upgrade of one database asks of Azure, phase by phase, each a run of its own and `upgrade, switch` as one run too; counted by the embedded Azure without latencies, so that hardly anything is polled for. Beside it the [az procedure](../bench/peers/az-procedure.sh), which has the phases `prepare`, upgrade with switch in one, and `cleanup`, in a single region.',
    'ARM reads are GET, polls included; actions are POST, which Azure counts as writes also where they only list what a GET does not tell: settings and connection strings of the sites. A SQL batch is a round trip, the one that a driver sends after each login included. What the sites ask of their own database is not counted, nor are tokens.',
  ],
  measure: async (setting) => {
    const missing = missingPrograms();
    const az = missing.length === 0 ? await countAz(setting) : null;
    return {
      tables: [
        tableOf('single-region', await countAction('single-region', setting), az),
        tableOf('geo-redundant', await countAction('geo-redundant', setting), null),
      ],
      targets: [],
      notes: [
        'The action reads more: each run looks at what there is and at all that could forbid the upgrade. Of resource manager it does nearly all of that before the freeze; what falls into the window is told with the window.',
        ...(missing.length === 0 ? [] : [`Not counted beside az: ${missing.join(', ')} not installed here.`]),
      ],
    };
  },
};

async function countAction(topology: TopologyName, setting: Setting): Promise<Counted> {
  const [apart, together] = [
    await countPhases(APART, topology, setting),
    await countPhases(TOGETHER, topology, setting),
  ];
  return new Map([...together, ...apart]);
}

function countPhases(
  phases: readonly string[],
  topology: TopologyName,
  { directory, say }: Setting,
): Promise<Counted> {
  const confirm = `remove ${SLOTS[topology][0].name}`;
  return counting(topology, directory, async ({ azure, files, note }) => {
    for (const phase of phases) {
      await note(phase, async () => {
        const inputs = {
          phase,
          config: azure.description.config,
          ...(phase === 'cleanup' ? { confirm } : {}),
        };
        const { report } = await runBundle({ azure, directory: files, say: () => {} }, inputs);
        if (report.result !== 'succeeded') throw new Error(`${phase}: ${report.verdict.headline}`);
      });
      say(`${topology}: ${phase}`);
    }
  });
}

function countAz({ directory, say }: Setting): Promise<Counted> {
  return counting('single-region', directory, async ({ azure, files, script, note }) => {
    const peer = { azure, directory: files, script, version: '2.0.0' };
    await runAzProcedure(peer, 'login');
    for (const [phase, azPhase] of AZ_PHASES) {
      await note(phase, () => runAzProcedure(peer, azPhase));
      say(`az: ${azPhase}`);
    }
  });
}

interface Ground {
  readonly azure: LocalAzure;
  readonly files: string;
  readonly script: string;
  note(phase: string, work: () => Promise<void>): Promise<void>;
}

async function counting(
  topology: TopologyName,
  directory: string,
  work: (ground: Ground) => Promise<void>,
): Promise<Counted> {
  const azure = await startLocalAzure({ ...DEFAULTS, topology, sqlLogins: true });
  try {
    const script = await writeScript(azure.description.environment.GITHUB_WORKSPACE ?? '', 0);
    const tally = keepTally({ faults: azure.faults, newestLogin: newestLoginOf(azure.fabric) });
    const counted = new Map<string, Tally>();
    const files = await mkdtemp(join(directory, 'requests-'));
    const note = async (phase: string, phaseWork: () => Promise<void>) => {
      counted.set(phase, await tally.during(phaseWork));
    };
    await work({ azure, files, script, note });
    return counted;
  } finally {
    await azure.close();
  }
}

function tableOf(topology: TopologyName, action: Counted, az: Counted | null): Table {
  const row = (title: string, tally: Tally) => [title, ...KINDS.map(([, kind]) => String(tally[kind]))];
  const rows = ROWS.flatMap((phase) => {
    const [ofAction, ofAz] = [action.get(phase), az?.get(phase)];
    const title = phase === ONE_RUN ? 'upgrade and switch in one run' : phase;
    return [
      ...(ofAction ? [row(title, ofAction)] : []),
      ...(ofAz ? [row(`${phase === ONE_RUN ? 'the same' : phase}, by az and FreeTDS`, ofAz)] : []),
    ];
  });
  return {
    title: `Requests of each phase, ${topology}`,
    columns: [{ title: 'Phase' }, ...KINDS.map(([title]) => ({ title, align: 'right' as const }))],
    rows,
  };
}
