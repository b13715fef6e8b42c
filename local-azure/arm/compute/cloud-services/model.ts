// Cloud services (extended support) as resource manager knows them.
import type { InstanceModel } from '../../../compute/fabric.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { ServicePackage } from './packages.ts';

export const CLOUD_SERVICES =
  '/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/cloudServices';

export const UPGRADE_MODES = ['Auto', 'Manual', 'Simultaneous'] as const;
export type UpgradeMode = (typeof UPGRADE_MODES)[number];

export type SlotType = 'Production' | 'Staging';

export interface RoleTarget {
  readonly name: string;
  readonly sku: { readonly name: string; readonly tier: string; readonly capacity: number };
  /** What its instances are to run. */
  readonly model: InstanceModel;
}

/** What the last write asked for. Instances take it on when their update domain is walked. */
export interface Deployment {
  readonly package: ServicePackage;
  /** XML of the service configuration (.cscfg). */
  readonly configuration: string;
  readonly upgradeMode: UpgradeMode;
  readonly allowModelOverride: boolean;
  readonly roles: readonly RoleTarget[];
  readonly osProfile: JsonObject;
  /** As it was written, without protected settings; undefined where there are none. */
  readonly extensionProfile: JsonValue;
}

export interface CloudService {
  readonly name: string;
  readonly group: string;
  readonly location: string;
  readonly uniqueId: string;
  /** Told by the instances' views. */
  readonly privateId: string;
  tags: Readonly<Record<string, string>>;
  deployment: Deployment;
  provisioningState: 'Creating' | 'Updating' | 'Deleting' | 'Succeeded' | 'Failed';
  changedAt: Date;
  loadBalancer: string;
  frontend: string;
  /** Resource id; a VIP swap exchanges it with the partner's. */
  publicIpAddress: string;
  slotType: SlotType;
  /** Id of the service whose address it can be swapped with. */
  swappable: string | null;
  /** While the domain's instances are being updated. */
  walking: number | null;
  swapping: boolean;
  /** A VIP swap met another operation: nothing can be done to it any more but to delete it. */
  broken: boolean;
}
