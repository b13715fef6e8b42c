// The configuration of topology upgrade-domains as the rest of the product sees it: one service whose instances stand in
// update domains, what is to be changed on it, and how its domains are walked. Durations in milliseconds.

/** One role of the service: a scale set, or a role of the cloud service. */
export interface RoleConfig {
  /** Free name for scale sets; the role's own name in a cloud service. */
  readonly name: string;
  /** How many of its walked instances have to be in a good state before the next domain: a number, or a share of them. */
  readonly minimumHealthy: Minimum;
}

export type Minimum =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'percent'; readonly percent: number };

export interface ScaleSetRole extends RoleConfig {
  readonly scaleSet: string;
  readonly resourceGroup: string;
  readonly change: ScaleSetTarget;
}

/**
 * What the new version is; what is not named stays as it is. At least one member is given for roles that are walked;
 * none may be for others.
 */
export interface ScaleSetTarget {
  /** A gallery version's resource id, or publisher:offer:sku:version; never "latest": there would be no way back. */
  readonly image: string | null;
  readonly size: string | null;
  /** By name of the extension: its handler version and public settings. */
  readonly extensions: Readonly<
    Record<
      string,
      { readonly version: string | null; readonly settings: Readonly<Record<string, unknown>> | null }
    >
  >;
}

export interface ScaleSetsConfig {
  readonly kind: 'scale-sets';
  readonly roles: readonly ScaleSetRole[];
  /** Domains of Flexible sets, which have none of their own: default 5, at most 20. */
  readonly virtualDomains: number;
}

export interface CloudServiceConfig {
  readonly kind: 'cloud-service';
  readonly resourceGroup: string;
  readonly service: string;
  readonly roles: readonly RoleConfig[];
  /** May have a signature, which is a secret: masked in the log, to be stored nowhere. */
  readonly packageUrl: string;
  /** Path of the .cscfg, relative to the workspace. */
  readonly configurationFile: string;
  /**
   * The package that the service to be updated runs now: Azure never tells it, and without it there is no way back. May
   * have a signature too.
   */
  readonly previousPackageUrl: string;
  /**
   * Path of the .cscfg that runs now, relative to the workspace; null where it is the same as `configurationFile`. Azure
   * shows it only until the new one is written.
   */
  readonly previousConfigurationFile: string | null;
  /** With `switch: swap`: the other service, that the new version is deployed to. */
  readonly stagingService: string | null;
}

export interface WalkConfig {
  /** Roles that are updated, by name; all of them together where the list is empty. */
  readonly roles: readonly string[];
  readonly mode: 'automatic' | 'manual';
  /** Of one instance. The article's default is 30 minutes. */
  readonly startTimeoutMs: number;
  readonly onStartTimeout: 'continue' | 'fail' | 'rollback';
  /** How long a domain may be below its minimum, with nothing changing, until the update is called stuck. */
  readonly stuckAfterMs: number;
  readonly onStuck: 'rollback' | 'supersede' | 'hold';
  /** A role with one instance is down while it is updated. */
  readonly acceptDowntime: boolean;
}

export interface DomainHealthConfig {
  /** How often in a row the minimum has to be seen. */
  readonly consecutive: number;
  readonly intervalMs: number;
  /** How long a walked domain may take until its health is good. */
  readonly timeoutMs: number;
}

export interface ServiceConfig {
  readonly topology: 'upgrade-domains';
  readonly application: string;
  readonly service: ScaleSetsConfig | CloudServiceConfig;
  readonly switchMethod: 'in-place' | 'swap';
  readonly walk: WalkConfig;
  readonly health: DomainHealthConfig;
}
