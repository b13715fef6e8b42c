// The other sides of resource manager's seams, as small as they can be and still say what was asked of them.
import type { Clock } from '../../../../local-azure/clock.ts';
import type { Random } from '../../../../local-azure/random.ts';
import type { FabricLink, SqlFabric } from '../../../../local-azure/sql/fabric.ts';
import type { SessionHost } from '../../../../local-azure/sql/session.ts';
import type {
  TrafficFabric,
  TrafficProfile,
} from '../../../../local-azure/traffic-manager/traffic-fabric.ts';
import type { RunningSite, WebFabric } from '../../../../local-azure/web/web-fabric.ts';

type Link = { -readonly [Member in keyof FabricLink]: FabricLink[Member] };

export interface MemorySqlFabric extends SqlFabric {
  readonly firewall: Map<string, readonly { name: string; start: string; end: string }[]>;
  readonly entraAdministrators: Map<string, string | null>;
  /** While true no seeding ends. */
  holdSeeding: boolean;
}

/** Databases and links by name only; no rows, no sessions. */
export function createMemorySqlFabric(clock: Clock, random: Random): MemorySqlFabric {
  const servers = new Map<string, { host: SessionHost; databases: Set<string> }>();
  let links: Link[] = [];
  const side = (link: Link, server: string, database: string) =>
    [link.primary, link.secondary].some((end) => end.server === server && end.database === database);
  const server = (name: string) => {
    const found = servers.get(name);
    if (found === undefined) throw new Error(`no server ${name}`);
    return found;
  };
  const findLink = (id: string) => {
    const link = links.find((each) => each.id === id);
    if (link === undefined) throw new Error(`no link ${id}`);
    return link;
  };
  const fabric: MemorySqlFabric = {
    firewall: new Map(),
    entraAdministrators: new Map(),
    holdSeeding: false,
    addServer: (name) => {
      const host: SessionHost = {
        serverName: name,
        login: () => Promise.reject(new Error('no sessions here')),
      };
      servers.set(name, { host, databases: new Set() });
      return host;
    },
    removeServer: (name) => {
      servers.delete(name);
    },
    hosts: () => [...servers.values()].map((each) => each.host),
    setFirewall: (name, rules) => {
      fabric.firewall.set(name, rules);
    },
    setEntraAdministrator: (name, principal) => {
      fabric.entraAdministrators.set(name, principal?.name ?? null);
    },
    addEntraPrincipal: () => {},
    createDatabase: (name, database) => {
      server(name).databases.add(database);
    },
    dropDatabase: (name, database) => {
      server(name).databases.delete(database);
      links = links.filter((link) => !side(link, name, database));
    },
    hasDatabase: (name, database) => server(name).databases.has(database),
    databases: (name) => [...server(name).databases],
    startGeoReplication: (source, target, seedingMs) => {
      const link: Link = {
        id: random.guid(),
        primary: source,
        secondary: target,
        state: 'PENDING',
        percentComplete: 0,
        startedAt: clock.now(),
      };
      links.push(link);
      server(target.server).databases.add(target.database);
      const advance = () => {
        if (fabric.holdSeeding) {
          clock.schedule(5, advance);
          return;
        }
        link.state = 'CATCH_UP';
        link.percentComplete = 100;
      };
      clock.schedule(seedingMs, advance);
      return link;
    },
    links: (name, database) => links.filter((link) => side(link, name, database)),
    removeLink: (id) => {
      findLink(id);
      links = links.filter((link) => link.id !== id);
    },
    setReplicationLag: () => {},
    setLinkState: (id, state) => {
      findLink(id).state = state;
    },
    failover: (id) => {
      const link = findLink(id);
      [link.primary, link.secondary] = [link.secondary, link.primary];
      return Promise.resolve();
    },
    setListeners: () => {},
    listenerTarget: () => null,
    inspect: () => [],
    killSessions: () => {},
    isReadOnly: () => false,
    close: () => Promise.resolve(),
  };
  return fabric;
}

export interface RecordingWebFabric extends WebFabric {
  /** By name, or name/slot: the last state told. */
  readonly sites: Map<string, RunningSite>;
  readonly changes: string[];
}

export function createRecordingWebFabric(): RecordingWebFabric {
  const sites = new Map<string, RunningSite>();
  const changes: string[] = [];
  const key = (name: string, slot: string | null) => (slot === null ? name : `${name}/${slot}`);
  return {
    sites,
    changes,
    siteChanged: (site) => {
      sites.set(key(site.name, site.slot), site);
      changes.push(key(site.name, site.slot));
    },
    siteRemoved: (name, slot) => {
      sites.delete(key(name, slot));
    },
    assignStamp: (_, planId) => (planId.includes('green') ? 'waws-prod-db3-202' : 'waws-prod-db3-101'),
  };
}

export interface RecordingTrafficFabric extends TrafficFabric {
  readonly written: TrafficProfile[];
  readonly removed: string[];
}

export function createRecordingTrafficFabric(): RecordingTrafficFabric {
  const written: TrafficProfile[] = [];
  const removed: string[] = [];
  return {
    written,
    removed,
    profileChanged: (profile) => {
      written.push(profile);
    },
    profileRemoved: (id) => {
      removed.push(id);
    },
    status: () => null,
  };
}
