// Phase plan: what every later phase would do, in order, with what it costs and risks. Changes nothing.
import type { Observation } from '../application/observe.ts';
import type { UpgradeContext } from '../application/upgrade-context.ts';
import { planSteps } from '../engine/plan.ts';
import type { GuardRecord, Plan, PlannedStep, SlotState } from '../engine/report.ts';
import { type Sequence, stepsOf } from '../engine/step.ts';
import { type GuardedPhase, runGuards } from '../guards/guard.ts';
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
    guards: await guardsAhead(context, observed, topology),
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
  return stepsOf(steps).map((step) => ({
    id: step.id,
    title: step.title,
    article: step.article,
    phase: step.phase,
    state: over ? 'done' : 'later',
    changes: step.changes,
    undo: step.undo?.what ?? step.wayBack ?? null,
    pointOfNoReturn: step.pivot,
    evidence: [],
  }));
}

/** Every guard once: at the first of its phases that lies ahead. */
async function guardsAhead(
  context: UpgradeContext,
  observed: Observation,
  topology: TopologyPlan,
): Promise<GuardRecord[]> {
  const records = new Map<string, GuardRecord>();
  for (const phase of PLANNED) {
    // Time left is of the job that runs a phase; the plan's own job says nothing about that one.
    const fresh = topology.guards.filter((guard) => guard !== timeLeft && !records.has(guard.id));
    for (const record of await runGuards(fresh, context, observed, phase)) records.set(record.id, record);
  }
  return [...records.values()];
}
