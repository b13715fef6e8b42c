// Looks at something again and again while the runs go on, keeps each picture of it that differs from the one before, and
// counts the looks at which a rule was broken.
import type { Clock } from '../local-azure/clock.ts';

export interface Moment<Picture> {
  /** Since the first look. */
  readonly seconds: number;
  /** What the demo was doing. */
  readonly during: string;
  /** Since the moment before; empty for the first. */
  readonly changes: readonly string[];
  readonly picture: Picture;
}

export interface RuleKept {
  readonly samples: number;
  /** Each once. */
  readonly violations: readonly string[];
}

export interface Sampler<Picture> {
  /** Names what the demo does from now on; what changed until now belongs to what it did before. */
  during(what: string): void;
  /** What comes from here on is counted by nobody. */
  endOfRule(): void;
  /** Null where there is no rule. */
  rule(): RuleKept | null;
  moments(): readonly Moment<Picture>[];
  /** A look right now. */
  now(): Picture;
  stop(): void;
}

const EVERY_MS = 50;

export interface SamplerOptions<Picture> {
  readonly look: () => Picture;
  /** In words; none where nothing changed. */
  readonly changes: (before: Picture, after: Picture) => readonly string[];
  /** What breaks the rule in a picture, in a sentence; null where there is no rule. */
  readonly rule: ((picture: Picture) => string | null) | null;
  readonly clock: Clock;
}

/** The first look is at once. */
export function startSampler<Picture>(options: SamplerOptions<Picture>): Sampler<Picture> {
  const { clock, rule } = options;
  const began = clock.now().getTime();
  const moments: Moment<Picture>[] = [];
  const violations = new Set<string>();
  let [what, samples, counts] = ['Before', 0, rule !== null];
  const look = () => {
    const picture = options.look();
    if (counts) {
      samples++;
      const violation = rule?.(picture);
      if (violation) violations.add(violation);
    }
    const last = moments.at(-1);
    const changes = last ? options.changes(last.picture, picture) : [];
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
    endOfRule: () => {
      counts = false;
    },
    rule: () => rule && { samples, violations: [...violations] },
    moments: () => moments,
    now: options.look,
    stop: () => {
      callOff();
      look();
    },
  };
}
