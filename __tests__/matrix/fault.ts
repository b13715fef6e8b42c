// The fault matrix: a journey in which one call goes wrong, once or from then on.
import type { Acted } from '../acceptance/scenario.ts';
import { type CallKind, kindOfCall } from './call-kinds.ts';
import type { MatrixCase } from './case.ts';
import { excusing } from './cut-off.ts';
import { ending } from './ending.ts';
import { type Disturbed, isDone, wrongWithResult } from './fault-results.ts';
import { CALL_FAULTS, type CallFault, isSilence } from './faults-of-calls.ts';
import { matcher, nameOf, type Point } from './recording.ts';
import { type Trial, tryOut } from './trial.ts';
import type { Journey, World, WorldKind } from './world.ts';

interface Disturbance extends Disturbed {
  readonly point: Point;
}

/** Every fault of every call that was recorded: writes at each occurrence, what only looks at its first and last. */
export function faultCases(
  kind: WorldKind,
  journey: Journey,
  recording: readonly Point[],
): readonly MatrixCase[] {
  return disturbances(recording).map((disturbance) => ({
    id: ['fault', kind.name, journey.name, `${disturbance.point.call}#${disturbance.point.nth}`]
      .concat(disturbance.fault.name, disturbance.lasting ? 'lasting' : 'once')
      .join('|'),
    kind: 'fault',
    world: kind.name,
    group: `${disturbance.call}: ${disturbance.fault.name}${disturbance.lasting ? ', lasting' : ''}`,
    run: (seed) => {
      const run = { isDisturbed: false };
      const world = excusing(kind, () => run.isDisturbed);
      return tryOut(world, journey, seed, (trial) => disturb(trial, journey, recording, disturbance, run));
    },
  }));
}

function disturbances(recording: readonly Point[]): Disturbance[] {
  const last = new Map(recording.map((point) => [point.call, point.nth]));
  return recording.flatMap((point) => {
    const call = kindOfCall(point);
    const isLast = last.get(point.call) === point.nth;
    if (call === null || !(point.isWrite || point.nth === 1 || isLast)) return [];
    return CALL_FAULTS.filter(({ on }) => on.includes(call)).flatMap((fault) =>
      [false, true]
        .filter((lasting) => isWorthIt(fault, call, lasting, point.isWrite, isLast))
        .map((lasting) => ({ point, call, fault, lasting })),
    );
  });
}

/** Silence costs the product's own time limits, and a slow look is nothing new. */
function isWorthIt(
  fault: CallFault,
  call: CallKind,
  lasting: boolean,
  isWrite: boolean,
  isLast: boolean,
): boolean {
  if (lasting) return fault.lasts && (isWrite || isLast);
  if (fault.fault.kind === 'delay') return isWrite;
  // A batch that is silent may be a long one: what ends it is max-read-only, see condition.ts.
  if (isSilence(fault)) return (isWrite || isLast) && call !== 'sql-script';
  return true;
}

/** The run with its fault, and what a person runs next, the fault being over, where users cannot write. */
async function disturb(
  trial: Trial,
  journey: Journey,
  recording: readonly Point[],
  disturbance: Disturbance,
  run: { isDisturbed: boolean },
): Promise<string> {
  const injected = inject(trial.world, disturbance);
  run.isDisturbed = true;
  const disturbed = await trial.act('disturbed', journey.inputs);
  run.isDisturbed = false;
  injected.stop();
  trial.violated(...repeatedBatches(disturbed, recording));
  const { report } = ending(disturbed);
  if (report === null) return 'nothing said';
  const told = `${report.result}${report.reasonCode === null ? '' : ` (${report.reasonCode})`}`;
  if (injected.hits() === 0) return `the call did not come: ${told}`;
  // A version that breaks is taken back, whatever else goes wrong and passes.
  if (journey.endsRed && report.result === 'rolled-back') return told;
  // It may stand in the way of that: the run says both, its reason is the first.
  const isWayBack = journey.endsRed && report.result === 'rollback-failed';
  if (!isWayBack) trial.violated(...wrongWithResult(disturbance, report));
  return isDone(report) ? told : `${told}; ${await trial.settle(disturbed)}`;
}

/** A listener is told of a call before the rules are asked, so that the rule that it adds hits the same call. */
function inject(world: World, { point, fault, lasting }: Disturbance) {
  const isPoint = matcher(point);
  let stopped = false;
  let hits = 0;
  world.azure.faults.onCall((call) => {
    if (stopped || !(isPoint(call) || (lasting && hits > 0 && nameOf(call) === point.call))) return;
    hits++;
    world.azure.faults.add({ at: `^${literally(call)}$`, fault: fault.fault });
  });
  return {
    hits: () => hits,
    stop: () => {
      stopped = true;
      world.azure.faults.clear();
    },
  };
}

const literally = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whatever became of a batch of the script: it is sent once. */
function repeatedBatches({ calls }: Acted, recording: readonly Point[]): string[] {
  const batches = recording.filter((point) => kindOfCall(point) === 'sql-script').map(({ call }) => call);
  return [...new Set(batches)].flatMap((batch) => {
    const sent = calls.filter((call) => nameOf(call) === batch).length;
    const meant = batches.filter((one) => one === batch).length;
    return sent > meant ? [`law 3: a batch of the script was sent ${sent} times: ${batch}`] : [];
  });
}
