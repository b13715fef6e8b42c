// Profiles that prepare does not add anything to, each with the command that puts it right.
import { createEndpoint, updateEndpoint } from '../application/traffic-manager-commands.ts';
import type { Deployment, UpgradeContext } from '../application/upgrade-context.ts';
import type { Endpoint, Profile, Site } from '../azure/ports.ts';
import { type Assessment, blocked } from '../engine/step.ts';

/** An endpoint of the stage slot that is online. */
export function stageEnabled(context: UpgradeContext, endpoint: Endpoint): Assessment {
  return blocked(
    'production-slot-unclear',
    `The stage endpoint ${endpoint.name} is enabled: users may be sent to a stage that is not upgraded`,
    updateEndpoint(context, endpoint, '--endpoint-status', 'Disabled'),
  );
}

/**
 * Production's site in the backup region has no endpoint: users would not be sent there in a disaster. Adding it is an
 * online endpoint, and so the user's own decision.
 * @param site null where it does not exist.
 */
export function standbyMissing(
  context: UpgradeContext,
  profile: Profile,
  { config }: Deployment,
  site: Site | null,
): Assessment {
  const { name, type } = config.endpoint;
  const priority = Math.max(0, ...profile.endpoints.map((endpoint) => endpoint.priority ?? 0)) + 1;
  const target =
    type === 'azure'
      ? ['--target-resource-id', site?.id ?? 'ID-OF-ITS-SITE']
      : [
          ...['--target', site?.defaultHostName ?? 'HOST-OF-ITS-SITE'],
          ...['--endpoint-location', site?.location ?? 'ITS-REGION'],
        ];
  const online = ['--priority', String(priority), '--endpoint-status', 'Enabled'];
  return blocked(
    'standby-missing',
    `Profile ${profile.name} has no endpoint "${name}" for production's standby in the backup region: users would not be sent there if the primary region were lost`,
    createEndpoint(context, config.endpoint, ...target, ...online),
  );
}
