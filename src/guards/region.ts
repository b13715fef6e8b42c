/** Azure gives one region as "North Europe" here and "northeurope" there. */
export function sameRegion(a: string, b: string): boolean {
  return regionName(a) === regionName(b);
}

/** As commands take it: "northeurope". */
export function regionName(region: string): string {
  return region.toLowerCase().replaceAll(' ', '');
}
