import type { RoleLook } from '../../service/target.ts';
import { formatList } from '../../service/words.ts';
import type { Verdict } from '../guard.ts';
import { fail, pass } from '../verdict.ts';
import { azVmss, nameOf, perRole, type ServiceGuard, WALKING } from './service-guard.ts';

/** Azure passes them by and calls that a success: the update would never be finished. */
export const protectedInstances: ServiceGuard = {
  id: 'protected-instances',
  title: 'No instance is protected from what the scale set does',
  phases: WALKING,
  check: async (_, observed) => perRole(observed, checkRole),
};

function checkRole(role: RoleLook): Verdict {
  const ids = role.instances.filter(({ isProtected }) => isProtected).map(({ id }) => id);
  if (ids.length === 0) return pass(`${role.role}: none is`);
  return fail(
    'instance-protected',
    `${nameOf(role)}: ${formatList(ids)} ${ids.length === 1 ? 'is' : 'are'} protected from what the scale set does, and would never get the new version`,
    'Ask who has protected them, and what for; then take the protection away:',
    ...ids.map((id) =>
      azVmss(role, 'update', '--instance-id', id, '--protect-from-scale-set-actions', 'false'),
    ),
  );
}
