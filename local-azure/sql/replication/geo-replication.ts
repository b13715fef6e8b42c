// The links between databases of several logical servers.
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import { sameName } from '../catalog/catalog.ts';
import { Database } from '../database.ts';
import { alterDatabaseFailed, SqlServerError, sqlError } from '../errors.ts';
import { definePureFunctions } from '../functions/registry.ts';
import type { DatabaseOperation, Server } from '../server.ts';
import { openStore, removeStore } from '../storage/store.ts';
import { type Connection, exchangeRoles, shipEverything } from './failover.ts';
import { type LinkDetails, ReplicationLink } from './link.ts';

export interface GeoReplicationOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds of every new link. */
  readonly lagMs: number;
  readonly readOnlyTravels: boolean;
  readonly findServer: (name: string) => Server | null;
  /** A path for a new database's file. */
  readonly newFile: () => string;
}

/** How long an old primary lists links that went with its role, in milliseconds; recorded: more than nine seconds. */
const GHOST_MS = 30_000;

/** A link that is no more, as the old primary of a failover goes on listing it. */
export interface GhostLink {
  readonly id: string;
  readonly primary: Database;
  readonly secondary: Database;
  readonly startedAt: Date;
  readonly until: number;
}

export class GeoReplication {
  private readonly options: GeoReplicationOptions;
  private readonly all = new Map<string, ReplicationLink>();
  private ghosts: GhostLink[] = [];

  constructor(options: GeoReplicationOptions) {
    this.options = options;
  }

  /** Begins seeding a secondary of the same name. Throws SqlServerError where it cannot be. */
  start(primary: Database, targetServer: string, seedingMs: number): ReplicationLink {
    const target = this.options.findServer(targetServer);
    if (!target || sameName(targetServer, primary.server))
      throw alterDatabaseFailed(
        refused(`Server '${targetServer}' cannot take a geo-secondary of '${primary.name}'.`),
      );
    if (target.find(primary.name)) {
      throw alterDatabaseFailed(
        refused(
          `The destination database name '${primary.name}' already exists on the server '${target.name}'.`,
        ),
      );
    }
    const upstream = this.linkTo(primary);
    if (primary.availability !== 'online' || (upstream && upstream.state !== 'CATCH_UP'))
      throw alterDatabaseFailed(sqlError(5011, primary.name));
    const { clock, readOnlyTravels } = this.options;
    const secondary = new Database({
      name: primary.name,
      server: target.name,
      id: target.nextDatabaseId(),
      file: this.options.newFile(),
      clock,
    });
    copySnapshot(primary, secondary);
    if (readOnlyTravels) secondary.readOnlyOption = primary.readOnlyOption;
    secondary.lastCommitAt = primary.lastCommitAt;
    const operations = this.begin(primary, secondary, 'CREATE CONTINUOUS DATABASE COPY');
    const link = this.register({
      primary,
      secondary,
      id: null,
      resumes: null,
      seedingMs,
      lagMs: null,
      onSeeded: () => this.end(operations),
    });
    if (primary.role === 'standalone') primary.role = 'primary';
    target.add(secondary);
    return link;
  }

  /** A region has been lost or has returned. */
  reachabilityChanged(): void {
    for (const link of this.all.values()) link.reachabilityChanged();
  }

  find(id: string): ReplicationLink | null {
    return this.all.get(id) ?? null;
  }

  /** Links that `database` lists although they are no more. */
  ghostsOf(database: Database): GhostLink[] {
    const now = this.options.clock.now().getTime();
    this.ghosts = this.ghosts.filter((ghost) => ghost.until > now);
    return this.ghosts.filter((ghost) => ghost.primary === database);
  }

  /** False where there is none of this id. */
  removeGhost(id: string): boolean {
    const before = this.ghosts.length;
    this.ghosts = this.ghosts.filter((ghost) => ghost.id !== id);
    return this.ghosts.length < before;
  }

  /**
   * The secondary becomes the primary. Planned (not forced): once everything is shipped, which the signal can end.
   * Throws SqlServerError where the link is not in the state for it, or its primary is itself a secondary.
   */
  async failover(link: ReplicationLink, forced: boolean, signal: AbortSignal): Promise<void> {
    if (link.primary.role === 'secondary')
      throw alterDatabaseFailed(refused('The primary of the link is itself a geo-secondary.'));
    if (forced ? link.isFirstCopy : link.state !== 'CATCH_UP')
      throw alterDatabaseFailed(refused(`The replication link is in the state ${link.state}.`));
    if (!forced) await shipEverything(link, signal);
    exchangeRoles(this.book, link, forced ? 'forced' : 'planned');
  }

  linksFrom(primary: Database): ReplicationLink[] {
    return [...this.all.values()].filter((link) => link.primary === primary);
  }

  linkTo(secondary: Database): ReplicationLink | null {
    return [...this.all.values()].find((link) => link.secondary === secondary) ?? null;
  }

  /** Forced. A secondary that was still being seeded goes with its link. */
  remove(link: ReplicationLink): void {
    if (!this.all.delete(link.id)) return;
    const unfinished = link.remove();
    const { primary, secondary } = link;
    this.end(this.begin(primary, secondary, 'TERMINATE CONTINUOUS DATABASE COPY'));
    if (primary.role === 'primary' && this.linksFrom(primary).length === 0) primary.role = 'standalone';
    if (unfinished) this.discard(secondary);
  }

  removeAllOf(database: Database): void {
    for (const link of [...this.all.values()]) {
      if (link.primary === database || link.secondary === database) this.remove(link);
    }
  }

  /** Both servers' master tells of it. */
  private begin(primary: Database, secondary: Database, operation: string): DatabaseOperation[] {
    return [primary, secondary].flatMap((database) => {
      const server = this.options.findServer(database.server);
      return server ? [server.beginOperation(database.name, operation)] : [];
    });
  }

  private end(operations: readonly DatabaseOperation[]): void {
    for (const operation of operations) operation.endedAt = this.options.clock.now();
  }

  private discard(secondary: Database): void {
    for (const session of [...secondary.sessions]) session.kill();
    this.options.findServer(secondary.server)?.remove(secondary);
    removeStore(secondary.file);
  }

  private readonly book = {
    linksFrom: (primary: Database) => this.linksFrom(primary),
    connect: ({ resumptionMs, ...connection }: Connection) =>
      this.register({ ...connection, seedingMs: resumptionMs, onSeeded: () => {} }),
    disconnect: (link: ReplicationLink) => {
      this.all.delete(link.id);
      link.close();
    },
    leaveGhost: ({ id, primary, secondary, startedAt }: ReplicationLink) => {
      const until = this.options.clock.now().getTime() + GHOST_MS;
      this.ghosts.push({ id, primary, secondary, startedAt, until });
    },
    overwrite: (from: Database, to: Database) => {
      const before = to.file;
      to.file = this.options.newFile();
      copySnapshot(from, to);
      removeStore(before);
      to.catalogVersion++;
      to.lastCommitAt = from.lastCommitAt;
      if (this.options.readOnlyTravels) to.readOnlyOption = from.readOnlyOption;
    },
  };

  private register(
    details: Omit<LinkDetails, 'id' | 'lagMs' | 'clock' | 'readOnlyTravels' | 'isReachable'> & {
      /** Null: a new one. */
      readonly id: string | null;
      /** Null: as every link. */
      readonly lagMs: number | null;
    },
  ): ReplicationLink {
    const { clock, random, readOnlyTravels, findServer } = this.options;
    const link = new ReplicationLink({
      ...details,
      id: details.id ?? random.guid(),
      lagMs: details.lagMs ?? this.options.lagMs,
      clock,
      readOnlyTravels,
      isReachable: (database) => findServer(database.server)?.isDown !== true,
    });
    this.all.set(link.id, link);
    return link;
  }
}

function copySnapshot(from: Database, to: Database): void {
  const store = openStore(from.file);
  definePureFunctions(store);
  store.copyTo(to.file);
  store.close();
  to.security = from.security;
}

function refused(text: string): SqlServerError {
  return new SqlServerError({ number: 40648, severity: 16, state: 1, text });
}
