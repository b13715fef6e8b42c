import { shell } from '../engine/command-line.ts';
import type { Guard } from './guard.ts';
import { regionName, sameRegion } from './region.ts';
import { fail, notKnowable, pass } from './verdict.ts';

/** The topology: a copy in another region would put V2's site far from its users or from its data. */
export const oneRegion: Guard = {
  id: 'one-region',
  title: 'Both SQL servers are in one region',
  phases: ['prepare', 'upgrade'],
  check: async ({ production, stage }) => {
    const [here, there] = [production.server, stage.server];
    if (here.location === null || there.location === null)
      return notKnowable(`where ${here.name} and ${there.name} are is not known`);
    if (sameRegion(here.location, there.location)) {
      return pass(`${here.name} and ${there.name} are in ${here.location}`);
    }
    return fail(
      'region-mismatch',
      `${here.name} is in ${here.location}, ${there.name} in ${there.location}`,
      `Name a server of ${here.location} for slot ${stage.config.name}; this creates one:`,
      shell`az sql server create -g ${stage.config.sqlResourceGroup} -n SERVER -l ${regionName(here.location)} --enable-ad-only-auth --external-admin-principal-type Group --external-admin-name NAME --external-admin-sid OBJECT_ID`,
    );
  },
};
