// What a run has left a moment ago, looked at once more. What does not answer then is not known to be anything else.
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
  const last = outcome.kind === 'completed' ? phases.at(-1) : null;
  if (last === 'upgrade' && observed.state === 'frozen' && isLeftUpgraded(observed)) return 'upgraded';
  if (last === 'cleanup' && observed.state === 'switched' && isLeftWithoutV1(observed)) return 'not-prepared';
  return observed.state;
}

/** Whether V1's databases, which were seen gone, are gone as far as Resource Manager tells. */
function isLeftWithoutV1({ databases }: Observation): boolean {
  return databases.every(
    ({ stage }) => stage.access === 'absent' || (stage.access === 'unreachable' && stage.info === null),
  );
}

function isSilent({ production, stage, link }: DatabaseObservation): boolean {
  if (production.access === 'unreachable') return true;
  return production.access === 'read-only' && link === null && stage.access === 'unreachable';
}
