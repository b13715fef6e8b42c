// Whether a version can be had at all: its images and sizes, and the cores that it needs beyond what is in use.
import { AzureError } from '../../azure/errors.ts';
import type { ServiceInstance } from '../../azure/ports/compute.ts';
import type { CoreNeed, ServiceLook, UpdateModels } from '../target.ts';
import { chosenSets } from './models.ts';
import { readSet, refOf, roleNamed, type ScaleSetParts } from './parts.ts';

type Version = 'target' | 'previous';

/** See ServiceTarget.missing. */
export async function missing(
  parts: ScaleSetParts,
  { models }: UpdateModels,
  version: Version,
): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(models).map(async ([role, { [version]: patch }]) => {
      if (patch.image === undefined && patch.skuName === undefined) return [];
      const { location } = await readSet(parts, refOf(roleNamed(parts, role)));
      return [
        ...(patch.image === undefined ? [] : await missingImage(parts, patch.image, location, version)),
        ...(patch.skuName === undefined ? [] : await missingSize(parts, patch.skuName, location)),
      ];
    }),
  );
  return [...new Set(found.flat())];
}

/** See ServiceTarget.cores. Null where this identity may not read sizes or usage. */
export async function cores(
  parts: ScaleSetParts,
  look: ServiceLook,
  { models }: UpdateModels,
  version: Version,
): Promise<CoreNeed | null> {
  const byLocation = Map.groupBy(chosenSets(look), ({ set }) => set.location);
  try {
    const needs = await Promise.all(
      [...byLocation].map(async ([location, sets]): Promise<CoreNeed | null> => {
        const more = await Promise.all(
          sets.map(({ role, set, instances }) =>
            moreCores(parts, location, models[role]?.[version].skuName, set.model.sku.name, instances),
          ),
        );
        if (more.includes(null)) return null;
        const usage = await parts.compute.scaleSets.coreUsage(location);
        return { more: more.reduce((sum: number, each) => sum + (each ?? 0), 0), usage };
      }),
    );
    return tightest(needs);
  } catch (error) {
    if (isNotAllowed(error)) return null;
    throw error;
  }
}

/** Null where a size is not known. Instances that do not tell their size have that of the model. */
async function moreCores(
  { compute }: ScaleSetParts,
  location: string,
  wanted: string | undefined,
  standing: string,
  instances: readonly ServiceInstance[],
): Promise<number | null> {
  if (wanted === undefined) return 0;
  const sizes = instances.map(({ skuName }) => skuName ?? standing);
  const known = new Map<string, number | null>();
  for (const size of new Set([wanted, ...sizes]))
    known.set(size, await compute.scaleSets.coresOf(size, location));
  const coresOf = (size: string) => known.get(size) ?? null;
  if ([...known.values()].includes(null)) return null;
  return sizes.reduce((sum, size) => sum + (coresOf(wanted) ?? 0) - (coresOf(size) ?? 0), 0);
}

/** Of several regions the one in which the least is left. */
function tightest(needs: readonly (CoreNeed | null)[]): CoreNeed | null {
  const known = needs.filter((need) => need !== null);
  if (known.length < needs.length) return null;
  const left = ({ more, usage }: CoreNeed) => usage.limit - usage.used - more;
  return known.toSorted((one, other) => left(one) - left(other))[0] ?? null;
}

async function missingImage(
  { compute }: ScaleSetParts,
  image: string,
  location: string,
  version: Version,
): Promise<string[]> {
  try {
    if (await compute.scaleSets.imageExists(image, location)) return [];
    return [`Image ${image} is not there, or has no replica in ${location}.`];
  } catch (error) {
    if (!isNotAllowed(error)) throw error;
    // The way back is not barred by a right to read: Azure itself refuses a model whose image is gone.
    if (version === 'previous') return [];
    return [`Whether image ${image} is there cannot be told: this identity may not read it.`];
  }
}

async function missingSize({ compute }: ScaleSetParts, size: string, location: string): Promise<string[]> {
  try {
    if ((await compute.scaleSets.coresOf(size, location)) !== null) return [];
    return [`Size ${size} is not to be had in ${location}.`];
  } catch (error) {
    if (isNotAllowed(error)) return [];
    throw error;
  }
}

const isNotAllowed = (error: unknown): boolean => error instanceof AzureError && error.status === 403;
