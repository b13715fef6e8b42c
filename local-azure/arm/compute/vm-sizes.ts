// The sizes this Azure sells, with what each counts against the quota.
import type { Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import { ArmError } from '../core/errors.ts';

export interface VmSize {
  readonly cores: number;
  /** Name of the family in the list of usages. */
  readonly family: string;
}

const SIZES: Readonly<Record<string, VmSize>> = {
  standard_ds1_v2: { cores: 1, family: 'standardDSv2Family' },
  standard_ds2_v2: { cores: 2, family: 'standardDSv2Family' },
  standard_ds3_v2: { cores: 4, family: 'standardDSv2Family' },
  standard_d2s_v5: { cores: 2, family: 'standardDSv5Family' },
  standard_d4s_v5: { cores: 4, family: 'standardDSv5Family' },
  standard_d8s_v5: { cores: 8, family: 'standardDSv5Family' },
  standard_b2s: { cores: 2, family: 'standardBSFamily' },
  standard_b2ms: { cores: 2, family: 'standardBSFamily' },
  standard_d1_v2: { cores: 1, family: 'standardDv2Family' },
  standard_d2_v2: { cores: 2, family: 'standardDv2Family' },
  standard_d3_v2: { cores: 4, family: 'standardDv2Family' },
};

export const FAMILIES: readonly string[] = [...new Set(Object.values(SIZES).map((size) => size.family))];

/** The list of a region. Every region has all of them. */
export const vmSizeRoute: Route = {
  method: 'GET',
  template: '/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{location}/vmSizes',
  action: 'Microsoft.Compute/locations/vmSizes/read',
  handle: () =>
    ok({
      value: Object.entries(SIZES).map(([name, { cores }]) => ({
        name: displayName(name),
        numberOfCores: cores,
        osDiskSizeInMB: 1_047_552,
        resourceDiskSizeInMB: cores * 8_192,
        memoryInMB: cores * 4_096,
        maxDataDiskCount: cores * 2,
      })),
    }),
};

/** Standard_D2s_v5: names have no case, and are shown in this one. */
const displayName = (name: string): string =>
  name
    .replace(/_[a-z]/g, (letters) => (letters === '_v' ? letters : letters.toUpperCase()))
    .replace(/^s/, 'S');

/** Throws 400 InvalidParameter. */
export function vmSize(name: string): VmSize {
  const size = SIZES[name.toLowerCase()];
  if (size !== undefined) return size;
  throw new ArmError(400, 'InvalidParameter', `The value ${name} of parameter sku.name is invalid.`);
}
