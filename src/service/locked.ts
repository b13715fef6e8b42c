// The article's Locked: whether a mutating operation can be begun now. Azure's Resource Manager has no such flag (it was
// Get Deployment's, API 2011-10-01), so it is computed from what it does tell.
import type { PlatformUpgrade } from '../azure/ports/compute.ts';
import { isBeingChanged } from './progress.ts';
import { keyOf, type RoleInstance } from './role-instance.ts';
import { formatList } from './words.ts';

export interface LockFacts {
  /** The scale sets, or the cloud service. */
  readonly resources: readonly {
    readonly name: string;
    readonly provisioningState: string;
    readonly platformUpgrade: PlatformUpgrade | null;
  }[];
  readonly instances: readonly RoleInstance[];
  /** Who has the service for an update; null where nobody does. */
  readonly lease: { readonly holder: string; readonly isOurs: boolean } | null;
}

export interface Locked {
  readonly locked: boolean;
  /** One for each thing that locks it; empty where nothing does. */
  readonly reasons: readonly string[];
}

/** Of Resource Manager: nothing is under way in these. */
const AT_REST = ['succeeded', 'failed', 'canceled'];
const ROLLING = ['rollingforward', 'rollingback'];

export function lockedOf({ resources, instances, lease }: LockFacts): Locked {
  const changing = instances.filter(isBeingChanged).map(keyOf);
  const reasons = [
    ...resources
      .filter(({ provisioningState }) => !AT_REST.includes(provisioningState.toLowerCase()))
      .map(({ name, provisioningState }) => `an operation on ${name} is under way (${provisioningState})`),
    ...resources
      .filter(({ platformUpgrade }) => ROLLING.includes(platformUpgrade?.code.toLowerCase() ?? ''))
      .map(({ name, platformUpgrade }) => `Azure itself upgrades ${name} (${platformUpgrade?.code})`),
    ...(changing.length > 0 ? [`instances are being changed: ${formatList(changing)}`] : []),
    ...(lease !== null && !lease.isOurs ? [`another run has it: ${lease.holder}`] : []),
  ];
  return { locked: reasons.length > 0, reasons };
}
