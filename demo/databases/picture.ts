// One look at the databases of both slots: which there are, who may write, how they are linked, where users go.
import type { LocalAzure } from '../../local-azure/start.ts';
import {
  type ContosoPlace,
  DATABASE,
  regionsOf,
  SLOTS,
  siteHost,
  type TopologyName,
} from '../../local-azure/topologies/contoso.ts';

/** Whose tables are in a database; V3's script fails halfway. */
export type Schema = 'V1' | 'V2' | 'half of V3';

export interface DatabaseSeen {
  readonly server: string;
  /** Display name. */
  readonly region: string;
  /** `lost`: its region does not answer. */
  readonly access: 'read-write' | 'read-only' | 'lost';
  readonly schema: Schema;
}

export interface LinkSeen {
  /** Servers. */
  readonly from: string;
  readonly to: string;
  readonly state: 'seeding' | 'caught up' | 'suspended';
}

export interface Picture {
  /** Server of the site that the public name leads to; null where it leads nowhere. */
  readonly serving: string | null;
  readonly databases: readonly DatabaseSeen[];
  readonly links: readonly LinkSeen[];
}

/** All servers of a topology, as they are drawn: a slot a row, a region a column. */
export function serversOf(topology: TopologyName): readonly (readonly ContosoPlace[])[] {
  return SLOTS[topology].map(regionsOf);
}

/** @param lost display names of the regions that are down. */
export function lookAt(azure: LocalAzure, topology: TopologyName, lost: ReadonlySet<string>): Picture {
  const places = serversOf(topology).flat();
  const present = places.filter(({ sqlServer }) => azure.fabric.hasDatabase(sqlServer, DATABASE));
  return {
    serving: servingServer(azure, places),
    databases: present.map(({ sqlServer: server, region: { displayName: region } }) => ({
      server,
      region,
      access: lost.has(region) ? 'lost' : accessOf(azure, server),
      schema: schemaOf(azure, server),
    })),
    links: linksOf(azure, present),
  };
}

/** Where DNS sends users now: an endpoint that has just been enabled shows a little later. */
function servingServer(azure: LocalAzure, places: readonly ContosoPlace[]): string | null {
  const { exists, records } = azure.state().publicName;
  const names = records.map(({ name }) => name);
  return (exists && places.find(({ site }) => names.includes(siteHost(site)))?.sqlServer) || null;
}

function accessOf({ fabric }: LocalAzure, server: string): 'read-write' | 'read-only' {
  return fabric.isReadOnly(server, DATABASE) ? 'read-only' : 'read-write';
}

const VERSION_TABLES = "SELECT [name] FROM sys.tables WHERE [name] IN (N'SchemaVersion', N'Channels')";

function schemaOf({ fabric }: LocalAzure, server: string): Schema {
  const tables = fabric.inspect(server, DATABASE, VERSION_TABLES).map(({ name }) => name);
  if (tables.includes('Channels')) return 'half of V3';
  return tables.includes('SchemaVersion') ? 'V2' : 'V1';
}

const STATES = {
  PENDING: 'seeding',
  SEEDING: 'seeding',
  CATCH_UP: 'caught up',
  SUSPENDED: 'suspended',
} as const;

/** As the secondary lists them: an old primary goes on listing what a failover took from it. */
function linksOf({ fabric }: LocalAzure, present: readonly ContosoPlace[]): LinkSeen[] {
  return present.flatMap(({ sqlServer: to }) =>
    fabric
      .links(to, DATABASE)
      .filter(({ secondary }) => secondary.server === to)
      .map(({ primary, state }) => ({ from: primary.server, to, state: STATES[state] })),
  );
}
