// Writes a version to a cloud service. No instance is touched by it: with upgradeMode Manual they wait for the walk of
// their domain. The record goes with it in the same write, so that nobody ever finds the one without the other.
import { AzureError } from '../../azure/errors.ts';
import type { CloudService, CloudServiceRole } from '../../azure/ports/compute.ts';
import { UpgradeError } from '../../reasons.ts';
import { recordOfTags, type TagChanges, type Tags, tagsOfRecord } from '../record-tags.ts';
import { readServiceConfiguration } from '../service-configuration.ts';
import type { UpdateRecord } from '../update-record.ts';
import { VERSION_TAG } from './service-models.ts';
import { type CloudParts, isInTransition, readPair, readService } from './service-pair.ts';
import { missingOf, type VersionFiles, versionFiles, type Which } from './version-files.ts';

const SETTLE_WITHIN_MS = 5 * 60_000;
const SETTLE_INTERVAL_MS = 2_000;

/**
 * As ServiceTarget.writeModel. Throws 'update-in-progress' (target) or 'rollback-not-allowed' (previous) where the files
 * of the configuration are not this version, and AzureError.
 */
export async function writeVersion(
  parts: CloudParts,
  record: UpdateRecord,
  which: Which,
  signal: AbortSignal,
): Promise<UpdateRecord> {
  const gaps = await missingOf(parts, record, which);
  if (record.cloud === null || gaps.length > 0) throw notWritable(which, gaps);
  const written: UpdateRecord = { ...record, cloud: { ...record.cloud, standing: which } };
  const { subject } = await readPair(parts);
  const files = await versionFiles(parts, which);
  const change = {
    packageUrl: files.packageUrl,
    configuration: files.configuration ?? '',
    roles: rolesOf(files, subject),
    tags: changed(subject.tags, {
      ...tagsOfRecord(written, subject.tags),
      [VERSION_TAG]: record.cloud[which],
    }),
  };
  try {
    await parts.compute.cloudServices.update(subject, change, signal);
  } catch (error) {
    await readBack(parts, subject, written, error, signal);
  }
  return written;
}

/** The counts are the configuration's own: Azure refuses others unless the service allows it. Sizes are the package's. */
function rolesOf({ configuration }: VersionFiles, { roles }: CloudService): CloudServiceRole[] {
  const configured = readServiceConfiguration(configuration ?? '')?.roles ?? [];
  return configured.map(({ name, instances }) => {
    const now = roles.find((role) => role.name.toLowerCase() === name.toLowerCase());
    return { name, skuName: now?.skuName ?? '', capacity: instances ?? now?.capacity ?? 1 };
  });
}

/** Throws the error again, unless the write is seen to have come through. */
async function readBack(
  { compute, clock }: CloudParts,
  { ref }: CloudService,
  { updateId, cloud }: UpdateRecord,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  if (!(error instanceof AzureError) || !error.outcomeUnknown) throw error;
  const end = clock.now() + SETTLE_WITHIN_MS;
  while (!signal.aborted && clock.now() < end) {
    const service = await readService({ compute }, ref);
    const record = recordOfTags(service.tags);
    const isThere = record?.updateId === updateId && record.cloud?.standing === cloud?.standing;
    if (!isInTransition(service)) {
      if (isThere && service.provisioningState === 'Succeeded') return;
      throw error;
    }
    await clock.sleep(SETTLE_INTERVAL_MS, signal);
  }
  throw error;
}

function changed(tags: Tags, changes: TagChanges): Tags {
  const all = Object.entries({ ...tags, ...changes });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}

function notWritable(which: Which, gaps: readonly string[]): UpgradeError {
  const [reason, what] =
    which === 'target'
      ? (['update-in-progress', 'new version'] as const)
      : (['rollback-not-allowed', 'version before'] as const);
  return new UpgradeError(
    reason,
    `The ${what} was not written to the cloud service: ${gaps.join(' ') || 'the update that is written down is not of a cloud service.'}`,
    {
      advice: [
        'Run again with the configuration and the files that the update was begun with (service.cloud-service).',
      ],
    },
  );
}
