// The commands with which a person moves users from one slot to the other.
import type { SiteRef } from '../azure/ports.ts';
import { command } from '../engine/command-line.ts';
import { inBackupRegion } from './regions.ts';
import { updateEndpoint } from './traffic-manager-commands.ts';
import type { UpgradeContext } from './upgrade-context.ts';

/** Exchanges what the site has in production with what its slot has: the same command takes it back. */
export function swapSlots({ resourceGroup, site }: SiteRef, slot: string): string {
  const which = ['-g', resourceGroup, '-n', site, '--slot', slot, '--target-slot', 'production'];
  return command('az', 'webapp', 'deployment', 'slot', 'swap', ...which);
}

/** A sentence, with its commands in the lines after it: users go from the slot they are on to the other one, in every region. */
export function sendToStage(context: UpgradeContext): string {
  const { config, production, stage } = context;
  const [from, to] = [production.config.name, stage.config.name];
  if (config.switchMethod !== 'slot-swap')
    return [`Send users from ${from} to ${to} again:`, ...setEndpoints(context)].join('\n');
  const swap = (region: UpgradeContext) => swapSlots(region.production.site, config.deploymentSlot);
  if (!stage.standby) return `Send users from ${from} to ${to} again:\n${swap(context)}`;
  return [
    `Send users from ${from} to ${to} again, by a swap in each region whose site is connected to ${from}'s database, and in no other:`,
    swap(context),
    swap(inBackupRegion(context)),
  ].join('\n');
}

/** Those that users are sent to are there before the others go. */
function setEndpoints(context: UpgradeContext): string[] {
  const set = (status: 'Enabled' | 'Disabled', { config }: UpgradeContext['stage']) =>
    [config.endpoint, ...(config.backup ? [config.backup.endpoint] : [])].map((endpoint) =>
      updateEndpoint(context, endpoint, '--endpoint-status', status),
    );
  return [...set('Enabled', context.stage), ...set('Disabled', context.production)];
}
