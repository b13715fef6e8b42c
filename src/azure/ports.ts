// What the steps and guards may ask of Azure. Clients beside this file implement these ports with the
// Azure SDKs and a TDS driver; nothing outside this folder sees an SDK type.

export interface ServerRef {
  readonly resourceGroup: string;
  readonly server: string;
}

export interface DatabaseRef extends ServerRef {
  readonly database: string;
}

export interface SiteRef {
  readonly resourceGroup: string;
  readonly site: string;
  /** An App Service deployment slot; null is the site's production slot. */
  readonly deploymentSlot: string | null;
}

export interface ProfileRef {
  readonly resourceGroup: string;
  readonly profile: string;
}

// ---- Azure SQL, resource manager side -----------------------------------------------------------------

export interface Sku {
  readonly name: string;
  readonly tier: string | null;
  readonly family: string | null;
  readonly capacity: number | null;
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

/** Called while a long-running operation goes on. */
export type OnProgress = (status: string) => void;

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
  removeLink(ref: DatabaseRef, linkId: string): Promise<void>;
  deleteDatabase(ref: DatabaseRef, onProgress: OnProgress): Promise<void>;
  listFirewallRules(ref: ServerRef): Promise<FirewallRule[]>;
  listFailoverGroups(ref: ServerRef): Promise<FailoverGroup[]>;
  /** Names are global: Azure refuses one that is taken. Resolves when the group is there. */
  createFailoverGroup(group: NewFailoverGroup, onProgress: OnProgress): Promise<void>;
  /** Databases and their links stay. On the group's primary server. */
  deleteFailoverGroup(ref: ServerRef, name: string, onProgress: OnProgress): Promise<void>;
  /** Whether ledger digests are uploaded: Azure then removes no link of the database, and chains none. */
  hasLedgerDigestUploads(ref: DatabaseRef): Promise<boolean>;
}

// ---- Azure SQL, data side ---------------------------------------------------------------------------------

export type SqlValue = string | number | bigint | boolean | Date | Buffer | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** One message of SQL Server: an error where severity is above 10, information otherwise. */
export interface SqlMessage {
  readonly number: number;
  readonly severity: number;
  readonly state: number;
  /** Line within the batch, counted from 1. */
  readonly line: number;
  readonly procedure: string;
  readonly text: string;
}

export interface BatchOptions {
  /** Milliseconds; 0 waits without limit. */
  readonly timeoutMs: number;
  /** Information messages (PRINT, RAISERROR below 11, row counts are not messages), as they arrive. */
  readonly onMessage?: (message: SqlMessage) => void;
  /** Sends an attention to the server; the promise then rejects with a SqlError of kind 'cancelled'. */
  readonly signal?: AbortSignal;
}

/** One TDS connection. Requests on it are made one at a time; the caller sees to that. */
export interface SqlConnection {
  readonly server: string;
  readonly database: string;
  readonly isOpen: boolean;
  /**
   * A parameterised statement; rows of all result sets in order. Throws SqlError. `timeoutMs` 0 waits without
   * limit; aborting `signal` sends an attention.
   */
  query(
    text: string,
    parameters?: Readonly<Record<string, SqlValue>>,
    timeoutMs?: number,
    signal?: AbortSignal,
  ): Promise<SqlRow[]>;
  /** Text sent as it is, in one batch, outside sp_executesql (CREATE PROCEDURE needs that). Throws SqlError. */
  batch(text: string, options: BatchOptions): Promise<void>;
  /** Closes the connection; never throws. */
  close(): Promise<void>;
}

export interface SqlTarget {
  /** Fully qualified name, as ARM gives it. */
  readonly host: string;
  readonly database: string;
  /** Shown in sys.dm_exec_sessions.program_name after "rolling-upgrade". */
  readonly purpose: string;
}

export interface SqlConnector {
  /** Opens one connection, with a fresh token; retries what SQL Server calls transient. Throws SqlError. */
  connect(target: SqlTarget, signal?: AbortSignal): Promise<SqlConnection>;
  /** How a command of the user's (sqlpackage, dotnet ef) reaches the same database, for its environment. */
  commandEnvironment(target: SqlTarget): Promise<Readonly<Record<string, string>>>;
}

// ---- Traffic Manager ---------------------------------------------------------------------------------------

export type EndpointType = 'azure' | 'external' | 'nested';
export type EnabledState = 'Enabled' | 'Disabled';

export interface Endpoint {
  readonly name: string;
  readonly type: EndpointType;
  readonly status: EnabledState;
  /** Online | Degraded | CheckingEndpoint | Disabled | Inactive | Stopped | Unmonitored. */
  readonly monitorStatus: string | null;
  readonly priority: number | null;
  /** FQDN; for Azure endpoints Azure fills it in. */
  readonly target: string | null;
  readonly targetResourceId: string | null;
  readonly location: string | null;
  /** Enabled: Azure does not probe and always serves the endpoint. */
  readonly alwaysServe: EnabledState | null;
}

export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly status: EnabledState;
  readonly routingMethod: string;
  readonly fqdn: string;
  readonly ttlSeconds: number;
  readonly monitorStatus: string | null;
  readonly monitorProtocol: string | null;
  readonly monitorPort: number | null;
  readonly monitorPath: string | null;
  readonly endpoints: readonly Endpoint[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface NewProfile {
  readonly relativeName: string;
  readonly ttlSeconds: number;
  readonly monitor: { readonly protocol: 'HTTP' | 'HTTPS'; readonly port: number; readonly path: string };
  readonly endpoints: readonly NewEndpoint[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface NewEndpoint {
  readonly name: string;
  readonly type: 'azure' | 'external';
  readonly status: EnabledState;
  readonly priority: number;
  readonly target: string | null;
  readonly targetResourceId: string | null;
  readonly location: string | null;
}

/** What a write changes of one existing endpoint; whatever is not named stays as Azure has it. */
export interface EndpointChange {
  readonly status: EnabledState;
  readonly priority: number;
}

export interface TrafficManager {
  getProfile(ref: ProfileRef): Promise<Profile | null>;
  createProfile(ref: ProfileRef, profile: NewProfile): Promise<Profile>;
  addEndpoint(ref: ProfileRef, endpoint: NewEndpoint): Promise<Profile>;
  /**
   * One PUT of the whole profile, so that changes that belong together happen together. Reads the profile
   * first and throws 'profile-changed' where its endpoints are not `expected` (Traffic Manager has no
   * ETag). What is not as it was written when it is read back is an AzureError with an unknown outcome. Members this
   * product does not know are written back as they were read.
   */
  changeEndpoints(
    ref: ProfileRef,
    expected: readonly Endpoint[],
    changes: Readonly<Record<string, EndpointChange>>,
  ): Promise<Profile>;
  removeEndpoint(ref: ProfileRef, endpoint: Endpoint): Promise<void>;
}

// ---- App Service -------------------------------------------------------------------------------------------

export interface Site {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly kind: string | null;
  readonly state: string | null;
  readonly defaultHostName: string;
  readonly hostNames: readonly string[];
  readonly planId: string | null;
  readonly httpsOnly: boolean | null;
  /** Scale unit ("deployment unit"), where Azure tells it: one host name serves one app a unit. */
  readonly homeStamp: string | null;
  /** Whether Azure is changing the site at this moment, by a swap for one. */
  readonly operationInProgress: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** Settings that must be the same on both slots, already reduced to those (see app-service.ts). */
export type SiteConfiguration = Readonly<Record<string, string | number | boolean | null>>;

export interface ConnectionString {
  readonly value: string;
  readonly type: string;
}

export interface SlotSettingNames {
  readonly appSettings: readonly string[];
  readonly connectionStrings: readonly string[];
}

export interface PlanInfo {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly sku: Sku;
  readonly kind: string | null;
  readonly isLinux: boolean;
}

export interface NewSite {
  readonly ref: SiteRef;
  readonly template: SiteRef;
  readonly planName: string;
  readonly appSettings: Readonly<Record<string, string>>;
  readonly connectionStrings: Readonly<Record<string, ConnectionString>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface AppService {
  getSite(ref: SiteRef): Promise<Site | null>;
  getConfiguration(ref: SiteRef): Promise<SiteConfiguration>;
  /** Values are masked in the log before they are returned. */
  listAppSettings(ref: SiteRef): Promise<Readonly<Record<string, string>>>;
  /** Values are masked in the log before they are returned. */
  listConnectionStrings(ref: SiteRef): Promise<Readonly<Record<string, ConnectionString>>>;
  listSlotSettingNames(ref: SiteRef): Promise<SlotSettingNames>;
  getPlan(planId: string): Promise<PlanInfo | null>;
  /** Plan, site, configuration, settings and connection strings, by parts: cloning refuses Linux. */
  createSite(site: NewSite, onProgress: OnProgress): Promise<Site>;
  /** Never removes the plan with it (Azure's default does). */
  deleteSite(ref: SiteRef): Promise<void>;
  /** Swaps the deployment slot with production; resolves when Azure has finished. */
  swapWithProduction(
    ref: SiteRef,
    deploymentSlot: string,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<void>;
}

// ---- Rights, and the application seen from outside ------------------------------------------------------------

export interface Authorization {
  /** Those of `actions` that the caller lacks on the resource; null where Azure does not let it be asked. */
  missingActions(resourceId: string, actions: readonly string[]): Promise<string[] | null>;
}

export type Resolution =
  | { readonly kind: 'resolved'; readonly chain: readonly string[]; readonly addresses: readonly string[] }
  | { readonly kind: 'no-such-name'; readonly chain: readonly string[] };

export type WebAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly chain: readonly string[];
    }
  | { readonly kind: 'failed'; readonly why: string; readonly chain: readonly string[] };

/** The public side: names as users resolve them, pages as users fetch them. Nothing is cached. */
export interface PublicWeb {
  resolve(name: string): Promise<Resolution>;
  get(url: string, timeoutMs: number): Promise<WebAnswer>;
}

export interface Azure {
  readonly sql: SqlManagement;
  readonly tsql: SqlConnector;
  readonly trafficManager: TrafficManager;
  readonly appService: AppService;
  readonly authorization: Authorization;
  readonly web: PublicWeb;
  /** When the current token lapses and cannot be renewed; null where every token is minted afresh. */
  credentialExpiresAt(): Promise<Date | null>;
}
