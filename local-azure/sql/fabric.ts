// The seam between resource manager (ARM) and the data plane: logical servers, databases, geo-replication.
// ARM keeps what only ARM knows (skus, tags, ids); the fabric keeps what both sides see.
import type { EngineValue, SessionHost } from './session.ts';

export interface ServerAdministrator {
  readonly login: string;
  readonly password: string;
}

export interface FabricLink {
  readonly id: string;
  readonly primary: { readonly server: string; readonly database: string };
  readonly secondary: { readonly server: string; readonly database: string };
  readonly state: 'PENDING' | 'SEEDING' | 'CATCH_UP' | 'SUSPENDED';
  readonly percentComplete: number;
  readonly startedAt: Date;
}

export interface SqlFabric {
  /** @param location Region it stands in: while that is down, nothing there runs, commits or is replicated. */
  addServer(name: string, administrator: ServerAdministrator, location?: string): SessionHost;
  removeServer(name: string): void;
  hosts(): readonly SessionHost[];
  /** Sets what the firewall lets in; inclusive IPv4 ranges. */
  setFirewall(server: string, rules: readonly { name: string; start: string; end: string }[]): void;
  /** The Entra administrator is dbo everywhere on the server; others need CREATE USER … FROM EXTERNAL PROVIDER. */
  setEntraAdministrator(
    server: string,
    principal: { name: string; objectId: string; appId: string } | null,
  ): void;
  /** Principals that CREATE USER [name] FROM EXTERNAL PROVIDER can find. */
  addEntraPrincipal(principal: { name: string; objectId: string; appId: string }): void;

  createDatabase(server: string, database: string): void;
  /** Drops it and its links; a former secondary becomes a standalone database, holding what had been shipped. */
  dropDatabase(server: string, database: string): void;
  hasDatabase(server: string, database: string): boolean;
  databases(server: string): readonly string[];

  /**
   * Begins seeding: the link goes PENDING, SEEDING (percent rises over `seedingMs`), CATCH_UP. The secondary
   * refuses logins until then. Commits made meanwhile arrive too.
   */
  startGeoReplication(
    source: { server: string; database: string },
    target: { server: string; database: string },
    seedingMs: number,
  ): FabricLink;
  links(server: string, database: string): readonly FabricLink[];
  /** Forced, as ARM's DELETE: commits that have not been shipped are lost to the secondary. */
  removeLink(linkId: string): void;
  /** Milliseconds a commit takes to arrive; null stops shipping (the link stays CATCH_UP, lag grows). */
  setReplicationLag(linkId: string, lagMs: number | null): void;
  setLinkState(linkId: string, state: 'CATCH_UP' | 'SUSPENDED'): void;
  /**
   * The link's secondary becomes its primary; the id stays. Planned: the primary lets nobody in until everything is
   * shipped, and rejects with the signal's reason where that is given up. Forced: at once, what was not shipped is
   * lost, and the old primary is brought in line as soon as it can be reached. Other secondaries of the old primary
   * get new links to the new one. Rejects where the link is not in the state for it.
   */
  failover(
    linkId: string,
    options: { readonly forced: boolean; readonly signal?: AbortSignal },
  ): Promise<void>;
  /** The servers that a failover group's two listeners lead to; null where the group is no more. */
  setListeners(group: string, servers: { readonly primary: string; readonly secondary: string } | null): void;
  /**
   * The server behind a listener: `<group>.database.windows.net` leads to the primary,
   * `<group>.secondary.database.windows.net` to the secondary; null for any other name.
   */
  listenerTarget(name: string): string | null;

  /** Rows of a query run outside any session, by the fabric itself: for tests and for the state page. */
  inspect(server: string, database: string, query: string): readonly Record<string, EngineValue>[];
  /** Ends every session of a database, as a reconfiguration does. */
  killSessions(server: string, database: string): void;
  isReadOnly(server: string, database: string): boolean;
  close(): Promise<void>;
}
