import { sameName } from '../application/production-slot.ts';
import { shell } from '../engine/command-line.ts';
import type { Guard } from './guard.ts';
import { fail, notKnowable, pass } from './verdict.ts';

/** A switch moves whoever comes by way of the profile, and nobody else. */
export const publicName: Guard = {
  id: 'public-name',
  title: 'The name users open leads through the profile',
  phases: ['prepare', 'upgrade', 'switch'],
  check: async ({ azure, config }, { profile }) => {
    const name = config.trafficManager?.publicName ?? profile?.fqdn ?? null;
    if (!name) return notKnowable('the profile is not there yet');
    const { chain, kind } = await azure.web.resolve(name);
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
    if (!profile) return notKnowable('the profile is not there yet');
    if (sameName(name, profile.fqdn) || chain.some((one) => sameName(one, profile.fqdn))) {
      if (kind === 'resolved') return pass(`${name} leads through ${profile.fqdn}`);
      return notKnowable(`${name} leads to ${profile.fqdn}, which answers no address now`);
    }
    return notKnowable(
      `${name} does not show ${profile.fqdn} among its names (${chain.join(', ') || 'none'}): unless an alias record or a CDN in front of it leads there, a switch moves nobody`,
    );
  },
};

/** A Traffic Manager name on the way, where the expected one is not (a nested profile's parent comes before it). */
function throughAnother(chain: readonly string[], expected: string): string | null {
  const profiles = chain.filter((name) => /\.trafficmanager\./i.test(name));
  if (profiles.some((name) => name.toLowerCase().startsWith(expected.toLowerCase()))) return null;
  return profiles[0] ?? null;
}
