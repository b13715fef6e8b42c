// Azure SQL as Resource Manager knows it: servers, databases, geo-replication links, failover groups.
import type { BeforeSending, OnProgress, Sku } from './common.ts';

export interface ServerRef {
  readonly resourceGroup: string;
  readonly server: string;
}

export interface DatabaseRef extends ServerRef {
  readonly database: string;
}

export interface SqlServerInfo {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly fullyQualifiedDomainName: string;
  readonly publicNetworkAccess: string | null;
  /** Display name of the Microsoft Entra administrator; null where none is set. */
  readonly entraAdministrator: string | null;
  /** The encryption protector's key, where a customer-managed one is used. */
  readonly keyId: string | null;
}

export interface DatabaseInfo {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly status: string | null;
  readonly sku: Sku | null;
  readonly elasticPoolId: string | null;
  readonly maxSizeBytes: number | null;
  readonly zoneRedundant: boolean | null;
  /** Minutes; -1 means never. Geo-replication does not support auto-pause. */
  readonly autoPauseDelay: number | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: Date | null;
}

export interface ReplicationLink {
  readonly id: string;
  readonly partnerServer: string;
  readonly partnerDatabase: string;
  readonly partnerLocation: string | null;
  /** Primary | Secondary | NonReadableSecondary | Source | Copy. */
  readonly role: string;
  readonly partnerRole: string;
  /** PENDING | SEEDING | CATCH_UP | SUSPENDED. */
  readonly state: string;
  readonly percentComplete: number | null;
  /** GEO | NAMED | STANDBY; null on API versions that do not know it. */
  readonly linkType: string | null;
  readonly startedAt: Date | null;
}

export interface FirewallRule {
  readonly name: string;
  readonly startIpAddress: string;
  readonly endIpAddress: string;
}

export interface FailoverGroup {
  readonly name: string;
  /** Primary | Secondary, of the server that was asked. */
  readonly role: string;
  /** Short server names. */
  readonly partnerServers: readonly string[];
  /** Resource ids of the databases in the group, on the server that was asked. */
  readonly databaseIds: readonly string[];
  readonly policy: FailoverPolicy;
}

/** `graceMinutes`: how long Azure waits before an automatic failover that may lose data; null with Manual. */
export interface FailoverPolicy {
  readonly failover: 'Automatic' | 'Manual';
  readonly graceMinutes: number | null;
}

export interface NewFailoverGroup {
  readonly name: string;
  /** The server that is the group's primary. */
  readonly server: ServerRef;
  /** Resource id of the partner server, in another region. */
  readonly partnerServerId: string;
  /** Resource ids, on the primary. Existing links between exactly these two servers become the group's. */
  readonly databaseIds: readonly string[];
  readonly policy: FailoverPolicy;
  readonly tags: Readonly<Record<string, string>>;
}

export interface GeoSecondary {
  readonly source: DatabaseInfo;
  readonly target: DatabaseRef;
  readonly location: string;
  /** Pool on the target server; null copies the source's sku. */
  readonly elasticPoolId: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SqlManagement {
  getServer(ref: ServerRef): Promise<SqlServerInfo | null>;
  getDatabase(ref: DatabaseRef): Promise<DatabaseInfo | null>;
  /** PUT createMode Secondary; resolves when Azure says the operation succeeded, which is not "seeded". */
  createGeoSecondary(secondary: GeoSecondary, onProgress: OnProgress, signal: AbortSignal): Promise<void>;
  listLinks(ref: DatabaseRef): Promise<ReplicationLink[]>;
  /**
   * DELETE replicationLinks/{id}. Azure *forces* the termination: nothing is synchronized first
   * (Remove-AzSqlDatabaseSecondary documentation). Drain before; read back after.
   */
  removeLink(ref: DatabaseRef, linkId: string, beforeSending: BeforeSending): Promise<void>;
  deleteDatabase(ref: DatabaseRef, onProgress: OnProgress, beforeSending: BeforeSending): Promise<void>;
  listFirewallRules(ref: ServerRef): Promise<FirewallRule[]>;
  listFailoverGroups(ref: ServerRef): Promise<FailoverGroup[]>;
  /** Names are global: Azure refuses one that is taken. Resolves when the group is there. */
  createFailoverGroup(group: NewFailoverGroup, onProgress: OnProgress): Promise<void>;
  /** Databases and their links stay. On the group's primary server. */
  deleteFailoverGroup(
    ref: ServerRef,
    name: string,
    onProgress: OnProgress,
    beforeSending: BeforeSending,
  ): Promise<void>;
  /** Whether ledger digests are uploaded: Azure then removes no link of the database, and chains none. */
  hasLedgerDigestUploads(ref: DatabaseRef): Promise<boolean>;
}
