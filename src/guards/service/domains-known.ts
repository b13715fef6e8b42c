import type { ServiceObservation } from '../../service/observe-service.ts';
import { keyOf } from '../../service/role-instance.ts';
import type { RoleLook } from '../../service/target.ts';
import { formatList } from '../../service/words.ts';
import type { Verdict } from '../guard.ts';
import { fail, pass } from '../verdict.ts';
import { azVmss, nameOf, perRole, type ServiceGuard, WALKING } from './service-guard.ts';

/** A walk would pass by whatever stands in no domain, and the update would never be finished. */
export const domainsKnown: ServiceGuard = {
  id: 'domains-known',
  title: 'Every instance stands in a domain',
  phases: WALKING,
  check: async (_, observed) => perRole(observed, (role) => checkRole(role, observed)),
};

function checkRole(role: RoleLook, { spread }: ServiceObservation): Verdict {
  const lost = spread.unplaced.filter((instance) => instance.role === role.role);
  if (lost.length === 0) return pass(spreadOf(role, spread));
  return fail(
    'domains-unknown',
    `in which update domain ${formatList(lost.map(keyOf))} ${lost.length === 1 ? 'stands' : 'stand'} is not told`,
    ...adviceFor(
      role,
      lost.map(({ id }) => id),
    ),
  );
}

function adviceFor(role: RoleLook, ids: readonly string[]): string[] {
  if (role.set === null)
    return [
      'Wait until Azure has made or removed these role instances, and run again; restart one that stays so.',
    ];
  return [
    'Wait until Azure has made or removed them, and run again; an instance that stays so is restarted or made anew:',
    azVmss(role, 'get-instance-view', '--instance-id', ids[0] ?? 'ID', '--query', 'platformUpdateDomain'),
    azVmss(role, 'reimage', '--instance-ids', ...ids),
  ];
}

/** "web (contoso-web): 3, 3, 3, 3, 2 in domains 0 to 4". */
function spreadOf(role: RoleLook, { domains }: ServiceObservation['spread']): string {
  const sizes = domains
    .map(({ number, instances }) => ({
      number,
      size: instances.filter((one) => one.role === role.role).length,
    }))
    .filter(({ size }) => size > 0);
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (!first || !last) return `${nameOf(role)}: no instances`;
  const made = role.placement === 'virtual' ? ', made by this action' : '';
  const where = first === last ? `domain ${first.number}` : `${sizes.length} domains from ${first.number} on`;
  return `${nameOf(role)}: ${sizes.map(({ size }) => size).join(', ')} in ${where}${made}`;
}
