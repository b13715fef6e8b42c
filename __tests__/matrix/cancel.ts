// The cancel matrix: the runner cancels the job at every write of a run, with its signals at its times; then the post step,
// which may be killed as well.
import type { ChildProcess } from 'node:child_process';
import type { Watch } from '../../local-azure/runner/action-runner.ts';
import { writes } from '../acceptance/scenario.ts';
import type { MatrixCase } from './case.ts';
import { exactly, isAlive, killAround, onPoint, writePoints } from './crash.ts';
import { ending } from './ending.ts';
import { OF_USERS, type Point } from './recording.ts';
import { type Trial, tryOut } from './trial.ts';
import type { Journey, WorldKind } from './world.ts';

/** What the GitHub runner sends, and when, to a step whose job is cancelled or whose time is over. */
const SIGTERM_AFTER_MS = 7_500;
const SIGKILL_AFTER_MS = 2_500;
/** The call is under way when the first signal comes. */
const WAITS_MS = 200;

const WAYS = [
  /** The write is done while main is told to stop. */
  { name: 'as it arrives', call: 'answered', later: 'answered', postKilled: null },
  /** As a script that takes long, or an Azure that does not answer. */
  { name: 'while it waits', call: 'silent', later: 'answered', postKilled: null },
  /** Whatever main does about it takes longer than it is given. */
  { name: 'and main is killed', call: 'silent', later: 'silent', postKilled: null },
  {
    name: 'and main and post are killed, post before its first write',
    call: 'silent',
    later: 'silent',
    postKilled: 'before',
  },
  {
    name: 'and main and post are killed, post after its first write',
    call: 'silent',
    later: 'silent',
    postKilled: 'after',
  },
] as const;
type Way = (typeof WAYS)[number];

export function cancelCases(kind: WorldKind, journey: Journey, recording: readonly Point[]): MatrixCase[] {
  return writePoints(recording).flatMap((point) => WAYS.map((way) => cancelCase(kind, journey, point, way)));
}

function cancelCase(kind: WorldKind, journey: Journey, point: Point, way: Way): MatrixCase {
  return {
    id: ['cancel', kind.name, journey.name, `${point.call}#${point.nth}`, way.name].join('|'),
    kind: 'cancel',
    world: kind.name,
    group: `cancelled at a write, ${way.name}`,
    run: (seed) =>
      tryOut(kind, journey, seed, async (trial) => {
        const cancelled = createCancelled(trial, point, way);
        const first = await trial.act(
          `${journey.name}, cancelled at ${point.call}`,
          journey.inputs,
          cancelled.watch,
        );
        const words = [
          ...(cancelled.met() ? [] : ['the write never came']),
          `main ${first.run.main.signal === null ? 'ended by itself' : 'was killed'}`,
          `${first.run.post?.signal ? 'post killed' : ending(first).word}`,
        ];
        if (way.postKilled === null) return `${words.join(', ')}; ${await trial.settle(first)}`;
        const next = await trial.act('again', journey.inputs);
        return `${words.join(', ')}; again ${ending(next).word}; ${await trial.settle(next)}`;
      }),
  };
}

/** Watches a run, and does to it what the case says. */
function createCancelled(trial: Trial, point: Point, way: Way): { watch: Watch; met: () => boolean } {
  const { faults } = trial.world.azure;
  let main: ChildProcess | null = null;
  let post: ChildProcess | null = null;
  let met = false;
  let postStruck = false;
  // Before the point is looked for: what comes after it is meant.
  faults.onCall((call) => {
    if (!isWrite(call)) return;
    if (met && way.later === 'silent' && main !== null && isAlive(main)) {
      faults.add({ at: exactly(call), fault: { kind: 'hang' } });
    }
    if (way.postKilled === null || post === null || !isAlive(post) || postStruck) return;
    postStruck = true;
    killAround(faults, call, way.postKilled, post);
  });
  onPoint(
    trial,
    point,
    () => main !== null && isAlive(main),
    (call) => {
      met = true;
      if (way.call === 'silent') faults.add({ at: exactly(call), fault: { kind: 'hang' } });
      if (main !== null) cancelAsRunner(main, way.call === 'silent' ? WAITS_MS : 0);
    },
  );
  return {
    watch: {
      onMain: (child) => {
        main = child;
      },
      onPost: (child) => {
        post = child;
      },
    },
    met: () => met,
  };
}

function isWrite(call: string): boolean {
  return !OF_USERS.test(call) && writes([call]).length > 0;
}

/** SIGINT, then what follows where the process does not end. */
function cancelAsRunner(main: ChildProcess, inMs: number): void {
  const send = (signal: NodeJS.Signals, ms: number, then: () => void = () => {}) => {
    const timer = setTimeout(() => {
      if (!isAlive(main)) return;
      main.kill(signal);
      then();
    }, ms);
    main.once('exit', () => clearTimeout(timer));
  };
  send('SIGINT', inMs, () => send('SIGTERM', SIGTERM_AFTER_MS, () => send('SIGKILL', SIGKILL_AFTER_MS)));
}
