import type { Role, UpgradeContext } from '../application/upgrade-context.ts';
import type { ReadBackupRegion, SeenRegion } from './backup-region.ts';
import { failedOverDatabases, failedOverEndpoint } from './failed-over.ts';
import type { Guard, Verdict } from './guard.ts';
import { regionName, sameRegion } from './region.ts';
import { siteName } from './site-settings.ts';
import { fail, notKnowable, pass } from './verdict.ts';

/**
 * The topology: both slots have their primary parts in one region and their standbys in one other, and users are in
 * the primary one. After a failover production is somewhere else than the configuration file has it.
 */
export function twoRegions(read: ReadBackupRegion): Guard {
  return {
    id: 'two-regions',
    title: 'Both slots have their parts in the same two regions',
    phases: ['prepare', 'upgrade'],
    check: async (context, observed) => {
      const failedOver = failedOverDatabases(context, observed) ?? failedOverEndpoint(context, observed);
      if (failedOver) return failedOver;
      const backup = await read(context, observed);
      return backup.kind === 'answers'
        ? checkRegions({ context, observed }, backup)
        : notKnowable('where the standbys are is not known: the backup region does not answer');
    },
  };
}

type Part = 'sql-server' | 'web-app';

interface Place {
  readonly name: string;
  readonly part: Part;
  readonly role: Role;
  /** Of the configuration file: "slots.blue.backup.sql-server". */
  readonly key: string;
  readonly location: string;
}

function checkRegions(primary: SeenRegion, backup: SeenRegion): Verdict {
  const [here, there] = [placesOf(primary, ''), placesOf(backup, 'backup.')];
  const home = primary.context.production.server.location;
  const away = backup.context.production.server.location;
  if (home === null || away === null) return notKnowable('which two regions they are is not known');
  return (
    oneRegionOnly(primary, backup) ??
    exchanged(here, there, home, away) ??
    elsewhere(primary.context, [...misplaced(here, home), ...misplaced(there, away)]) ??
    pass(`${told(here)} in ${home}; ${told(there)} in ${away}`)
  );
}

/** Servers always, web apps where they are there already. */
function placesOf({ context, observed }: SeenRegion, prefix: string): Place[] {
  const roles: readonly Role[] = ['production', 'stage'];
  return roles.flatMap((role): Place[] => {
    const { config, server, site: ref } = context[role];
    const site = observed.sites[role];
    const key = `slots.${config.name}.${prefix}`;
    return [
      ...(server.location === null
        ? []
        : [
            {
              name: server.name,
              part: 'sql-server' as const,
              role,
              key: `${key}sql-server`,
              location: server.location,
            },
          ]),
      ...(site
        ? [
            {
              name: siteName(ref),
              part: 'web-app' as const,
              role,
              key: `${key}web-app`,
              location: site.location,
            },
          ]
        : []),
    ];
  });
}

function oneRegionOnly(primary: SeenRegion, backup: SeenRegion): Verdict | null {
  const [here, there] = [primary.context.production, backup.context.production];
  if (!sameRegion(here.server.location, there.server.location)) return null;
  return fail(
    'region-mismatch',
    `${here.server.name} and its standby ${there.server.name} are both in ${here.server.location}: a region that is lost takes both`,
    `Name a server of another region as slots.${here.config.name}.backup.sql-server, with a geo-secondary of production on it. Without a second region the topology is single-region.`,
  );
}

/** Each of the two is where the other one should be: written into each other's place. */
function exchanged(
  here: readonly Place[],
  there: readonly Place[],
  home: string,
  away: string,
): Verdict | null {
  for (const one of misplaced(here, home)) {
    const other = misplaced(there, away).find(
      (place) =>
        place.role === one.role &&
        place.part === one.part &&
        sameRegion(one.location, away) &&
        sameRegion(place.location, home),
    );
    if (!other) continue;
    return fail(
      'region-mismatch',
      `regions are mixed up: ${one.name} (${one.key}) is in ${one.location}, ${other.name} (${other.key}) in ${other.location}`,
      `Exchange the two in the configuration file: ${one.key}: ${other.name}, ${other.key}: ${one.name}.`,
    );
  }
  return null;
}

interface Misplaced extends Place {
  readonly expected: string;
}

function misplaced(places: readonly Place[], expected: string): Misplaced[] {
  return places
    .filter((place) => !sameRegion(place.location, expected))
    .map((place) => ({ ...place, expected }));
}

function elsewhere(context: UpgradeContext, places: readonly Misplaced[]): Verdict | null {
  if (places.length === 0) return null;
  const production = context.production.config.name;
  return fail(
    'region-mismatch',
    `production (${production}) says which two regions they are, and ${places.map((place) => `${place.name} is in ${place.location}, not in ${place.expected}`).join('; ')}`,
    ...places.map(whatToName),
  );
}

function whatToName({ part, key, expected }: Misplaced): string {
  const region = regionName(expected);
  return part === 'web-app'
    ? `Name a web app of ${expected} as ${key}.`
    : `Name a server of ${expected} as ${key}; this creates one:\naz sql server create -g GROUP -n SERVER -l ${region} --enable-ad-only-auth --external-admin-principal-type Group --external-admin-name NAME --external-admin-sid OBJECT_ID`;
}

function told(places: readonly Place[]): string {
  return places.map((place) => place.name).join(', ');
}
