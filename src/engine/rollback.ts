// The way back. It follows from the steps: service first, tidying after, each in the reverse of the order in
// which it was done. Undos read the state themselves, so the same list serves a failed run, a later
// `rollback` run, and the post step after a kill.

import { messageOf } from '../message-of.ts';
import type { UpgradeError } from '../reasons.ts';
import type { Recorder } from './recorder.ts';
import type { StepState } from './report.ts';
import { type Sequence, type Step, stepsOf, type Undo, type UndoOutcome } from './step.ts';

export type RollbackOutcome =
  | {
      readonly kind: 'rolled-back';
      readonly changed: boolean;
      readonly tidyErrors: readonly unknown[];
      /** Removals that were asked for and that a person has to confirm first. */
      readonly unconfirmed: readonly UpgradeError[];
    }
  /** Service could not be restored: somebody has to look now. */
  | { readonly kind: 'failed'; readonly errors: readonly unknown[] };

/**
 * Undoes the steps. Never throws. A failed tidy does not make the rollback a failure; it is told, and what would be
 * tidied next is left as it is: it may be what the former needs.
 */
export async function rollBack(
  sequence: Sequence,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<RollbackOutcome> {
  const steps = stepsOf(sequence);
  const turn = await undoAll(inReverse(steps, 'turn-back'), 'go on', recorder, signal);
  if (turn.errors.length > 0) return { kind: 'failed', errors: turn.errors };
  const restore = await undoAll(inReverse(steps, 'restore-service'), 'go on', recorder, signal);
  if (restore.errors.length > 0) return { kind: 'failed', errors: restore.errors };
  const tidy = await undoAll(inReverse(steps, 'tidy'), 'stop', recorder, signal);
  const secure = await undoAll(inReverse(steps, 'secure'), 'go on', recorder, signal);
  const all = [turn, restore, tidy, secure];
  return {
    kind: 'rolled-back',
    changed: all.some((one) => one.changed),
    tidyErrors: all.flatMap((one) => one.errors),
    unconfirmed: all.flatMap((one) => one.unconfirmed),
  };
}

function inReverse(steps: readonly Step[], order: Undo['order']): Step[] {
  return steps.filter((step) => step.undo?.order === order).reverse();
}

async function undoAll(
  steps: readonly Step[],
  afterFailure: 'go on' | 'stop',
  recorder: Recorder,
  signal: AbortSignal,
) {
  const errors: unknown[] = [];
  const unconfirmed: UpgradeError[] = [];
  let changed = false;
  for (const step of steps) {
    if (!step.undo || (afterFailure === 'stop' && errors.length > 0)) continue;
    const record = recorder.begin(step, 'undo');
    try {
      const outcome = await step.undo.apply({ signal, progress: record.progress });
      changed ||= outcome.kind === 'undone';
      if (outcome.kind === 'kept' && outcome.unconfirmed) unconfirmed.push(outcome.unconfirmed);
      record.end(STATES[outcome.kind], outcome.evidence);
    } catch (error) {
      errors.push(error);
      record.end('undo-failed', [messageOf(error)]);
    }
  }
  return { errors, changed, unconfirmed };
}

const STATES: Readonly<Record<UndoOutcome['kind'], StepState>> = {
  undone: 'undone',
  kept: 'kept',
  'nothing-to-undo': 'skipped',
};
