// What the principal of the action may do: the custom role of the documentation, on the subscription.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Arm } from '../arm/create-arm.ts';
import { IDS, PRINCIPAL } from './contoso.ts';

/** For a service in update domains: what walking it, holding what would disturb the walk, and a swap need. */
const SERVICE_ACTIONS: readonly string[] = [
  'Microsoft.Authorization/permissions/read',
  'Microsoft.Compute/cloudServices/instanceView/read',
  'Microsoft.Compute/cloudServices/read',
  'Microsoft.Compute/cloudServices/roleInstances/instanceView/read',
  'Microsoft.Compute/cloudServices/roleInstances/read',
  'Microsoft.Compute/cloudServices/roles/read',
  'Microsoft.Compute/cloudServices/updateDomains/read',
  'Microsoft.Compute/cloudServices/updateDomains/write',
  'Microsoft.Compute/cloudServices/write',
  'Microsoft.Compute/galleries/images/versions/read',
  'Microsoft.Compute/locations/*/read',
  'Microsoft.Compute/virtualMachineScaleSets/instanceView/read',
  'Microsoft.Compute/virtualMachineScaleSets/manualupgrade/action',
  'Microsoft.Compute/virtualMachineScaleSets/read',
  'Microsoft.Compute/virtualMachineScaleSets/reimage/action',
  'Microsoft.Compute/virtualMachineScaleSets/rollingUpgrades/action',
  'Microsoft.Compute/virtualMachineScaleSets/rollingUpgrades/read',
  'Microsoft.Compute/virtualMachineScaleSets/setOrchestrationServiceState/action',
  'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/*/read',
  'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read',
  'Microsoft.Compute/virtualMachineScaleSets/write',
  'Microsoft.Insights/autoscaleSettings/read',
  'Microsoft.Insights/autoscaleSettings/write',
  'Microsoft.Network/cloudServiceSlots/read',
  'Microsoft.Network/cloudServiceSlots/write',
  'Microsoft.Network/locations/operations/read',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
];

export function grantServiceRole(arm: Arm): void {
  const scope = `/subscriptions/${IDS.subscription}`;
  arm.setGrants(PRINCIPAL.objectId, [{ scope, actions: SERVICE_ACTIONS, notActions: [] }]);
}

const CUSTOM_ROLE = z.object({ Actions: z.array(z.string()), NotActions: z.array(z.string()).default([]) });

export async function grantCustomRole(arm: Arm): Promise<void> {
  const file = new URL('../../docs/custom-role.json', import.meta.url);
  const role = CUSTOM_ROLE.parse(JSON.parse(await readFile(file, 'utf8')));
  const scope = `/subscriptions/${IDS.subscription}`;
  arm.setGrants(PRINCIPAL.objectId, [{ scope, actions: role.Actions, notActions: role.NotActions }]);
}
