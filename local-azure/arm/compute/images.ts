// Images that machines are made from: versions in a compute gallery, replicated to some regions, and the platform's.
import type { ArmCall, Route } from '../core/call.ts';
import { ok } from '../core/call.ts';
import type { ArmContext } from '../core/context.ts';
import { ArmError, resourceNotFound } from '../core/errors.ts';
import { locationDisplayName, locationName, NameMap, sameName } from '../core/ids.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { asObject, asText } from '../core/json.ts';
import { COMPUTE } from './model.ts';

export interface ImageVersion {
  readonly group: string;
  readonly gallery: string;
  readonly image: string;
  /** e.g. 1.0.0. */
  readonly version: string;
  /** Where its gallery stands. */
  readonly location: string;
  /** Where it can be used. */
  readonly regions: readonly string[];
  readonly excludeFromLatest?: boolean;
}

export interface PlatformImage {
  readonly publisher: string;
  readonly offer: string;
  readonly sku: string;
  readonly version: string;
}

export interface Images {
  readonly routes: readonly Route[];
  addVersion(version: ImageVersion): void;
  removeVersion(version: Pick<ImageVersion, 'group' | 'gallery' | 'image' | 'version'>): void;
  addPlatformImage(image: PlatformImage): void;
  /** The version a reference means now. Throws 404 GalleryImageNotFound or PlatformImageNotFound, 400 InvalidParameter. */
  exactVersion(reference: JsonValue, location: string): string;
}

const VERSIONS = `${COMPUTE}/galleries/{gallery}/images/{image}/versions`;

export function createImages(context: ArmContext): Images {
  const versions = new NameMap<ImageVersion>();
  const platform: PlatformImage[] = [];
  const imageId = ({ group, gallery, image }: Pick<ImageVersion, 'group' | 'gallery' | 'image'>) =>
    `/subscriptions/${context.subscriptionId}/resourceGroups/${group}/providers/Microsoft.Compute/galleries/${gallery}/images/${image}`;
  const idOf = (version: Pick<ImageVersion, 'group' | 'gallery' | 'image' | 'version'>) =>
    `${imageId(version)}/versions/${version.version}`;
  const named = (call: ArmCall) => ({
    group: call.param('group'),
    gallery: call.param('gallery'),
    image: call.param('image'),
  });
  const body = (version: ImageVersion, withReplication: boolean): JsonObject => ({
    id: idOf(version),
    name: version.version,
    type: 'Microsoft.Compute/galleries/images/versions',
    location: version.location,
    tags: {},
    properties: {
      ...properties(version),
      ...(withReplication ? { replicationStatus: replication(version) } : {}),
    },
  });

  const get = (call: ArmCall) => {
    const wanted = { ...named(call), version: call.param('version') };
    const version = versions.get(idOf(wanted));
    if (version !== undefined) return ok(body(version, call.query.get('$expand') === 'ReplicationStatus'));
    throw resourceNotFound(
      `Microsoft.Compute/galleries/${wanted.gallery}/images/${wanted.image}/versions/${wanted.version}`,
      wanted.group,
    );
  };
  const list = (call: ArmCall) => {
    const id = imageId(named(call));
    return ok({
      value: versions
        .values()
        .filter((version) => sameName(imageId(version), id))
        .map((version) => body(version, false)),
    });
  };

  const ofGallery = (id: string, location: string): string => {
    const usable = (version: ImageVersion) =>
      version.regions.some((region) => locationName(region) === locationName(location));
    if (!/\/versions\//i.test(id)) {
      const newest = versions
        .values()
        .filter((each) => sameName(imageId(each), id) && usable(each) && each.excludeFromLatest !== true)
        .toSorted((one, other) => compareVersions(one.version, other.version))
        .at(-1);
      if (newest !== undefined) return newest.version;
    }
    const version = versions.get(id);
    if (version !== undefined && usable(version)) return version.version;
    // The quotation marks are Azure's.
    const message = `"The gallery image ${id} is not available in ${locationName(location)} region. Please contact image owner to replicate to this region, or change your requested region."`;
    throw new ArmError(404, 'GalleryImageNotFound', message);
  };
  const ofPlatform = (reference: JsonObject): string => {
    const [publisher, offer, sku, version] = ['publisher', 'offer', 'sku', 'version'].map(
      (member) => asText(reference[member]) ?? '',
    ) as [string, string, string, string];
    const offered = platform
      .filter(
        (each) =>
          sameName(each.publisher, publisher) && sameName(each.offer, offer) && sameName(each.sku, sku),
      )
      .toSorted((one, other) => compareVersions(one.version, other.version));
    const found = version === 'latest' ? offered.at(-1) : offered.find((each) => each.version === version);
    if (found !== undefined) return found.version;
    throw new ArmError(
      404,
      'PlatformImageNotFound',
      `The platform image '${publisher}:${offer}:${sku}:${version}' is not available. Verify that all fields in the storage profile are correct.`,
    );
  };

  const read = (path: string, handle: Route['handle']): Route => ({
    method: 'GET',
    template: path,
    action: 'Microsoft.Compute/galleries/images/versions/read',
    handle,
  });
  return {
    routes: [read(VERSIONS, list), read(`${VERSIONS}/{version}`, get)],
    addVersion: (version) => versions.set(idOf(version), version),
    removeVersion: (version) => {
      versions.delete(idOf(version));
    },
    addPlatformImage: (image) => {
      platform.push(image);
    },
    exactVersion: (reference, location) => {
      const wanted = asObject(reference);
      const id = asText(wanted.id);
      if (id !== null) return ofGallery(id, location);
      if (asText(wanted.publisher) !== null) return ofPlatform(wanted);
      throw new ArmError(400, 'InvalidParameter', "Required parameter 'imageReference' is missing (null).");
    },
  };
}

function properties(version: ImageVersion): JsonObject {
  return {
    provisioningState: 'Succeeded',
    publishingProfile: {
      targetRegions: version.regions.map((region) => ({
        name: locationDisplayName(region),
        regionalReplicaCount: 1,
        storageAccountType: 'Standard_LRS',
      })),
      replicaCount: 1,
      excludeFromLatest: version.excludeFromLatest ?? false,
      storageAccountType: 'Standard_LRS',
    },
    storageProfile: { osDiskImage: { sizeInGB: 30, hostCaching: 'ReadWrite' } },
  };
}

function replication(version: ImageVersion): JsonObject {
  return {
    aggregatedState: 'Completed',
    summary: version.regions.map((region) => ({
      region: locationDisplayName(region),
      state: 'Completed',
      details: '',
      progress: 100,
    })),
  };
}

/** By their numbers: 10.0.0 is after 9.0.0. */
function compareVersions(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
