// The links between databases of several logical servers.
import { rmSync } from 'node:fs';
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import { sameName } from '../catalog/catalog.ts';
import { Database } from '../database.ts';
import { alterDatabaseFailed, SqlServerError, sqlError } from '../errors.ts';
import { definePureFunctions } from '../functions/registry.ts';
import type { DatabaseOperation, Server } from '../server.ts';
import { openStore } from '../storage/store.ts';
import { ReplicationLink } from './link.ts';

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

export class GeoReplication {
  private readonly options: GeoReplicationOptions;
  private readonly all = new Map<string, ReplicationLink>();

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
    if (primary.availability !== 'online') throw alterDatabaseFailed(sqlError(5011, primary.name));
    const { clock, random, lagMs, readOnlyTravels } = this.options;
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
    const onSeeded = () => this.end(operations);
    const id = random.guid();
    const link = new ReplicationLink({
      id,
      primary,
      secondary,
      clock,
      seedingMs,
      lagMs,
      readOnlyTravels,
      onSeeded,
      isReachable: (database) => this.options.findServer(database.server)?.isDown !== true,
    });
    if (primary.role === 'standalone') primary.role = 'primary';
    target.add(secondary);
    this.all.set(link.id, link);
    return link;
  }

  /** A region has been lost or has returned. */
  reachabilityChanged(): void {
    for (const link of this.all.values()) link.reachabilityChanged();
  }

  find(id: string): ReplicationLink | null {
    return this.all.get(id) ?? null;
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
    rmSync(secondary.file, { force: true });
  }
}

function copySnapshot(from: Database, to: Database): void {
  const store = openStore(from.file);
  definePureFunctions(store);
  store.copyTo(to.file);
  store.close();
}

function refused(text: string): SqlServerError {
  return new SqlServerError({ number: 40648, severity: 16, state: 1, text });
}
