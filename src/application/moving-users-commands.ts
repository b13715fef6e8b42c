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
  const commands = config.switchMethod === 'slot-swap' ? swapInEachRegion(context) : setEndpoints(context);
  return [`Send users from ${production.config.name} to ${stage.config.name} again:`, ...commands].join('\n');
}

function swapInEachRegion(context: UpgradeContext): string[] {
  const regions = context.stage.standby ? [context, inBackupRegion(context)] : [context];
  return regions.map(({ production, config }) => swapSlots(production.site, config.deploymentSlot));
}

/** Those that users are sent to are there before the others go. */
function setEndpoints(context: UpgradeContext): string[] {
  const set = (status: 'Enabled' | 'Disabled', { config }: UpgradeContext['stage']) =>
    [config.endpoint, ...(config.backup ? [config.backup.endpoint] : [])].map((endpoint) =>
      updateEndpoint(context, endpoint, '--endpoint-status', status),
    );
  return [...set('Enabled', context.stage), ...set('Disabled', context.production)];
}
