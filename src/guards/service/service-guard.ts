// A guard of a service with update domains, and what most of them ask: every role that is updated, by itself.
import { azFor } from '../../service/az-command.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { RoleInstance } from '../../service/role-instance.ts';
import type { ServiceContext } from '../../service/service-context.ts';
import type { RoleLook } from '../../service/target.ts';
import type { Guard, GuardedPhase, Verdict } from '../guard.ts';
import { allOf } from '../verdict.ts';

export type ServiceGuard = Guard<ServiceContext, ServiceObservation>;

/** The phases that take instances down, or prepare it. */
export const WALKING: readonly GuardedPhase[] = ['prepare', 'upgrade'];

export function chosenRoles({ look }: Pick<ServiceObservation, 'look'>): RoleLook[] {
  return look.roles.filter(({ chosen }) => chosen);
}

export function perRole(
  observed: Pick<ServiceObservation, 'look'>,
  check: (role: RoleLook) => Verdict,
): Verdict {
  return allOf(chosenRoles(observed).map(check));
}

/** "web (contoso-web)"; a role of a cloud service has no resource of its own. */
export function nameOf({ role, resource, set }: RoleLook): string {
  return set === null || role === resource ? role : `${role} (${resource})`;
}

/** A command on the scale set of a role, e.g. `az vmss scale -g GROUP -n NAME … --subscription ID`. */
export function azVmss({ set, resource }: RoleLook, words: string, ...more: string[]): string {
  const group = set?.ref.resourceGroup ?? 'GROUP';
  const which = ['-g', group, '-n', set?.ref.name ?? resource];
  return azFor(set?.id ?? null, 'vmss', ...words.split(' '), ...which, ...more);
}

/** What users have of it: running, and healthy where its role tells that. */
export function isInService(
  { tellsHealth }: RoleLook,
  { powerState, health }: Pick<RoleInstance, 'powerState' | 'health'>,
): boolean {
  return powerState === 'running' && (health === 'healthy' || !tellsHealth);
}

/** Nobody is on the service that is updated, before its address is swapped. */
export function isStaged({ config }: Pick<ServiceContext, 'config'>): boolean {
  return config.switchMethod === 'swap';
}
