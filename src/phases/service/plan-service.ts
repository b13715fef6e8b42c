// Phase plan of a service with update domains: what every later phase would do, with what it costs and risks. Changes
// nothing.
import { planSteps, stepsNotLookedAt } from '../../engine/plan.ts';
import type { Plan, PlannedStep } from '../../engine/report.ts';
import type { Sequence } from '../../engine/step.ts';
import { type GuardedPhase, runGuardsAhead } from '../../guards/guard.ts';
import { walkTimeLeft } from '../../guards/service/walk-time-left.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { ServicePlan } from '../../topologies/upgrade-domains.ts';
import { type Standing, standingOf } from './service-applicability.ts';
import { serviceFactors } from './service-factors.ts';
import { servicesTwice } from './services-twice.ts';

const PLANNED: readonly GuardedPhase[] = ['prepare', 'upgrade', 'switch', 'cleanup'];

/** How many of the phases lie behind. Where it is not known how things stand, no step is looked at. */
const BEHIND: Readonly<Record<Standing, number | null>> = {
  'not-prepared': 0,
  prepared: 1,
  'in-progress': 1,
  'going-back': 1,
  'to-finish': 1,
  updated: 4,
  upgraded: 2,
  switched: 3,
  unknown: null,
};

/** @param plan of the service as it is; every domain is shown, whichever of them a run would walk. */
export async function planService(
  context: ServiceContext,
  observed: ServiceObservation,
  plan: ServicePlan,
  signal: AbortSignal,
): Promise<Plan> {
  const behind = BEHIND[standingOf(observed.state, observed.look.record !== null)];
  const lists: Readonly<Record<GuardedPhase, Sequence>> = {
    ...plan,
    upgrade: plan.whole,
    // In place the update itself ends with removing its record.
    cleanup: context.config.switchMethod === 'swap' ? plan.cleanup : [],
  };
  const steps: PlannedStep[] = [];
  for (const [at, phase] of PLANNED.entries()) {
    const planned =
      at === behind
        ? await planSteps(lists[phase], signal)
        : stepsNotLookedAt(lists[phase], behind !== null && at < behind ? 'done' : 'later');
    steps.push(...planned);
  }
  const twice = await servicesTwice(context, observed);
  // Time left is of the job that runs a phase; the plan's own job says nothing about that one.
  const guards = plan.guards.filter((guard) => guard !== walkTimeLeft);
  const ahead = PLANNED.slice(behind ?? 0);
  return {
    steps,
    guards: await runGuardsAhead(guards, context, observed, ahead),
    factors: await serviceFactors(context, observed, twice),
    twice,
  };
}
