// Autoscale of a cloud service's roles: it would write the service while it is updated.
import { type HeldAutomation, NOTHING_HELD } from '../update-record.ts';
import { type CloudParts, readPair } from './service-pair.ts';

/** Of both services where they are swapped: a swap that meets the scaling of one breaks both for good. */
export async function findAutoscale(parts: CloudParts): Promise<HeldAutomation> {
  const { subject, partner } = await readPair(parts);
  const roles = [subject, ...(partner === null ? [] : [partner])].flatMap(({ id, ref, roles }) =>
    roles.map(({ name }) => ({ id: `${id}/roles/${name}`, resourceGroup: ref.resourceGroup })),
  );
  const settings = await Promise.all(
    roles.map(({ id, resourceGroup }) => parts.compute.autoscale.settingsOf(resourceGroup, id)),
  );
  const enabled = settings.flat().filter(({ isEnabled }) => isEnabled);
  return { ...NOTHING_HELD, autoscale: [...new Set(enabled.map(({ id }) => id))] };
}
