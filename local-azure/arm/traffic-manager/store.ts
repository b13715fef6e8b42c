// The profiles, and what follows from a write: host names on the apps, and Traffic Manager itself told, once.
import { endpointStatus, NOT_PROBED, profileStatus } from '../../traffic-manager/monitor-status.ts';
import type { TrafficEndpoint, TrafficProfile } from '../../traffic-manager/traffic-fabric.ts';
import type { ArmContext } from '../core/context.ts';
import { NameMap, sameName } from '../core/ids.ts';
import type { JsonValue } from '../core/json.ts';
import { asList, asNumber, asObject, asText } from '../core/json.ts';
import type { StoredProfile, WebTargets } from './model.ts';
import type { ShownStatus } from './profile-body.ts';
import { fqdnOf } from './profile-body.ts';

export interface ProfileStore {
  id(profile: { readonly group: string; readonly name: string }): string;
  get(group: string, name: string): StoredProfile | null;
  list(): StoredProfile[];
  /** One change, however many endpoints it touches. */
  write(profile: StoredProfile): void;
  remove(profile: StoredProfile): void;
  shown(profile: StoredProfile): ShownStatus;
  /** A web app was stopped, started or removed: profiles that point at it look again. */
  targetChanged(resourceId: string): void;
  profiles(): TrafficProfile[];
}

export function createProfileStore(context: ArmContext, targets: WebTargets): ProfileStore {
  const stored = new NameMap<StoredProfile>();
  const id = (profile: { group: string; name: string }) =>
    `/subscriptions/${context.subscriptionId}/resourceGroups/${profile.group}/providers/Microsoft.Network/trafficManagerProfiles/${profile.name}`;
  const view = (profile: StoredProfile): TrafficProfile => trafficProfile(id(profile), profile, targets);
  const publish = (profile: StoredProfile) => context.traffic.profileChanged(view(profile));

  const bindHostNames = (before: StoredProfile | null, after: StoredProfile | null) => {
    const old = before === null ? [] : azureTargets(before);
    const now = after === null ? [] : azureTargets(after);
    for (const target of old.filter((each) => !now.includes(each)))
      if (before !== null) targets.unregister(target, fqdnOf(before));
    for (const target of now.filter((each) => !old.includes(each)))
      if (after !== null) targets.register(target, fqdnOf(after));
  };

  return {
    id,
    get: (group, name) => stored.get(id({ group, name })) ?? null,
    list: () => stored.values(),
    write: (profile) => {
      const before = stored.get(id(profile)) ?? null;
      stored.set(id(profile), profile);
      bindHostNames(before, profile);
      publish(profile);
    },
    remove: (profile) => {
      stored.delete(id(profile));
      bindHostNames(profile, null);
      context.traffic.profileRemoved(id(profile));
    },
    shown: (profile) => {
      const known = context.traffic.status(id(profile));
      const traffic = view(profile);
      const fresh = (name: string) => {
        const endpoint = traffic.endpoints.find((each) => sameName(each.name, name));
        return endpoint === undefined ? 'Inactive' : endpointStatus(traffic, endpoint, NOT_PROBED);
      };
      return {
        profile:
          known?.profile ??
          profileStatus(
            traffic,
            traffic.endpoints.map((each) => fresh(each.name)),
          ),
        endpoint: (name) => known?.endpoints[name.toLowerCase()] ?? fresh(name),
      };
    },
    targetChanged: (resourceId) => {
      for (const profile of stored.values())
        if (azureTargets(profile).includes(resourceId.toLowerCase())) publish(profile);
    },
    profiles: () => stored.values().map(view),
  };
}

function azureTargets(profile: StoredProfile): string[] {
  return profile.endpoints.flatMap((endpoint) =>
    endpoint.type === 'azureEndpoints' && endpoint.targetResourceId !== null
      ? [endpoint.targetResourceId.toLowerCase()]
      : [],
  );
}

function trafficProfile(id: string, profile: StoredProfile, targets: WebTargets): TrafficProfile {
  const { monitor } = profile;
  return {
    id,
    name: profile.name,
    fqdn: fqdnOf(profile),
    status: profile.status,
    routingMethod: profile.routingMethod,
    ttlSeconds: profile.ttl,
    monitor: {
      protocol: monitor.protocol,
      port: monitor.port,
      path: monitor.path,
      intervalInSeconds: monitor.intervalInSeconds,
      timeoutInSeconds: monitor.timeoutInSeconds,
      toleratedNumberOfFailures: monitor.toleratedNumberOfFailures,
      expectedStatusCodeRanges: asList(monitor.others.expectedStatusCodeRanges).flatMap(range),
      customHeaders: asList(monitor.others.customHeaders).flatMap(header),
    },
    endpoints: profile.endpoints.map((endpoint): TrafficEndpoint => {
      const web = endpoint.type === 'azureEndpoints' ? targets.find(endpoint.targetResourceId ?? '') : null;
      return {
        name: endpoint.name,
        type: endpoint.type,
        target: endpoint.type === 'azureEndpoints' ? (web?.hostName ?? null) : endpoint.target,
        status: endpoint.status,
        priority: endpoint.priority,
        weight: endpoint.weight,
        alwaysServe: endpoint.alwaysServe,
        targetStopped: endpoint.type === 'azureEndpoints' && (web?.stopped ?? true),
      };
    }),
  };
}

function range(value: JsonValue): { min: number; max: number }[] {
  const { min, max } = asObject(value);
  return [{ min: asNumber(min) ?? 200, max: asNumber(max) ?? 200 }];
}

function header(value: JsonValue): { name: string; value: string }[] {
  const member = asObject(value);
  const name = asText(member.name);
  return name === null ? [] : [{ name, value: asText(member.value) ?? '' }];
}
