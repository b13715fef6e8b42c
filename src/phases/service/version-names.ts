// What the two versions of an update are called in a report: by the part of the model that the update changes.
import { imageVersion } from '../../service/model-parts.ts';
import type { RoleInstance } from '../../service/role-instance.ts';
import type { UpdateModels } from '../../service/target.ts';
import type { ModelPatch } from '../../service/update-record.ts';
import type { InstanceVersion } from '../../service/versions.ts';

export const NEW_VERSION = 'the new version';
export const VERSION_BEFORE = 'the version before';
/** Where no update is, there is none before it. */
export const VERSION_THAT_RUNS = 'the version that runs';

/** What an instance runs, in a word or two; null where nothing tells. */
export function versionName(
  instance: RoleInstance,
  version: InstanceVersion,
  { models, cloud }: UpdateModels,
): string | null {
  const patches = models[instance.role];
  if (patches === undefined) return cloud === null ? instance.exactVersion : worded(version);
  const { previous, target } = namesOf(patches.previous, patches.target);
  if (previous === target) return instance.exactVersion ?? worded(version);
  if (version === 'target') return target;
  return version === 'previous' ? previous : instance.exactVersion;
}

function worded(version: InstanceVersion): string | null {
  if (version === 'target') return NEW_VERSION;
  return version === 'previous' ? VERSION_BEFORE : null;
}

/** By the first part in which they differ; the same name twice where they do not differ, or only in settings. */
function namesOf(previous: ModelPatch, target: ModelPatch): { previous: string; target: string } {
  const [befores, nows] = [partNames(previous), partNames(target)];
  for (const [part, now] of nows) {
    const before = befores.get(part) ?? VERSION_BEFORE;
    if (before !== now) return { previous: before, target: now };
  }
  return { previous: NEW_VERSION, target: NEW_VERSION };
}

function partNames({ image, skuName, extensions }: ModelPatch): ReadonlyMap<string, string> {
  const own = Object.entries(extensions ?? {}).map(
    ([name, { typeHandlerVersion }]) => [`extension ${name}`, `${name} ${typeHandlerVersion}`] as const,
  );
  return new Map([
    ...(image === undefined ? [] : [['image', imageVersion(image) ?? image] as const]),
    ...(skuName === undefined ? [] : [['size', skuName] as const]),
    ...own,
  ]);
}
