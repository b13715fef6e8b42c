// A logical server: its databases, its logins, its administrators, its firewall.
import type { Clock } from '../clock.ts';
import type { Latency } from '../latency.ts';
import type { Random } from '../random.ts';
import type { Regions } from '../regions.ts';
import { sameName } from './catalog/catalog.ts';
import type { Database } from './database.ts';
import type { ServerAdministrator } from './fabric.ts';
import type { FirewallRule } from './firewall.ts';
import type { PasswordHash } from './passwords.ts';
import type { GeoReplication } from './replication/geo-replication.ts';

export interface ServerLogin {
  readonly name: string;
  /** Hexadecimal. */
  readonly sid: string;
  readonly principalId: number;
  password: PasswordHash;
  readonly createdAt: Date;
}

export interface EntraPrincipal {
  readonly name: string;
  readonly objectId: string;
  readonly appId: string;
}

/** What sys.dm_operation_status of master tells. */
export interface DatabaseOperation {
  readonly id: string;
  readonly database: string;
  readonly operation: string;
  readonly startedAt: Date;
  endedAt: Date | null;
}

export interface ServerSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly latency: Latency;
  readonly replication: GeoReplication;
  readonly regions: Regions;
  /** Entra principals that CREATE USER … FROM EXTERNAL PROVIDER can find. */
  readonly directory: readonly EntraPrincipal[];
}

export class Server {
  readonly name: string;
  readonly administrator: ServerAdministrator;
  /** Region; null where none can take it down. */
  readonly location: string | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly latency: Latency;
  readonly replication: GeoReplication;
  readonly directory: readonly EntraPrincipal[];
  readonly logins: ServerLogin[] = [];
  readonly operations: DatabaseOperation[] = [];
  firewall: readonly FirewallRule[] = [];
  entraAdministrator: EntraPrincipal | null = null;
  private readonly regions: Regions;
  private readonly hosted = new Map<string, Database>();
  private lastSpid = 50;
  private lastDatabaseId = 0;

  constructor(
    name: string,
    administrator: ServerAdministrator,
    location: string | null,
    surroundings: ServerSurroundings,
  ) {
    this.name = name;
    this.administrator = administrator;
    this.location = location;
    this.regions = surroundings.regions;
    this.clock = surroundings.clock;
    this.random = surroundings.random;
    this.latency = surroundings.latency;
    this.replication = surroundings.replication;
    this.directory = surroundings.directory;
  }

  /** Its region is: nobody reaches it. */
  get isDown(): boolean {
    return this.location !== null && this.regions.isDown(this.location);
  }

  find(name: string): Database | null {
    return this.hosted.get(name.toLowerCase()) ?? null;
  }

  databases(): Database[] {
    return [...this.hosted.values()];
  }

  add(database: Database): void {
    this.hosted.set(database.name.toLowerCase(), database);
  }

  remove(database: Database): void {
    this.hosted.delete(database.name.toLowerCase());
  }

  /** master is 1. */
  nextDatabaseId(): number {
    this.lastDatabaseId = this.lastDatabaseId === 1 ? 5 : this.lastDatabaseId + 1;
    return this.lastDatabaseId;
  }

  nextSpid(): number {
    this.lastSpid++;
    return this.lastSpid;
  }

  /** Shown by sys.dm_operation_status until it is ended, and after. */
  beginOperation(database: string, operation: string): DatabaseOperation {
    const begun: DatabaseOperation = {
      id: this.random.guid(),
      database,
      operation,
      startedAt: this.clock.now(),
      endedAt: null,
    };
    this.operations.push(begun);
    return begun;
  }

  login(name: string): ServerLogin | null {
    return this.logins.find((login) => sameName(login.name, name)) ?? null;
  }
}
