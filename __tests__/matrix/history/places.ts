// Which site works on which database.
import type { LocalAzure } from '../../../local-azure/start.ts';
import { DATABASE, regionsOf } from '../../../local-azure/topologies/contoso.ts';
import { type SiteVariant, sitePlaces } from '../../../local-azure/topologies/site-places.ts';
import type { Place } from './events.ts';

interface Home {
  readonly site: string;
  readonly version: number;
  readonly database: string;
}

export interface Places {
  /** @param servedBy what a site says of itself: "contoso-blue 1.0.0"; null for who is no site of the application. */
  find(servedBy: string): Place | null;
  /** Of every database there is now, and the version whose users work on it. */
  databases(): readonly Pick<Home, 'database' | 'version'>[];
  /** Those that only copy another one now. */
  replicas(): readonly string[];
}

const V1 = '1.0.0';

/** @param variant how the application is laid out. */
export function placesOf({ fabric }: LocalAzure, variant: SiteVariant): Places {
  const { production, stage } = sitePlaces(variant);
  const homes: readonly Home[] = [production, stage].flatMap((slot, version) =>
    regionsOf(slot).map(({ name, database }) => ({ site: name, version, database: database.sqlServer })),
  );
  const isReplica = (database: string) =>
    fabric.hasDatabase(database, DATABASE) &&
    fabric.links(database, DATABASE).some(({ secondary }) => secondary.server === database);
  return {
    find: (servedBy) => {
      const [label = '', release] = servedBy.split(' ');
      const home = homes.find(({ site, version }) =>
        // Slots that are swapped take their connection strings along: the version says whose database it is.
        variant.switchMethod === 'slot-swap'
          ? site === label.replace(/-staging$/, '') && (version === 0) === (release === V1)
          : site === label,
      );
      return home ? { ...home, isReplica: isReplica(home.database) } : null;
    },
    databases: () =>
      homes
        .filter(({ database }) => fabric.hasDatabase(database, DATABASE))
        .map(({ database, version }) => ({ database, version })),
    replicas: () => homes.map(({ database }) => database).filter(isReplica),
  };
}
