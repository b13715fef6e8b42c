/** Azure gives one region as "North Europe" here and "northeurope" there. */
export function sameRegion(a: string, b: string): boolean {
  return normal(a) === normal(b);
}

function normal(region: string): string {
  return region.toLowerCase().replaceAll(' ', '');
}
