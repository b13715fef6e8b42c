import type { AppServicePlan } from '@azure/arm-appservice';
import type { PlanInfo } from './ports.ts';

export function planInfo(plan: AppServicePlan): PlanInfo {
  const { name = '', tier = null, family = null, capacity = null } = plan.sku ?? {};
  return {
    id: plan.id ?? '',
    name: plan.name ?? '',
    location: plan.location,
    sku: { name, tier, family, capacity },
    kind: plan.kind ?? null,
  };
}

/** A plan of the same kind and size, for a PUT. */
export function planLike({
  location,
  kind,
  sku,
  reserved,
  isXenon,
  hyperV,
  zoneRedundant,
}: AppServicePlan): AppServicePlan {
  const { name, tier, size, family, capacity } = sku ?? {};
  return {
    location,
    ...(kind === undefined ? {} : { kind }),
    sku: {
      ...(name === undefined ? {} : { name }),
      ...(tier === undefined ? {} : { tier }),
      ...(size === undefined ? {} : { size }),
      ...(family === undefined ? {} : { family }),
      ...(capacity === undefined ? {} : { capacity }),
    },
    ...(reserved === undefined ? {} : { reserved }),
    ...(isXenon === undefined ? {} : { isXenon }),
    ...(hyperV === undefined ? {} : { hyperV }),
    ...(zoneRedundant === undefined ? {} : { zoneRedundant }),
  };
}
