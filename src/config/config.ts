// The configuration as the rest of the product sees it: complete, checked, durations in milliseconds. The
// file's own shape (kebab-case keys, durations as "10m") is in schema.ts, which turns it into this.

/** Those of an application in two slots, with its database. The configuration of the other is in service-config.ts. */
export const SLOT_TOPOLOGIES = ['single-region', 'geo-redundant'] as const;
export type SlotTopology = (typeof SLOT_TOPOLOGIES)[number];
export const TOPOLOGIES = [...SLOT_TOPOLOGIES, 'upgrade-domains'] as const;
export type Topology = (typeof TOPOLOGIES)[number];
export type SwitchMethod = 'traffic-manager' | 'slot-swap';
/**
 * How production is closed for writers. `read-only`: ALTER DATABASE … SET READ_ONLY. `deny-writes`: the writing permissions
 * are denied to everybody but this tool. `auto`: the former, and the latter where SQL Server answers 1468.
 */
export type FreezeMethod = 'read-only' | 'deny-writes' | 'auto';

/** One slot's part in one region. */
export interface DeploymentConfig {
  readonly resourceGroup: string;
  readonly sqlServer: string;
  /** Resource group of the SQL server, where it is not the slot's. */
  readonly sqlResourceGroup: string;
  readonly elasticPool: string | null;
  readonly webApp: string;
  readonly webAppResourceGroup: string;
  /** `existing`: deployed by the user's workflow, verified identical. `create`: made by `prepare`, by parts. */
  readonly webAppMode: 'existing' | 'create';
  /** App Service plan for `create`; null makes one like production's. */
  readonly appServicePlan: string | null;
  readonly endpoint: { readonly name: string; readonly type: 'azure' | 'external' };
}

/** One complete copy of the application. Which one is production is read from Azure, not from here. */
export interface SlotConfig extends DeploymentConfig {
  /** Free name: blue, green, contoso-1 … */
  readonly name: string;
  /** Its standby in the backup region; null in topology single-region. */
  readonly backup: DeploymentConfig | null;
  /** The failover group that this slot's pair of servers has while it is production; null where there is none. */
  readonly failoverGroup: string | null;
}

export interface ScriptUpgrade {
  readonly kind: 'scripts';
  readonly databasesAtOnce: number;
  /** By database, one entry each: files or globs, relative to the workspace, in order. Empty: none runs. */
  readonly scripts: Readonly<Record<string, readonly string[]>>;
  /** sqlcmd variables, `$(name)`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export interface CommandUpgrade {
  readonly kind: 'command';
  readonly databasesAtOnce: number;
  /** By database, one entry each: argument list, run without a shell. Empty: none runs. */
  readonly command: Readonly<Record<string, readonly string[]>>;
  readonly timeoutMs: number;
}

export interface HealthConfig {
  readonly protocol: 'http' | 'https';
  readonly path: string;
  readonly expectedStatus: readonly number[];
  /** The version V2 must answer. */
  readonly expectedVersion: string;
  /** Where the version is found in the answer. */
  readonly versionFrom:
    | { readonly kind: 'header'; readonly name: string }
    | { readonly kind: 'json'; readonly property: string }
    | { readonly kind: 'body' };
  /** How often in a row the check must pass. */
  readonly consecutive: number;
  readonly intervalMs: number;
  /** Of one request. */
  readonly requestTimeoutMs: number;
  /** Of the whole wait. */
  readonly timeoutMs: number;
}

/**
 * When the stage slot's geo-secondary is made. `chained`: by prepare, from the stage database while that is a
 * geo-secondary itself. `after-termination`: once the link to production is cut, for databases that Azure does not
 * chain (Hyperscale, customer-managed keys); users are read-only for its seeding too.
 */
export type StandbyMode = 'chained' | 'after-termination';

export interface Config {
  readonly topology: SlotTopology;
  readonly application: string;
  /** Exactly two, in the file's order. */
  readonly slots: readonly [SlotConfig, SlotConfig];
  readonly databases: readonly string[];
  readonly trafficManager: {
    readonly resourceGroup: string;
    readonly profile: string;
    /** Relative DNS name for a profile that `prepare` creates; the profile's name where not given. */
    readonly dnsName: string;
    readonly ttlSeconds: number;
    /** The name users open (a CNAME to the profile); null uses the profile's own. */
    readonly publicName: string | null;
  } | null;
  readonly switchMethod: SwitchMethod;
  /** For slot-swap: the App Service deployment slot that is the stage slot's site. */
  readonly deploymentSlot: string;
  readonly upgrade: ScriptUpgrade | CommandUpgrade;
  readonly freezeMethod: FreezeMethod;
  /** What users' open transactions get before the freeze rolls them back. Seconds: ROLLBACK AFTER n. */
  readonly freezeGraceSeconds: number;
  /** How long seeding may take; `prepare` can be run again and goes on. */
  readonly seedingTimeoutMs: number;
  /** How long the drain may take before the upgrade gives up and unfreezes. */
  readonly drainTimeoutMs: number;
  /** The longest users may be read-only before the tool goes back by itself. */
  readonly maxReadOnlyMs: number;
  readonly health: HealthConfig;
  /** Geo-redundant only. */
  readonly standbyMode: StandbyMode;
  readonly rollback: { readonly stage: 'keep' | 'remove' };
  /** SQL logins instead of Entra tokens; the password comes from the environment by ${NAME}. */
  readonly sqlLogin: { readonly user: string; readonly password: string } | null;
}
