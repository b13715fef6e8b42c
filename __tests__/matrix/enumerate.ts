// Every case there is: worlds x journeys x what can be done to a run, told from recordings of the journeys.

import { cancelCases } from './cancel.ts';
import type { Kind, MatrixCase } from './case.ts';
import { conditionCases } from './condition.ts';
import { crashCases } from './crash.ts';
import { faultCases } from './fault.ts';
import { interferenceCases } from './interference.ts';
import { pauseCases } from './pause.ts';
import type { Point } from './recording.ts';
import type { Journey, WorldKind, WorldName } from './world.ts';
import { SERVICE_WORLDS } from './worlds/services.ts';
import { SLOT_WORLDS } from './worlds/slots.ts';

/** The cases of one journey of one world. */
export type Enumerator = (
  kind: WorldKind,
  journey: Journey,
  recording: readonly Point[],
) => readonly MatrixCase[];

const ENUMERATORS: Readonly<Partial<Record<Kind, Enumerator>>> = {
  crash: crashCases,
  cancel: cancelCases,
  fault: faultCases,
  condition: conditionCases,
  interference: interferenceCases,
  pause: pauseCases,
};

export const WORLD_KINDS: readonly WorldKind[] = [...SLOT_WORLDS, ...SERVICE_WORLDS];

/** Kinds that something enumerates. */
export const KINDS_TRIED = Object.keys(ENUMERATORS) as Kind[];

/** A journey of a world, by names: what one recording is of. */
export interface Route {
  readonly world: WorldName;
  readonly journey: string;
}

export const ROUTES: readonly Route[] = WORLD_KINDS.flatMap(({ name, journeys }) =>
  journeys.map((journey) => ({ world: name, journey: journey.name })),
);

/** Throws for a route that is none. */
export function found({ world, journey }: Route): { kind: WorldKind; journey: Journey } {
  const kind = WORLD_KINDS.find(({ name }) => name === world);
  const way = kind?.journeys.find(({ name }) => name === journey);
  if (!kind || !way) throw new Error(`There is no journey "${journey}" in a world "${world}".`);
  return { kind, journey: way };
}

export function casesOf(route: Route, recording: readonly Point[], kinds: readonly Kind[]): MatrixCase[] {
  const { kind, journey } = found(route);
  return kinds.flatMap((each) => ENUMERATORS[each]?.(kind, journey, recording) ?? []);
}
