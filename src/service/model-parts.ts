// A scale set's model, part by part: what two models have in common, and what an instance tells of each part.
import type { InstanceExtension, ScaleSetModel, ServiceInstance } from '../azure/ports/compute.ts';
import { partOf } from '../azure/resource-id.ts';
import type { ScaleSetTarget } from '../config/service-config.ts';

export interface ModelPart {
  readonly of: 'machine' | 'extension';
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
  of: 'machine',
  name: 'image version',
  inModel: ({ image }) => image?.toLowerCase() ?? '',
  expected: ({ image }) => (image === null ? null : imageVersion(image)),
  told: ({ exactVersion }) => exactVersion,
  show: (told) => told,
};

const SIZE: ModelPart = {
  of: 'machine',
  name: 'size',
  inModel: ({ sku }) => sku.name.toLowerCase(),
  expected: ({ sku }) => sku.name.toLowerCase(),
  told: ({ skuName }) => skuName?.toLowerCase() ?? null,
  show: (told) => told,
};

/** Of the models, in the order in which they prove something: the image first. */
export function partsOf(...models: readonly ScaleSetModel[]): ModelPart[] {
  const names = new Set(models.flatMap(({ extensions }) => Object.keys(extensions)));
  return [IMAGE, SIZE, ...[...names].toSorted().flatMap(extensionParts)];
}

/** Its version and its settings are two parts: Azure may tell the one and not the other. */
function extensionParts(name: string): ModelPart[] {
  const version = (extension: InstanceExtension | null) => extension?.typeHandlerVersion ?? '';
  const settings = (extension: InstanceExtension | null) =>
    extension === null ? '' : canonical(extension.settings);
  const inModel = ({ extensions }: ScaleSetModel) => extensionNamed(extensions, name);
  const told = ({ extensions }: ServiceInstance) => (extensions ? extensionNamed(extensions, name) : null);
  const isToldAtAll = ({ extensions }: ServiceInstance) => extensions !== undefined && extensions !== null;
  return [
    {
      of: 'extension',
      name: `extension ${name}`,
      inModel: (model) => version(inModel(model)),
      expected: (model) => version(inModel(model)),
      told: (instance) => (isToldAtAll(instance) ? version(told(instance)) : null),
      show: (text) => (text === '' ? 'not there' : text),
    },
    {
      of: 'extension',
      name: `settings of extension ${name}`,
      inModel: (model) => settings(inModel(model)),
      expected: (model) => settings(inModel(model)),
      told: (instance) => {
        const extension = told(instance);
        return extension?.settings ? settings(extension) : null;
      },
      show: () => 'as the instance tells them',
    },
  ];
}

/** Resource Manager's names have no case. */
export function extensionNamed<Extension>(
  extensions: Readonly<Record<string, Extension>>,
  name: string,
): Extension | null {
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
