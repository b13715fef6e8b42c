// Looks at the service, one after another, and what they say together about the walked instances.
import { AzureError } from '../../azure/errors.ts';
import { evaluateHealth, type HealthEvaluation, type HealthRules } from '../../service/health-evaluation.ts';
import { observeService, type ServiceObservation } from '../../service/observe-service.ts';
import type { InstanceKey } from '../../service/role-instance.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import { type Stuck, type StuckLook, stuckOf } from '../../service/stuck.ts';
import { type WalkTrack, walkedInstances } from './walk-track.ts';

export interface HealthSeen {
  readonly observed: ServiceObservation;
  readonly evaluation: HealthEvaluation;
  readonly stuck: Stuck | null;
}

export interface HealthWatch {
  /**
   * One look, as walkedInstances and evaluateHealth understand it. Null where Azure could not be read for a moment;
   * throws what it said when that has lasted as long as a domain's health may.
   */
  look(saidDone?: ReadonlySet<InstanceKey>): Promise<HealthSeen | null>;
}

/** @param domain the one in flight */
export function watchHealth(context: ServiceContext, track: WalkTrack, domain: number): HealthWatch {
  const { config, clock } = context;
  const rules = { stuckAfterMs: config.walk.stuckAfterMs, looks: Math.max(2, config.health.consecutive) };
  let looks: readonly StuckLook[] = [];
  let unreadSince: number | null = null;
  return {
    look: async (saidDone) => {
      const observed = await observeService(context).catch((error: unknown) => {
        if (!(error instanceof AzureError)) throw error;
        unreadSince ??= clock.now();
        if (clock.now() - unreadSince >= config.health.timeoutMs) throw error;
        context.log.warning(`The service could not be looked at: ${error.message}`);
        return null;
      });
      if (observed === null) return null;
      unreadSince = null;
      const walked = walkedInstances(observed, track, saidDone);
      const at = observed.look.at;
      const evaluation = evaluateHealth({ at, walked }, healthRules(context, observed), track.history);
      track.looked(evaluation.history);
      const instances = walked.map(({ instance }) => instance);
      looks = [...looks, { at, domain, instances, missing: missingIn(evaluation) }];
      return { observed, evaluation, stuck: stuckOf(looks, rules) };
    },
  };
}

export function healthRules({ config }: ServiceContext, { look }: ServiceObservation): HealthRules {
  return {
    minimums: new Map(look.roles.map(({ role, minimum }) => [role, minimum])),
    consecutive: config.health.consecutive,
    timeoutMs: config.health.timeoutMs,
    startTimeoutMs: config.walk.startTimeoutMs,
  };
}

/** Instances that are starting have their own time for it: nothing is stuck as long as they have. */
function missingIn({ roles, history }: HealthEvaluation): InstanceKey[] {
  if (history.startedAt === null) return [];
  return roles
    .filter(({ good, required }) => good < required)
    .flatMap(({ others }) => others.map(({ key }) => key));
}
