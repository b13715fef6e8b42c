// The pause matrix: a run stands still at a write, or between a look and what it does by it (its machine is suspended, its network is
// gone), its sessions end and the lock with them, another run does all that it was asked to, and then the first one goes on where it stood.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { DATABASE } from '../../local-azure/topologies/contoso.ts';
import type { MatrixCase } from './case.ts';
import { exactly, isAlive, onPoint } from './crash.ts';
import { ending } from './ending.ts';
import { placeOf } from './interference-place.ts';
import { OTHER_REPOSITORY } from './interference-runs.ts';
import type { Point } from './recording.ts';
import { type Trial, tryOut } from './trial.ts';
import type { Inputs, Journey, WorldKind } from './world.ts';
import { REMOVING, RETURN } from './worlds/slots-journeys.ts';

/**
 * `before`: the write is lost on its way. `after`: it is done, and its answer waits until the run goes on. So does that of a look, which
 * tells then what is no longer so.
 */
type Moment = 'before' | 'after';
const MOMENTS: readonly Moment[] = ['before', 'after'];

function momentsOf({ call, isWrite }: Point): readonly Moment[] {
  if (isWrite) return MOMENTS;
  return /^(arm|sql) /.test(call) ? ['after'] : [];
}

interface Meanwhile {
  readonly name: string;
  /** Jobs, one after another. */
  readonly jobs: readonly Inputs[];
}

const MEANWHILE: readonly Meanwhile[] = [
  { name: 'upgrades and switches', jobs: [{ phase: 'upgrade, switch' }] },
  { name: 'rolls back', jobs: [{ phase: 'rollback' }] },
  {
    name: 'rolls back and upgrades anew',
    jobs: [
      { phase: 'rollback', config: REMOVING, confirm: 'remove green' },
      { phase: 'prepare, upgrade, switch' },
    ],
  },
  { name: 'returns to V1', jobs: [RETURN] },
  { name: 'cleans up', jobs: [{ phase: 'cleanup', confirm: 'remove blue' }] },
];

/** Once V1 is gone an upgrade anew would be that of the next version, which this world has not: its sites have one each. */
function meanwhileOf({ name }: Journey): readonly Meanwhile[] {
  return name === 'cleanup' ? MEANWHILE.filter(({ jobs }) => jobs.length === 1) : MEANWHILE;
}

/** Longer than any write of a run here takes. Milliseconds. */
const DONE_WITHIN_MS = 15_000;

/** Of services the lease is tried by other runs in the acceptance tests; it outlives its holder's connections. */
export function pauseCases(kind: WorldKind, journey: Journey, recording: readonly Point[]): MatrixCase[] {
  if (kind.name === 'scale-sets' || kind.name === 'cloud-service') return [];
  return recording.flatMap((point) =>
    momentsOf(point).flatMap((moment) =>
      meanwhileOf(journey).map((meanwhile) => caseOf({ kind, journey, point, moment, meanwhile })),
    ),
  );
}

interface Paused {
  readonly kind: WorldKind;
  readonly journey: Journey;
  readonly point: Point;
  readonly moment: Moment;
  readonly meanwhile: Meanwhile;
}

function caseOf(one: Paused): MatrixCase {
  const { kind, journey, point, moment, meanwhile } = one;
  return {
    id: ['pause', kind.name, journey.name, `${point.call}#${point.nth}`, moment, meanwhile.name].join('|'),
    kind: 'pause',
    world: kind.name,
    group: `stands still ${moment} a ${point.isWrite ? 'write' : 'look'}, another run ${meanwhile.name}`,
    run: (seed) => tryOut(kind, journey, seed, (trial) => runCase(one, trial)),
  };
}

async function runCase({ kind, journey, point, moment, meanwhile }: Paused, trial: Trial): Promise<string> {
  const place = placeOf(kind, journey, trial.world);
  const { faults, fabric } = trial.world.azure;
  let main: ChildProcess | null = null;
  let others: Promise<string[]> | null = null;
  const endSessions = () => {
    for (const { primary, backup } of [place.production, place.stage])
      for (const { sqlServer } of [primary, ...(backup ? [backup] : [])])
        if (fabric.hasDatabase(sqlServer, DATABASE)) fabric.killSessions(sqlServer, DATABASE);
  };
  const stand = async (process: ChildProcess, call: string): Promise<string[]> => {
    process.kill('SIGSTOP');
    if (moment === 'before') faults.add({ at: exactly(call), fault: { kind: 'drop' } });
    else await Promise.race([answered(trial, call), sleep(DONE_WITHIN_MS, undefined, { ref: false })]);
    endSessions();
    try {
      return await actMeanwhile(trial, meanwhile);
    } finally {
      process.kill('SIGCONT');
    }
  };
  onPoint(
    trial,
    point,
    () => main !== null && isAlive(main) && others === null,
    (call) => {
      if (main) others = stand(main, call);
    },
  );
  const acted = await trial.act(`${journey.name}, standing still ${moment} ${point.call}`, journey.inputs, {
    onMain: (child) => {
      main = child;
    },
  });
  const words = (await others) ?? ['the write never came'];
  const { report, word } = ending(acted);
  return `${word} ${report?.reasonCode ?? ''} (${words.join(', ')}); then ${await trial.settle(acted)}`;
}

function answered({ world }: Trial, call: string): Promise<void> {
  return new Promise((resolve) => {
    world.azure.faults.onAnswered((one) => {
      if (one === call) resolve();
    });
  });
}

/** Nobody else acts while these jobs do: all that they tell has to be so when they end. */
async function actMeanwhile(trial: Trial, { jobs }: Meanwhile): Promise<string[]> {
  const words: string[] = [];
  for (const inputs of jobs) {
    const acted = await trial.world.act(inputs, {}, OTHER_REPOSITORY);
    const wrong = await trial.world.violations(acted);
    trial.noted(
      `meanwhile: ${inputs.phase}`,
      acted,
      wrong.filter((law) => !OF_WHO_STANDS_STILL.test(law)),
    );
    words.push(`${inputs.phase} ${ending(acted).word} ${ending(acted).report?.reasonCode ?? ''}`.trim());
  }
  return words;
}

/** Whoever is refused leaves what the first run has frozen, and says that it is. */
const OF_WHO_STANDS_STILL = /^law 2: .* ended refused: .*PRODUCTION IS READ-ONLY/;
