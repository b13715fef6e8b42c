// Steps seen as a plan: what is done, what each would change and undo. Looks, changes nothing.
import type { PlannedStep } from './report.ts';
import { type Assessment, type Sequence, type Step, stepsOf } from './step.ts';

/**
 * Assesses every step. A step that cannot be looked at yet is `later`; after the first step that is not done,
 * "blocked" is believed only of that step, because later ones judge a world that will have changed.
 */
export async function planSteps(sequence: Sequence, signal: AbortSignal): Promise<PlannedStep[]> {
  const planned: PlannedStep[] = [];
  let reached = true;
  for (const step of stepsOf(sequence)) {
    const assessment = await step.assess({ signal, progress: () => {} });
    planned.push(plannedStep(step, assessment, reached));
    if (assessment.kind !== 'done') reached = false;
  }
  return planned;
}

function plannedStep(step: Step, assessment: Assessment, reached: boolean): PlannedStep {
  const blockedLater = assessment.kind === 'blocked' && !reached;
  return {
    id: step.id,
    title: step.title,
    article: step.article,
    phase: step.phase,
    state: blockedLater ? 'later' : assessment.kind,
    changes: step.changes,
    undo: step.undo?.what ?? step.wayBack ?? null,
    pointOfNoReturn: step.pivot,
    evidence:
      assessment.kind === 'blocked' ? [assessment.message, ...assessment.advice] : assessment.evidence,
  };
}
