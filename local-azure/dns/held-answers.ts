// Resolvers of users that keep what they know longer than they may: answers stay as they are until they are let go.
import type { ZoneAnswer } from '../traffic-manager/zone.ts';

export interface HeldAnswers {
  /** What the zone says; while answers are held, what it said when they began to be held. */
  answer(name: string): ZoneAnswer;
  hold(held: boolean): void;
}

/** @param publicName whose answer is held, and that of every alias behind it; all others answer as they are. */
export function createHeldAnswers(lookUp: (name: string) => ZoneAnswer, publicName: string): HeldAnswers {
  let kept: Map<string, ZoneAnswer> | null = null;
  return {
    answer: (name) => kept?.get(name.toLowerCase()) ?? lookUp(name),
    hold: (held) => {
      kept = held ? chainOf(lookUp(publicName)) : null;
    },
  };
}

/** The answers for every name of a chain: what follows it there. */
function chainOf({ exists, records }: ZoneAnswer): Map<string, ZoneAnswer> {
  return new Map(
    records.map(({ name }, place) => [name.toLowerCase(), { exists, records: records.slice(place) }]),
  );
}
