// Resolvers of users that keep what they know longer than they may: answers stay as they are until they are let go.
import type { ZoneAnswer } from '../traffic-manager/zone.ts';

export interface HeldAnswers {
  /** What the zone says; while answers are held, what it said when they began to be held. */
  answer(name: string): ZoneAnswer;
  hold(held: boolean): void;
}

/** @param names whose answers are held; what else is asked while they are is held from its first answer on. */
export function createHeldAnswers(
  lookUp: (name: string) => ZoneAnswer,
  names: readonly string[],
): HeldAnswers {
  let kept: Map<string, ZoneAnswer> | null = null;
  return {
    answer: (name) => {
      const answer = kept?.get(name.toLowerCase()) ?? lookUp(name);
      kept?.set(name.toLowerCase(), answer);
      return answer;
    },
    hold: (held) => {
      kept = held ? new Map(names.map((name) => [name.toLowerCase(), lookUp(name)])) : null;
    },
  };
}
