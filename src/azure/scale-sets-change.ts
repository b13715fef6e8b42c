// The PATCH that changes a scale set's model. It holds only what changes: Azure never shows passwords and protected
// settings, so that whoever writes back what was read takes them away.
import type {
  VirtualMachineScaleSet,
  VirtualMachineScaleSetExtension,
  VirtualMachineScaleSetUpdate,
} from '@azure/arm-compute';
import type { ScaleSet, ScaleSetChange, ScaleSetExtension } from './ports/compute.ts';
import { imageReferenceOf } from './scale-sets-images.ts';
import { extensionsIn } from './scale-sets-resources.ts';

type Profile = VirtualMachineScaleSetUpdate['virtualMachineProfile'];

/** @param current the set as Azure has it; needed only where extensions change */
export function patchOf(
  set: ScaleSet,
  change: ScaleSetChange,
  current: VirtualMachineScaleSet | null,
): VirtualMachineScaleSetUpdate {
  const { skuName, upgradeMode, tags } = change;
  const virtualMachineProfile = profileChange(change, current);
  return {
    // Azure wants name and capacity together; that nobody scaled in between is what the ETag sees to.
    ...(skuName === undefined ? {} : { sku: { name: skuName, capacity: set.capacity } }),
    ...(upgradeMode === undefined ? {} : { upgradePolicy: { mode: upgradeMode } }),
    ...(tags === undefined ? {} : { tags: changedTags(set.tags, tags) }),
    ...(virtualMachineProfile === undefined ? {} : { virtualMachineProfile }),
  };
}

/** What of a change the set does not show after it was written: PATCHes are merged, and not only by our rules. */
export function notCarriedOut(
  change: ScaleSetChange,
  { model, tags }: Pick<ScaleSet, 'model' | 'tags'>,
): string[] {
  const { skuName, image, extensions = {} } = change;
  const wrong: string[] = [];
  // Of a record in several tags, one that stays makes it unreadable.
  for (const [name, wanted] of Object.entries(change.tags ?? {})) {
    if ((memberOf(tags, name) ?? null) === wanted) continue;
    wrong.push(`tag ${name} ${wanted === null ? 'still there' : 'not as it was written'}`);
  }
  if (skuName !== undefined && !sameName(skuName, model.sku.name))
    wrong.push(`size ${model.sku.name} instead of ${skuName}`);
  if (image !== undefined && !sameName(image, model.image ?? ''))
    wrong.push(`image ${model.image ?? 'unnamed'} instead of ${image}`);
  for (const [name, wanted] of Object.entries(extensions)) {
    const found = memberOf(model.extensions, name)?.typeHandlerVersion ?? null;
    const version = wanted?.typeHandlerVersion ?? null;
    if (found !== version)
      wrong.push(`extension ${name} ${found ?? 'not there'} instead of ${version ?? 'removed'}`);
  }
  return wrong;
}

function profileChange(
  { image, extensions }: ScaleSetChange,
  current: VirtualMachineScaleSet | null,
): Profile | undefined {
  if (image === undefined && extensions === undefined) return undefined;
  return {
    ...(image === undefined ? {} : { storageProfile: { imageReference: imageReferenceOf(image) } }),
    ...(extensions === undefined || current === null
      ? {}
      : { extensionProfile: { extensions: changedExtensions(extensionsIn(current), extensions) } }),
  };
}

/** The whole list, since a PATCH replaces lists: whoever is left out of it is removed. */
function changedExtensions(
  current: readonly VirtualMachineScaleSetExtension[],
  changes: NonNullable<ScaleSetChange['extensions']>,
): VirtualMachineScaleSetExtension[] {
  const kept = current.flatMap((extension) => {
    const change = memberOf(changes, extension.name ?? '');
    if (change === null) return [];
    return { ...withoutSecrets(extension), ...(change === undefined ? {} : sdkExtension(change)) };
  });
  const added = Object.entries(changes).flatMap(([name, extension]) =>
    extension === null || current.some((each) => sameName(each.name ?? '', name))
      ? []
      : { name, ...sdkExtension(extension) },
  );
  return [...kept, ...added];
}

/** Protected settings that are not sent stay; sent as the null or {} that Azure shows of them, they would be wiped. */
function withoutSecrets({
  protectedSettings: _,
  provisioningState: __,
  ...extension
}: VirtualMachineScaleSetExtension): VirtualMachineScaleSetExtension {
  return extension;
}

function sdkExtension({ type, settings, ...extension }: ScaleSetExtension): VirtualMachineScaleSetExtension {
  return { ...extension, typePropertiesType: type, settings: { ...settings } };
}

/** Tags are replaced as a whole, so those that stay are sent too. Azure does not tell tags apart by case. */
function changedTags(
  before: ScaleSet['tags'],
  changes: NonNullable<ScaleSetChange['tags']>,
): Record<string, string> {
  const kept = Object.entries(before).filter(([name]) => memberOf(changes, name) === undefined);
  const set = Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries([...kept, ...set]);
}

function memberOf<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.entries(record).find(([key]) => sameName(key, name))?.[1];
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
