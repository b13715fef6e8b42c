// Traffic Manager: the profile that sends users to one of the slots.
import type { BeforeSending } from './common.ts';

export interface ProfileRef {
  readonly resourceGroup: string;
  readonly profile: string;
}

export type EndpointType = 'azure' | 'external' | 'nested';
export type EnabledState = 'Enabled' | 'Disabled';

export interface Endpoint {
  readonly name: string;
  readonly type: EndpointType;
  readonly status: EnabledState;
  /** Online | Degraded | CheckingEndpoint | Disabled | Inactive | Stopped | Unmonitored. */
  readonly monitorStatus: string | null;
  readonly priority: number | null;
  /** FQDN; for Azure endpoints Azure fills it in. */
  readonly target: string | null;
  readonly targetResourceId: string | null;
  readonly location: string | null;
  /** Enabled: Azure does not probe and always serves the endpoint. */
  readonly alwaysServe: EnabledState | null;
}

export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly status: EnabledState;
  readonly routingMethod: string;
  readonly fqdn: string;
  readonly ttlSeconds: number;
  readonly monitorStatus: string | null;
  readonly monitorProtocol: string | null;
  readonly monitorPort: number | null;
  readonly monitorPath: string | null;
  readonly endpoints: readonly Endpoint[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface NewProfile {
  readonly relativeName: string;
  readonly ttlSeconds: number;
  readonly monitor: { readonly protocol: 'HTTP' | 'HTTPS'; readonly port: number; readonly path: string };
  readonly endpoints: readonly NewEndpoint[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface NewEndpoint {
  readonly name: string;
  readonly type: 'azure' | 'external';
  readonly status: EnabledState;
  readonly priority: number;
  readonly target: string | null;
  readonly targetResourceId: string | null;
  readonly location: string | null;
}

/** What a write changes of one existing endpoint; whatever is not named stays as Azure has it. */
export interface EndpointChange {
  readonly status: EnabledState;
  readonly priority: number;
}

/** By the endpoints' names; an empty one writes the profile as it is. */
export type EndpointChanges = Readonly<Record<string, EndpointChange>>;

/** A profile as it was read just now. */
export interface OpenProfile {
  readonly profile: Profile;
  /**
   * One PUT of the whole profile, so that changes that belong together happen together. Members this product does not
   * know are written back as they were read. Where time has passed since, the profile is read again, and
   * 'profile-changed' thrown where its endpoints are not as they were; nor is a write sent once more then. What is not as it was written when it is read back is an AzureError with an
   * unknown outcome.
   */
  write(changes: EndpointChanges, beforeSending?: BeforeSending): Promise<Profile>;
}

export interface TrafficManager {
  getProfile(ref: ProfileRef): Promise<Profile | null>;
  createProfile(ref: ProfileRef, profile: NewProfile): Promise<Profile>;
  addEndpoint(ref: ProfileRef, endpoint: NewEndpoint): Promise<Profile>;
  /**
   * Reads a profile that is about to be written: Traffic Manager has no ETag, so no more than moments before. Throws
   * 'profile-changed' where there is no such profile.
   */
  openProfile(ref: ProfileRef): Promise<OpenProfile>;
  removeEndpoint(ref: ProfileRef, endpoint: Endpoint): Promise<void>;
}
