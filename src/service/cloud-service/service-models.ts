// The two versions of an update of a cloud service, and what it changes.
import type { CloudService } from '../../azure/ports/compute.ts';
import { changesOfCloudService } from '../cloud-service-change.ts';
import type { Tags } from '../record-tags.ts';
import type { ServiceChanges, ServiceLook, ServiceTarget, UpdateModels } from '../target.ts';
import { type HeldAutomation, NOTHING_HELD } from '../update-record.ts';
import { digestOf, hasContent, samePackage, sameVersion, withPackageOf } from './cloud-version.ts';
import { withScaledInstances } from './scaled-instances.ts';
import type { CloudParts } from './service-pair.ts';
import { versionFiles } from './version-files.ts';

/**
 * Which version this product has written to the service last; it stays when the update is finished. Nothing else tells,
 * in the next run, that the package of the configuration runs already.
 */
export const VERSION_TAG = 'rolling-upgrade-version';

/** What was, by the service as it stands, and what is to be, by the configuration. */
export async function modelsOf(
  parts: CloudParts,
  { record }: ServiceLook,
  subject: CloudService,
): Promise<UpdateModels> {
  const files = await versionFiles(parts, 'target');
  const target = digestOf(files);
  const held = record?.held ?? NOTHING_HELD;
  const configuration = await withScaledInstances(parts, files.configuration, subject, held);
  const previous = record?.cloud?.[record.cloud.standing] ?? standingDigest(parts, subject);
  const isTarget = [target, digestOf({ ...files, configuration })].includes(previous);
  return { models: {}, cloud: { previous, target, standing: isTarget ? 'target' : 'previous' } };
}

/** By chosen role; the same for all, since a cloud service is written as a whole. */
export function standingOf(
  { roles, record }: ServiceLook,
  { cloud }: UpdateModels,
  subject: CloudService,
): ReturnType<ServiceTarget['standing']> {
  const standing =
    cloud === null ? 'other' : record === null ? cloud.standing : standingInUpdate(cloud, subject);
  return new Map(roles.filter(({ chosen }) => chosen).map(({ role }) => [role, standing]));
}

/** Where the service has what this product has written last, but neither version, an earlier target was written over. */
function standingInUpdate(cloud: NonNullable<UpdateModels['cloud']>, { configuration, tags }: CloudService) {
  const written = versionTag(tags) ?? cloud[cloud.standing];
  if (!hasContent(written, configuration)) return 'other';
  if (sameVersion(written, cloud.target)) return 'target';
  return sameVersion(written, cloud.previous) ? 'previous' : 'superseded';
}

/** Of the version before, as long as it stands, Azure shows the configuration; later its file has it. */
export async function changesOf(
  parts: CloudParts,
  subject: CloudService,
  { cloud }: UpdateModels,
  held: Pick<HeldAutomation, 'autoscale'>,
): Promise<ServiceChanges> {
  const [previous, target] = await Promise.all([
    versionFiles(parts, 'previous'),
    versionFiles(parts, 'target'),
  ]);
  const shown = cloud !== null && hasContent(cloud.previous, subject.configuration);
  const hasSamePackage = cloud !== null && samePackage(cloud.previous, cloud.target);
  return changesOfCloudService(
    {
      packageUrl: hasSamePackage ? target.packageUrl : previous.packageUrl,
      configuration: shown ? subject.configuration : previous.configuration,
    },
    { ...target, configuration: await withScaledInstances(parts, target.configuration, subject, held) },
  );
}

/** The package is what the last update has left; where somebody has written another configuration since, what the file says. */
function standingDigest({ service }: CloudParts, { configuration, tags }: CloudService): string {
  const shown = digestOf({ packageUrl: service.previousPackageUrl, configuration });
  const written = versionTag(tags);
  return written !== null && hasContent(written, configuration) ? withPackageOf(written, shown) : shown;
}

function versionTag(tags: Tags): string | null {
  return Object.entries(tags).find(([name]) => name.toLowerCase() === VERSION_TAG)?.[1] ?? null;
}
