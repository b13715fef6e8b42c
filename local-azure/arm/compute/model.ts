// Microsoft.Compute's scale sets and their instances, as resource manager keeps them. What an instance does is the
// fabric's to know (local-azure/compute); what it was given is here.
import type { NameMap } from '../core/ids.ts';
import type { JsonObject } from '../core/json.ts';
import type { RollingUpgrade } from './rolling-upgrade.ts';

export const COMPUTE = '/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute';
export const SCALE_SETS = `${COMPUTE}/virtualMachineScaleSets`;
export const SCALE_SET = `${SCALE_SETS}/{set}`;
export const INSTANCE = `${SCALE_SET}/virtualMachines/{instance}`;

export type OrchestrationMode = 'Uniform' | 'Flexible';

/** As last written, secrets included; answers leave those out. */
export interface ScaleSetDocument {
  readonly sku: { readonly name: string; readonly tier: string; readonly capacity: number };
  readonly tags: Readonly<Record<string, string>>;
  readonly zones: readonly string[];
  readonly properties: JsonObject;
}

export interface ScaleSet {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  /** As in northeurope. */
  readonly location: string;
  readonly orchestration: OrchestrationMode;
  /** null: the platform has none, as with Flexible orchestration. */
  readonly updateDomains: number | null;
  readonly faultDomains: number;
  readonly uniqueId: string;
  readonly placementGroupId: string;
  document: ScaleSetDocument;
  /** Counts the writes that changed what instances run. */
  generation: number;
  /** Counts the writes that changed its tags, which instances have too. */
  tagging: number;
  /** Counts all writes. */
  version: number;
  nextInstance: number;
  readonly vms: NameMap<ScaleSetVm>;
  rollingUpgrade: RollingUpgrade | null;
  /** The service AutomaticRepairs, where the set's policy has it on. */
  repairs: 'Running' | 'Suspended';
  /** Whether the last operation failed. */
  failed: boolean;
}

export interface ScaleSetVm {
  /** A number; with Flexible orchestration the instance's name. */
  readonly id: string;
  readonly name: string;
  readonly vmId: string;
  /** Of the set's model when this instance got it. */
  generation: number;
  /** Of the set's tags likewise. */
  tagging: number;
  skuName: string;
  /** virtualMachineProfile as it got it. */
  profile: JsonObject;
  exactVersion: string;
  protectFromScaleIn: boolean;
  protectFromScaleSetActions: boolean;
  provisioningState: 'Creating' | 'Updating' | 'Deleting' | 'Succeeded' | 'Failed';
  provisionedAt: Date;
  version: number;
}

export const etagOf = (resource: { readonly version: number }): string => `"${resource.version}"`;

export type UpgradeMode = 'Manual' | 'Automatic' | 'Rolling';
