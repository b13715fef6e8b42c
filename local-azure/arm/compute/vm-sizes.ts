// The sizes this Azure sells, with what each counts against the quota.
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

/** Throws 400 InvalidParameter. */
export function vmSize(name: string): VmSize {
  const size = SIZES[name.toLowerCase()];
  if (size !== undefined) return size;
  throw new ArmError(400, 'InvalidParameter', `The value ${name} of parameter sku.name is invalid.`);
}
