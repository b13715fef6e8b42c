// Somebody acts in the middle of a run, at every write of it: just before the write is carried out, when the run has looked for the
// last time; and just after it, before the run looks again.
import type { Acted } from '../acceptance/scenario.ts';
import type { CaseOutcome, MatrixCase } from './case.ts';
import { ending } from './ending.ts';
import type { Deed } from './interference-deed.ts';
import { deedsFor } from './interference-deeds.ts';
import { onceAtMost } from './interference-laws.ts';
import { movesUsers, type Place, placeOf } from './interference-place.ts';
import { matcher, OF_USERS, type Point } from './recording.ts';
import { type Trial, tryOut } from './trial.ts';
import type { Journey, WorldKind } from './world.ts';

export const TIMINGS = ['before', 'after'] as const;
export type Timing = (typeof TIMINGS)[number];

/** How long the call waits for the person to be done: one that is held up longer is carried out meanwhile. Milliseconds. */
const HELD_UP_MS = 2_500;

/** A case for every write of the journey, every deed, before and after. */
export function interferenceCases(
  kind: WorldKind,
  journey: Journey,
  recording: readonly Point[],
): readonly MatrixCase[] {
  // Services have no portal deeds here: their lease is tried by other runs in the acceptance tests.
  if (kind.name === 'scale-sets' || kind.name === 'cloud-service') return [];
  const points = recording.filter(({ isWrite }) => isWrite);
  const deeds = deedsFor(kind);
  return points.flatMap((point) =>
    deeds.flatMap((deed) => TIMINGS.map((timing) => caseOf({ kind, journey, point, deed, timing }))),
  );
}

export interface Interfered {
  readonly kind: WorldKind;
  readonly journey: Journey;
  readonly point: Pick<Point, 'call' | 'nth'>;
  readonly deed: Deed;
  readonly timing: Timing;
}

function caseOf(one: Interfered): MatrixCase {
  const { kind, journey, point, deed, timing } = one;
  return {
    id: ['interference', kind.name, journey.name, `${point.call}#${point.nth}`, timing, deed.name].join('|'),
    kind: 'interference',
    world: kind.name,
    group: `somebody ${deed.name}`,
    run: (seed) => runCase(one, seed),
  };
}

async function runCase(one: Interfered, seed: number): Promise<CaseOutcome> {
  const { kind, journey, point, deed, timing } = one;
  const heldUp = timing === 'before' && deed.excusesWhileHeldUp?.call.test(point.call);
  let hadMoved = false;
  const outcome = await tryOut(kind, journey, seed, async (trial) => {
    const place = placeOf(kind, journey, trial.world);
    const { acted, other, refused, users } = await actWith(one, trial, place);
    hadMoved = users === 'moved, or being moved';
    trial.violated(...onceAtMost(acted.calls));
    // What it told of how things stand was so when it ended; the first run has gone on since.
    if (other)
      trial.violated(...(await trial.world.violations(other)).filter((law) => !/^law (2|11):/.test(law)));
    const { word } = ending(acted);
    const kept = refused === null && word === 'succeeded' ? (deed.kept?.(place) ?? null) : null;
    if (kept) trial.violated(`overwritten: ${kept}`);
    // Whoever has done it by mistake takes it back, as the run has told.
    await deed.takeBack?.(place, acted);
    return [
      word,
      ending(acted).report?.reasonCode ?? '',
      refused === null ? '' : `(the person was not let: ${refused.slice(0, 80)})`,
      other === null ? '' : `the other ${ending(other).word} ${ending(other).report?.reasonCode ?? ''}`,
      `then ${await trial.settle(acted)}`,
    ]
      .filter((text) => text !== '')
      .join(' ');
  });
  const excuses = [
    ...(deed.excuses ?? []),
    ...(isTold(outcome.ended, deed.excusesWhereTold?.reason) ? (deed.excusesWhereTold?.excuses ?? []) : []),
    ...(/rollback/.test(journey.name) ? (deed.excusesOfWayBack ?? []) : []),
    ...(hadMoved ? (deed.excusesOncePivoted ?? []) : []),
    ...(deed.excusesOnceSent?.call.test(point.call) ? deed.excusesOnceSent.excuses : []),
    ...(heldUp ? (deed.excusesWhileHeldUp?.excuses ?? []) : []),
  ];
  const excused = (text: string) => excuses.some((excuse) => excuse.test(text));
  return { ...outcome, violations: outcome.violations.filter((text) => !excused(text)) };
}

/** How a case ended begins with the result of the run, and its reason code. */
function isTold(ended: string, reason: string | undefined): boolean {
  const [result = '', code] = ended.split(' ');
  return reason !== undefined && code === reason && !['succeeded', 'nothing-to-do'].includes(result);
}

interface Met {
  readonly acted: Acted;
  /** Where the deed was one. */
  readonly other: Acted | null;
  /** What Azure said where it did not let the person. */
  readonly refused: string | null;
  /** When the person began. */
  readonly users: 'where they were' | 'moved, or being moved';
}

/** Runs the journey; the deed is done at the point. Throws where the point was not reached. */
async function actWith(
  { journey, point, deed, timing }: Interfered,
  { world, act }: Trial,
  place: Place,
): Promise<Met> {
  const isPoint = matcher(point);
  let at: 'coming' | 'reached' | 'over' = 'coming';
  let doing: Promise<Pick<Met, 'other' | 'refused'>> | null = null;
  let users: Met['users'] = 'where they were';
  const begin = (call: string) => {
    at = 'over';
    world.azure.faults.add({ at: exactly(call), fault: { kind: 'delay', ms: HELD_UP_MS } });
    doing = deed.do(place).then(
      (other) => ({ other, refused: null }),
      (error: unknown) => ({ other: null, refused: error instanceof Error ? error.message : String(error) }),
    );
  };
  world.azure.faults.onCall((call) => {
    if (at === 'over' || OF_USERS.test(call)) return;
    if (movesUsers(place, call)) users = 'moved, or being moved';
    if (at === 'reached') return begin(call);
    if (!isPoint(call)) return;
    if (timing === 'before') begin(call);
    else at = 'reached';
  });
  const acted = await act(journey.name, journey.inputs);
  at = 'over';
  // The last write may have no call after it.
  const done = await (doing ?? { other: null, refused: 'nothing came after it' });
  return { acted, ...done, users };
}

/** Of this call and no other. */
function exactly(call: string): string {
  return `^${call.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
}
