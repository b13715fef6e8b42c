// `az network traffic-manager …` on the configured profile, for a person to copy.

import type { Endpoint } from '../azure/ports.ts';
import { command } from '../engine/command-line.ts';
import type { UpgradeContext } from './upgrade-context.ts';

export function updateProfile(context: UpgradeContext, ...options: string[]): string {
  const { resourceGroup = '', profile = '' } = context.config.trafficManager ?? {};
  const which = ['-g', resourceGroup, '-n', profile];
  return command('az', 'network', 'traffic-manager', 'profile', 'update', ...which, ...options);
}

export function updateEndpoint(
  context: UpgradeContext,
  endpoint: Pick<Endpoint, 'name' | 'type'>,
  ...options: string[]
): string {
  return endpointCommand(context, 'update', endpoint, options);
}

export function createEndpoint(
  context: UpgradeContext,
  endpoint: Pick<Endpoint, 'name' | 'type'>,
  ...options: string[]
): string {
  return endpointCommand(context, 'create', endpoint, options);
}

function endpointCommand(
  context: UpgradeContext,
  verb: 'create' | 'update',
  { name, type }: Pick<Endpoint, 'name' | 'type'>,
  options: readonly string[],
): string {
  const { resourceGroup = '', profile = '' } = context.config.trafficManager ?? {};
  const which = ['-g', resourceGroup, '--profile-name', profile, '-n', name, '--type', `${type}Endpoints`];
  return command('az', 'network', 'traffic-manager', 'endpoint', verb, ...which, ...options);
}
