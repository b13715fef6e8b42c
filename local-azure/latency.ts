// How long operations take. `off`: as fast as this machine can. `typical`: the durations recorded from Azure
// (see the numbers), times a factor.

export type Operation =
  | 'create-database'
  | 'create-secondary'
  | 'drop-database'
  | 'planned-failover'
  | 'forced-failover'
  | 'failover-group-write'
  | 'swap-slots'
  | 'create-site'
  | 'profile-write'
  | 'arm-request'
  | 'sql-login'
  | 'sql-batch'
  | 'set-read-only'
  | 'replication-lag'
  | 'dns-change'
  | 'health-probe-interval'
  | 'scale-set-write'
  | 'instance-stop'
  | 'instance-update'
  | 'instance-start'
  | 'instance-start-timeout'
  | 'health-report'
  | 'cloud-service-write'
  | 'cloud-service-tags'
  | 'vip-swap';

/** Milliseconds, medians of recorded durations where one is known; the rest are marked as assumed. */
const TYPICAL: Readonly<Record<Operation, number>> = {
  'create-database': 47_000, // 46,46,46,47,47,61,62,91 s
  'create-secondary': 62_000, // 31,46,61,61,62,62,62,63,183 s
  'drop-database': 16_000, // 15,15,16,16,18 s
  'planned-failover': 42_000, // 31 to 53 s, of a link and of a group
  'forced-failover': 10_000, // a link 5 to 12 s, a group 10 to 51 s
  'failover-group-write': 20_000, // 20,21 s; deletion 9,10 s; what is seeded comes on top
  'swap-slots': 62_000, // one capture
  'create-site': 20_000, // assumed
  'profile-write': 1_500, // assumed
  'arm-request': 150, // assumed
  'sql-login': 80, // assumed
  'sql-batch': 3, // assumed: a runner in the same region
  'set-read-only': 400, // assumed
  'replication-lag': 30, // assumed: same region
  'dns-change': 20_000, // documentation: "within one minute"
  'health-probe-interval': 10_000, // fast probing
  'scale-set-write': 10_000, // 10 s at the first poll in most captures, up to 142 s
  'instance-stop': 12_000, // poweroff of a scale set: 12 s
  'instance-update': 38_000, // update-instances is 54 to 62 s in all: with a stop before and a start after it
  'instance-start': 10_000, // start of a scale set: 9 s
  'instance-start-timeout': 2_400_000, // documentation, OSProvisioningTimedOut: 40 minutes
  'cloud-service-write': 30_000, // assumed: what a write takes before its first instance goes down
  'cloud-service-tags': 5_000, // assumed
  'vip-swap': 10_000, // documentation: "10 or more seconds"
  'health-report': 5_000, // documentation: the health extension looks every 5 to 60 s
};

export interface Latency {
  readonly mode: 'off' | 'typical';
  /** Milliseconds this operation takes here. */
  of(operation: Operation): number;
}

/** Milliseconds of single operations, whatever the rest takes. */
export type Durations = Readonly<Partial<Record<Operation, number>>>;

/**
 * @param factor 1 is Azure's own pace; 0.05 makes a minute three seconds. Ignored where mode is off.
 * @param fixed goes before both: with a lag of replication a test sees a commit that nobody waited for.
 */
export function createLatency(mode: 'off' | 'typical', factor: number, fixed: Durations = {}): Latency {
  const paced = (operation: Operation) => (mode === 'off' ? 0 : TYPICAL[operation] * factor);
  return { mode, of: (operation) => fixed[operation] ?? paced(operation) };
}
