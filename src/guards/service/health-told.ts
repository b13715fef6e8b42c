import { azFor } from '../../service/az-command.ts';
import type { RoleLook } from '../../service/target.ts';
import { count, formatList } from '../../service/words.ts';
import type { Verdict } from '../guard.ts';
import { fail, pass } from '../verdict.ts';
import { azVmss, nameOf, perRole, type ServiceGuard, WALKING } from './service-guard.ts';

/** "Running" says nothing about the application, so it never opens the way to the next domain. */
export const healthTold: ServiceGuard = {
  id: 'health-told',
  title: 'Something tells the health of every instance',
  phases: WALKING,
  check: async (_, observed) => perRole(observed, checkRole),
};

function checkRole(role: RoleLook): Verdict {
  if (!role.tellsHealth) return nothingTells(role);
  const silent = role.instances.filter(({ health }) => health === 'none').map(({ id }) => id);
  const { length } = role.instances;
  if (silent.length === 0)
    return pass(`${role.role}: ${count(length, 'instance')} ${length === 1 ? 'tells' : 'tell'} it`);
  if (role.set === null || silent.length < length)
    return pass(`${role.role}: all but ${formatList(silent)} tell it`);
  return fail(
    'health-not-told',
    `the model of ${nameOf(role)} has what tells health, and none of its ${count(length, 'instance')} does: they have not got that model`,
    'Bring the model to the instances, some at a time, before the first update with this action:',
    azVmss(role, 'update-instances', '--instance-ids', ...silent.slice(0, Math.ceil(length / 5))),
  );
}

function nothingTells(role: RoleLook): Verdict {
  const evidence = `nothing tells the health of the instances of ${nameOf(role)}: nobody would know when the next domain may be walked`;
  const { set } = role;
  if (set === null) {
    return fail(
      'health-not-told',
      evidence,
      'Azure tells the state of the role instances as a rule. Look at what it says about the service in the portal, and run again.',
    );
  }
  const settings = '{"protocol": "http", "port": 80, "requestPath": "/health"}';
  const extension = [
    '-n',
    'ApplicationHealthLinux',
    '--publisher',
    'Microsoft.ManagedServices',
    '--version',
    '2.0',
  ];
  const where = ['-g', set.ref.resourceGroup, '--vmss-name', set.ref.name];
  return fail(
    'health-not-told',
    evidence,
    'Install the application health extension (on Windows ApplicationHealthWindows), with the port and path at which the application answers, and bring it to the instances, some at a time:',
    azFor(set.id, 'vmss', 'extension', 'set', ...where, ...extension, '--settings', settings),
    azVmss(role, 'update-instances', '--instance-ids', role.instances[0]?.id ?? 'ID'),
  );
}
