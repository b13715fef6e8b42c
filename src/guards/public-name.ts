import { sameName } from '../application/production-slot.ts';
import type { Guard } from './guard.ts';
import { notKnowable, pass } from './verdict.ts';

/** A switch moves whoever comes by way of the profile, and nobody else. */
export const publicName: Guard = {
  id: 'public-name',
  title: 'The name users open leads through the profile',
  phases: ['prepare', 'upgrade', 'switch'],
  check: async ({ azure, config }, { profile }) => {
    const name = config.trafficManager?.publicName ?? profile?.fqdn ?? null;
    if (!profile || !name) return notKnowable('the profile is not there yet');
    const { chain, kind } = await azure.web.resolve(name);
    if (sameName(name, profile.fqdn) || chain.some((one) => sameName(one, profile.fqdn))) {
      if (kind === 'resolved') return pass(`${name} leads through ${profile.fqdn}`);
      return notKnowable(`${name} leads to ${profile.fqdn}, which answers no address now`);
    }
    return notKnowable(
      `${name} does not show ${profile.fqdn} among its names (${chain.join(', ') || 'none'}): unless an alias record or a CDN in front of it leads there, a switch moves nobody`,
    );
  },
};
