// A virtualMachineProfile: what the fabric runs of it, and which parts of it are secret.
import type { InstanceModel } from '../../compute/fabric.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { asList, asObject, asText, isObject } from '../core/json.ts';

/** Members that Azure takes and never gives back. */
const SECRETS: ReadonlySet<string> = new Set([
  'adminPassword',
  'customData',
  'userData',
  'protectedSettings',
  'protectedSettingsFromKeyVault',
]);

/** The same without what Azure does not show. */
export function withoutSecrets(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value === undefined || !isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([member]) => !SECRETS.has(member))
      .map(([member, inner]) => [member, withoutSecrets(inner)]),
  );
}

/** A profile with what Azure adds to it. */
export const withProfileDefaults = (profile: JsonObject): JsonObject => ({
  ...profile,
  osProfile: {
    secrets: [],
    allowExtensionOperations: true,
    requireGuestProvisionSignal: true,
    ...asObject(profile.osProfile),
  },
});

/** A PUT that does not name what Azure never shows does not take it away, but for extensions' settings. */
export function keepingCredentials(before: JsonObject, after: JsonObject): JsonObject {
  const kept = Object.entries(asObject(before.osProfile)).filter(([member]) => SECRETS.has(member));
  return { ...after, osProfile: { ...Object.fromEntries(kept), ...asObject(after.osProfile) } };
}

export function extensionsOf(profile: JsonObject): JsonObject[] {
  return asList(asObject(profile.extensionProfile).extensions).map(asObject);
}

export const imageReferenceOf = (profile: JsonObject): JsonObject =>
  asObject(asObject(profile.storageProfile).imageReference);

export const osDiskOf = (profile: JsonObject): JsonObject =>
  asObject(asObject(profile.storageProfile).osDisk);

/** Whether somebody looks at the health of instances with this profile: an extension, or a load balancer's probe. */
export function isHealthMonitored(profile: JsonObject): boolean {
  const types = extensionsOf(profile).map((extension) => asText(asObject(extension.properties).type) ?? '');
  const probe = asText(asObject(asObject(profile.networkProfile).healthProbe).id);
  return probe !== null || types.some((type) => /^ApplicationHealth(Linux|Windows)$/i.test(type));
}

export function instanceModel(skuName: string, profile: JsonObject, exactVersion: string): InstanceModel {
  const extensions = extensionsOf(profile).map((extension) => {
    const { typeHandlerVersion, settings, protectedSettings } = asObject(extension.properties);
    return { name: asText(extension.name) ?? '', typeHandlerVersion, settings, protectedSettings };
  });
  return {
    version: exactVersion,
    sku: skuName,
    extensions: Object.fromEntries(
      extensions.map((each) => [each.name, asText(each.typeHandlerVersion) ?? '']),
    ),
    settings: Object.fromEntries(
      extensions.flatMap(({ name, settings, protectedSettings }) => [
        ...Object.entries(asObject(settings)).map(([key, value]) => [`${name}.${key}`, textOf(value)]),
        // That they are there, not what they are.
        ...Object.keys(asObject(protectedSettings)).map((key) => [`${name}.${key}`, '(protected)']),
      ]),
    ),
    healthMonitored: isHealthMonitored(profile),
  };
}

const textOf = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));
