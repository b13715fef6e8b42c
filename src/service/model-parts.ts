// A scale set's model, part by part: what two models have in common, and what an instance tells of each part.
import type { ScaleSetExtension, ScaleSetModel, ServiceInstance } from '../azure/ports/compute.ts';
import { partOf } from '../azure/resource-id.ts';
import type { ScaleSetTarget } from '../config/service-config.ts';

export interface ModelPart {
  /** As in a sentence; never a value that may be a secret. */
  readonly name: string;
  /** What the model says, whole. */
  inModel(model: ScaleSetModel): string;
  /** What an instance with this model would tell; null where it would tell nothing that could be compared. */
  expected(model: ScaleSetModel): string | null;
  /** What the instance tells; null where it does not. */
  told(instance: ServiceInstance): string | null;
  /** What it tells, for people. */
  show(told: string): string;
}

const IMAGE: ModelPart = {
  name: 'image version',
  inModel: ({ image }) => image?.toLowerCase() ?? '',
  expected: ({ image }) => (image === null ? null : imageVersion(image)),
  told: ({ exactVersion }) => exactVersion,
  show: (told) => told,
};

const SIZE: ModelPart = {
  name: 'size',
  inModel: ({ sku }) => sku.name.toLowerCase(),
  expected: ({ sku }) => sku.name.toLowerCase(),
  told: ({ skuName }) => skuName?.toLowerCase() ?? null,
  show: (told) => told,
};

/** Of the models, in the order in which they prove something: the image first. */
export function partsOf(...models: readonly ScaleSetModel[]): ModelPart[] {
  const names = new Set(models.flatMap(({ extensions }) => Object.keys(extensions)));
  return [IMAGE, SIZE, ...[...names].toSorted().map(extensionPart)];
}

function extensionPart(name: string): ModelPart {
  const textOf = (extensions: ScaleSetModel['extensions']) => {
    const extension = extensionNamed(extensions, name);
    return extension === null ? '' : canonical([extension.typeHandlerVersion, extension.settings]);
  };
  return {
    name: `extension ${name}`,
    inModel: ({ extensions }) => textOf(extensions),
    expected: ({ extensions }) => textOf(extensions),
    told: ({ extensions }) => (extensions ? textOf(extensions) : null),
    show: (told) => (told === '' ? 'not there' : 'its version and settings'),
  };
}

/** Resource Manager's names have no case. */
export function extensionNamed(
  extensions: ScaleSetModel['extensions'],
  name: string,
): ScaleSetExtension | null {
  const entry = Object.entries(extensions).find(([key]) => key.toLowerCase() === name.toLowerCase());
  return entry?.[1] ?? null;
}

/** The version that an image names exactly; null for `latest`, and for images that have none. */
export function imageVersion(image: string): string | null {
  const version = image.startsWith('/') ? partOf(image, 'versions') : (image.split(':')[3] ?? null);
  return version === null || version === '' || version.toLowerCase() === 'latest' ? null : version;
}

/** Whether an image is the same tomorrow: an exact version, or an image of one's own, which has no versions. */
export function isPinned(image: string): boolean {
  if (imageVersion(image) !== null) return true;
  return image.startsWith('/') && !/\/(?:shared|community)?galleries\//i.test(image);
}

/** The model as it is to be; an extension that the set does not have is left out (see changesOfScaleSet). */
export function targetModel(
  model: ScaleSetModel,
  { image, size, extensions }: ScaleSetTarget,
): ScaleSetModel {
  const changed = Object.entries(model.extensions).map(([name, extension]) => {
    const wanted = Object.entries(extensions).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
    if (wanted === undefined) return [name, extension] as const;
    return [
      name,
      {
        ...extension,
        typeHandlerVersion: wanted.version ?? extension.typeHandlerVersion,
        settings: wanted.settings ?? extension.settings,
      },
    ] as const;
  });
  return {
    sku: { ...model.sku, name: size ?? model.sku.name },
    image: image ?? model.image,
    extensions: Object.fromEntries(changed),
  };
}

/** The same text for values that differ in the order of their members only. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}
