// Instances that users have nothing of at this moment, and who has the service: what a look has to tell besides the versions.
import { isInService } from '../../guards/service/service-guard.ts';
import { allInstances, type ServiceObservation } from '../../service/observe-service.ts';
import { type InstanceKey, keyOf, type RoleInstance } from '../../service/role-instance.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { Lease } from '../../service/update-record.ts';
import { formatList } from '../../service/words.ts';

export interface AbsentInstance {
  readonly key: InstanceKey;
  /** "unhealthy", "stopped". */
  readonly how: string;
}

/** Of every role, whether the update is of it or not. */
export function notInService({ look }: Pick<ServiceObservation, 'look'>): AbsentInstance[] {
  const roles = new Map(look.roles.map((role) => [role.role, role]));
  return allInstances(look).flatMap((instance) => {
    const role = roles.get(instance.role);
    const serves = role === undefined || isInService(role, instance);
    return serves ? [] : [{ key: keyOf(instance), how: howItIs(instance) }];
  });
}

function howItIs({ powerState, health }: RoleInstance): string {
  if (powerState !== 'running') return powerState === 'unknown' ? 'in an unknown state' : powerState;
  return health === 'unknown' || health === 'none' ? 'of unknown health' : health;
}

/** "web/3 is unhealthy, web/4 and web/9 are stopped"; empty where there are none. */
export function absentWords(absent: readonly AbsentInstance[]): string {
  return [...Map.groupBy(absent, ({ how }) => how)]
    .map(
      ([how, some]) => `${formatList(some.map(({ key }) => key))} ${some.length === 1 ? 'is' : 'are'} ${how}`,
    )
    .join(', ');
}

/** The lease of a run that is not this one, while it binds. */
export function foreignLease({ runId, clock }: ServiceContext, { look }: ServiceObservation): Lease | null {
  const { lease } = look;
  return lease !== null && lease.run !== runId && Date.parse(lease.until) > clock.now() ? lease : null;
}
