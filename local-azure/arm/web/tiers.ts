// App Service tiers by sku name.
const TIERS: readonly (readonly [pattern: RegExp, tier: string])[] = [
  [/^F1$/i, 'Free'],
  [/^D1$/i, 'Shared'],
  [/^B\d$/i, 'Basic'],
  [/^S\d$/i, 'Standard'],
  [/^P\dv2$/i, 'PremiumV2'],
  [/^P\dm?v3$/i, 'PremiumV3'],
  [/^P\d$/i, 'Premium'],
  [/^I\d(v2)?$/i, 'Isolated'],
];

/** Null for a sku that does not exist. */
export function tierOf(skuName: string): string | null {
  return TIERS.find(([pattern]) => pattern.test(skuName))?.[1] ?? null;
}

/** Deployment slots and Traffic Manager want Standard or above. */
export function isProductionTier(skuName: string): boolean {
  return !['Free', 'Shared', 'Basic'].includes(tierOf(skuName) ?? 'Free');
}
