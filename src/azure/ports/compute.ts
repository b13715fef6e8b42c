// What the steps and guards of topology upgrade-domains may ask of Azure: services whose instances stand in update
// domains. Clients beside this file implement it for scale sets and for cloud services (extended support).

/** A virtual machine scale set, or a cloud service. */
export interface ComputeRef {
  readonly resourceGroup: string;
  readonly name: string;
}

/** What an instance tells of its application. `none`: it tells nothing, which is never taken for healthy. */
export type InstanceHealth = 'healthy' | 'unhealthy' | 'initializing' | 'unknown' | 'none';

export interface ServiceInstance {
  /** What Azure's calls name it by: an instance id (Uniform), a machine's name (Flexible), a role instance's name. */
  readonly id: string;
  /** Counted from 0; null where the platform has none (Flexible). */
  readonly updateDomain: number | null;
  readonly faultDomain: number | null;
  readonly zone: string | null;
  /** What it really runs: the exact version of its image; null where Azure does not tell (cloud services). */
  readonly exactVersion: string | null;
  /** As Azure says. No proof after a model was put back: see `exactVersion`. */
  readonly latestModelApplied: boolean | null;
  /** The size it really has; absent or null where nobody has asked, or Azure does not tell (cloud services). */
  readonly skuName?: string | null;
  /** The extensions it really has, by name; absent or null as above. */
  readonly extensions?: Readonly<Record<string, InstanceExtension>> | null;
  /** Succeeded | Updating | Failed | Creating | Deleting. */
  readonly provisioningState: string;
  /** running | starting | stopping | stopped | deallocated | unknown, without its prefix, in lower case. */
  readonly powerState: string;
  readonly health: InstanceHealth;
  /** When the health was told; null where that is not said. A time before the walk says nothing about after it. */
  readonly healthAt: Date | null;
  /** Whether it is protected from what the scale set does: then it never gets a new model. */
  readonly isProtected: boolean;
}

export interface ScaleSet {
  readonly id: string;
  readonly ref: ComputeRef;
  readonly location: string;
  readonly orchestration: 'Uniform' | 'Flexible';
  /** Null where Flexible names none. */
  readonly upgradeMode: 'Manual' | 'Automatic' | 'Rolling' | null;
  readonly provisioningState: string;
  readonly capacity: number;
  readonly model: ScaleSetModel;
  readonly etag: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether a health extension or a load balancer's probe tells the instances' health. */
  readonly tellsHealth: boolean;
  /** Of a Flexible set Azure does not tell whether they are suspended: then `running`. */
  readonly automaticRepairs: 'none' | 'running' | 'suspended';
}

/** The members of the model that an update may change, as Azure returns them; what is secret is not among them. */
export interface ScaleSetModel {
  readonly sku: { readonly name: string; readonly tier: string | null };
  /** Resource id of a gallery version, or publisher:offer:sku:version. */
  readonly image: string | null;
  /** By name: type handler version and public settings. */
  readonly extensions: Readonly<Record<string, ScaleSetExtension>>;
}

export interface ScaleSetExtension {
  readonly publisher: string;
  readonly type: string;
  readonly typeHandlerVersion: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** An extension as an instance tells it. */
export interface InstanceExtension {
  readonly typeHandlerVersion: string;
  /** Public ones; null where Azure does not tell them. */
  readonly settings: Readonly<Record<string, unknown>> | null;
}

/** What a PATCH of the model changes; what is not named stays, secrets included. */
export interface ScaleSetChange {
  readonly skuName?: string;
  readonly image?: string;
  /** By name: given as it is to be, or null to remove it. */
  readonly extensions?: Readonly<Record<string, ScaleSetExtension | null>>;
  readonly upgradeMode?: 'Manual' | 'Automatic' | 'Rolling';
  /** Replaces exactly these; a null removes the tag. */
  readonly tags?: Readonly<Record<string, string | null>>;
}

/** Of a rolling upgrade that the platform itself does. */
export interface PlatformUpgrade {
  /** RollingForward | RollingBack | Cancelled | Completed | Faulted. */
  readonly code: string;
  readonly startedAt: Date | null;
}

export interface CoreUsage {
  readonly used: number;
  readonly limit: number;
}

export interface ScaleSets {
  get(ref: ComputeRef): Promise<ScaleSet | null>;
  /** All of them, with their instance view. */
  listInstances(set: Pick<ScaleSet, 'ref' | 'orchestration'>): Promise<ServiceInstance[]>;
  /**
   * PATCH with If-Match: throws an AzureError with status 412 where somebody else has changed the set since it was read.
   * With mode Manual no instance is touched by it.
   */
  changeModel(set: ScaleSet, change: ScaleSetChange): Promise<ScaleSet>;
  /**
   * POST manualupgrade: these instances are stopped, get the latest model and are started again. Resolves when Azure says
   * that it is done, which is not "healthy"; aborting `signal` only stops waiting.
   */
  updateInstances(ref: ComputeRef, ids: readonly string[], signal: AbortSignal): Promise<void>;
  /** Null where there never was one. */
  platformUpgrade(ref: ComputeRef): Promise<PlatformUpgrade | null>;
  setAutomaticRepairs(ref: ComputeRef, state: 'running' | 'suspended'): Promise<void>;
  /** Whether the image can be used: a gallery version with its replica in the region, or a platform image. */
  imageExists(image: string, location: string): Promise<boolean>;
  coreUsage(location: string): Promise<CoreUsage>;
  /** Cores that one machine of this size counts against the quota; null where the region has no such size. */
  coresOf(size: string, location: string): Promise<number | null>;
}

/** An autoscale setting of Microsoft.Insights that has a scale set, or a role of a cloud service, as its target. */
export interface AutoscaleSetting {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
}

export interface Autoscale {
  /** Those of the resource group that have this target. */
  settingsOf(resourceGroup: string, targetId: string): Promise<AutoscaleSetting[]>;
  /** GET then PUT of the whole setting: Azure refuses a PATCH without its profiles. */
  setEnabled(setting: AutoscaleSetting, isEnabled: boolean): Promise<void>;
}

export interface CloudServiceRole {
  readonly name: string;
  readonly skuName: string;
  readonly capacity: number;
}

export interface CloudService {
  readonly id: string;
  readonly ref: ComputeRef;
  readonly location: string;
  readonly upgradeMode: 'Auto' | 'Manual' | 'Simultaneous';
  readonly provisioningState: string;
  readonly roles: readonly CloudServiceRole[];
  /** Text of the .cscfg. */
  readonly configuration: string | null;
  readonly slotType: 'Production' | 'Staging' | null;
  /** Resource id of the service it can exchange its address with. */
  readonly swappableWith: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

export interface CloudServiceChange {
  /** Azure never returns it: whoever wants a way back keeps the one before. */
  readonly packageUrl: string;
  readonly configuration: string;
  readonly roles: readonly CloudServiceRole[];
  readonly tags: Readonly<Record<string, string>>;
}

/** REST 2024-11-04; retired by Microsoft on 2027-03-31, and in no SDK any more. */
export interface CloudServices {
  get(ref: ComputeRef): Promise<CloudService | null>;
  listInstances(service: CloudService): Promise<(ServiceInstance & { readonly role: string })[]>;
  /** PUT with upgradeMode Manual: the service's update domains are walked afterwards, one by one. */
  update(service: CloudService, change: CloudServiceChange, signal: AbortSignal): Promise<void>;
  /**
   * PATCH of the tags, null removes one; those that are not named stay. There are no ETags: throws an AzureError with
   * status 412, before anything is written, where the tags are not what `service` says, and leaves a gap of one request.
   * No instance is touched by it, but it is an operation like any other: Azure answers 409 while another is under way.
   */
  writeTags(service: CloudService, tags: Readonly<Record<string, string | null>>): Promise<void>;
  /** PUT updateDomains/{n}. Resolves when Azure says that it is done, which is not "all started". */
  walk(ref: ComputeRef, domain: number, signal: AbortSignal): Promise<void>;
  /** Exchanges the addresses of the two services. Never while another operation is under way: that breaks the service. */
  swapAddresses(service: CloudService, signal: AbortSignal): Promise<void>;
}

export interface Compute {
  readonly scaleSets: ScaleSets;
  readonly cloudServices: CloudServices;
  readonly autoscale: Autoscale;
}
