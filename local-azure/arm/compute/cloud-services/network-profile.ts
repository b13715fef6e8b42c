// A cloud service's place in the network: the public address it is reached at, and the partner it can swap it with.
import { ArmError } from '../../core/errors.ts';
import { sameName } from '../../core/ids.ts';
import { asList, asObject, asText, type JsonObject } from '../../core/json.ts';
import type { CloudService, SlotType } from './model.ts';

export type NetworkPlace = Pick<
  CloudService,
  'loadBalancer' | 'frontend' | 'publicIpAddress' | 'slotType' | 'swappable'
>;

/** Of a service that is to be created. Throws 400 where it would have no public address. */
export function readNetworkProfile(properties: JsonObject): NetworkPlace {
  const profile = asObject(properties.networkProfile);
  const balancer = asObject(asList(profile.loadBalancerConfigurations)[0]);
  const frontend = asObject(asList(asObject(balancer.properties).frontendIPConfigurations)[0]);
  const publicIpAddress = asText(asObject(asObject(frontend.properties).publicIPAddress).id);
  if (publicIpAddress === null)
    throw invalid('The network profile needs a load balancer configuration with a public IP address.');
  const slotType: SlotType = profile.slotType === 'Staging' ? 'Staging' : 'Production';
  return {
    loadBalancer: asText(balancer.name) ?? 'load-balancer',
    frontend: asText(frontend.name) ?? 'frontend',
    publicIpAddress,
    slotType,
    swappable: swappableOf(properties),
  };
}

/**
 * An update has to say again what the service can be swapped with, and cannot change it, nor its address and slot.
 * Throws 400.
 */
export function requireSameNetwork(service: CloudService, properties: JsonObject): void {
  if (!sameName(swappableOf(properties) ?? '', service.swappable ?? ''))
    throw new ArmError(
      400,
      'SwappableCloudServicePropertyCannotBeUpdated',
      `SwappableCloudService property in networkProfile for cloudService ${service.name} cannot be updated or removed once it is set.`,
    );
  if (properties.networkProfile === undefined) return;
  const place = readNetworkProfile(properties);
  if (!sameName(place.publicIpAddress, service.publicIpAddress))
    throw invalid(`The public IP address of cloud service '${service.name}' cannot be changed by an update.`);
}

export function networkProfileBody(service: CloudService): JsonObject {
  const address = { publicIPAddress: { id: service.publicIpAddress } };
  const frontends = [{ name: service.frontend, properties: address }];
  return {
    loadBalancerConfigurations: [
      { name: service.loadBalancer, properties: { frontendIPConfigurations: frontends } },
    ],
    slotType: service.slotType,
    ...(service.swappable === null ? {} : { swappableCloudService: { id: service.swappable } }),
  };
}

function swappableOf(properties: JsonObject): string | null {
  return asText(asObject(asObject(properties.networkProfile).swappableCloudService).id);
}

function invalid(message: string): ArmError {
  return new ArmError(400, 'InvalidParameter', message);
}
