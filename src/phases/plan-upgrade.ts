// Phase plan: what every later phase would do, in order, with what it costs and risks. Changes nothing.
import type { Observation } from '../application/observe.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { planSteps, stepsNotLookedAt } from '../engine/plan.ts';
import type { Plan, PlannedStep, SlotState } from '../engine/report.ts';
import type { Sequence } from '../engine/step.ts';
import { type GuardedPhase, runGuardsAhead } from '../guards/guard.ts';
import { timeLeft } from '../guards/time-left.ts';
import type { TopologyPlan } from '../topologies/topology.ts';
import { applicability } from './applicability.ts';
import { fourFactors, twice } from './factors.ts';

const PLANNED: readonly GuardedPhase[] = ['prepare', 'upgrade', 'switch', 'cleanup'];

/**
 * @param backup what the backup region shows; null in a topology that has none.
 * @param topology of the application as it is.
 * @param afterwards of the application with its roles exchanged, as cleanup will find it.
 */
export async function planUpgrade(
  context: UpgradeContext,
  observed: Observation,
  backup: Observation | null,
  topology: TopologyPlan,
  afterwards: TopologyPlan,
  signal: AbortSignal,
): Promise<Plan> {
  // Once users have been switched, what is done was done from the slot that is now the stage.
  const switched = observed.state === 'switched';
  const lists: Readonly<Record<GuardedPhase, Sequence>> = switched
    ? { ...afterwards, cleanup: topology.cleanup }
    : { ...topology, cleanup: afterwards.cleanup };
  const steps: PlannedStep[] = [];
  for (const phase of PLANNED) steps.push(...(await planPhase(lists[phase], phase, observed, signal)));
  const resources = twice(context, observed, backup);
  return {
    steps,
    // Time left is of the job that runs a phase; the plan's own job says nothing about that one.
    guards: await runGuardsAhead(
      topology.guards.filter((guard) => guard !== timeLeft),
      context,
      observed,
      PLANNED,
    ),
    factors: await fourFactors(context, observed, resources),
    twice: resources,
  };
}

/** The phases that lie behind in a state. */
const PAST: Readonly<Partial<Record<SlotState, readonly GuardedPhase[]>>> = {
  frozen: ['prepare'],
  upgraded: ['prepare', 'upgrade'],
  switched: ['prepare', 'upgrade', 'switch'],
};

/** Steps are looked at where their phase could begin now; otherwise the world they judge is not there yet. */
async function planPhase(
  steps: Sequence,
  phase: GuardedPhase,
  observed: Observation,
  signal: AbortSignal,
): Promise<PlannedStep[]> {
  const allowed = applicability(phase, observed.state);
  if (allowed.kind === 'run') return planSteps(steps, signal);
  const over = PAST[observed.state]?.includes(phase) ?? false;
  return stepsNotLookedAt(steps, over ? 'done' : 'later');
}
