// Writes a version to a cloud service. No instance is touched by it: with upgradeMode Manual they wait for the walk of
// their domain. The record goes with it in the same write, so that nobody ever finds the one without the other.
import { AzureError } from '../../azure/errors.ts';
import type { CloudService, CloudServiceRole } from '../../azure/ports/compute.ts';
import { UpgradeError } from '../../reasons.ts';
import { persist } from '../persist.ts';
import { type TagChanges, type Tags, tagsOfRecord } from '../record-tags.ts';
import { readServiceConfiguration } from '../service-configuration.ts';
import type { UpdateRecord } from '../update-record.ts';
import { withScaledInstances } from './scaled-instances.ts';
import { VERSION_TAG } from './service-models.ts';
import { type CloudParts, readPair, refuseForeign } from './service-pair.ts';
import { missingOf, versionFiles, type Which } from './version-files.ts';

const WITHIN_MS = 10 * 60_000;
const WORDS = { target: 'new version', previous: 'version before' } as const;

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
  const digest = record.cloud[which];
  const written: UpdateRecord = { ...record, cloud: { ...record.cloud, standing: which } };
  const files = await versionFiles(parts, which);
  const what = `the ${WORDS[which]} to cloud service ${parts.service.service}`;
  let isAsked = false;
  await persist(parts, { what, withinMs: WITHIN_MS, signal }, async () => {
    const { subject, record: found } = await readPair(parts);
    refuseForeign(parts, subject);
    // Asked before, and the end was not seen.
    if (isAsked && isWritten(subject, found, written)) return;
    const configuration = await withScaledInstances(parts, files.configuration, subject, record.held);
    const tags = { ...tagsOfRecord(written, subject.tags), [VERSION_TAG]: digest };
    isAsked = true;
    const change = {
      packageUrl: files.packageUrl,
      configuration: configuration ?? '',
      roles: rolesOf(configuration, subject),
      tags: changed(subject.tags, tags),
    };
    await parts.compute.cloudServices.update(subject, change, signal).catch((error: unknown) => {
      throw which === 'previous' && isRefusal(error) ? noWayBack(error) : error;
    });
  });
  return written;
}

/** Azure has looked at the version and does not take it, now or later. */
function isRefusal(error: unknown): error is AzureError {
  return error instanceof AzureError && error.status === 400;
}

/** The article: "If the update increases the local resources for a role the Azure platform does not allow rolling back". */
function noWayBack(cause: AzureError): UpgradeError {
  return new UpgradeError(
    'rollback-not-allowed',
    `Azure does not take the version before any more: ${cause.message} Where an update has made local resources larger, the platform allows no way back`,
    {
      cause,
      advice: [
        'Go on: run phase upgrade.',
        'Or put the version before beside this one and exchange their addresses: switch.method: swap, with cloud-service.staging.',
      ],
    },
  );
}

function isWritten(
  { provisioningState }: CloudService,
  found: UpdateRecord | null,
  { updateId, cloud }: UpdateRecord,
): boolean {
  const isThere = found?.updateId === updateId && found.cloud?.standing === cloud?.standing;
  return isThere && provisioningState === 'Succeeded';
}

/** The counts are the configuration's own: Azure refuses others unless the service allows it. Sizes are the package's. */
function rolesOf(configuration: string | null, { roles }: CloudService): CloudServiceRole[] {
  const configured = readServiceConfiguration(configuration ?? '')?.roles ?? [];
  return configured.map(({ name, instances }) => {
    const now = roles.find((role) => role.name.toLowerCase() === name.toLowerCase());
    return { name, skuName: now?.skuName ?? '', capacity: instances ?? now?.capacity ?? 1 };
  });
}

function changed(tags: Tags, changes: TagChanges): Tags {
  const all = Object.entries({ ...tags, ...changes });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}

function notWritable(which: Which, gaps: readonly string[]): UpgradeError {
  return new UpgradeError(
    which === 'target' ? 'update-in-progress' : 'rollback-not-allowed',
    `The ${WORDS[which]} was not written to the cloud service: ${gaps.join(' ') || 'the update that is written down is not of a cloud service.'}`,
    {
      advice: [
        'Run again with the configuration and the files that the update was begun with (service.cloud-service).',
      ],
    },
  );
}
