// Microsoft.Network/trafficManagerProfiles as a whole: its routes, and the seeds of a topology.
import type { TrafficProfile } from '../../traffic-manager/traffic-fabric.ts';
import type { Route } from '../core/call.ts';
import type { ArmContext } from '../core/context.ts';
import { sameName } from '../core/ids.ts';
import type { JsonValue } from '../core/json.ts';
import { endpointRoutes } from './endpoints.ts';
import type { StoredEndpoint, WebTargets } from './model.ts';
import { fqdnOf } from './profile-body.ts';
import { checkedEndpoints, profileRoutes } from './profiles.ts';
import { createProfileStore } from './store.ts';

export interface NewEndpoint {
  readonly name: string;
  readonly type: 'azureEndpoints' | 'externalEndpoints';
  readonly status: 'Enabled' | 'Disabled';
  readonly priority: number;
  readonly target?: string;
  readonly targetResourceId?: string;
  readonly location?: string;
}

export interface NewProfile {
  readonly name: string;
  readonly group: string;
  readonly relativeName: string;
  readonly ttlSeconds: number;
  readonly routingMethod: string;
  readonly monitor: {
    readonly protocol: 'HTTP' | 'HTTPS' | 'TCP';
    readonly port: number;
    readonly path: string | null;
    /** 30 is the default, 10 is fast probing. */
    readonly intervalInSeconds?: number;
    readonly timeoutInSeconds?: number;
    readonly toleratedNumberOfFailures?: number;
  };
  readonly endpoints: readonly NewEndpoint[];
  readonly tags?: Readonly<Record<string, string>>;
}

export interface TrafficManagerProvider {
  readonly routes: readonly Route[];
  createProfile(profile: NewProfile): void;
  profiles(): TrafficProfile[];
  targetChanged(resourceId: string): void;
  removeGroup(group: string): void;
  state(): JsonValue;
}

export function createTrafficManagerProvider(
  context: ArmContext,
  targets: WebTargets,
): TrafficManagerProvider {
  const store = createProfileStore(context, targets);
  return {
    routes: [...profileRoutes(context, store, targets), ...endpointRoutes(context, store, targets)],
    createProfile: (profile) => {
      const { monitor } = profile;
      const interval = monitor.intervalInSeconds ?? 30;
      store.write({
        name: profile.name,
        group: profile.group,
        tags: profile.tags ?? {},
        status: 'Enabled',
        routingMethod: profile.routingMethod,
        relativeName: profile.relativeName,
        ttl: profile.ttlSeconds,
        monitor: {
          protocol: monitor.protocol,
          port: monitor.port,
          path: monitor.path,
          intervalInSeconds: interval,
          timeoutInSeconds: monitor.timeoutInSeconds ?? (interval === 10 ? 9 : 10),
          toleratedNumberOfFailures: monitor.toleratedNumberOfFailures ?? 3,
          others: {},
        },
        endpoints: checkedEndpoints(context, store, targets, profile.endpoints.map(seeded)),
        others: {},
      });
    },
    profiles: store.profiles,
    targetChanged: store.targetChanged,
    removeGroup: (group) => {
      for (const profile of store.list()) if (sameName(profile.group, group)) store.remove(profile);
    },
    state: () =>
      store.list().map((profile) => {
        const shown = store.shown(profile);
        return {
          name: profile.name,
          resourceGroup: profile.group,
          fqdn: fqdnOf(profile),
          status: profile.status,
          monitorStatus: shown.profile,
          endpoints: profile.endpoints.map((endpoint) => ({
            name: endpoint.name,
            type: endpoint.type,
            status: endpoint.status,
            monitorStatus: shown.endpoint(endpoint.name),
            priority: endpoint.priority,
            target: endpoint.target,
          })),
        };
      }),
  };
}

function seeded(endpoint: NewEndpoint): StoredEndpoint {
  return {
    name: endpoint.name,
    type: endpoint.type,
    status: endpoint.status,
    target: endpoint.target ?? null,
    targetResourceId: endpoint.targetResourceId ?? null,
    weight: 1,
    priority: endpoint.priority,
    location: endpoint.location ?? null,
    alwaysServe: false,
    others: {},
  };
}
