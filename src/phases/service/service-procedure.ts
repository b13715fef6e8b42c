// The phases of a service with update domains: topology upgrade-domains.
import type { Clock } from '../../clock.ts';
import type { Phase, RunReport } from '../../engine/report.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { PhaseOutcome } from '../phase-outcome.ts';
import type { PhaseRun, Procedure, RunSoFar } from '../procedure.ts';

/** Nothing but what the context holds outlives the procedure. */
export function serviceProcedure(context: ServiceContext): Procedure {
  return new ServiceProcedure(context);
}
