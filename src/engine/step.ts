// A step looks (assess), does (apply) and can be taken back (undo). Steps are data to the engine: the
// same list is planned, run, rolled back and drawn. Where things stand is always read from the world, so
// that a killed run can be run again.
import type { ReasonCode, UpgradeError } from '../reasons.ts';
import type { Phase } from './report.ts';

export type Assessment =
  /** Already as it should be; applying it is not needed. */
  | { readonly kind: 'done'; readonly evidence: readonly string[] }
  | { readonly kind: 'to-do'; readonly evidence: readonly string[] }
  /** Cannot be judged before earlier steps are done. */
  | { readonly kind: 'later'; readonly evidence: readonly string[] }
  /** Must not be applied as things stand. */
  | {
      readonly kind: 'blocked';
      readonly reason: ReasonCode;
      readonly message: string;
      readonly advice: readonly string[];
    };

export interface StepRun {
  /** Aborted on cancellation and when the read-only limit is reached; its reason is an UpgradeError. */
  readonly signal: AbortSignal;
  /** One line about how far a long wait is. */
  readonly progress: (line: string) => void;
}

export type UndoOutcome =
  /** Nothing that the step does was there. */
  | { readonly kind: 'nothing-to-undo'; readonly evidence: readonly string[] }
  | { readonly kind: 'undone'; readonly evidence: readonly string[] }
  /** What the step has made is there, and stays: it was asked to, or nothing proves that it may go. */
  | {
      readonly kind: 'kept';
      readonly evidence: readonly string[];
      /** What a person has to say first, who asked for its removal; null where that would not change it. */
      readonly unconfirmed: UpgradeError | null;
    };

export interface Undo {
  /**
   * What would go on forward by itself is turned back first. Users' service is restored by every step that can before
   * anything is tidied. What secures a database that nobody may write to comes last, whether or not tidying has failed:
   * it takes nothing away that somebody may need.
   */
  readonly order: 'turn-back' | 'restore-service' | 'tidy' | 'secure';
  /** What it does, for the plan: "set the production database read-write". */
  readonly what: string;
  /** Reads the state first; undoing what is not done is not an error. Safe to repeat. */
  apply(run: StepRun): Promise<UndoOutcome>;
}

export interface Step {
  readonly id: string;
  readonly title: string;
  /** The article's number, e.g. "(3)"; null for the product's own steps. */
  readonly article: string | null;
  readonly phase: Phase;
  /** What applying it changes, for the plan, without a full stop; empty for a step that only looks or waits. */
  readonly changes: string;
  /** Of a step that does nothing but wait: for what. */
  readonly waitsFor?: string;
  /** For the plan: what becomes of the change on the way back, where the step has no undo of its own. */
  readonly wayBack?: string;
  /** The write that moves users: nothing before it is undone once it has been tried. */
  readonly pivot: boolean;
  assess(run: StepRun): Promise<Assessment>;
  /** Returns evidence. Throws; whatever it has done by then is seen by undo and by the next assess. */
  apply(run: StepRun): Promise<readonly string[]>;
  readonly undo: Undo | null;
}

export const done = (...evidence: string[]): Assessment => ({ kind: 'done', evidence });
export const toDo = (...evidence: string[]): Assessment => ({ kind: 'to-do', evidence });
export const later = (...evidence: string[]): Assessment => ({ kind: 'later', evidence });
export const blocked = (reason: ReasonCode, message: string, ...advice: string[]): Assessment => ({
  kind: 'blocked',
  reason,
  message,
  advice,
});

/** Steps in order; in one place of the order there may be several sequences, which are done side by side. */
export type Sequence = readonly (Step | SideBySide)[];

export interface SideBySide {
  readonly sideBySide: readonly Sequence[];
}

/** Every step of a sequence, in the order in which it stands there. */
export function stepsOf(sequence: Sequence): Step[] {
  return sequence.flatMap((one) => ('sideBySide' in one ? one.sideBySide.flatMap(stepsOf) : [one]));
}
