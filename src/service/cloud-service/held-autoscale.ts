// Autoscale of a cloud service's roles: it would write the service while it is updated.
import { setAutoscale } from '../autoscale-settings.ts';
import { type HeldAutomation, NOTHING_HELD } from '../update-record.ts';
import { type CloudParts, readPair, refuseForeign } from './service-pair.ts';

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

/** A setting has no lease of its own: the service says whether it is still this run's to write. */
export async function setScaling(
  parts: CloudParts,
  { autoscale }: HeldAutomation,
  isEnabled: boolean,
): Promise<void> {
  for (const id of autoscale) {
    refuseForeign(parts, (await readPair(parts)).subject);
    await setAutoscale(parts, id, isEnabled);
  }
}
