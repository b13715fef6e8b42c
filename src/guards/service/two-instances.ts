import type { RoleLook } from '../../service/target.ts';
import { count } from '../../service/words.ts';
import type { Verdict } from '../guard.ts';
import { fail, pass } from '../verdict.ts';
import { azVmss, isStaged, nameOf, perRole, type ServiceGuard, WALKING } from './service-guard.ts';

/**
 * The article: a role has at least two instances to be updated in place without downtime. Two in one domain are no
 * better than one: they go down together.
 */
export const twoInstances: ServiceGuard = {
  id: 'two-instances',
  title: 'Every role that is updated has an instance that serves meanwhile',
  phases: WALKING,
  check: async (context, observed) => {
    if (isStaged(context)) return pass('users are not on the service that is updated');
    const domainsOf = ({ role }: RoleLook) =>
      observed.spread.domains
        .filter(({ instances }) => instances.some((instance) => instance.role === role))
        .map(({ number }) => number);
    return perRole(observed, (role) => checkRole(role, domainsOf(role), context.config.walk.acceptDowntime));
  },
};

function checkRole(role: RoleLook, domains: readonly number[], acceptDowntime: boolean): Verdict {
  const { length } = role.instances;
  const told = `${nameOf(role)} has ${count(length, 'instance')}`;
  if (length === 0) return pass(`${told}: nothing of it is taken down`);
  if (domains.length > 1) return pass(`${told} in ${domains.length} domains`);
  const [domain] = domains;
  if (length > 1 && domain === undefined) return pass(`${told}; in which domains is not known`);
  const evidence = length === 1 ? told : `${told}, all in domain ${domain}`;
  if (acceptDowntime)
    return pass(`${evidence}: it is down while that is updated, which walk.accept-downtime allows`);
  return fail('single-instance', `${evidence}: it would be down while that is updated`, ...adviceFor(role));
}

function adviceFor(role: RoleLook): string[] {
  const accept = 'Where it may be down for that time, say so: `walk: {accept-downtime: true}`.';
  if (role.set === null) {
    return [
      `Give it more instances in its configuration (.cscfg), or deploy the new version to a second cloud service and swap: \`switch: {method: swap}\`. ${accept}`,
    ];
  }
  if (role.instances.length > 1 && role.placement === 'virtual')
    return [`Give the service more domains: \`service: {virtual-domains: 5}\`. ${accept}`];
  const enough = String(Math.max(2, role.instances.length + 1));
  return [
    `Add instances until two domains have one, and wait until they are healthy. ${accept}`,
    azVmss(role, 'scale', '--new-capacity', enough),
  ];
}
