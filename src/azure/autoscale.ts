// Autoscale settings, read and written as Azure sends them: a setting is one document, its PATCH wants the profiles
// again, and there is no ETag.
import { type ArmContext, rawArm } from './arm-client.ts';
import type { Autoscale, AutoscaleSetting } from './ports/compute.ts';
import { resourceGroupPath } from './resource-id.ts';

const API_VERSION = '2022-10-01';

interface SettingDocument {
  readonly id: string;
  readonly name: string;
  readonly properties: { readonly enabled?: boolean; readonly targetResourceUri?: string };
}

/** The port Autoscale. Every method throws AzureError. */
export function createAutoscale(context: ArmContext): Autoscale {
  const arm = rawArm(context);
  return {
    settingsOf: async (resourceGroup, targetId) => {
      const group = resourceGroupPath(context.subscriptionId, resourceGroup);
      const found = await arm.list(`${group}/providers/Microsoft.Insights/autoscaleSettings`, API_VERSION);
      return (found as SettingDocument[]).filter((setting) => isFor(setting, targetId)).map(settingOf);
    },

    setEnabled: async ({ id }, isEnabled) => {
      const document = (await arm.get(id, API_VERSION)) as SettingDocument | null;
      // One that was removed scales nothing, and cannot be given back.
      if (document === null || settingOf(document).isEnabled === isEnabled) return;
      const properties = { ...document.properties, enabled: isEnabled };
      await arm.put(id, API_VERSION, { ...document, properties });
    },
  };
}

function isFor({ properties }: SettingDocument, targetId: string): boolean {
  return properties.targetResourceUri?.toLowerCase() === targetId.toLowerCase();
}

/** Left out means false, by Azure's description. */
function settingOf({ id, name, properties }: SettingDocument): AutoscaleSetting {
  return { id, name, isEnabled: properties.enabled ?? false };
}
