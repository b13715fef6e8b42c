// A scale set's document: read from a PUT, changed by a PATCH.
import type { ArmCall } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { asList, asNumber, asObject, asText, isObject } from '../core/json.ts';
import { tagsOf } from './cloud-services/tags.ts';
import type { ScaleSetDocument, UpgradeMode } from './model.ts';
import { keepingCredentials, withProfileDefaults } from './profile.ts';

/** Throws 400 InvalidParameter where something required is missing. */
export function documentOf(body: JsonObject): ScaleSetDocument {
  const sku = asObject(body.sku);
  const [name, capacity] = [asText(sku.name), asNumber(sku.capacity)];
  if (name === null) throw missing('sku.name');
  if (capacity === null) throw missing('sku.capacity');
  const { provisioningState: _, uniqueId: __, ...properties } = asObject(body.properties);
  const flexible = properties.orchestrationMode === 'Flexible';
  if (!flexible && asText(asObject(properties.upgradePolicy).mode) === null)
    throw missing('upgradePolicy.mode');
  return {
    sku: { name, tier: asText(sku.tier) ?? 'Standard', capacity },
    tags: tagsOf(body),
    zones: asList(body.zones)
      .map(asText)
      .filter((zone) => zone !== null),
    properties: withDefaults(properties),
  };
}

/**
 * What a PATCH makes of a document: objects are merged, lists and tags replaced; extensions are told apart by name,
 * and keep what the PATCH does not name of them (assumed: nothing documents it).
 */
export function patched(document: ScaleSetDocument, call: ArmCall): ScaleSetDocument {
  const { sku, tags, properties, zones } = call.body;
  return documentOf({
    sku: merged(document.sku, asObject(sku)),
    tags: tags === undefined ? document.tags : tags,
    zones: zones === undefined ? document.zones : zones,
    properties: merged(document.properties, asObject(properties)),
  });
}

export const profileOf = (document: ScaleSetDocument): JsonObject =>
  asObject(document.properties.virtualMachineProfile);

export function upgradeModeOf(document: ScaleSetDocument): UpgradeMode {
  const mode = asText(asObject(document.properties.upgradePolicy).mode);
  return mode === 'Automatic' || mode === 'Rolling' ? mode : 'Manual';
}

/** What a PUT makes of a document that is there. */
export function replaced(before: ScaleSetDocument, after: ScaleSetDocument): ScaleSetDocument {
  const virtualMachineProfile = keepingCredentials(profileOf(before), profileOf(after));
  return { ...after, properties: { ...after.properties, virtualMachineProfile } };
}

/** Whether both make the same instances. */
export function sameModel(one: ScaleSetDocument, other: ScaleSetDocument): boolean {
  const text = (document: ScaleSetDocument) =>
    JSON.stringify(sorted({ size: document.sku.name, profile: profileOf(document) }));
  return text(one) === text(other);
}

export function sameTags({ tags: one }: ScaleSetDocument, { tags: other }: ScaleSetDocument): boolean {
  return JSON.stringify(sorted({ ...one })) === JSON.stringify(sorted({ ...other }));
}

function merged(before: JsonObject, change: JsonObject): JsonObject {
  const entries = Object.entries(change).map(([member, value]): [string, JsonValue] => {
    const old = before[member];
    if (member === 'extensions') return [member, mergedByName(asList(old), asList(value))];
    return [member, value !== undefined && isObject(value) ? merged(asObject(old), value) : value];
  });
  return { ...before, ...Object.fromEntries(entries) };
}

function mergedByName(before: readonly JsonValue[], change: readonly JsonValue[]): JsonValue[] {
  return change.map(asObject).map((each) => {
    const old = before.map(asObject).find(({ name }) => name === each.name);
    return old === undefined ? each : merged(old, each);
  });
}

/** As recorded: of the profile, and the policy of Rolling mode where none was given. */
function withDefaults(given: JsonObject): JsonObject {
  const profile = withProfileDefaults(asObject(given.virtualMachineProfile));
  const properties = { ...given, virtualMachineProfile: profile };
  const policy = asObject(given.upgradePolicy);
  if (policy.mode !== 'Rolling') return properties;
  const rolling = {
    maxBatchInstancePercent: 20,
    maxUnhealthyInstancePercent: 20,
    maxUnhealthyUpgradedInstancePercent: 20,
    pauseTimeBetweenBatches: 'PT0S',
    ...asObject(policy.rollingUpgradePolicy),
  };
  return { ...properties, upgradePolicy: { ...policy, rollingUpgradePolicy: rolling } };
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === undefined || !isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined && inner !== null)
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([member, inner]) => [member, sorted(inner)]),
  );
}

function missing(parameter: string): ArmError {
  return new ArmError(400, 'InvalidParameter', `Required parameter '${parameter}' is missing (null).`);
}
