// What an update does to a service, whatever the service is made of. Two drivers implement it: scale sets, and a cloud
// service (extended support). Nothing in it decides anything: steps do, by what a look shows.
import type { CoreUsage, PlatformUpgrade, ScaleSet, ServiceInstance } from '../azure/ports/compute.ts';
import type { Minimum } from '../config/service-config.ts';
import type { ServiceChange } from './change.ts';
import type { Domain } from './domains.ts';
import type { HeldAutomation, Lease, UpdateRecord } from './update-record.ts';

/** The service as one look found it. */
export interface ServiceLook {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** All roles of the configuration, in its order. */
  readonly roles: readonly RoleLook[];
  /** The scale sets, or the cloud service. */
  readonly resources: readonly {
    readonly name: string;
    readonly provisioningState: string;
    readonly platformUpgrade: PlatformUpgrade | null;
  }[];
  /** What an update has written down; null where none is in progress or prepared. */
  readonly record: UpdateRecord | null;
  readonly lease: Lease | null;
  /** With `switch: swap`: which of the two services users are on; null in place, and where Azure does not tell. */
  readonly usersOn: 'this' | 'other' | null;
}

export interface RoleLook {
  readonly role: string;
  /** Name of its scale set, or of the cloud service. */
  readonly resource: string;
  readonly placement: 'platform' | 'virtual';
  readonly minimum: Minimum;
  /** Whether this update is of the role. */
  readonly chosen: boolean;
  readonly instances: readonly ServiceInstance[];
  /** Null for a role of a cloud service, which shows no model. */
  readonly set: ScaleSet | null;
  /** Whether anything tells its instances' health. */
  readonly tellsHealth: boolean;
}

export interface ServiceChanges {
  readonly changes: readonly ServiceChange[];
  readonly notKnowable: readonly string[];
}

/** The two versions of an update. */
export type UpdateModels = Pick<UpdateRecord, 'models' | 'cloud'>;

export interface CoreNeed {
  /** Beyond what is in use now; not above 0: none. */
  readonly more: number;
  readonly usage: CoreUsage;
}

export interface ServiceTarget {
  readonly kind: 'scale-sets' | 'cloud-service';
  /** For sentences: "scale sets contoso-front and contoso-worker". */
  readonly what: string;
  /** Whether the instances of a record's roles tell by themselves which of its two models they run. */
  tellsVersions(models: UpdateModels): boolean;

  /** Reads everything. Throws 'resource-not-found' where a resource of the configuration is not there. */
  look(): Promise<ServiceLook>;
  /** What the update would change. */
  changes(look: ServiceLook): Promise<ServiceChanges>;
  /** What was, by the models as they stand, and what is to be, by the configuration. Judges nothing: guards do. */
  models(look: ServiceLook): Promise<UpdateModels>;
  /** What stands in the way of a version: images that are gone, files that cannot be read. Each in a sentence. */
  missing(models: UpdateModels, version: 'target' | 'previous'): Promise<string[]>;
  /** Null where cores cannot be compared. */
  cores(look: ServiceLook, models: UpdateModels, version: 'target' | 'previous'): Promise<CoreNeed | null>;

  /**
   * Takes the lease. The record stays: since it was looked at, somebody else may have had the service, and written
   * another. Throws 'locked-by-another-run', and 'update-in-progress' where it is another application's.
   */
  claim(lease: Lease): Promise<void>;
  /**
   * Takes or renews the lease and writes the record (null: removes it), in one write a resource, where Azure allows it
   * against what was read (etag). Throws 'locked-by-another-run', 'overtaken-by-another-run' and 'record-not-kept'.
   */
  keep(lease: Lease, record: UpdateRecord | null): Promise<void>;
  /** Gives the lease back, if it is this run's; the record stays. */
  release(lease: Lease): Promise<void>;

  /** Switches off autoscale, automatic repairs and other modes than Manual for the roles. Tells what it has found on. */
  findAutomation(look: ServiceLook): Promise<HeldAutomation>;
  hold(held: HeldAutomation): Promise<void>;
  giveBack(held: HeldAutomation): Promise<void>;
  /** `held` in words, one a line. */
  describeHeld(held: HeldAutomation): string[];

  /** Writes the model; no instance is touched by it. Returns the record as it is to be kept. */
  writeModel(
    record: UpdateRecord,
    version: 'target' | 'previous',
    signal: AbortSignal,
  ): Promise<UpdateRecord>;
  /**
   * By chosen role: whose model instances would get now. Where an update changes nothing it is the target's;
   * `superseded`: an earlier target's, that this update was written over, where the target itself can tell.
   */
  standing(
    look: ServiceLook,
    models: UpdateModels,
  ): ReadonlyMap<string, 'previous' | 'target' | 'superseded' | 'other'>;
  /**
   * Gives the instances of one domain the model as it stands: they are stopped, updated and started. Resolves when the
   * platform says that it is done, which is not "healthy". Aborting only stops waiting.
   */
  walk(domain: Domain, signal: AbortSignal): Promise<void>;

  /** The pivot of `switch: swap`: exchanges the addresses of the two services. Null in place. */
  readonly swap: ((signal: AbortSignal) => Promise<void>) | null;
}
