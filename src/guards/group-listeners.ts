import type { FailoverGroup } from '../azure/ports.ts';
import type { SeenRegion } from './backup-region.ts';
import type { Verdict } from './guard.ts';
import { readSettings, type Setting, siteName, told } from './site-settings.ts';
import { allOf, fail, pass } from './verdict.ts';

/**
 * Whether a stage web app is connected by the listener of a group: V1's leads to V1's data, and the one of V2 is
 * not there before the switch.
 */
export async function listenersNamed(
  regions: readonly SeenRegion[],
  groups: readonly FailoverGroup['name'][],
): Promise<Verdict> {
  const present = regions.filter(({ observed }) => observed.sites.stage);
  const asked = present.flatMap((region) => groups.map((group) => ({ region, group })));
  return allOf(await Promise.all(asked.map(({ region, group }) => ofSite(region, group))));
}

async function ofSite({ context }: SeenRegion, group: string): Promise<Verdict> {
  const { azure, stage } = context;
  // A listener is named as a server is: GROUP.database.windows.net, GROUP.secondary.database.windows.net.
  const servers = { production: { server: { name: group } }, stage };
  const settings = await readSettings(azure.appService, stage.site, servers);
  const naming = settings.filter((one: Setting) => one.names === 'production' || one.names === 'both');
  if (naming.length === 0) return pass('');
  return fail(
    'stage-site-differs',
    `${siteName(stage.site)} names the listener of failover group ${group} in ${naming.map(told).join(', ')}: it does not lead to V2's database`,
    `Let it name ${stage.server.fullyQualifiedDomainName} until the switch is done.`,
  );
}
