// Commands by which a person looks at instances.

import { partOf } from '../../azure/resource-id.ts';
import type { ServiceConfig } from '../../config/service-config.ts';
import { command } from '../../engine/command-line.ts';
import type { InstanceKey } from '../../service/role-instance.ts';
import type { RoleLook, ServiceLook } from '../../service/target.ts';

const MOST = 3;

/** One for each instance; of many the first few. */
export function lookAtInstances(
  config: ServiceConfig,
  look: ServiceLook,
  keys: readonly InstanceKey[],
): string[] {
  return keys.slice(0, MOST).flatMap((key) => {
    const role = look.roles.find((one) => key.startsWith(`${one.role}/`));
    return role === undefined ? [] : [commandFor(config, role, key.slice(role.role.length + 1))];
  });
}

/** As one piece of advice: a sentence, and the commands below it. None where there is nothing to look at. */
export function lookAtThem(
  sentence: string,
  config: ServiceConfig,
  look: ServiceLook,
  keys: readonly InstanceKey[],
): string[] {
  const commands = lookAtInstances(config, look, keys);
  return commands.length === 0 ? [] : [[sentence, ...commands].join('\n')];
}

function commandFor({ service }: ServiceConfig, role: RoleLook, id: string): string {
  if (service.kind === 'cloud-service') {
    const url = `/subscriptions/{subscriptionId}/resourceGroups/${service.resourceGroup}/providers/Microsoft.Compute/cloudServices/${role.resource}/roleInstances/${id}/instanceView?api-version=2024-11-04`;
    return command('az', 'rest', '--method', 'get', '--url', url);
  }
  const group = service.roles.find(({ name }) => name === role.role)?.resourceGroup ?? '';
  // A machine of a Flexible set has a name of its own.
  const which = role.placement === 'virtual' ? ['vm', id] : ['vmss', role.resource];
  const [kind = '', name = ''] = which;
  const subscription = role.set === null ? null : partOf(role.set.id, 'subscriptions');
  return command(
    ...['az', kind, 'get-instance-view', '--resource-group', group, '--name', name],
    ...(kind === 'vmss' ? ['--instance-id', id] : []),
    ...(subscription === null ? [] : ['--subscription', subscription]),
  );
}
