import { sameName } from '../application/production-slot.ts';
import type { Resolution } from '../azure/ports.ts';
import type { Config } from '../config/config.ts';
import { shell } from '../engine/command-line.ts';
import type { Guard, Verdict } from './guard.ts';
import { fail, notKnowable, pass } from './verdict.ts';

/** A switch moves whoever comes by way of the profile, and nobody else. */
export const publicName: Guard = {
  id: 'public-name',
  title: 'The name users open leads through the profile',
  phases: ['prepare', 'upgrade', 'switch'],
  check: async ({ azure, config }, { profile }) => {
    const name = config.trafficManager?.publicName ?? profile?.fqdn ?? null;
    if (!name) return notKnowable('the profile is not there yet');
    const resolution = await azure.web.resolve(name);
    const { chain, kind } = resolution;
    const configured = config.trafficManager?.profile ?? '';
    const other = throughAnother(chain, profile?.fqdn ?? `${config.trafficManager?.dnsName ?? ''}.`);
    if (other !== null) {
      return fail(
        'resource-not-found',
        `${name} leads through ${other}, and the configured profile ${configured} is ${profile ? profile.fqdn : 'not there'}: a switch would move nobody`,
        'Name the profile that users come by in traffic-manager.profile; this lists them with their names:',
        shell`az network traffic-manager profile list -g ${config.trafficManager?.resourceGroup ?? ''} -o table`,
      );
    }
    if (!profile) return beforeThereIsOne(config, name, resolution);
    if (sameName(name, profile.fqdn) || chain.some((one) => sameName(one, profile.fqdn))) {
      if (kind === 'resolved') return pass(`${name} leads through ${profile.fqdn}`);
      return notKnowable(`${name} leads to ${profile.fqdn}, which answers no address now`);
    }
    if (kind === 'no-such-name' && chain.length <= 1) {
      return notKnowable(
        `${name} is no name in DNS`,
        'Let it lead to the profile, or correct traffic-manager.public-name: users are counted as switched when V2 answers there.',
      );
    }
    return notKnowable(
      `${name} does not show ${profile.fqdn} among its names (${chain.join(', ') || 'none'}): unless an alias record or a CDN in front of it leads there, a switch moves nobody`,
    );
  },
};

/**
 * A name in DNS that nothing answers may wait for the profile that prepare makes. One that answers is a profile's already, and
 * there is each name only once: prepare would copy the databases and fail at the profile.
 */
function beforeThereIsOne(
  { trafficManager }: Pick<Config, 'trafficManager'>,
  name: string,
  { chain, kind }: Resolution,
): Verdict {
  const live = kind === 'resolved' ? chain.find((one) => TRAFFIC_MANAGER.test(one)) : undefined;
  if (!trafficManager || live === undefined) return notKnowable('the profile is not there yet');
  const { profile, resourceGroup } = trafficManager;
  return fail(
    'resource-not-found',
    `${name} leads through ${live}, which exists, but not as profile ${profile} in resource group ${resourceGroup}`,
    'Correct traffic-manager.resource-group or traffic-manager.profile; this lists the profiles with their names and resource groups:',
    shell`az network traffic-manager profile list -o table`,
  );
}

const TRAFFIC_MANAGER = /\.trafficmanager\./i;

/** A Traffic Manager name on the way, where the expected one is not (a nested profile's parent comes before it). */
function throughAnother(chain: readonly string[], expected: string): string | null {
  const profiles = chain.filter((name) => TRAFFIC_MANAGER.test(name));
  if (profiles.some((name) => name.toLowerCase().startsWith(expected.toLowerCase()))) return null;
  return profiles[0] ?? null;
}
