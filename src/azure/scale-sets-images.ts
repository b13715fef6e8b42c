// Images that a scale set's model can name, and whether they are there. The port knows them as one text: a resource id
// (gallery version, managed image), the id of a shared or community gallery's version, or publisher:offer:sku:version.
import type { ComputeManagementClient, GalleryImageVersion, ImageReference } from '@azure/arm-compute';
import { requestOrNull } from './arm-client.ts';
import { partOf } from './resource-id.ts';

/** Clients by subscription: galleries often stand in one of their own. */
export type ClientOf = (subscriptionId: string | null) => Promise<ComputeManagementClient>;

/** Null where the reference names nothing, or only half of a platform image. */
export function imageOf(reference: ImageReference | undefined): string | null {
  if (reference === undefined) return null;
  const { id, sharedGalleryImageId, communityGalleryImageId, publisher, offer, sku, version } = reference;
  const named = id || sharedGalleryImageId || communityGalleryImageId;
  if (named) return named;
  const parts = [publisher, offer, sku, version];
  return parts.every(Boolean) ? parts.join(':') : null;
}

export function imageReferenceOf(image: string): ImageReference {
  if (/^\/SharedGalleries\//i.test(image)) return { sharedGalleryImageId: image };
  if (/^\/CommunityGalleries\//i.test(image)) return { communityGalleryImageId: image };
  const [publisher, offer, sku, version] = image.split(':');
  if (image.startsWith('/') || !publisher || !offer || !sku || !version) return { id: image };
  return { publisher, offer, sku, version };
}

/** See ScaleSets.imageExists. Throws AzureError where Azure does not say (no right to read the gallery). */
export async function imageExists(image: string, location: string, clientOf: ClientOf): Promise<boolean> {
  const reference = imageReferenceOf(image);
  const found = await requestOrNull(async () => {
    if (reference.publisher !== undefined) return isPlatformImage(reference, location, await clientOf(null));
    if (reference.id === undefined) return isOfForeignGallery(image, location, await clientOf(null));
    return isOwnImage(image, location, await clientOf(partOf(image, 'subscriptions')));
  });
  return found ?? false;
}

/** As in northeurope, whether Azure says "North Europe" or not. */
export function regionName(location: string): string {
  return location.toLowerCase().replaceAll(' ', '');
}

async function isPlatformImage(
  { publisher = '', offer = '', sku = '', version = '' }: ImageReference,
  location: string,
  { virtualMachineImages }: ComputeManagementClient,
): Promise<boolean> {
  const region = regionName(location);
  if (version.toLowerCase() !== 'latest') {
    await virtualMachineImages.get(region, publisher, offer, sku, version);
    return true;
  }
  return (await virtualMachineImages.list(region, publisher, offer, sku, { top: 1 })).length > 0;
}

/** Ids without a subscription: what others share is shared for a region. */
async function isOfForeignGallery(
  image: string,
  location: string,
  client: ComputeManagementClient,
): Promise<boolean> {
  const region = regionName(location);
  const [name, version] = [partOf(image, 'Images'), partOf(image, 'Versions')];
  const [shared, community] = [partOf(image, 'SharedGalleries'), partOf(image, 'CommunityGalleries')];
  if (name === null || version === null) return false;
  if (shared !== null) await client.sharedGalleryImageVersions.get(region, shared, name, version);
  else await client.communityGalleryImageVersions.get(region, community ?? '', name, version);
  return true;
}

async function isOwnImage(id: string, location: string, client: ComputeManagementClient): Promise<boolean> {
  const [group, gallery, name, version] = ['resourceGroups', 'galleries', 'images', 'versions'].map((part) =>
    partOf(id, part),
  );
  if (group == null || name == null) return false;
  if (gallery == null) {
    const image = await client.images.get(group, name);
    return regionName(image.location) === regionName(location);
  }
  if (version == null) return hasUsableVersion(client, [group, gallery, name], location);
  const expand = 'ReplicationStatus';
  return isReplicated(
    await client.galleryImageVersions.get(group, gallery, name, version, { expand }),
    location,
  );
}

/** Of an id that leaves the choice of the version to Azure. */
async function hasUsableVersion(
  { galleryImageVersions }: ComputeManagementClient,
  [group, gallery, name]: readonly [string, string, string],
  location: string,
): Promise<boolean> {
  for await (const version of galleryImageVersions.listByGalleryImage(group, gallery, name))
    if (isReplicated(version, location)) return true;
  return false;
}

function isReplicated(version: GalleryImageVersion, location: string): boolean {
  const { replicationStatus, publishingProfile, provisioningState } = version;
  const isHere = (region: string | undefined) => regionName(region ?? '') === regionName(location);
  const replica = replicationStatus?.summary?.find(({ region }) => isHere(region));
  if (replica !== undefined) return replica.state === 'Completed';
  // A list tells no status; then what was asked of the gallery, and that it has done it.
  if (replicationStatus?.summary !== undefined || provisioningState !== 'Succeeded') return false;
  return (publishingProfile?.targetRegions ?? []).some(({ name }) => isHere(name));
}
