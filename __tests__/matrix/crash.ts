// The crash matrix: main is killed before and after every write of a run, T-SQL also half-way; then the post step, the same
// run again, or a rollback.
import type { ChildProcess } from 'node:child_process';
import type { Fault, Faults } from '../../local-azure/faults.ts';
import type { Acted } from '../acceptance/scenario.ts';
import type { MatrixCase } from './case.ts';
import { ending } from './ending.ts';
import { matcher, type Point } from './recording.ts';
import { type Trial, tryOut } from './trial.ts';
import type { Journey, WorldKind } from './world.ts';

/** `before`: nothing of the write is done. `after`: all of it, and main never hears. `midway`: Azure is in the middle of it. */
export const MOMENTS = ['before', 'midway', 'after'] as const;
export type Moment = (typeof MOMENTS)[number];

/** What comes after the kill. Where it is not `post` the runner is lost with main. */
const THEN = ['post', 'again', 'rollback'] as const;
type Then = (typeof THEN)[number];

export function writePoints(recording: readonly Point[]): Point[] {
  return recording.filter(({ isWrite }) => isWrite);
}

/** Only T-SQL has a middle: what ARM takes on is done by Azure, whoever listens. */
export function momentsOf({ call }: Point): readonly Moment[] {
  return call.startsWith('sql ') ? MOMENTS : MOMENTS.filter((moment) => moment !== 'midway');
}

export function crashCases(kind: WorldKind, journey: Journey, recording: readonly Point[]): MatrixCase[] {
  return writePoints(recording).flatMap((point) =>
    momentsOf(point).flatMap((moment) => THEN.map((then) => crashCase(kind, journey, point, moment, then))),
  );
}

function crashCase(kind: WorldKind, journey: Journey, point: Point, moment: Moment, then: Then): MatrixCase {
  return {
    id: ['crash', kind.name, journey.name, `${point.call}#${point.nth}`, moment, then].join('|'),
    kind: 'crash',
    world: kind.name,
    group: `killed ${moment} a write, then ${then}`,
    run: (seed) =>
      tryOut(kind, journey, seed, async (trial) => {
        const name = `${journey.name}, killed ${moment} ${point.call}`;
        const { acted, met } = await killAt(trial, name, journey, point, moment, then !== 'post');
        if (!met) return `the write never came: ${ending(acted).word}; ${await trial.goOn(acted)}`;
        const next = await afterwards(trial, journey, acted, then);
        // That the journey can be gone from wherever it was cut off is shown with `again`, what came of the others is settled.
        const end = then === 'again' ? await trial.goOn(next) : await trial.settle(next);
        return `${then} ${ending(next).word}; ${end}`;
      }),
  };
}

async function afterwards(trial: Trial, journey: Journey, killed: Acted, then: Then): Promise<Acted> {
  if (then === 'post') return killed;
  return trial.act(then, then === 'again' ? journey.inputs : journey.rollback);
}

/** Runs the journey and kills main at the point. Not met: the run came to its end without that call. */
async function killAt(
  trial: Trial,
  name: string,
  journey: Journey,
  point: Point,
  moment: Moment,
  runnerLost: boolean,
): Promise<{ acted: Acted; met: boolean }> {
  const { faults } = trial.world.azure;
  let main: ChildProcess | null = null;
  let met = false;
  onPoint(
    trial,
    point,
    () => main !== null && isAlive(main),
    (call) => {
      met = true;
      const kill = () => main?.kill('SIGKILL');
      faults.add({ at: exactly(call), fault: faultOf(moment, kill) });
      if (moment !== 'after') kill();
    },
  );
  const acted = await trial.act(name, journey.inputs, {
    runnerLost,
    onMain: (child) => {
      main = child;
    },
  });
  return { acted, met };
}

/** Tells once, when that call of main arrives and before Azure has done anything about it. */
export function onPoint(
  { world }: Trial,
  point: Point,
  isRunning: () => boolean,
  tell: (call: string) => void,
): void {
  const isPoint = matcher(point);
  world.azure.faults.onCall((call) => {
    if (isRunning() && isPoint(call)) tell(call);
  });
}

export function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

export function exactly(call: string): string {
  return `^${call.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
}

/** Kills that process around a call that has arrived and is not answered yet. */
export function killAround(faults: Faults, call: string, moment: Moment, process: ChildProcess | null): void {
  const kill = () => process?.kill('SIGKILL');
  faults.add({ at: exactly(call), fault: faultOf(moment, kill) });
  if (moment !== 'after') kill();
}

function faultOf(moment: Moment, kill: () => void): Fault {
  switch (moment) {
    case 'before':
      return { kind: 'drop' };
    case 'midway':
      return { kind: 'drop-midway' };
    case 'after':
      return { kind: 'late-success', done: kill };
  }
}
