// Cores: what a size counts, and how many a region's quota has left.
import type { ComputeManagementClient, VirtualMachineSize } from '@azure/arm-compute';
import { UpgradeError } from '../reasons.ts';
import { all } from './arm-client.ts';
import type { CoreUsage, ScaleSets } from './ports/compute.ts';
import { regionName } from './scale-sets-images.ts';

/**
 * Sizes by the list of a region, which says what each counts against the quota. Azure recommends its list of SKUs
 * instead, which is much longer, and needs a right that Virtual Machine Contributor does not have. Once is enough.
 */
export function createCores(
  client: () => Promise<ComputeManagementClient>,
): Pick<ScaleSets, 'coreUsage' | 'coresOf'> {
  const sizes = new Map<string, Promise<VirtualMachineSize[]>>();

  function sizesIn(region: string): Promise<VirtualMachineSize[]> {
    const listed = sizes.get(region) ?? list(region);
    sizes.set(region, listed);
    return listed;
  }

  async function list(region: string): Promise<VirtualMachineSize[]> {
    try {
      const { virtualMachineSizes } = await client();
      return await all(() => virtualMachineSizes.list(region));
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
      return found?.numberOfCores ?? null;
    },
  };
}
