// How many instances a role has is autoscale's to say, where it has one: written with the number of the file, an update
// would at once take away, in all domains, what autoscale has added.
import type { CloudService } from '../../azure/ports/compute.ts';
import { withInstances } from '../service-configuration.ts';
import type { HeldAutomation } from '../update-record.ts';
import type { CloudParts } from './service-pair.ts';

/** The configuration (.cscfg), with as many instances of scaled roles as there are; those of the file where it has more. */
export async function withScaledInstances(
  { compute }: Pick<CloudParts, 'compute'>,
  configuration: string | null,
  { id, ref, roles }: CloudService,
  held: Pick<HeldAutomation, 'autoscale'>,
): Promise<string | null> {
  if (configuration === null) return null;
  const isHeld = (setting: string) =>
    held.autoscale.some((one) => one.toLowerCase() === setting.toLowerCase());
  const scaled = await Promise.all(
    roles.map(async ({ name, capacity }) => {
      const settings = await compute.autoscale.settingsOf(ref.resourceGroup, `${id}/roles/${name}`);
      const isScaled = settings.some((setting) => setting.isEnabled || isHeld(setting.id));
      return isScaled ? [[name.toLowerCase(), capacity] as const] : [];
    }),
  );
  return withInstances(configuration, new Map(scaled.flat()));
}
