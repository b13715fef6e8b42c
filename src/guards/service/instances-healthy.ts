import { azFor } from '../../service/az-command.ts';
import { requiredOf } from '../../service/health-evaluation.ts';
import type { ServiceObservation } from '../../service/observe-service.ts';
import type { RoleLook } from '../../service/target.ts';
import { formatList } from '../../service/words.ts';
import type { Verdict } from '../guard.ts';
import { fail, notKnowable, pass } from '../verdict.ts';
import {
  azVmss,
  chosenRoles,
  isInService,
  isStaged,
  nameOf,
  perRole,
  type ServiceGuard,
  WALKING,
} from './service-guard.ts';

/**
 * Every domain that is walked takes instances away from users, so the others have to be there. Where an update is in
 * progress the walk itself waits for them; where nothing serves, nothing can be taken away, and the update may be the cure.
 */
export const instancesHealthy: ServiceGuard = {
  id: 'instances-healthy',
  title: 'Enough instances serve before any is taken down',
  phases: WALKING,
  check: async (context, observed) => {
    if (isStaged(context))
      return pass(`users are not on the service that is updated; ${inService(observed)}`);
    if (isUnderWay(observed))
      return pass(`${inService(observed)}; the walk itself waits for those that are not`);
    return perRole(observed, checkRole);
  },
};

function isUnderWay({ look, progress }: ServiceObservation): boolean {
  return look.record !== null && progress.kind !== 'not-begun';
}

function inService(observed: ServiceObservation): string {
  const told = chosenRoles(observed).map((role) => {
    const serving = role.instances.filter((instance) => isInService(role, instance)).length;
    return `${role.role}: ${serving} of ${role.instances.length} in service`;
  });
  return told.join(', ');
}

function checkRole(role: RoleLook): Verdict {
  const { length } = role.instances;
  const others = role.instances.filter((instance) => !isInService(role, instance));
  const serving = length - others.length;
  const required = requiredOf(role.minimum, length);
  const told = `${nameOf(role)}: ${serving} of ${length} in service`;
  if (length === 0) return pass(`${nameOf(role)} has no instances`);
  if (!role.tellsHealth && serving === length)
    return notKnowable(`${told}, as far as their machines run; nothing tells their health`);
  if (others.length === 0) return pass(told);
  const named = `${told}; ${byState(others)}`;
  if (serving === 0) return pass(`${named}: nothing can be taken away from users`);
  if (serving >= required) return pass(`${named}; minimum-healthy asks for ${required}`);
  const ids = others.map(({ id }) => id);
  return fail(
    'production-unhealthy',
    `${named}; minimum-healthy asks for ${required}, and each domain that is walked takes more of them away`,
    `Bring them back first, or, where this update is what mends them, set minimum-healthy of ${role.role} to ${serving} for it:`,
    ...restarts(role, ids),
  );
}

function restarts(role: RoleLook, ids: readonly string[]): string[] {
  const { set } = role;
  if (set === null) return [];
  if (set.orchestration === 'Uniform') return [azVmss(role, 'restart', '--instance-ids', ...ids)];
  // Those of a Flexible set are machines of their own.
  return ids.map((id) => azFor(set.id, 'vm', 'restart', '-g', set.ref.resourceGroup, '-n', id));
}

/** "3 and 7: unhealthy; 9: stopped". */
function byState(instances: RoleLook['instances']): string {
  const stateOf = ({ provisioningState, powerState, health }: RoleLook['instances'][number]) => {
    if (provisioningState === 'Failed') return 'could not be provisioned';
    if (powerState !== 'running') return powerState;
    return health === 'none' ? 'tells no health' : health;
  };
  return [...Map.groupBy(instances, stateOf)]
    .map(([state, some]) => `${formatList(some.map(({ id }) => id))}: ${state}`)
    .join('; ');
}
