// What a run of topology upgrade-domains says about the service, in the report: domains and instances, what the update
// changes, how the walk went, and the instances in service meanwhile. Times are ISO 8601.

export interface ServiceReport {
  readonly kind: 'scale-sets' | 'cloud-service';
  readonly roles: readonly ServiceRoleView[];
  readonly domains: readonly DomainView[];
  /** Where the update stands, in a sentence without a full stop. */
  readonly progress: string;
  readonly locked: { readonly locked: boolean; readonly reasons: readonly string[] };
  readonly rollbackAllowed: { readonly allowed: boolean; readonly refusals: readonly string[] };
  readonly changes: readonly ServiceChangeView[];
  /** What Azure does not let anybody know about the change. */
  readonly notKnowable: readonly string[];
  /** What is switched off while the update lasts, in words: autoscale settings, automatic repairs. */
  readonly held: readonly string[];
  /** What this run walked, in order. */
  readonly walk: readonly WalkedDomain[];
  /** As this run has seen it; null where it did not look more than once. */
  readonly capacity: CapacityView | null;
}

export interface ServiceRoleView {
  readonly role: string;
  /** The scale set, or the cloud service. */
  readonly resource: string;
  readonly instances: number;
  /** How the domains come to be: the platform's own, or made by this product. */
  readonly placement: 'platform' | 'virtual';
  /** "75 %", "3". */
  readonly minimumHealthy: string;
  /** Whether this update is of the role. */
  readonly chosen: boolean;
}

export interface DomainView {
  readonly domain: number;
  readonly state: 'untouched' | 'in-flight' | 'updated';
  readonly instances: readonly InstanceView[];
}

export interface InstanceView {
  readonly role: string;
  readonly id: string;
  /** What it ran when this run began; null where nothing tells. */
  readonly before: string | null;
  readonly now: string | null;
  readonly runs: 'target' | 'previous' | 'other' | 'unknown';
  /** healthy | unhealthy | initializing | unknown | none, or what its machine does where that is not running. */
  readonly health: string;
  /** Since when its health has been so as far as is known; null where Azure does not tell. */
  readonly since: string | null;
}

export interface ServiceChangeView {
  readonly role: string | null;
  readonly what: string;
  /** in-place | in-place-with-reimage | swap | redeploy | refused. */
  readonly class: string;
  readonly rule: string;
  readonly data: string;
  readonly wayBack: string;
}

export interface WalkedDomain {
  readonly domain: number;
  readonly direction: 'forward' | 'back';
  readonly from: string;
  readonly to: string;
  /** Of that, what the platform itself worked on the instances, until they had started. */
  readonly platformSeconds: number;
  readonly instances: number;
  readonly outcome: 'good' | 'failed' | 'stuck' | 'start-timeout' | 'cut-off';
}

export interface CapacityView {
  readonly lowest: { readonly inService: number; readonly instances: number; readonly at: string };
  readonly series: readonly { readonly at: string; readonly inService: number; readonly instances: number }[];
  readonly roles: readonly {
    readonly role: string;
    /** `power`: its instances tell no health, so that running is all that is known. */
    readonly by: 'health' | 'power';
    readonly lowest: { readonly inService: number; readonly instances: number; readonly at: string };
  }[];
}
