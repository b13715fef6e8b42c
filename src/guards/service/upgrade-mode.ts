import type { ServiceObservation } from '../../service/observe-service.ts';
import type { RoleLook } from '../../service/target.ts';
import type { Verdict } from '../guard.ts';
import { fail, pass } from '../verdict.ts';
import { azVmss, nameOf, perRole, type ServiceGuard, WALKING } from './service-guard.ts';

/** With another mode than Manual Azure itself brings a new model to the instances, by an order of its own. */
export const upgradeMode: ServiceGuard = {
  id: 'upgrade-mode',
  title: 'Azure does not walk by itself',
  phases: WALKING,
  check: async (_, observed) => perRole(observed, (role) => checkRole(role, observed)),
};

/** A rolling upgrade that was stopped is taken up again by any write of the model, and tags are written first. */
const STOPPED = ['cancelled', 'faulted'];

function checkRole(role: RoleLook, { look }: ServiceObservation): Verdict {
  const { set } = role;
  if (set === null) return pass(`${role.role}: its domains are walked one by one`);
  const mode = set.upgradeMode;
  if (mode === null || mode === 'Manual') return pass(`${nameOf(role)}: ${mode ?? 'no mode, as Manual'}`);
  const code = look.resources.find(({ name }) => name === role.resource)?.platformUpgrade?.code ?? '';
  if (mode === 'Rolling' && STOPPED.includes(code.toLowerCase())) {
    return fail(
      'service-busy',
      `${nameOf(role)} is in mode Rolling, and its last rolling upgrade is ${code}: a write of whatever kind would make Azure take it up again`,
      'Set the mode to Manual first; that one is then not given back after the update:',
      azVmss(role, 'update', '--set', 'upgradePolicy.mode=Manual'),
    );
  }
  return pass(`${nameOf(role)}: ${mode}; it is Manual while the update lasts, and ${mode} again after it`);
}
