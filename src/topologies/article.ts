// The article's numbers belong to its procedures, not to the steps: the same step is (3) in one and (6) in the other.
import type { Step } from '../engine/step.ts';

/**
 * The step under the article's number, e.g. "(3)".
 * @param back the number of what takes it back, or of what becomes of it on the way back.
 */
export function numbered(article: string, step: Step, back?: string): Step {
  if (back === undefined) return { ...step, article };
  if (step.undo) return { ...step, article, undo: { ...step.undo, what: `${back} ${step.undo.what}` } };
  return step.wayBack === undefined
    ? { ...step, article }
    : { ...step, article, wayBack: `${back} ${step.wayBack}` };
}
