/** Azure gives one region as "North Europe" here and "northeurope" there. What is not known (null) is no other's. */
export function sameRegion(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && regionName(a) === regionName(b);
}

/** As commands take it: "northeurope". */
export function regionName(region: string): string {
  return region.toLowerCase().replaceAll(' ', '');
}
