// Looks at the databases again and again while the runs go on, keeps each picture that differs from the one before,
// and counts the looks at which the database that served users was without protection.
import type { Clock } from '../../local-azure/clock.ts';
import { changesBetween } from './changes.ts';
import type { Picture } from './picture.ts';

export interface Moment {
  /** Since the first look. */
  readonly seconds: number;
  /** What the demo was doing. */
  readonly during: string;
  /** Since the moment before; empty for the first. */
  readonly changes: readonly string[];
  readonly picture: Picture;
}

export interface Law10 {
  readonly samples: number;
  /** Each once. */
  readonly violations: readonly string[];
}

export interface Sampler {
  /** Names what the demo does from now on; what changed until now belongs to what it did before. */
  during(what: string): void;
  /** Law 10 is about upgrades: what is lost in a disaster is counted by nobody from here on. */
  endOfLaw10(): void;
  /** Null where nobody asked for it. */
  law10(): Law10 | null;
  moments(): readonly Moment[];
  /** A look right now. */
  now(): Picture;
  stop(): void;
}

const EVERY_MS = 50;

export interface SamplerOptions {
  readonly look: () => Picture;
  /** What breaks law 10 in a picture; null where the topology has nothing that protects. */
  readonly law10: ((picture: Picture) => string | null) | null;
  readonly clock: Clock;
}

/** The first look is at once. */
export function startSampler({ look: lookAtDatabases, law10, clock }: SamplerOptions): Sampler {
  const began = clock.now().getTime();
  const moments: Moment[] = [];
  const violations = new Set<string>();
  let [what, samples, counts] = ['Before', 0, law10 !== null];
  const look = () => {
    const picture = lookAtDatabases();
    if (counts) {
      samples++;
      const violation = law10?.(picture);
      if (violation) violations.add(violation);
    }
    const last = moments.at(-1);
    const changes = last ? changesBetween(last.picture, picture) : [];
    if (last && changes.length === 0) return;
    const seconds = (clock.now().getTime() - began) / 1000;
    moments.push({ seconds, during: what, changes, picture });
  };
  let callOff = () => {};
  const again = () => {
    look();
    callOff = clock.schedule(EVERY_MS, again);
  };
  again();
  return {
    during: (next) => {
      look();
      what = next;
    },
    endOfLaw10: () => {
      counts = false;
    },
    law10: () => law10 && { samples, violations: [...violations] },
    moments: () => moments,
    now: lookAtDatabases,
    stop: () => {
      callOff();
      look();
    },
  };
}
