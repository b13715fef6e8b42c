// A Traffic Manager profile as it was written. Members this Azure does not know are kept and given back.
import type { JsonObject } from '../core/json.ts';

export const ENDPOINT_TYPES = ['azureEndpoints', 'externalEndpoints', 'nestedEndpoints'] as const;
export type EndpointType = (typeof ENDPOINT_TYPES)[number];

export const ROUTING_METHODS = [
  'Performance',
  'Priority',
  'Weighted',
  'Geographic',
  'MultiValue',
  'Subnet',
] as const;

export interface StoredEndpoint {
  readonly name: string;
  readonly type: EndpointType;
  readonly status: 'Enabled' | 'Disabled';
  readonly target: string | null;
  readonly targetResourceId: string | null;
  readonly weight: number;
  readonly priority: number;
  readonly location: string | null;
  readonly alwaysServe: boolean;
  /** Whatever else was written: geoMapping, subnets, customHeaders, … */
  readonly others: JsonObject;
}

export interface StoredMonitor {
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP';
  readonly port: number;
  readonly path: string | null;
  readonly intervalInSeconds: number;
  readonly timeoutInSeconds: number;
  readonly toleratedNumberOfFailures: number;
  /** expectedStatusCodeRanges, customHeaders, … */
  readonly others: JsonObject;
}

export interface StoredProfile {
  readonly name: string;
  readonly group: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly status: 'Enabled' | 'Disabled';
  readonly routingMethod: string;
  readonly relativeName: string;
  readonly ttl: number;
  readonly monitor: StoredMonitor;
  readonly endpoints: readonly StoredEndpoint[];
  /** maxReturn, trafficViewEnrollmentStatus, … */
  readonly others: JsonObject;
}

/** What an Azure endpoint points at. */
export interface WebTarget {
  readonly hostName: string;
  /** Region by display name. */
  readonly location: string;
  /** Standard, Premium, Isolated and their versions. */
  readonly productionTier: boolean;
  readonly stopped: boolean;
}

/** Web apps as Traffic Manager sees them. */
export interface WebTargets {
  /** Null where the resource id names no web app. */
  find(resourceId: string): WebTarget | null;
  /** Traffic Manager puts the profile's name among the app's host names. */
  register(resourceId: string, hostName: string): void;
  unregister(resourceId: string, hostName: string): void;
}
