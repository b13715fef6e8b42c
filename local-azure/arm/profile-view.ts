// A Traffic Manager profile as DNS and the probes need it: what was written, and what was last measured.

export type MonitorStatus =
  | 'CheckingEndpoint'
  | 'Online'
  | 'Degraded'
  | 'Disabled'
  | 'Inactive'
  | 'Stopped'
  | 'Unmonitored';

export interface EndpointView {
  readonly name: string;
  readonly type: 'azureEndpoints' | 'externalEndpoints' | 'nestedEndpoints';
  readonly status: 'Enabled' | 'Disabled';
  readonly monitorStatus: MonitorStatus;
  /** Host name that the profile answers with; null where a nested profile is not known. */
  readonly target: string | null;
  readonly targetResourceId: string | null;
  readonly priority: number;
  readonly weight: number;
  readonly alwaysServe: boolean;
}

export interface ProfileView {
  readonly id: string;
  readonly name: string;
  readonly resourceGroup: string;
  readonly fqdn: string;
  readonly status: 'Enabled' | 'Disabled';
  readonly routingMethod: string;
  readonly ttlSeconds: number;
  readonly monitor: {
    readonly protocol: 'HTTP' | 'HTTPS' | 'TCP';
    readonly port: number;
    readonly path: string | null;
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly toleratedFailures: number;
  };
  readonly endpoints: readonly EndpointView[];
}
