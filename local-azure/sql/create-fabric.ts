// All logical servers of the embedded Azure, and what resource manager may do with them.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Latency } from '../latency.ts';
import type { Random } from '../random.ts';
import { createRegions, type Regions } from '../regions.ts';
import { Database } from './database.ts';
import type { FabricLink, SqlFabric } from './fabric.ts';
import { inspectDatabase } from './inspect.ts';
import { logIn } from './login.ts';
import { GeoReplication, type GhostLink } from './replication/geo-replication.ts';
import type { ReplicationLink } from './replication/link.ts';
import { type EntraPrincipal, Server } from './server.ts';
import type { SessionHost } from './session.ts';
import { openStore, removeStore } from './storage/store.ts';

export interface SqlFabricOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly latency: Latency;
  /** Where none are given none can go down. */
  readonly regions?: Regions;
  /** Where the databases' files go; a new folder under the system's temporary one by default, removed at close. */
  readonly dataDirectory?: string;
  /**
   * Whether READ_ONLY, set on a geo-primary, is still set on the copy once the link is gone. Microsoft's article
   * sets the copy READ_WRITE after the termination, so by default it is.
   */
  readonly readOnlyTravels?: boolean;
}

const LISTENER = /^([^.]+)(\.secondary)?\.database\.windows\.net$/;

export function createSqlFabric(options: SqlFabricOptions): SqlFabric {
  const { clock, random, latency, regions = createRegions() } = options;
  const directory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'local-azure-sql-'));
  mkdirSync(directory, { recursive: true });
  const servers = new Map<string, { server: Server; host: SessionHost }>();
  const directoryEntries: EntraPrincipal[] = [];
  const listeners = new Map<string, { readonly primary: string; readonly secondary: string }>();
  let files = 0;
  const newFile = () => {
    files++;
    const file = join(directory, `${files}.db`);
    // A folder of one's own may still hold the databases of an earlier run.
    removeStore(file);
    return file;
  };
  const findServer = (name: string) => servers.get(name.toLowerCase())?.server ?? null;
  const replication = new GeoReplication({
    clock,
    random,
    findServer,
    newFile,
    lagMs: latency.of('replication-lag'),
    readOnlyTravels: options.readOnlyTravels ?? true,
  });
  regions.onChange(() => {
    for (const { server } of servers.values())
      if (server.isDown) for (const database of server.databases()) database.endSessions();
    replication.reachabilityChanged();
  });

  const serverNamed = (name: string): Server => {
    const server = findServer(name);
    if (!server) throw new Error(`there is no SQL server ${name}`);
    return server;
  };
  const databaseNamed = (server: string, name: string): Database => {
    const database = serverNamed(server).find(name);
    if (!database) throw new Error(`there is no database ${name} on ${server}`);
    return database;
  };
  const linkNamed = (id: string): ReplicationLink => {
    const link = replication.find(id);
    if (!link) throw new Error(`there is no replication link ${id}`);
    return link;
  };
  const create = (server: Server, name: string): void => {
    if (server.find(name)) throw new Error(`database ${name} exists on ${server.name}`);
    const database = new Database({
      name,
      server: server.name,
      id: server.nextDatabaseId(),
      file: newFile(),
      clock,
    });
    openStore(database.file).close();
    server.add(database);
    server.beginOperation(name, 'CREATE DATABASE').endedAt = clock.now();
  };
  const drop = (server: Server, database: Database): void => {
    replication.removeAllOf(database);
    for (const session of [...database.sessions]) session.kill();
    server.remove(database);
    server.beginOperation(database.name, 'DROP DATABASE').endedAt = clock.now();
    removeStore(database.file);
  };

  return {
    addServer: (name, administrator, location) => {
      const server = new Server(name, administrator, location ?? null, {
        clock,
        random,
        latency,
        replication,
        regions,
        directory: directoryEntries,
      });
      const host: SessionHost = {
        serverName: name,
        location: server.location,
        login: async (login, database, client) => logIn(server, login, database, client),
      };
      servers.set(name.toLowerCase(), { server, host });
      create(server, 'master');
      return host;
    },
    removeServer: (name) => {
      const server = serverNamed(name);
      for (const database of server.databases()) drop(server, database);
      servers.delete(name.toLowerCase());
    },
    hosts: () => [...servers.values()].map(({ host }) => host),
    setFirewall: (name, rules) => {
      serverNamed(name).firewall = rules;
    },
    setEntraAdministrator: (name, principal) => {
      serverNamed(name).entraAdministrator = principal;
      if (principal && !directoryEntries.some((each) => each.objectId === principal.objectId))
        directoryEntries.push(principal);
    },
    addEntraPrincipal: (principal) => {
      directoryEntries.push(principal);
    },
    createDatabase: (server, name) => create(serverNamed(server), name),
    dropDatabase: (server, name) => drop(serverNamed(server), databaseNamed(server, name)),
    hasDatabase: (server, name) => findServer(server)?.find(name) != null,
    databases: (server) =>
      serverNamed(server)
        .databases()
        .map((database) => database.name)
        .filter((name) => name !== 'master'),
    startGeoReplication: (source, target, seedingMs) =>
      describe(replication.start(databaseNamed(source.server, source.database), target.server, seedingMs)),
    links: (server, name) => {
      const database = databaseNamed(server, name);
      const incoming = replication.linkTo(database);
      return [
        ...replication.ghostsOf(database).map(describeGhost),
        ...[...replication.linksFrom(database), ...(incoming ? [incoming] : [])].map(describe),
      ];
    },
    removeLink: (id) => {
      if (!replication.removeGhost(id)) replication.remove(linkNamed(id));
    },
    setReplicationLag: (id, lagMs) => linkNamed(id).setLag(lagMs),
    setLinkState: (id, state) => linkNamed(id).setSuspended(state === 'SUSPENDED'),
    failover: async (id, { forced, signal = new AbortController().signal }) =>
      replication.failover(linkNamed(id), forced, signal),
    setListeners: (group, to) => {
      if (to === null) listeners.delete(group.toLowerCase());
      else listeners.set(group.toLowerCase(), to);
    },
    listenerTarget: (name) => {
      const [, group = '', secondary] = LISTENER.exec(name.toLowerCase()) ?? [];
      const to = listeners.get(group);
      return (secondary === undefined ? to?.primary : to?.secondary) ?? null;
    },
    inspect: (server, name, query) =>
      inspectDatabase(serverNamed(server), databaseNamed(server, name), query),
    killSessions: (server, name) => databaseNamed(server, name).endSessions(),
    isReadOnly: (server, name) => databaseNamed(server, name).isReadOnly,
    close: async () => {
      for (const { server } of servers.values())
        for (const database of server.databases()) drop(server, database);
      servers.clear();
      if (options.dataDirectory === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

function describe(link: ReplicationLink): FabricLink {
  const { id, state, percentComplete, startedAt } = link;
  return { id, ...endsOf(link), state, percentComplete, startedAt };
}

/** As recorded: it looks like any link that has caught up. */
function describeGhost(link: GhostLink): FabricLink {
  const { id, startedAt } = link;
  return { id, ...endsOf(link), state: 'CATCH_UP', percentComplete: 100, startedAt };
}

function endsOf({
  primary,
  secondary,
}: ReplicationLink | GhostLink): Pick<FabricLink, 'primary' | 'secondary'> {
  return {
    primary: { server: primary.server, database: primary.name },
    secondary: { server: secondary.server, database: secondary.name },
  };
}
