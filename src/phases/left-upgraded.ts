// An upgrade that was complete a moment ago, looked at once more. What does not answer then is not known to be another one.
import type { DatabaseObservation, Observation } from '../application/observe.ts';
import { databaseState } from '../application/upgrade-state.ts';
import type { Phase, SlotState } from '../engine/report.ts';
import type { PhaseOutcome } from './phase-outcome.ts';

/** Whether a run that has ended with a complete upgrade finds it as it has left it, as far as it answers. */
export function isLeftUpgraded({ databases }: Observation): boolean {
  return databases.every((one) => isSilent(one) || databaseState(one) === 'upgraded');
}

/** Where the application stands by a run's last look: 'unknown' where production does not answer, whatever it was a moment ago. */
export function stateFound(
  phases: readonly Phase[],
  outcome: PhaseOutcome,
  observed: Observation,
): SlotState {
  const hasUpgraded = outcome.kind === 'completed' && phases.at(-1) === 'upgrade';
  return hasUpgraded && observed.state === 'frozen' && isLeftUpgraded(observed) ? 'upgraded' : observed.state;
}

function isSilent({ production, stage, link }: DatabaseObservation): boolean {
  if (production.access === 'unreachable') return true;
  return production.access === 'read-only' && link === null && stage.access === 'unreachable';
}
