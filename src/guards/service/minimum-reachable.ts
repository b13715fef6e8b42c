import type { RoleLook } from '../../service/target.ts';
import { count } from '../../service/words.ts';
import type { Verdict } from '../guard.ts';
import { fail, pass } from '../verdict.ts';
import { nameOf, perRole, type ServiceGuard, WALKING } from './service-guard.ts';

/** A number of instances that the role does not have means that somebody thinks of another role, or of another size. */
export const minimumReachable: ServiceGuard = {
  id: 'minimum-reachable',
  title: 'No role needs more healthy instances than it has',
  phases: WALKING,
  check: async (_, observed) => perRole(observed, checkRole),
};

function checkRole(role: RoleLook): Verdict {
  const { minimum, instances } = role;
  if (minimum.kind === 'percent') return pass(`${role.role}: ${minimum.percent} % of those that were walked`);
  const has = count(instances.length, 'instance');
  if (minimum.count <= instances.length) return pass(`${role.role}: ${minimum.count}, and it has ${has}`);
  return fail(
    'config-invalid',
    `${nameOf(role)} needs ${minimum.count} healthy instances, and has ${has}`,
    `Set its minimum-healthy to ${instances.length} or fewer, or to a share that follows the number of instances ("75%"); or scale it out first.`,
  );
}
