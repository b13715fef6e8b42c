// The closed list of reason codes. Each is stable, each has a page docs/reasons/<code>.md (a test holds the
// two together). A code says why a run did not do what was asked; the message says it with the facts.

export const REASON_CODES = [
  // input and configuration: nothing was touched
  'input-invalid',
  'config-not-found',
  'config-invalid',
  'script-invalid',
  'confirmation-missing',
  'phase-not-applicable',
  'unsafe-environment',
  // credentials and rights
  'credentials-missing',
  'credentials-refused',
  'azure-permission-missing',
  'sql-permission-missing',
  'sql-login-missing',
  'sql-firewall',
  'time-left-too-short',
  // what stands in Azure does not fit
  'resource-not-found',
  'production-slot-unclear',
  'region-mismatch',
  'region-unreachable',
  'standby-missing',
  'standby-not-caught-up',
  'standby-unhealthy',
  'chaining-not-possible',
  'ledger-digest-uploads',
  'service-tier-mismatch',
  'geo-secondary-limit',
  'replication-link-unexpected',
  'failover-group-member',
  'routing-not-priority',
  'same-region-endpoints',
  'stage-site-differs',
  'connection-string-sticky',
  'database-in-the-way',
  'database-name-mismatch',
  'profile-changed',
  'stage-unhealthy',
  'stage-compromised',
  'stage-not-upgraded',
  'production-unhealthy',
  'seeding-not-complete',
  'production-frozen-elsewhere',
  'locked-by-another-run',
  'overtaken-by-another-run',
  'point-of-no-return-passed',
  // services with update domains
  'change-not-possible',
  'version-not-pinned',
  'single-instance',
  'quota-exceeded',
  'domains-unknown',
  'instance-protected',
  'health-not-told',
  'service-busy',
  'instances-differ',
  'update-in-progress',
  'record-not-kept',
  'rollback-not-allowed',
  // what went wrong while doing
  'freeze-failed',
  'freeze-not-possible',
  'fence-not-possible',
  'drain-failed',
  'link-termination-failed',
  'stage-not-writable',
  'script-failed',
  'script-outcome-unknown',
  'read-only-limit-exceeded',
  'switch-failed',
  'switch-outcome-unknown',
  'unfreeze-failed',
  'instance-start-timeout',
  'update-stuck',
  'update-failed',
  'swap-failed',
  'cancelled',
  'interrupted',
  'azure-error',
  'internal-error',
] as const;

export type ReasonCode = (typeof REASON_CODES)[number];

/** Another run is at work, or has been: nothing is this one's to write, or to take back, any more. */
export const OF_ANOTHER_RUN: readonly ReasonCode[] = ['locked-by-another-run', 'overtaken-by-another-run'];

/** A failure with everything the person at 2 a.m. needs; the only error type that reaches the report. */
export class UpgradeError extends Error {
  override readonly name = 'UpgradeError';
  readonly reason: ReasonCode;
  /** What to do, one action a line, with the command where there is one. */
  readonly advice: readonly string[];

  constructor(
    reason: ReasonCode,
    message: string,
    options: { advice?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.reason = reason;
    this.advice = options.advice ?? [];
  }
}
