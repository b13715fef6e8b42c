// The sites of the example company: where each runs, and whose database it uses.
import type { ConfigVariant } from './config-file.ts';
import {
  type ContosoPlace,
  type ContosoSlot,
  type InRegions,
  regionsOf,
  SLOTS,
  SWAPPED_SITES,
} from './contoso.ts';

export interface SitePlace {
  readonly name: string;
  readonly deploymentSlot: string | null;
  /** Holds the site and its plan. */
  readonly host: ContosoPlace;
  /** Holds its database. */
  readonly database: ContosoPlace;
}

export interface SitePlaces {
  readonly production: InRegions<SitePlace>;
  readonly stage: InRegions<SitePlace>;
}

export type SiteVariant = Pick<ConfigVariant, 'topology' | 'switchMethod'>;

/** The sites there are by topology and switch method. */
export function sitePlaces({ topology, switchMethod }: SiteVariant): SitePlaces {
  const [blue, green] = SLOTS[topology];
  if (switchMethod === 'traffic-manager') return { production: ownSites(blue), stage: ownSites(green) };
  return {
    production: swappedSites(blue, blue, null),
    stage: swappedSites(blue, green, SWAPPED_SITES.deploymentSlot),
  };
}

/** All of them: production's first, of each slot the primary region's first. */
export function allSitePlaces(variant: SiteVariant): readonly SitePlace[] {
  const { production, stage } = sitePlaces(variant);
  return [...regionsOf(production), ...regionsOf(stage)];
}

function ownSites({ primary, backup }: ContosoSlot): InRegions<SitePlace> {
  const own = (place: ContosoPlace) => ({
    name: place.site,
    deploymentSlot: null,
    host: place,
    database: place,
  });
  return { primary: own(primary), backup: backup && own(backup) };
}

function swappedSites(
  host: ContosoSlot,
  database: ContosoSlot,
  deploymentSlot: string | null,
): InRegions<SitePlace> {
  const { primary, backup } = SWAPPED_SITES;
  return {
    primary: { name: primary, deploymentSlot, host: host.primary, database: database.primary },
    backup: host.backup &&
      database.backup && { name: backup, deploymentSlot, host: host.backup, database: database.backup },
  };
}
