// One case of the matrix: what is done to one run of the bundle in one world, and what became of it.
import type { WorldName } from './world.ts';

export const KINDS = ['crash', 'cancel', 'fault', 'interference', 'pause', 'condition'] as const;
/**
 * `crash`: main is killed at a write. `cancel`: the runner cancels the job at a write. `fault`: a call goes wrong.
 * `interference`: a person or another run acts meanwhile. `pause`: main stands still, and another run acts. `condition`: something lasts (lag, a cut-off secondary, old DNS answers).
 */
export type Kind = (typeof KINDS)[number];

/** A case is repeated by its id and the seed; both are printed with every violation. */
export interface MatrixCase {
  /** Tells everything: "crash|single-region|upgrade, switch|arm DELETE …/replicationLinks/*#1|before|post". */
  readonly id: string;
  readonly kind: Kind;
  readonly world: WorldName;
  /** What the table counts it under, e.g. "killed before a write, then rollback". */
  readonly group: string;
  /** Runs it from an empty embedded Azure to its end. Throws only where the case itself is broken. */
  run(seed: number): Promise<CaseOutcome>;
}

export interface CaseOutcome {
  /** How it ended, in the words of a report: "post rolled-back, then succeeded: switched". */
  readonly ended: string;
  /** Laws that did not hold, each a sentence with its number first: "law 2: …". Empty where all held. */
  readonly violations: readonly string[];
  /** Logs of the runs, for whoever looks into a violation. */
  readonly log: string;
}
