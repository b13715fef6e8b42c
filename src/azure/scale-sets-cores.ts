// Cores: what a size counts, and how many a region's quota has left.
import type { ComputeManagementClient, ResourceSku } from '@azure/arm-compute';
import { UpgradeError } from '../reasons.ts';
import { all } from './arm-client.ts';
import type { CoreUsage, ScaleSets } from './ports/compute.ts';
import { regionName } from './scale-sets-images.ts';

/** Azure lists the sizes of a region only as a whole, with disks and all: once is enough for a run. */
export function createCores(
  client: () => Promise<ComputeManagementClient>,
): Pick<ScaleSets, 'coreUsage' | 'coresOf'> {
  const sizes = new Map<string, Promise<ResourceSku[]>>();

  function sizesIn(region: string): Promise<ResourceSku[]> {
    const listed = sizes.get(region) ?? list(region);
    sizes.set(region, listed);
    return listed;
  }

  async function list(region: string): Promise<ResourceSku[]> {
    try {
      const { resourceSkus } = await client();
      const found = await all(() => resourceSkus.list({ filter: `location eq '${region}'` }));
      return found.filter(({ resourceType }) => resourceType === 'virtualMachines');
    } catch (error) {
      sizes.delete(region);
      throw error;
    }
  }

  return {
    coreUsage: async (location): Promise<CoreUsage> => {
      const { usage } = await client();
      const usages = await all(() => usage.list(regionName(location)));
      const cores = usages.find(({ name }) => name.value?.toLowerCase() === 'cores');
      if (cores !== undefined) return { used: cores.currentValue, limit: cores.limit };
      throw new UpgradeError('azure-error', `Azure tells no usage of cores in ${location}.`);
    },

    coresOf: async (size, location) => {
      const found = (await sizesIn(regionName(location))).find(
        ({ name }) => name?.toLowerCase() === size.toLowerCase(),
      );
      return found === undefined || isBarred(found) ? null : coresIn(found);
    },
  };
}

/** For the whole region; one that bars a zone leaves others. */
function isBarred({ restrictions = [] }: ResourceSku): boolean {
  return restrictions.some(({ type }) => type === 'Location');
}

/** `vCPUs` is what counts against the quota, also of sizes that show the machine fewer (`vCPUsAvailable`). */
function coresIn({ capabilities = [] }: ResourceSku): number | null {
  const cores = Number(capabilities.find(({ name }) => name === 'vCPUs')?.value);
  return Number.isFinite(cores) ? cores : null;
}
