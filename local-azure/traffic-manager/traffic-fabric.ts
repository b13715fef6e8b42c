// The seam between resource manager (ARM) and what Traffic Manager does: probes and DNS answers. ARM keeps
// the profile as it was written; this side keeps how the endpoints do.

export interface TrafficEndpoint {
  readonly name: string;
  readonly type: 'azureEndpoints' | 'externalEndpoints' | 'nestedEndpoints';
  /** FQDN; null where an Azure endpoint's resource is gone. */
  readonly target: string | null;
  readonly status: 'Enabled' | 'Disabled';
  readonly priority: number;
  readonly weight: number;
  readonly alwaysServe: boolean;
  /** An Azure endpoint whose site is stopped or gone; external endpoints never are, Azure does not look. */
  readonly targetStopped: boolean;
}

export interface TrafficMonitor {
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP';
  readonly port: number;
  readonly path: string | null;
  readonly intervalInSeconds: number;
  readonly timeoutInSeconds: number;
  readonly toleratedNumberOfFailures: number;
  /** Empty: 200 only. */
  readonly expectedStatusCodeRanges: readonly { readonly min: number; readonly max: number }[];
  readonly customHeaders: readonly { readonly name: string; readonly value: string }[];
}

export interface TrafficProfile {
  /** ARM resource id; compared without case. */
  readonly id: string;
  readonly name: string;
  readonly fqdn: string;
  readonly status: 'Enabled' | 'Disabled';
  readonly routingMethod: string;
  readonly ttlSeconds: number;
  readonly monitor: TrafficMonitor;
  readonly endpoints: readonly TrafficEndpoint[];
}

export type EndpointMonitorStatus =
  | 'CheckingEndpoint'
  | 'Online'
  | 'Degraded'
  | 'Disabled'
  | 'Inactive'
  | 'Stopped'
  | 'Unmonitored';

export type ProfileMonitorStatus = 'CheckingEndpoints' | 'Online' | 'Degraded' | 'Disabled' | 'Inactive';

export interface TrafficStatus {
  readonly profile: ProfileMonitorStatus;
  /** By endpoint name, lower case. */
  readonly endpoints: Readonly<Record<string, EndpointMonitorStatus>>;
}

export interface TrafficFabric {
  /** Called once a write, with the whole profile. DNS shows it after the latency 'dns-change'. */
  profileChanged(profile: TrafficProfile): void;
  profileRemoved(id: string): void;
  /** What ARM shows as profileMonitorStatus and endpointMonitorStatus; null for an unknown profile. */
  status(id: string): TrafficStatus | null;
}
