// Cores that a version needs beyond what is in use, by the instance counts of its configuration. A size stands in the
// package, where nobody can read it: that of today is reckoned with.
import { AzureError } from '../../azure/errors.ts';
import type { CloudService } from '../../azure/ports/compute.ts';
import { readServiceConfiguration } from '../service-configuration.ts';
import type { CoreNeed } from '../target.ts';
import type { HeldAutomation } from '../update-record.ts';
import { withScaledInstances } from './scaled-instances.ts';
import type { CloudParts } from './service-pair.ts';
import { versionFiles, type Which } from './version-files.ts';

/** Null where the files, a size or the usage cannot be read, and where a role is new. */
export async function coreNeed(
  parts: CloudParts,
  service: CloudService,
  which: Which,
  held: Pick<HeldAutomation, 'autoscale'>,
): Promise<CoreNeed | null> {
  const files = await versionFiles(parts, which);
  const configuration = await withScaledInstances(parts, files.configuration, service, held);
  const configured = configuration === null ? null : readServiceConfiguration(configuration);
  if (configured === null) return null;
  const counts = new Map(configured.roles.map(({ name, instances }) => [name.toLowerCase(), instances]));
  const known = service.roles.map(({ name }) => name.toLowerCase());
  if ([...counts.keys()].some((name) => !known.includes(name))) return null;
  try {
    const more = await Promise.all(
      service.roles.map(async ({ name, skuName, capacity }) => {
        const cores = await parts.compute.scaleSets.coresOf(skuName, service.location);
        const wanted = counts.get(name.toLowerCase()) ?? 0;
        return cores === null ? null : (wanted - capacity) * cores;
      }),
    );
    if (more.includes(null)) return null;
    const usage = await parts.compute.scaleSets.coreUsage(service.location);
    return { more: more.reduce((sum: number, each) => sum + (each ?? 0), 0), usage };
  } catch (error) {
    if (error instanceof AzureError && error.status === 403) return null;
    throw error;
  }
}
