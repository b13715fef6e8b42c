/** Reads one named part of a resource id, whatever its casing: `part(id, 'resourceGroups')`. */
export function partOf(resourceId: string, name: string): string | null {
  const segments = resourceId.split('/');
  const at = segments.findIndex((segment) => segment.toLowerCase() === name.toLowerCase());
  return at === -1 ? null : (segments[at + 1] ?? null);
}

export function resourceGroupPath(subscriptionId: string, resourceGroup: string): string {
  return `/subscriptions/${encodeURIComponent(subscriptionId)}/resourceGroups/${encodeURIComponent(resourceGroup)}`;
}
