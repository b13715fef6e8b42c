// What the report of every run has in common, whatever it upgrades.
import { notReached, type Recorder } from '../engine/recorder.ts';
import type { GuardRecord, Phase, Plan, ReportedError, Result, StepRecord } from '../engine/report.ts';
import { type Sequence, stepsOf } from '../engine/step.ts';
import type { UpgradeError } from '../reasons.ts';
import { causesOf } from './as-upgrade-error.ts';
import type { PhaseOutcome } from './phase-outcome.ts';

export function resultOf(phases: readonly Phase[], changed: boolean, outcome: PhaseOutcome): Result {
  if (outcome.kind === 'stopped') return outcome.result;
  return onlyLooks(phases) || changed ? 'succeeded' : 'nothing-to-do';
}

export function onlyLooks(phases: readonly Phase[]): boolean {
  return phases.every((phase) => phase === 'status' || phase === 'plan');
}

/** Guards that stopped a phase are told also where no plan was asked for. */
export function planWith(plan: Plan | null, guards: readonly GuardRecord[]): Plan | null {
  if (guards.length === 0) return plan;
  return { steps: [], factors: [], twice: [], ...plan, guards };
}

/** Null for a run that was not stopped. */
export function errorOf(outcome: PhaseOutcome): ReportedError | null {
  if (outcome.kind === 'completed') return null;
  const { reason, message, advice } = outcome.error;
  const also = outcome.also.flatMap((one: UpgradeError) => [one.message, ...causesOf(one)]);
  return { reason, message, advice, causes: [...causesOf(outcome.error), ...also] };
}

/** Steps of the phases that go forward, as the topology lists them. */
export type ForwardSequences = Readonly<Record<'prepare' | 'upgrade' | 'switch' | 'cleanup', Sequence>>;

/** Of a run that was stopped, once it had begun: the steps that were asked for and never came. */
export function stepsNotReached(
  phases: readonly Phase[],
  recorder: Recorder,
  sequences: ForwardSequences | null,
  outcome: PhaseOutcome,
): StepRecord[] {
  if (outcome.kind === 'completed' || recorder.steps.length === 0) return [];
  const reached = new Set(recorder.steps.map((step) => `${step.phase}/${step.id}`));
  const asked = phases.flatMap((phase) => stepsOfPhase(sequences, phase));
  return asked.filter((step) => !reached.has(`${step.phase}/${step.id}`)).map(notReached);
}

function stepsOfPhase(sequences: ForwardSequences | null, phase: Phase) {
  if (phase !== 'prepare' && phase !== 'upgrade' && phase !== 'switch' && phase !== 'cleanup') return [];
  return stepsOf(sequences?.[phase] ?? []);
}
