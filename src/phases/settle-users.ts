// Asked before production is opened for writers, where users may have been moved: where they are, whether that stays so, and
// whether opening it would leave behind what they have written elsewhere.
import { lookWhyClosed } from '../application/sent-back.ts';
import { returnOutcomeUnknown, settlePivot } from '../application/settle-pivot.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import type { UpgradeError } from '../reasons.ts';
import { type PivotMarks, recordMoved } from '../steps/mark-stage.ts';
import { outcomeUnknown } from '../steps/outcome-unknown.ts';

export type Settled =
  /** They have been moved, which is recorded. */
  | { readonly kind: 'on-stage' }
  /** It is not known where they are, or they were sent back: production stays as it is. */
  | { readonly kind: 'closed'; readonly error: UpgradeError }
  /** Production may be opened. What is told where a database could not say whether users were on it for a while. */
  | { readonly kind: 'on-production'; readonly notAsked: readonly UpgradeError[] };

/** Nobody can have been moved: nothing is asked before production is given back. */
export const NOT_TRIED: Extract<Settled, { kind: 'on-production' }> = { kind: 'on-production', notAsked: [] };

/** @param marks of the write that may have moved them. Never throws; takes minutes where that cannot be settled. */
export async function settleUsers(
  context: UpgradeContext,
  marks: PivotMarks,
  cause: UpgradeError | null,
): Promise<Settled> {
  const users = await settlePivot(context);
  if (users === 'stage') {
    await recordMoved(context, marks);
    return { kind: 'on-stage' };
  }
  if (users === 'unknown') {
    const error =
      marks.version === 'V2' ? await outcomeUnknown(context, cause) : returnOutcomeUnknown(context, cause);
    return { kind: 'closed', error };
  }
  const { closed, notAsked } = await lookWhyClosed(context, cause);
  if (closed) return { kind: 'closed', error: closed };
  return { kind: 'on-production', notAsked: notAsked ? [notAsked] : [] };
}
