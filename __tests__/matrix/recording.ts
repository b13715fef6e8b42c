// The calls of one run, in the order in which they came: matrices are enumerated from it, not from a list by hand.
import { writes } from '../acceptance/scenario.ts';
import { disturbedNobody } from './undisturbed.ts';
import type { Journey, WorldKind } from './world.ts';

/** A call by its name, without what differs from run to run, and which of that name it is. */
export interface Point {
  /** "arm DELETE …/databases/contoso/replicationLinks/*" */
  readonly call: string;
  /** 1 for the first. */
  readonly nth: number;
  readonly isWrite: boolean;
}

const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** Users call these too, by way of the sites; a script's batch may well be about orders. */
export const OF_USERS =
  /^(dns|site|service) |^sql batch \S+ ((INSERT INTO|SELECT .*FROM) \[dbo\]\.\[Orders\]|SELECT .* AS \[updateability\])/;

/** A call's name without ids that are made anew in each world. */
export function nameOf(call: string): string {
  return call.replaceAll(GUID, '*').replaceAll(/\s+/g, ' ').slice(0, 160);
}

/** Runs a journey once, undisturbed, and notes its calls. Throws where it does not end well, or a law does not hold. */
export async function record(kind: WorldKind, journey: Journey, seed: number): Promise<Point[]> {
  const world = await kind.start(seed);
  try {
    for (const inputs of journey.before) await world.act(inputs);
    const acted = await world.act(journey.inputs);
    const { calls, run } = acted;
    const isAsMeant = run.main.exitCode === (journey.endsRed ? 1 : 0);
    if (!isAsMeant) throw new Error(`"${journey.name}" fails by itself:\n${run.main.log}`);
    const wrong = [...disturbedNobody(journey.inputs, calls), ...(await world.violations(acted))];
    wrong.push(...(await world.finish()));
    if (wrong.length > 0)
      throw new Error(`"${journey.name}" by itself: ${wrong.join('; ')}\n${run.main.log}`);
    return pointsOf(calls);
  } finally {
    await world.close();
  }
}

/** Calls of the product as points; what users call is left out. */
export function pointsOf(calls: readonly string[]): Point[] {
  const changing = new Set(writes(calls));
  const seen = new Map<string, number>();
  return calls
    .filter((call) => !OF_USERS.test(call))
    .map((call) => {
      const name = nameOf(call);
      const nth = (seen.get(name) ?? 0) + 1;
      seen.set(name, nth);
      return { call: name, nth, isWrite: changing.has(call) };
    });
}

/** Tells when a call of a running world is the point. Counts by itself: ask it once for every call, in their order. */
export function matcher(point: Pick<Point, 'call' | 'nth'>): (call: string) => boolean {
  let left = point.nth;
  return (call) => nameOf(call) === point.call && --left === 0;
}
