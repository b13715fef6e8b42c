// What a look says about the walk of a domain: that it has ended, and how, or (null) that it goes on.
import { AzureError } from '../../azure/errors.ts';
import type { WalkConfig } from '../../config/service-config.ts';
import { isBeingChanged } from '../../service/progress.ts';
import { type InstanceKey, keyOf, type RoleInstance } from '../../service/role-instance.ts';
import type { HealthSeen } from './health-watch.ts';
import type { WorkState } from './in-background.ts';
import type { WalkOutcome } from './walk-outcome.ts';
import type { DomainWalk } from './watch-domain.ts';

export interface Judged {
  readonly walk: DomainWalk;
  readonly config: WalkConfig;
  readonly seen: HealthSeen;
  readonly operation: WorkState;
  /** Milliseconds since the epoch. */
  readonly beganAt: number;
  readonly now: number;
}

export function judgeWalk(judged: Judged): WalkOutcome | null {
  const { walk, config, seen, operation } = judged;
  const { verdict, startTimedOut } = seen.evaluation;
  const cause = operation.kind === 'failed' ? operation.error : undefined;
  const refused = refusal(judged);
  if (refused !== null) return refused;
  // On the way back there is no next domain to go on to: it is not stopped by one instance.
  const tellsTimeout = config.onStartTimeout !== 'continue' && walk.track.direction === 'forward';
  if (tellsTimeout && startTimedOut.length > 0) {
    return { kind: 'start-timeout', instances: startTimedOut, cause };
  }
  if (verdict.kind === 'good') return isOver(judged) ? { kind: 'good', evidence: evidenceOf(seen) } : null;
  if (seen.stuck !== null) return { kind: 'stuck', stuck: seen.stuck, why: verdict.why, cause };
  if (verdict.kind !== 'bad' || mayBeFromBefore(judged, verdict.instances)) return null;
  return { kind: 'bad', why: verdict.why, instances: verdict.instances, cause };
}

/** Every instance has started, or had its time to; whatever the minimum says, the next domain comes after that. */
function isOver({ operation, config, beganAt, now, seen }: Judged): boolean {
  if (seen.evaluation.history.startedAt === null) return false;
  return operation.kind !== 'under-way' || now - beganAt >= config.startTimeoutMs;
}

/**
 * An instance that failed in the walk before, as on the way back from a failed start, still tells so until the platform
 * has come to it.
 */
function mayBeFromBefore(
  { operation, walk, seen }: Judged,
  failed: readonly { readonly key: InstanceKey }[],
): boolean {
  const { startTimedOut } = seen.evaluation;
  const toUpdate = new Set(walk.toUpdate.map(keyOf));
  return (
    operation.kind === 'under-way' &&
    failed.every(({ key }) => toUpdate.has(key) && !startTimedOut.includes(key))
  );
}

/**
 * The platform's operation failed and nothing of it is under way: waiting for health would be in vain. So it would be where
 * Azure has refused it for one role, and another one's was carried out: what it has not begun it never will.
 */
function refusal({ walk, seen, operation }: Judged): WalkOutcome | null {
  if (operation.kind !== 'failed') return null;
  // A look of before that does not show what it has done until then.
  if (seen.observed.look.at <= operation.at) return null;
  const { error } = operation;
  const all = walk.toUpdate.map(keyOf);
  if (!walk.tellsVersions) return { kind: 'refused', instances: all, isPart: false, cause: error };
  if (error instanceof AzureError && error.outcomeUnknown) return null;
  const instances = instancesOf(walk, seen);
  const untouched = instances.filter((instance) => isUntouched(walk, seen, instance));
  if (untouched.length === instances.length)
    return { kind: 'refused', instances: all, isPart: false, cause: error };
  if (untouched.length === 0 || instances.some(isBeingChanged) || !wasRefused(error)) return null;
  return { kind: 'refused', instances: untouched.map(keyOf), isPart: true, cause: error };
}

/** By its answer; an operation that was accepted and then failed has no status, and its instances tell more. */
function wasRefused(error: unknown): boolean {
  return error instanceof AzureError && error.status !== null && error.status < 500;
}

/** Those that were to be updated. */
function instancesOf({ toUpdate }: DomainWalk, { observed }: HealthSeen): readonly RoleInstance[] {
  const keys = new Set(toUpdate.map(keyOf));
  return observed.spread.domains
    .flatMap(({ instances }) => instances)
    .filter((instance) => keys.has(keyOf(instance)));
}

/** It runs what it ran, and the platform is not at it. */
function isUntouched({ track }: DomainWalk, { observed }: HealthSeen, instance: RoleInstance): boolean {
  const before = track.direction === 'forward' ? 'previous' : 'target';
  return (
    !isBeingChanged(instance) &&
    instance.provisioningState !== 'Failed' &&
    observed.versions.get(keyOf(instance))?.version === before
  );
}

function evidenceOf({ evaluation }: HealthSeen): string {
  return evaluation.roles.map(({ role, good, walked }) => `${role}: ${good} of ${walked} good`).join(', ');
}
