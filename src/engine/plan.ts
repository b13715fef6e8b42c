// Steps seen as a plan: what is done, what each would change and undo. Looks, changes nothing.
import type { PlannedStep } from './report.ts';
import { type Assessment, type Sequence, type SideBySide, type Step, stepsOf } from './step.ts';

/**
 * Assesses every step. A step that cannot be looked at yet is `later`; after the first step that is not done,
 * "blocked" is believed only of that step, because later ones judge a world that will have changed. Sequences side by
 * side are independent of each other: each has such a step of its own.
 */
export async function planSteps(sequence: Sequence, signal: AbortSignal): Promise<PlannedStep[]> {
  return (await planSequence(sequence, true, signal)).planned;
}

/** Steps of a phase that lies behind, or too far ahead: the world that they judge is gone, or not there yet. */
export function stepsNotLookedAt(sequence: Sequence, state: 'done' | 'later'): PlannedStep[] {
  return stepsOf(sequence).map((step) => ({ ...withoutState(step), state, evidence: [] }));
}

interface Planned {
  readonly planned: PlannedStep[];
  /** Whether all of it is done, and whatever comes before it. */
  readonly reached: boolean;
}

async function planSequence(sequence: Sequence, from: boolean, signal: AbortSignal): Promise<Planned> {
  const planned: PlannedStep[] = [];
  let reached = from;
  for (const one of sequence) {
    const parts =
      'sideBySide' in one
        ? await planSideBySide(one, reached, signal)
        : [await planStep(one, reached, signal)];
    planned.push(...parts.flatMap((part) => part.planned));
    reached = reached && parts.every((part) => part.reached);
  }
  return { planned, reached };
}

async function planSideBySide(
  { sideBySide }: SideBySide,
  reached: boolean,
  signal: AbortSignal,
): Promise<Planned[]> {
  const parts: Planned[] = [];
  for (const sequence of sideBySide) parts.push(await planSequence(sequence, reached, signal));
  return parts;
}

async function planStep(step: Step, reached: boolean, signal: AbortSignal): Promise<Planned> {
  const assessment = await step.assess({ signal, progress: () => {} });
  return {
    planned: [plannedStep(step, assessment, reached)],
    reached: reached && assessment.kind === 'done',
  };
}

function plannedStep(step: Step, assessment: Assessment, reached: boolean): PlannedStep {
  const blockedLater = assessment.kind === 'blocked' && !reached;
  return {
    ...withoutState(step),
    state: blockedLater ? 'later' : assessment.kind,
    evidence:
      assessment.kind === 'blocked' ? [assessment.message, ...assessment.advice] : assessment.evidence,
  };
}

function withoutState(step: Step): Omit<PlannedStep, 'state' | 'evidence'> {
  return {
    id: step.id,
    title: step.title,
    article: step.article,
    phase: step.phase,
    changes: step.changes,
    undo: step.undo?.what ?? step.wayBack ?? null,
    pointOfNoReturn: step.pivot,
  };
}
