// A profile as the service shows it: nulls and members of no documentation included (NestedProfile).
import type { EndpointMonitorStatus, ProfileMonitorStatus } from '../../traffic-manager/traffic-fabric.ts';
import type { JsonObject } from '../core/json.ts';
import type { StoredEndpoint, StoredProfile } from './model.ts';

export interface ShownStatus {
  readonly profile: ProfileMonitorStatus | null;
  endpoint(name: string): EndpointMonitorStatus;
}

const ALWAYS_SERVE_SINCE = '2022-04-01';
const RECORD_TYPE_SINCE = '2024-04-01';

export function profileBody(
  id: string,
  profile: StoredProfile,
  status: ShownStatus,
  apiVersion: string,
): JsonObject {
  const { monitor, others } = profile;
  const { trafficViewEnrollmentStatus = 'Disabled', ...rest } = others;
  return {
    id,
    name: profile.name,
    type: 'Microsoft.Network/trafficManagerProfiles',
    location: 'global',
    tags: profile.tags,
    properties: {
      profileStatus: profile.status,
      trafficRoutingMethod: profile.routingMethod,
      dnsConfig: { relativeName: profile.relativeName, fqdn: fqdnOf(profile), ttl: profile.ttl },
      monitorConfig: {
        profileMonitorStatus: status.profile,
        protocol: monitor.protocol,
        port: monitor.port,
        path: monitor.path,
        intervalInSeconds: monitor.intervalInSeconds,
        toleratedNumberOfFailures: monitor.toleratedNumberOfFailures,
        timeoutInSeconds: monitor.timeoutInSeconds,
        ...monitor.others,
      },
      endpoints: profile.endpoints.map((endpoint) => endpointBody(id, endpoint, status, apiVersion)),
      trafficViewEnrollmentStatus,
      ...rest,
    },
  };
}

export function endpointBody(
  profileId: string,
  endpoint: StoredEndpoint,
  status: ShownStatus,
  apiVersion: string,
): JsonObject {
  return {
    id: `${profileId}/${endpoint.type}/${endpoint.name}`,
    name: endpoint.name,
    type: `Microsoft.Network/trafficManagerProfiles/${endpoint.type}`,
    properties: {
      endpointStatus: endpoint.status,
      endpointMonitorStatus: status.endpoint(endpoint.name),
      ...(endpoint.targetResourceId === null ? {} : { targetResourceId: endpoint.targetResourceId }),
      target: endpoint.target,
      weight: endpoint.weight,
      priority: endpoint.priority,
      endpointLocation: endpoint.location,
      NestedProfile: null,
      ...(apiVersion >= ALWAYS_SERVE_SINCE
        ? { alwaysServe: endpoint.alwaysServe ? 'Enabled' : 'Disabled' }
        : {}),
      ...(apiVersion >= RECORD_TYPE_SINCE ? { recordType: null } : {}),
      ...endpoint.others,
    },
  };
}

export function fqdnOf(profile: { readonly relativeName: string }): string {
  return `${profile.relativeName.toLowerCase()}.trafficmanager.net`;
}
