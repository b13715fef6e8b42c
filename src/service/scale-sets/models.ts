// The two models of an update of scale sets: which members it changes, which of them a set has, and which an instance
// tells by itself.
import type { ScaleSet, ScaleSetChange, ScaleSetExtension } from '../../azure/ports/compute.ts';
import type { ScaleSetTarget } from '../../config/service-config.ts';
import type { ServiceChange } from '../change.ts';
import { canonical, extensionNamed, imageVersion, targetModel } from '../model-parts.ts';
import { withPatch } from '../observe-service.ts';
import { changesOfScaleSet } from '../scale-set-change.ts';
import type { RoleLook, ServiceChanges, ServiceLook, UpdateModels } from '../target.ts';
import type { ModelPatch, RoleModels } from '../update-record.ts';
import { roleNamed, type ScaleSetParts } from './parts.ts';

export type Standing = 'previous' | 'target' | 'other';

/** See ServiceTarget.models. Members that are as they are to be already are in neither. */
export function modelsOf(parts: ScaleSetParts, look: ServiceLook): UpdateModels {
  const models = chosenSets(look).map(({ role, set }): [string, RoleModels] => {
    const target = targetModel(set.model, roleNamed(parts, role).change);
    return [role, patchesBetween(set.model, target)];
  });
  return { models: Object.fromEntries(models), cloud: null };
}

/** See ServiceTarget.changes: of the update that is written down, else of the configuration. */
export function changesOf(parts: ScaleSetParts, look: ServiceLook): ServiceChanges {
  const changes = chosenSets(look).flatMap(({ role, set }): ServiceChange[] => {
    const recorded = look.record?.models[role];
    if (recorded === undefined) return changesOfScaleSet(role, set.model, roleNamed(parts, role).change);
    return changesOfScaleSet(role, withPatch(set.model, recorded.previous), targetOf(recorded.target));
  });
  const isOfExtensions = changes.some(({ kind }) => kind === 'extension');
  return { changes, notKnowable: isOfExtensions ? [PROTECTED_SETTINGS] : [] };
}

const PROTECTED_SETTINGS =
  'protected settings of extensions: Azure never shows them; they stay as they are, on the way back too';

/** See ServiceTarget.standing. */
export function standingOf(look: ServiceLook, { models }: UpdateModels): Map<string, Standing> {
  return new Map(
    chosenSets(look).map(({ role, set }) => {
      const patches = models[role];
      const has = (patch: ModelPatch) => changeTo(set, patch) === null;
      if (patches === undefined || has(patches.target)) return [role, 'target'];
      return [role, has(patches.previous) ? 'previous' : 'other'];
    }),
  );
}

/** What is to be written so that the set has this; null where it has it. */
export function changeTo({ model }: Pick<ScaleSet, 'model'>, patch: ModelPatch): ScaleSetChange | null {
  const { image, skuName } = patch;
  const extensions = Object.entries(patch.extensions ?? {}).filter(
    ([name, wanted]) => !sameExtension(extensionNamed(model.extensions, name), wanted),
  );
  const change: ScaleSetChange = {
    ...(image === undefined || sameName(image, model.image ?? '') ? {} : { image }),
    ...(skuName === undefined || sameName(skuName, model.sku.name) ? {} : { skuName }),
    ...(extensions.length === 0 ? {} : { extensions: Object.fromEntries(extensions) }),
  };
  return Object.keys(change).length === 0 ? null : change;
}

/**
 * See ServiceTarget.tellsVersions. An instance tells the version of its image, its size, and the versions of its
 * extensions; settings of extensions are not sure to be told.
 */
export function tellsVersions({ models }: UpdateModels): boolean {
  return Object.values(models).every(({ previous, target, superseded = [] }) =>
    [previous, ...superseded].every((other) => changesNothing(other, target) || isTold(other, target)),
  );
}

function changesNothing(one: ModelPatch, other: ModelPatch): boolean {
  return canonical(one) === canonical(other);
}

function isTold(one: ModelPatch, other: ModelPatch): boolean {
  const versions = [one, other].map(({ image }) => (image === undefined ? null : imageVersion(image)));
  const [oneVersion, otherVersion] = versions;
  if (oneVersion && otherVersion && oneVersion !== otherVersion) return true;
  if (one.skuName && other.skuName && !sameName(one.skuName, other.skuName)) return true;
  return Object.entries(other.extensions ?? {}).some(([name, { typeHandlerVersion }]) => {
    const before = extensionNamed(one.extensions ?? {}, name);
    return before !== null && before.typeHandlerVersion !== typeHandlerVersion;
  });
}

function patchesBetween(before: ScaleSet['model'], after: ScaleSet['model']): RoleModels {
  const changed = Object.entries(after.extensions).flatMap(([name, extension]) => {
    const old = before.extensions[name];
    return old === undefined || sameExtension(old, extension) ? [] : [{ name, old, extension }];
  });
  const hasImage = after.image !== null && !sameName(after.image, before.image ?? '');
  const hasSize = !sameName(after.sku.name, before.sku.name);
  const patch = (
    model: ScaleSet['model'],
    extensions: readonly (readonly [string, ScaleSetExtension])[],
  ) => ({
    ...(hasImage && model.image !== null ? { image: model.image } : {}),
    ...(hasSize ? { skuName: model.sku.name } : {}),
    ...(extensions.length === 0 ? {} : { extensions: Object.fromEntries(extensions) }),
  });
  return {
    previous: patch(
      before,
      changed.map(({ name, old }) => [name, old]),
    ),
    target: patch(
      after,
      changed.map(({ name, extension }) => [name, extension]),
    ),
  };
}

function targetOf({ image, skuName, extensions = {} }: ModelPatch): ScaleSetTarget {
  const wanted = Object.entries(extensions).map(
    ([name, { typeHandlerVersion, settings }]) => [name, { version: typeHandlerVersion, settings }] as const,
  );
  return { image: image ?? null, size: skuName ?? null, extensions: Object.fromEntries(wanted) };
}

type ChosenSet = { readonly role: string; readonly set: ScaleSet };

export function chosenSets({ roles }: ServiceLook): (ChosenSet & Pick<RoleLook, 'instances'>)[] {
  return roles.flatMap(({ chosen, role, set, instances }) =>
    chosen && set !== null ? [{ role, set, instances }] : [],
  );
}

function sameExtension(one: ScaleSetExtension | null, other: ScaleSetExtension): boolean {
  if (one === null) return false;
  const told = ({ typeHandlerVersion, settings }: ScaleSetExtension) =>
    canonical([typeHandlerVersion, settings]);
  return told(one) === told(other);
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
